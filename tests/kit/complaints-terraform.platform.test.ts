/** The Terraform of the complaints kit: formatted, valid, true to its rules, and applied to a local double of AWS. */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkov, cloudDouble, cloudPython } from '../python-tools.ts'
import { hasTerraform, OFFLINE_STEPS, scanTerraform, type TerraformWork, terraformWork } from './terraform.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'complaints')
const SECRET = 's3cret-of-this-test'
const STATE = { Bucket: 'state', Key: 'complaints/terraform.tfstate' }

describe.skipIf(!hasTerraform)(
  'the Terraform of complaints (terraform, and its AWS provider in a plugin folder)',
  () => {
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
      'is applied to a double of AWS with its state in S3: then nothing is left to change, and no secret is in any state',
      async () => {
        await work.startDouble()
        const url = work.url()
        const client = new S3Client({
          ...{ endpoint: url, region: 'eu-north-1', forcePathStyle: true },
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        })
        const { Bucket } = STATE
        await client.send(
          new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-north-1' } }),
        )
        await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
        // the double has one address for all, and forgets tags and descriptions of security group rules
        const rules = ['egress_rule" "job_warehouse', 'egress_rule" "job_s3', 'ingress_rule" "warehouse']
        writeFileSync(
          join(work.folder, 'terraform', 'double_override.tf'),
          `provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = {}
  }
}
${rules.map((rule) => `resource "aws_vpc_security_group_${rule}" {\n  description = null\n}\n`).join('')}`,
        )
        const backend = {
          ...{ bucket: Bucket, key: STATE.Key, region: 'eu-north-1', use_path_style: true },
          ...{ skip_credentials_validation: true, skip_metadata_api_check: true, skip_requesting_account_id: true },
        }
        const lines = Object.entries(backend).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
        writeFileSync(join(work.folder, 'backend.hcl'), `${lines.join('\n')}\nendpoints = { s3 = "${url}" }\n`)
        const database = {
          ...{ db_host: 'db.example.com', db_port: '6543', db_username: 'reader', db_password: SECRET },
          ...{ db_name: 'forms', table_schema_name: 'customer_complaints' },
        }
        writeFileSync(
          join(work.folder, 'values.tfvars.json'),
          JSON.stringify({ repository: 'owner/complaints', database }),
        )
        const values = ['-no-color', `-var-file=${join(work.folder, 'values.tfvars.json')}`]

        const steps: string[][] = [
          ['init', '-reconfigure', '-no-color', `-backend-config=${join(work.folder, 'backend.hcl')}`],
          ['apply', '-auto-approve', ...values],
          // 0 says that nothing is left to change, 2 that something is
          ['plan', '-detailed-exitcode', ...values],
        ]
        for (const step of steps) {
          const { status, text } = work.run(step)
          expect(status, text).toBe(0)
          expect(text).not.toContain(SECRET)
        }
        const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
        const states: string[] = []
        for (const { Key, VersionId } of Versions.filter((version) => version.Key === STATE.Key)) {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))
          states.push((await Body?.transformToString()) ?? '')
        }
        expect([
          states.some((state) => state.includes('db_password')),
          states.some((state) => state.includes(SECRET)),
        ]).toEqual([...[true, false]])
        const asked = spawnSync(
          cloudPython,
          [
            '-c',
            'import boto3,sys; print(boto3.client("ssm", endpoint_url=sys.argv[1], region_name="eu-north-1", aws_access_key_id="test", aws_secret_access_key="test").get_parameter(Name="/coretelecomms/database/db_password", WithDecryption=True)["Parameter"]["Value"])',
            url,
          ],
          { encoding: 'utf8' },
        )
        expect(asked.stdout.trim(), asked.stderr).toBe(SECRET)
        // another one at work holds the lock
        await client.send(new PutObjectCommand({ Bucket, Key: `${STATE.Key}.tflock`, Body: '{"ID":"another"}' }))
        const locked = work.run(['plan', ...values])
        expect([locked.status, /Error acquiring the state lock/.test(locked.text)], locked.text).toEqual([1, true])
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
  },
)
