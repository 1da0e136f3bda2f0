/**
 * Images of Containerfiles, built without a daemon and run without a network. Where registries of images cannot be reached, a base
 * made of this system's packages and the project's own Node has the official name. Only an `X.platform.test.ts` may need it.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const TOOLS = ['buildah', 'bwrap', 'mmdebstrap', 'npm']
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/** The tools that are missing here; images need all of them, and the rights of root. */
export function missingTools(): string[] {
  const missing = TOOLS.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  return process.getuid?.() === 0 ? missing : [...missing, 'root']
}

/** What an image says of itself. */
export interface ImageConfig {
  readonly User: string
  readonly WorkingDir: string
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Env: readonly string[]
  readonly Healthcheck?: { readonly Test: readonly string[] }
}

/** An image that was built. */
export interface Image {
  readonly config: ImageConfig
  /** The program with its flags that runs the image: without a network, its files read-only, as its user, without any right. */
  command(options?: RunOptions): [program: string, ...flags: string[]]
}

/** What differs from how the image runs by itself. */
export interface RunOptions {
  /** Folders of this machine by where the image has them. */
  readonly binds?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly words?: readonly string[]
  readonly entrypoint?: readonly string[]
}

/** A place for images that leaves nothing behind. */
export interface ImageStore {
  /** Makes the stand-in for an official Node image. */
  makeNodeBase(name: string): void
  /** Makes the stand-in for an official image of Airflow, of the packages in a file of requirements. */
  makeAirflowBase(name: string, requirements: string): void
  /** Builds the Containerfile of a folder, up to a target where one is named. */
  build(folder: string, name: string, values: Readonly<Record<string, string>>, target?: string): Image
  remove(): void
}

/** Node's program, with npm, in the folder of a base's files. */
function addNode(buildah: (...args: string[]) => string, container: string): void {
  const node = realpathSync(process.execPath)
  const npm = dirname(dirname(realpathSync(spawnSync('sh', ['-c', 'command -v npm']).stdout.toString().trim())))
  buildah('copy', '--quiet', container, node, '/usr/local/bin/node')
  buildah('copy', '--quiet', container, npm, '/usr/local/lib/node_modules/npm')
  buildah('copy', '--quiet', container, CERTIFICATES, CERTIFICATES)
  const links = ['npm', 'npx'].map((name) => `ln -s ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`)
  buildah(
    'run',
    container,
    '--',
    'sh',
    '-ec',
    [...links, 'groupadd -g 1000 node', 'useradd -u 1000 -g node -m node'].join('\n'),
  )
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The user, the folders and the environment of the official image, whose entrypoint gives commands to Airflow as this one does. */
const AIRFLOW_USER = `
ln -s python3 /usr/bin/python
useradd --uid 50000 --gid 0 --create-home airflow
python -m venv /home/airflow/.local
/home/airflow/.local/bin/pip install --quiet --no-cache-dir --only-binary :all: --require-hashes -r /tmp/requirements.txt
rm /tmp/requirements.txt
printf '#!/bin/sh\\nexec airflow "$@"\\n' >/entrypoint
chmod 0755 /entrypoint
install -d -o airflow -g 0 -m 0775 /opt/airflow /opt/airflow/dags /opt/airflow/logs
chown -R airflow:0 /home/airflow`

function addAirflow(buildah: (...args: string[]) => string, container: string, requirements: string): void {
  buildah('copy', '--quiet', container, CERTIFICATES, CERTIFICATES)
  buildah('copy', '--quiet', container, requirements, '/tmp/requirements.txt')
  buildah('run', container, '--', 'sh', '-ec', AIRFLOW_USER)
  const variables = {
    ...{ PATH: `/home/airflow/.local/bin:${PATH}`, VIRTUAL_ENV: '/home/airflow/.local' },
    ...{ AIRFLOW_HOME: '/opt/airflow', AIRFLOW__CORE__LOAD_EXAMPLES: 'false', LANG: 'C.UTF-8' },
  }
  const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const start = ['--entrypoint', '["/usr/bin/dumb-init", "--", "/entrypoint"]', '--cmd', '']
  buildah('config', ...env, ...start, '--workingdir', '/opt/airflow', '--user', '50000', container)
}

/** Opens a place for images in a temporary folder. */
export function imageStore(): ImageStore {
  const home = mkdtempSync(join(tmpdir(), 'support-etl-images-'))
  const env = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' }
  const run = (program: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}:\n${stdout}${stderr}`)
    return stdout.trim()
  }
  const at = ['--root', join(home, 'images'), '--runroot', join(home, 'run')]
  const buildah = (...args: string[]): string => run('buildah', ...at, ...args)
  /** Makes an image of some packages of Debian, and of what is done to it. */
  const makeBase = (name: string, packages: readonly string[], change: (container: string) => void): void => {
    const archive = join(home, 'base.tar')
    run('mmdebstrap', '--quiet', '--variant=minbase', `--include=${packages.join()}`, 'bookworm', archive)
    const container = buildah('from', 'scratch')
    buildah('add', '--quiet', container, archive, '/')
    // npm and pip bring certificates of their own, which may not be those of this machine's network
    const trusted = ['NODE_EXTRA_CA_CERTS', 'PIP_CERT'].flatMap((tool) => ['--env', `${tool}=${CERTIFICATES}`])
    buildah('config', '--env', `PATH=${PATH}`, ...trusted, container)
    change(container)
    buildah('commit', '--quiet', container, name)
    buildah('rm', container)
    rmSync(archive)
  }
  return {
    makeNodeBase(name) {
      makeBase(name, ['ca-certificates', 'libatomic1'], (container) => {
        addNode(buildah, container)
        buildah('config', '--cmd', '["node"]', container)
      })
    },
    makeAirflowBase(name, requirements) {
      makeBase(name, ['ca-certificates', 'libatomic1', 'python3-venv', 'dumb-init'], (container) =>
        addAirflow(buildah, container, requirements),
      )
    },
    build(folder, name, values, target) {
      const given = [
        ...Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
        ...(target === undefined ? [] : ['--target', target]),
      ]
      buildah('build', '--format', 'docker', '--pull-never', '--quiet', ...given, '--tag', name, folder)
      // docker's format keeps them in a document of its own
      const { Docker } = JSON.parse(buildah('inspect', '--type', 'image', name)) as { Docker: { config: ImageConfig } }
      const files = buildah('mount', buildah('from', name))
      return { config: Docker.config, command: (options) => sandbox(files, Docker.config, options) }
    },
    remove() {
      // containers are mounted; images are copies of their layers
      for (const args of [
        ['rm', '--all'],
        ['rmi', '--all', '--force'],
      ])
        buildah(...args)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function sandbox(files: string, config: ImageConfig, options: RunOptions = {}): [string, ...string[]] {
  const { User, WorkingDir, Entrypoint, Cmd, Env } = config
  const { binds = {}, env = {}, words = Cmd, entrypoint = Entrypoint } = options
  const [uid = '', gid = uid] = User.split(':')
  // as a container's runtime does, where the image has no such folder
  for (const inside of Object.keys(binds)) mkdirSync(join(files, inside), { recursive: true })
  const variables = [
    ...Env.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const),
    ...Object.entries(env),
  ]
  return [
    ...(['bwrap', '--ro-bind', files, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'] as const),
    ...Object.entries(binds).flatMap(([inside, outside]) => ['--bind', outside, inside]),
    ...['--unshare-all', '--die-with-parent', '--cap-drop', 'ALL', '--uid', uid, '--gid', gid, '--chdir', WorkingDir],
    ...['--clearenv', ...variables.flatMap(([name, value]) => ['--setenv', name, value])],
    ...[...entrypoint, ...words],
  ]
}
