# One bucket for the calls, and one for the logs of who read it.
#   raw_calls/        logs as they were delivered, JSON lines; they count in the order of their names
#   reference_data/   agents.csv
#   cleaned_calls/    call_date=2025-01-02/…parquet, and _manifest.json
#   scripts/          what the job runs

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account     = data.aws_caller_identity.current.account_id
  account_arn = "arn:${data.aws_partition.current.partition}:iam::${local.account}:root"
  buckets = {
    data = "${var.name}-data-${local.account}"
    logs = "${var.name}-logs-${local.account}"
  }
  folders = {
    raw       = "raw_calls"
    reference = "reference_data"
    cleaned   = "cleaned_calls"
  }
}

resource "aws_kms_key" "data" {
  description             = "Encrypts the calls of ${var.name}, their logs, and what the job writes"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountSaysWhoMay"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "LogsAreDelivered"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = ["kms:GenerateDataKey*", "kms:Decrypt"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "LogsOfTheJobAreKept"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${local.account}:log-group:/aws-glue/*"
          }
        }
      },
    ]
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:one region is enough; the cleaned calls can be made anew from the logs, and the logs are delivered from elsewhere
  #checkov:skip=CKV2_AWS_62:nothing waits for events; the job runs by the clock, and readers look at the manifest
  #checkov:skip=CKV_AWS_18:the data logs into the bucket of logs, which does not log into itself
  # checkov follows for_each to one of the buckets alone; tests/rules.tftest.hcl holds the next four of both
  #checkov:skip=CKV2_AWS_6:aws_s3_bucket_public_access_block.this
  #checkov:skip=CKV2_AWS_61:aws_s3_bucket_lifecycle_configuration.this
  #checkov:skip=CKV_AWS_21:aws_s3_bucket_versioning.this
  #checkov:skip=CKV_AWS_145:aws_s3_bucket_server_side_encryption_configuration.this
  for_each = local.buckets
  bucket   = each.value
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "OnlyOverTls"
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:*"
          Resource  = [each.value.arn, "${each.value.arn}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ],
      each.key != "logs" ? [] : [
        {
          Sid       = "AccessLogsAreDelivered"
          Effect    = "Allow"
          Principal = { Service = "logging.s3.amazonaws.com" }
          Action    = "s3:PutObject"
          Resource  = "${each.value.arn}/access/data/*"
          Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        },
      ],
    )
  })

  # a policy that allows something is refused while public access is not yet blocked
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id

  rule {
    id     = "replaced-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.this["data"].id
  target_bucket = aws_s3_bucket.this["logs"].id
  target_prefix = "access/data/"

  # S3 asks whether it may write there
  depends_on = [aws_s3_bucket_policy.this]
}
