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
  mock_resource "aws_ecr_repository" {
    defaults = { arn = "arn:aws:ecr:eu-north-1:123456789012:repository/complaints" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  repository = "owner/complaints"
  database = {
    db_host           = "db.example.com"
    db_port           = "6543"
    db_username       = "reader"
    db_password       = "s3cret-of-the-test"
    db_name           = "forms"
    table_schema_name = "customer_complaints"
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
      strcontains(jsonencode(one.Resource), "core-telecoms-data-lake") && (strcontains(jsonencode(one.Action), "Put") || strcontains(jsonencode(one.Action), "Delete"))
    ])
    error_message = "The job does not write into the bucket of the sources."
  }
}

run "parameters_have_the_names_that_the_job_reads" {
  command = apply

  assert {
    condition     = sort([for one in aws_ssm_parameter.database : one.name]) == sort([for name in ["db_host", "db_name", "db_password", "db_port", "db_username", "table_schema_name"] : "/coretelecomms/database/${name}"])
    error_message = "The names are those of the sources."
  }
  assert {
    condition     = alltrue([for one in aws_ssm_parameter.database : one.type == "SecureString" && one.value_wo_version == 1])
    error_message = "Every value is write-only and encrypted."
  }
}

run "ci_is_one_branch_of_one_repository" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_role.ci.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:owner/complaints:ref:refs/heads/main"
    error_message = "Only the main branch takes the role."
  }
}

run "a_repository_with_a_wildcard_is_refused" {
  command = plan

  variables {
    repository = "owner/*"
  }
  expect_failures = [var.repository]
}
