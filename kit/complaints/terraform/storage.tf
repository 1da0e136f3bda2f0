# The lake, and a bucket for the logs of who read it.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_arn = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
  buckets = {
    lake = "${var.name}-lake-${data.aws_caller_identity.current.account_id}"
    logs = "${var.name}-logs-${data.aws_caller_identity.current.account_id}"
  }
}

resource "aws_kms_key" "lake" {
  description             = "Encrypts the lake, its logs, the images and the parameters of ${var.name}"
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
        Principal = { Service = ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"] }
        Action    = ["kms:GenerateDataKey*", "kms:Decrypt"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

resource "aws_kms_alias" "lake" {
  name          = "alias/${var.name}-lake"
  target_key_id = aws_kms_key.lake.key_id
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:one region is enough; the lake can be made anew from the sources, which are not ours
  #checkov:skip=CKV2_AWS_62:nothing waits for events; the DAG reads the lake when it has written it
  #checkov:skip=CKV_AWS_18:the lake logs into the bucket of logs, which does not log into itself
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
      kms_master_key_id = aws_kms_key.lake.arn
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
          Resource  = "${each.value.arn}/access/lake/*"
          Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
        },
        {
          Sid       = "FlowLogsAreDelivered"
          Effect    = "Allow"
          Principal = { Service = "delivery.logs.amazonaws.com" }
          Action    = "s3:PutObject"
          Resource  = "${each.value.arn}/AWSLogs/*"
          Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
        },
        {
          Sid       = "DeliveryLooksAtTheBucket"
          Effect    = "Allow"
          Principal = { Service = "delivery.logs.amazonaws.com" }
          Action    = "s3:GetBucketAcl"
          Resource  = each.value.arn
          Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
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

    # the lake's own files are never changed, and `support-etl gc` removes what no version needs
    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "lake" {
  bucket        = aws_s3_bucket.this["lake"].id
  target_bucket = aws_s3_bucket.this["logs"].id
  target_prefix = "access/lake/"

  # S3 asks whether it may write there
  depends_on = [aws_s3_bucket_policy.this]
}
