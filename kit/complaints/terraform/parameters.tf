# Where the web forms are. Terraform hands the values over and keeps none of them.

locals {
  parameters = toset(["db_host", "db_port", "db_username", "db_password", "db_name", "table_schema_name"])
}

resource "aws_ssm_parameter" "database" {
  for_each         = local.parameters
  name             = "${var.parameter_path}/${each.key}"
  type             = "SecureString"
  key_id           = aws_kms_key.lake.arn
  value_wo         = var.database[each.key]
  value_wo_version = var.database_version
}
