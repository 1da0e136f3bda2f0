variable "name" {
  description = "The first part of all names."
  type        = string
  default     = "complaints"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "Give 2 to 31 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "region" {
  description = "The region of everything."
  type        = string
  default     = "eu-north-1"
}

variable "source_bucket" {
  description = "The bucket into which the sources deliver. It exists already; the job may only read it."
  type        = string
  default     = "core-telecoms-data-lake"
}

variable "parameter_path" {
  description = "The path of the database's parameters."
  type        = string
  default     = "/coretelecomms/database"

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.parameter_path))
    error_message = "Give a path such as /coretelecomms/database, without a slash at its end."
  }
}

variable "database" {
  description = "Where the web forms are. The values go into the parameter store, and into no state and no plan."
  type = object({
    db_host           = string
    db_port           = string
    db_username       = string
    db_password       = string
    db_name           = string
    table_schema_name = string
  })
  ephemeral = true
}

variable "database_version" {
  description = "Count it up when the values of database change: what is write-only cannot be compared."
  type        = number
  default     = 1
}

variable "repository" {
  description = "The repository whose main branch may push images, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "Give owner/name; wildcards would let other repositories in."
  }
}

variable "cidr_block" {
  description = "The addresses of the network."
  type        = string
  default     = "10.40.0.0/16"
}

variable "zones" {
  description = "The letters of the zones with a subnet; a warehouse wants two at least."
  type        = list(string)
  default     = ["a", "b"]
}

variable "noncurrent_days" {
  description = "How long replaced versions of objects are kept."
  type        = number
  default     = 90
}
