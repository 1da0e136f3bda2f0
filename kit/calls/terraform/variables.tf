variable "name" {
  description = "The first part of all names."
  type        = string
  default     = "calls"

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

variable "time_zone" {
  description = "The zone of call_date and hour_of_day, as the IANA database names it."
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", var.time_zone))
    error_message = "Give a zone such as UTC or America/New_York."
  }
}

variable "max_refused" {
  description = "The percentage of lines that may be refused before nothing is published."
  type        = number
  default     = 5

  validation {
    condition     = var.max_refused >= 0 && var.max_refused <= 100
    error_message = "Give a percentage, 0 to 100."
  }
}

variable "schedule" {
  description = "When the job runs, in UTC, as EventBridge writes it."
  type        = string
  default     = "cron(30 3 * * ? *)"

  validation {
    condition     = can(regex("^cron\\(.+\\)$", var.schedule))
    error_message = "Give cron(minutes hours day-of-month month day-of-week year)."
  }
}

variable "workers" {
  description = "How many workers the job has: one of them is the driver."
  type        = number
  default     = 2

  validation {
    condition     = var.workers >= 2 && floor(var.workers) == var.workers
    error_message = "Glue needs two workers at least."
  }
}

variable "noncurrent_days" {
  description = "How long replaced and removed objects are kept."
  type        = number
  default     = 30
}
