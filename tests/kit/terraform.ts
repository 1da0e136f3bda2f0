/** Terraform over a copy of a kit's folder, without a network: its provider from a plugin folder, AWS as a double on this machine. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkov, cloudDouble, terraform } from '../python-tools.ts'

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
export const hasTerraform = spawnSync(terraform, ['version']).status === 0 && providers !== null

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A copy of a kit, and what runs on it. */
export interface TerraformWork {
  readonly folder: string
  /** Where the double answers; empty before it is started. */
  url(): string
  run(args: readonly string[]): { readonly status: number | null; readonly text: string }
  startDouble(): Promise<void>
  stop(): Promise<void>
}

/** The steps that need no account. */
export const OFFLINE_STEPS: readonly (readonly string[])[] = [
  ['fmt', '-check', '-recursive', '-diff'],
  ['init', '-backend=false', '-no-color'],
  ['validate', '-no-color'],
  ['test', '-no-color'],
]

/** Copies a kit; its Terraform is in the folder `terraform`. */
export function terraformWork(kit: string): TerraformWork {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-terraform-'))
  cpSync(kit, folder, { recursive: true })
  writeFileSync(
    join(folder, 'terraform.rc'),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(providers)}\n  }\n}\n`,
  )
  let double: ChildProcess | undefined
  let url = ''
  return {
    folder,
    url: () => url,
    run(args) {
      const { status, stdout, stderr } = spawnSync(terraform, [...args], {
        cwd: join(folder, 'terraform'),
        encoding: 'utf8',
        env: {
          ...process.env,
          ...{ TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
          ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-north-1' },
          ...{ AWS_ENDPOINT_URL: url, AWS_EC2_METADATA_DISABLED: 'true' },
        },
      })
      return { status, text: `${stdout}${stderr}` }
    },
    async startDouble() {
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      double = spawn(cloudDouble, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
      for (const end = Date.now() + 120_000; ; await sleep(200)) {
        const isUp = await fetch(`${url}/moto-api/`).then(
          ({ ok }) => ok,
          () => false,
        )
        if (isUp) return
        if (Date.now() > end) throw new Error('the double did not start within two minutes')
      }
    },
    async stop() {
      if (double !== undefined && double.exitCode === null) {
        const ended = once(double, 'exit')
        double.kill('SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What checkov says of a folder, and the exceptions in it that have no reason. */
export function scanTerraform(folder: string) {
  const scan = ['-d', folder, '--framework', 'terraform', '--skip-download', '--compact', '--quiet']
  // it scans for its settings where it is started
  const { status, stdout, stderr } = spawnSync(checkov, scan, { cwd: tmpdir(), encoding: 'utf8' })
  const exceptions = readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/#checkov:skip=.*/g) ?? [])
  const bare = exceptions.filter((text) => !/^#checkov:skip=CKV2?_AWS_\d+:.{10,}/.test(text))
  return { status, text: `${stdout}${stderr}`, bare }
}
