/** The Terraform of the complaints kit: formatted, valid, true to its rules, and applied to a local double of AWS. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkov, cloudDouble, cloudPython, terraform } from '../python-tools.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'complaints', 'terraform')
const SECRET = 's3cret-of-this-test'
const STATE = { Bucket: 'state', Key: 'complaints/terraform.tfstate' }

/** A folder with the AWS provider, from which Terraform can install it without a network; null where there is none. */
function findProviders(): string | null {
  const isMirror = (folder: string) => existsSync(join(folder, 'registry.terraform.io', 'hashicorp', 'aws'))
  const below = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? [join(folder, entry.name)] : [],
        )
      : []
  const own = join(homedir(), '.terraform.d', 'plugins')
  const shared = ['/usr/share/terraform', '/usr/local/share/terraform', '/opt'].flatMap(below)
  return [own, ...shared].find(isMirror) ?? null
}

const providers = findProviders()
const hasTerraform = spawnSync(terraform, ['version']).status === 0 && providers !== null

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe.skipIf(!hasTerraform)(
  'the Terraform of complaints (terraform, and its AWS provider in a plugin folder)',
  () => {
    let work = ''
    let double: ChildProcess | undefined
    let url = ''

    const run = (args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(terraform, [...args], {
        cwd: join(work, 'terraform'),
        encoding: 'utf8',
        env: {
          ...process.env,
          ...{ TF_CLI_CONFIG_FILE: join(work, 'terraform.rc'), CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
          ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-north-1' },
          ...{ AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true' },
        },
      })
      return { status, text: `${stdout}${stderr}` }
    }

    beforeAll(() => {
      work = mkdtempSync(join(tmpdir(), 'support-etl-terraform-'))
      cpSync(kit, join(work, 'terraform'), { recursive: true })
      writeFileSync(
        join(work, 'terraform.rc'),
        `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(providers)}\n  }\n}\n`,
      )
    })
    afterAll(async () => {
      if (double !== undefined && double.exitCode === null) {
        const ended = once(double, 'exit')
        double.kill('SIGKILL')
        await ended
      }
      if (work !== '') rmSync(work, { recursive: true, force: true })
    })

    it('is formatted, valid, and true to its rules', () => {
      const steps: string[][] = [
        ['fmt', '-check', '-recursive', '-diff'],
        ['init', '-backend=false', '-no-color'],
        ['validate', '-no-color'],
        ['test', '-no-color'],
      ]
      for (const step of steps) {
        const { status, text } = run(step)
        expect(status, text).toBe(0)
      }
    }, 240_000)

    it.skipIf(!existsSync(cloudDouble))(
      'is applied to a double of AWS with its state in S3: then nothing is left to change, and no secret is in any state',
      async () => {
        const port = await freePort()
        url = `http://127.0.0.1:${port}`
        double = spawn(cloudDouble, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
        for (const end = Date.now() + 120_000; ; await sleep(200)) {
          const isUp = await fetch(`${url}/moto-api/`).then(
            ({ ok }) => ok,
            () => false,
          )
          if (isUp) break
          if (Date.now() > end) throw new Error('the double did not start within two minutes')
        }
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
          join(work, 'terraform', 'double_override.tf'),
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
        writeFileSync(join(work, 'backend.hcl'), `${lines.join('\n')}\nendpoints = { s3 = "${url}" }\n`)
        const database = {
          ...{ db_host: 'db.example.com', db_port: '6543', db_username: 'reader', db_password: SECRET },
          ...{ db_name: 'forms', table_schema_name: 'customer_complaints' },
        }
        writeFileSync(join(work, 'values.tfvars.json'), JSON.stringify({ repository: 'owner/complaints', database }))
        const values = ['-no-color', `-var-file=${join(work, 'values.tfvars.json')}`]

        const steps: string[][] = [
          ['init', '-reconfigure', '-no-color', `-backend-config=${join(work, 'backend.hcl')}`],
          ['apply', '-auto-approve', ...values],
          // 0 says that nothing is left to change, 2 that something is
          ['plan', '-detailed-exitcode', ...values],
        ]
        for (const step of steps) {
          const { status, text } = run(step)
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
        const locked = run(['plan', ...values])
        expect([locked.status, /Error acquiring the state lock/.test(locked.text)], locked.text).toEqual([1, true])
      },
      600_000,
    )

    it.skipIf(!existsSync(checkov))(
      'is clean to checkov, with a reason beside every exception',
      () => {
        const scan = ['-d', kit, '--framework', 'terraform', '--skip-download', '--compact', '--quiet']
        const { status, stdout, stderr } = spawnSync(checkov, scan, { cwd: work, encoding: 'utf8' })
        expect(status, `${stdout}${stderr}`).toBe(0)
        const exceptions = readdirSync(kit)
          .filter((name) => name.endsWith('.tf'))
          .flatMap((name) => readFileSync(join(kit, name), 'utf8').match(/#checkov:skip=.*/g) ?? [])
        expect(exceptions.filter((text) => !/^#checkov:skip=CKV2?_AWS_\d+:.{10,}/.test(text))).toEqual([])
      },
      180_000,
    )
  },
)
