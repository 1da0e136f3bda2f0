# What must hold of every plan, without an account: `terraform test`.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-north-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::a-bucket" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/calls-job" }
  }
}

run "buckets_are_closed" {
  command = apply

  assert {
    condition     = length(aws_s3_bucket.this) == 2 && alltrue([for one in aws_s3_bucket_versioning.this : one.versioning_configuration[0].status == "Enabled"])
    error_message = "Both buckets keep versions."
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_public_access_block.this : one.block_public_acls && one.block_public_policy && one.ignore_public_acls && one.restrict_public_buckets])
    error_message = "Nothing in a bucket is public."
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_policy.this : jsondecode(one.policy).Statement[0].Effect == "Deny" && jsondecode(one.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"])
    error_message = "Requests without TLS are denied."
  }
  assert {
    condition     = alltrue(flatten([for one in aws_s3_bucket_server_side_encryption_configuration.this : [for rule in one.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"]]))
    error_message = "Both buckets are encrypted with the key."
  }
  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 2 && length(aws_s3_bucket_public_access_block.this) == 2 && length(aws_s3_bucket_server_side_encryption_configuration.this) == 2
    error_message = "Both buckets have a lifecycle, a block of public access and encryption."
  }
}

run "the_job_may_do_what_it_needs" {
  command = apply

  assert {
    condition     = alltrue([for one in jsondecode(aws_iam_role_policy.job.policy).Statement : !strcontains(jsonencode(one.Action), "*") && one.Resource != "*"])
    error_message = "No statement of the job has a wildcard action, or all resources."
  }
  assert {
    condition = !anytrue([
      for one in jsondecode(aws_iam_role_policy.job.policy).Statement :
      strcontains(jsonencode(one.Resource), "raw_calls") && (strcontains(jsonencode(one.Action), "Put") || strcontains(jsonencode(one.Action), "Delete"))
    ])
    error_message = "The job does not write where logs are delivered."
  }
}

run "the_job_reads_and_writes_the_folders" {
  command = apply

  assert {
    condition = alltrue([
      endswith(aws_glue_job.clean.default_arguments["--raw"], "/raw_calls/"),
      endswith(aws_glue_job.clean.default_arguments["--agents"], "/reference_data/agents.csv"),
      endswith(aws_glue_job.clean.default_arguments["--cleaned"], "/cleaned_calls/"),
      aws_glue_job.clean.default_arguments["--time_zone"] == "UTC",
    ])
    error_message = "The folders are those of the layout."
  }
  assert {
    condition     = aws_glue_job.clean.execution_property[0].max_concurrent_runs == 1
    error_message = "One run at a time."
  }
  assert {
    condition     = toset([for one in aws_glue_crawler.this : reverse(split("/", one.s3_target[0].path))[1]]) == toset(["raw_calls", "reference_data", "cleaned_calls"])
    error_message = "Each folder has its crawler."
  }
  assert {
    condition     = length(aws_glue_trigger.crawl.actions) == 3 && aws_glue_trigger.crawl.predicate[0].conditions[0].state == "SUCCEEDED"
    error_message = "Crawlers start when the job has succeeded."
  }
}

run "a_single_worker_is_refused" {
  command = plan

  variables {
    workers = 1
  }
  expect_failures = [var.workers]
}
