output "lake" {
  description = "The address of the lake: complaints run --out"
  value       = "s3://${aws_s3_bucket.this["lake"].bucket}/complaints"
}

output "image" {
  description = "Where images are pushed to."
  value       = aws_ecr_repository.image.repository_url
}

output "job_role" {
  description = "The role of the task that runs the job."
  value       = aws_iam_role.job.arn
}

output "ci_role" {
  description = "The role that CI takes on."
  value       = aws_iam_role.ci.arn
}
