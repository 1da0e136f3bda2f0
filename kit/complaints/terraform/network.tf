# A network without a way out: the warehouse answers the job, and the job reaches S3 through its endpoint.

resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_default_security_group" "none" {
  vpc_id = aws_vpc.this.id
}

resource "aws_flow_log" "this" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.this["logs"].arn

  depends_on = [aws_s3_bucket_policy.this]
}

resource "aws_subnet" "warehouse" {
  count             = length(var.zones)
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr_block, 4, count.index)
  availability_zone = "${var.region}${var.zones[count.index]}"
  tags              = { Name = "${var.name}-warehouse-${count.index}" }
}

resource "aws_route_table" "warehouse" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-warehouse" }
}

resource "aws_route_table_association" "warehouse" {
  count          = length(aws_subnet.warehouse)
  subnet_id      = aws_subnet.warehouse[count.index].id
  route_table_id = aws_route_table.warehouse.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.warehouse.id]
}

resource "aws_security_group" "job" {
  #checkov:skip=CKV2_AWS_5:the task that is started with it is no part of this folder
  name        = "${var.name}-job"
  description = "The job: asks the warehouse, and AWS over TLS"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_egress_rule" "job_warehouse" {
  security_group_id            = aws_security_group.job.id
  description                  = "The warehouse"
  referenced_security_group_id = aws_security_group.warehouse.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "job_s3" {
  security_group_id = aws_security_group.job.id
  description       = "S3, through the endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "warehouse" {
  #checkov:skip=CKV2_AWS_5:the warehouse that is started with it is no part of this folder
  name        = "${var.name}-warehouse"
  description = "The warehouse: answers the job and nobody else"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "warehouse" {
  security_group_id            = aws_security_group.warehouse.id
  description                  = "Postgres, for the job"
  referenced_security_group_id = aws_security_group.job.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_subnet_group" "warehouse" {
  name       = "${var.name}-warehouse"
  subnet_ids = aws_subnet.warehouse[*].id
}
