# What the job and the crawlers may do: read what is delivered, write what is cleaned, keep the catalog.

locals {
  data_arn = aws_s3_bucket.this["data"].arn
  glue_arn = "arn:${data.aws_partition.current.partition}:glue:${var.region}:${local.account}"
  logs_arn = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${local.account}:log-group:/aws-glue/*"
  database = aws_glue_catalog_database.this.name
}

resource "aws_iam_role" "job" {
  name = "${var.name}-job"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "glue.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "job" {
  name = "calls"
  role = aws_iam_role.job.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListTheBucket"
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
        Resource = local.data_arn
      },
      {
        Sid      = "ReadWhatIsDelivered"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for folder in [local.folders.raw, local.folders.reference, "scripts"] : "${local.data_arn}/${folder}/*"]
      },
      {
        Sid      = "KeepTheCleanedCalls"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = "${local.data_arn}/${local.folders.cleaned}*"
      },
      {
        Sid    = "KeepTheCatalog"
        Effect = "Allow"
        Action = [
          "glue:BatchCreatePartition",
          "glue:BatchDeletePartition",
          "glue:BatchGetPartition",
          "glue:BatchUpdatePartition",
          "glue:CreateTable",
          "glue:DeleteTable",
          "glue:GetDatabase",
          "glue:GetPartition",
          "glue:GetPartitions",
          "glue:GetTable",
          "glue:GetTables",
          "glue:UpdateTable",
        ]
        Resource = [
          "${local.glue_arn}:catalog",
          "${local.glue_arn}:database/${local.database}",
          "${local.glue_arn}:table/${local.database}/*",
        ]
      },
      {
        Sid      = "ReadTheSecurityConfiguration"
        Effect   = "Allow"
        Action   = "glue:GetSecurityConfiguration"
        Resource = "${local.glue_arn}:security-configuration/${var.name}"
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey"]
        Resource = local.logs_arn
      },
      {
        Sid      = "UseTheKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.data.arn
      },
    ]
  })
}
