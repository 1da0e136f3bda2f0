output "raw_calls" {
  description = "Where logs are delivered."
  value       = "s3://${local.bucket}/${local.folders.raw}/"
}

output "agents" {
  description = "The list of agents."
  value       = "s3://${local.bucket}/${local.folders.reference}/agents.csv"
}

output "manifest" {
  description = "What readers ask which files are new."
  value       = "s3://${local.bucket}/${local.folders.cleaned}/_manifest.json"
}

output "database" {
  description = "The database of the catalog."
  value       = aws_glue_catalog_database.this.name
}

output "job" {
  description = "The job: aws glue start-job-run --job-name NAME"
  value       = aws_glue_job.clean.name
}
