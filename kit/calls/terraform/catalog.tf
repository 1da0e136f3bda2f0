# The tables of the catalog, which crawlers find in the folders.

resource "aws_glue_catalog_database" "this" {
  name        = replace(var.name, "-", "_")
  description = "Calls as they were delivered, and as the job cleaned them"
}

resource "aws_glue_crawler" "this" {
  for_each               = local.folders
  name                   = "${var.name}-${each.key}"
  database_name          = aws_glue_catalog_database.this.name
  role                   = aws_iam_role.job.arn
  security_configuration = aws_glue_security_configuration.this.name

  s3_target {
    path = "s3://${local.bucket}/${each.value}/"
    # files that a run is about to name
    exclusions = ["**/.staged-*/**", "**_manifest.json"]
  }

  # a day that is gone from the folder is gone from the table
  schema_change_policy {
    update_behavior = "UPDATE_IN_DATABASE"
    delete_behavior = "DELETE_FROM_DATABASE"
  }

  # one table for each folder, whatever the files in it are called
  configuration = jsonencode({
    Version  = 1.0
    Grouping = { TableGroupingPolicy = "CombineCompatibleSchemas" }
  })
}

# the tables of cleaned calls are looked at when the job has written them
resource "aws_glue_trigger" "crawl" {
  name = "${var.name}-crawl"
  type = "CONDITIONAL"

  predicate {
    conditions {
      job_name = aws_glue_job.clean.name
      state    = "SUCCEEDED"
    }
  }

  dynamic "actions" {
    for_each = aws_glue_crawler.this
    content {
      crawler_name = actions.value.name
    }
  }
}
