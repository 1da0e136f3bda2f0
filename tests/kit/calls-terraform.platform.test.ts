/** The Terraform of the calls kit: formatted, valid, true to its rules, and applied to a local double of AWS. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkov, cloudDouble } from '../python-tools.ts'
import { hasTerraform, OFFLINE_STEPS, scanTerraform, type TerraformWork, terraformWork } from './terraform.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'calls')

describe.skipIf(!hasTerraform)('the Terraform of calls (terraform, and its AWS provider in a plugin folder)', () => {
  let work: TerraformWork
  beforeAll(() => {
    work = terraformWork(kit)
  })
  afterAll(() => work?.stop())

  it('is formatted, valid, and true to its rules', () => {
    for (const step of OFFLINE_STEPS) {
      const { status, text } = work.run(step)
      expect(status, text).toBe(0)
    }
  }, 240_000)

  it.skipIf(!existsSync(cloudDouble))(
    'is applied to a double of AWS, and then nothing is left to change',
    async () => {
      await work.startDouble()
      // the double has one address for all, and takes a denial for one whatever its condition says; the state stays in the folder
      writeFileSync(
        join(work.folder, 'terraform', 'double_override.tf'),
        `terraform {
  backend "local" {}
}
provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = {}
  }
}
resource "aws_s3_bucket_policy" "this" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "\${each.value.arn}/access/data/*"
    }]
  })
}
`,
      )
      const steps = [
        ['init', '-reconfigure', '-no-color'],
        ['apply', '-auto-approve', '-no-color'],
        // 0 says that nothing is left to change, 2 that something is
        ['plan', '-detailed-exitcode', '-no-color'],
      ]
      for (const step of steps) {
        const { status, text } = work.run(step)
        expect(status, text).toBe(0)
      }
      const { text } = work.run(['output', '-no-color'])
      expect(text).toMatch(/manifest += "s3:\/\/calls-data-\d+\/cleaned_calls\/_manifest\.json"/)
    },
    600_000,
  )

  it.skipIf(!existsSync(checkov))(
    'is clean to checkov, with a reason beside every exception',
    () => {
      const { status, text, bare } = scanTerraform(join(kit, 'terraform'))
      expect(status, text).toBe(0)
      expect(bare).toEqual([])
    },
    180_000,
  )
})
