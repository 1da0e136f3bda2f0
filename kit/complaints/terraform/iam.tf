# What the job may do: read the sources, keep the lake, learn where the database is.

locals {
  source_arn = "arn:${data.aws_partition.current.partition}:s3:::${var.source_bucket}"
  lake_arn   = aws_s3_bucket.this["lake"].arn
  parameters_arn = join(":", [
    "arn", data.aws_partition.current.partition, "ssm", var.region, data.aws_caller_identity.current.account_id,
    "parameter${var.parameter_path}",
  ])
}

resource "aws_iam_role" "job" {
  name = "${var.name}-job"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "job" {
  name = "lake"
  role = aws_iam_role.job.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListTheSources"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = local.source_arn
      },
      {
        Sid      = "ReadTheSources"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for folder in ["customers", "call logs", "social_medias"] : "${local.source_arn}/${folder}/*"]
      },
      {
        Sid      = "ListTheLake"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = local.lake_arn
      },
      {
        Sid      = "KeepTheLake"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = "${local.lake_arn}/*"
      },
      {
        Sid      = "LearnWhereTheDatabaseIs"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
        Resource = [local.parameters_arn, "${local.parameters_arn}/*"]
      },
      {
        Sid      = "UseTheKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.lake.arn
      },
    ]
  })
}
