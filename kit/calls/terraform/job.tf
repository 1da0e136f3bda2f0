# The job that cleans the calls, and the clock that starts it.

locals {
  bucket = aws_s3_bucket.this["data"].bucket
  # the name has the content's hash: a job that is at work keeps the script that it began with
  scripts = {
    for name in ["clean_calls.py", "clean_calls.sql"] : name => {
      source = "${path.module}/../glue/${name}"
      key    = "scripts/${substr(filesha256("${path.module}/../glue/${name}"), 0, 16)}/${name}"
    }
  }
}

resource "aws_s3_object" "script" {
  for_each   = local.scripts
  bucket     = local.bucket
  key        = each.value.key
  source     = each.value.source
  kms_key_id = aws_kms_key.data.arn

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.this]
}

resource "aws_glue_security_configuration" "this" {
  name = var.name

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.data.arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.data.arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.data.arn
    }
  }
}

resource "aws_glue_job" "clean" {
  name                   = "${var.name}-clean"
  description            = "Cleans all logs into Parquet by call_date, and says in the manifest which files are new"
  role_arn               = aws_iam_role.job.arn
  glue_version           = "5.0"
  execution_class        = "STANDARD"
  worker_type            = "G.1X"
  number_of_workers      = var.workers
  timeout                = 120
  max_retries            = 1
  security_configuration = aws_glue_security_configuration.this.name

  command {
    script_location = "s3://${local.bucket}/${aws_s3_object.script["clean_calls.py"].key}"
    python_version  = "3"
  }

  default_arguments = {
    "--raw"                              = "s3://${local.bucket}/${local.folders.raw}/"
    "--agents"                           = "s3://${local.bucket}/${local.folders.reference}/agents.csv"
    "--cleaned"                          = "s3://${local.bucket}/${local.folders.cleaned}/"
    "--time_zone"                        = var.time_zone
    "--max_refused"                      = tostring(var.max_refused)
    "--extra-files"                      = "s3://${local.bucket}/${aws_s3_object.script["clean_calls.sql"].key}"
    "--enable-metrics"                   = "true"
    "--enable-continuous-cloudwatch-log" = "true"
  }

  # two runs at a time would write the same days
  execution_property {
    max_concurrent_runs = 1
  }
}

resource "aws_glue_trigger" "clean" {
  name     = "${var.name}-clean"
  type     = "SCHEDULED"
  schedule = var.schedule

  actions {
    job_name = aws_glue_job.clean.name
  }
}
