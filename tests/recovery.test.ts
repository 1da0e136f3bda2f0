/** The recipes of docs/recovery.md, line by line as they stand there, each in a folder that had its accident. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore, s3Store } from '../src/connect/index.ts'
import { nodeEffects } from '../src/pipeline/effects.ts'
import { readHistory, readState, readStatus, runPipeline, verifyState } from '../src/pipeline/index.ts'
import { commitName, decodeCommit, encodeCommit, type TableRecord } from '../src/pipeline/log/commit-record.ts'
import { supportJob } from '../src/systems/support/job.ts'
import { columnOf } from '../src/table/frame.ts'
import { COMPILED, MAIN, NODE_OPTIONS, SAMPLE } from './cli/command-line.ts'
import { KEYS, S3Double } from './connect/s3/s3-double.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-recovery-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const bin = join(base, 'bin')
/** Source files, and three states of them, made once. */
const made = { data: join(base, 'data'), february: join(base, 'february'), march: join(base, 'march') }
const effects = nodeEffects()

/** Which lines there are, and with which status each ends. */
const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'recovery.md'), 'utf8')
const recipes = page
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    blocks: [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.trim().split('\n')),
  }))

/** Where an accident happens: `data`, `backup-data`, and what the accident makes of `output`. */
class Scene {
  readonly folder = mkdtempSync(join(base, 'scene-'))
  readonly env: Record<string, string> = {}

  constructor() {
    cpSync(made.data, this.path('data'), { recursive: true })
    cpSync(made.data, this.path('backup-data'), { recursive: true })
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  /** `output` as it was after a month, and a copy of it. */
  committed(month: 'february' | 'march', backup: 'february' | 'march' | null = month): void {
    cpSync(made[month], this.path('output'), { recursive: true, preserveTimestamps: true })
    if (backup !== null) cpSync(made[backup], this.path('backup'), { recursive: true, preserveTimestamps: true })
  }

  run(options: Parameters<typeof runPipeline>[1] = {}) {
    return runPipeline(supportJob, { data: this.path('data'), out: this.path('output'), ...options })
  }

  edit(name: string, change: (text: string) => string): void {
    writeFileSync(this.path(name), change(readFileSync(this.path(name), 'latin1')), 'latin1')
  }

  /** The first file of the state whose name begins so. */
  stored(stem: string): string {
    const name = readdirSync(this.path('output', '.support-etl', 'data')).find((file) => file.startsWith(stem))
    return this.path('output', '.support-etl', 'data', name ?? '')
  }

  /** A line of a recipe as a shell runs it. */
  async line(text: string): Promise<{ readonly status: number | null; readonly told: string }> {
    const path = `${bin}${delimiter}${process.env.PATH}`
    const env = { ...process.env, ...COMPILED, NO_COLOR: '1', NODE_OPTIONS: undefined, ...this.env, PATH: path }
    // not synchronous: a bucket may be answering from this process
    const child = spawn('sh', ['-c', text], { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let told = ''
    child.stdout.on('data', (part) => (told += part))
    child.stderr.on('data', (part) => (told += part))
    const [status] = await once(child, 'close')
    return { status, told }
  }
}

function copiesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** Whole, published, nothing left to do: what most recipes end in. */
async function expectRecovered(scene: Scene, out = 'output', expected = join(SAMPLE, 'expected')): Promise<void> {
  const place = scene.path(out)
  expect((await verifyState(supportJob, { out: place })).damages).toEqual([])
  expect(copiesOf(place)).toEqual(copiesOf(expected))
  const { lock } = await readStatus({ out: place })
  expect(lock).toBeNull()
}

interface Accident {
  /** Makes the accident; what has to be seen of it is seen. */
  happen(scene: Scene): Promise<unknown> | unknown
  /** What the recipe leads to; {@link expectRecovered} where nothing else is said. */
  end?(scene: Scene): Promise<unknown>
}

/** Runs the command with a module that makes it fail. */
function spoiltRun(scene: Scene, script: string) {
  const spoil = `--import=data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'\n${script}`)}`
  return spawnSync(process.execPath, [...NODE_OPTIONS, spoil, MAIN, 'run'], { cwd: scene.folder, encoding: 'utf8' })
}

const ANOTHER_HOST = { host: 'elsewhere.example', process: 4711, startedAt: null, boot: null, runId: 'r' }
function leaveLock(scene: Scene, beat: number): void {
  const at = new Date(beat).toISOString()
  writeFileSync(
    scene.path('output', '.support-etl', 'lock'),
    JSON.stringify({ ...ANOTHER_HOST, since: at, beatAt: at }),
  )
}

const flip = (text: string) =>
  text.replace(/[a-y](?=[^a-y]*$)/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1))
const damaged = (scene: Scene) =>
  expect(verifyState(supportJob, { out: scene.path('output') })).rejects.toMatchObject({ code: 'log_damaged' })

const doubles = new WeakMap<Scene, { double: S3Double; close(): Promise<void>; endpoint: string }>()
async function openBucket(scene: Scene) {
  const double = new S3Double()
  const { endpoint, close } = await double.listen()
  doubles.set(scene, { double, close, endpoint })
  const client = { credentials: KEYS }
  const data = s3Store('s3://bucket/data', { endpoint, client })
  const source = folderStore(scene.path('data'))
  for (const { name } of await source.list('')) await data.write(name, source.read(name))
  const out = s3Store('s3://bucket/output', { endpoint, client })
  await runPipeline(supportJob, { data, out, months: ['202502'] })
  mkdirSync(scene.path('.aws'))
  const keys = `aws_access_key_id = ${KEYS.accessKeyId}\naws_secret_access_key = ${KEYS.secretAccessKey}\n`
  writeFileSync(scene.path('.aws', 'credentials'), `[etl]\n${keys}`)
  const { folder: HOME } = scene
  Object.assign(scene.env, {
    HOME,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  return double
}
async function expectBucket(scene: Scene, location: string): Promise<void> {
  const { endpoint = '', close } = doubles.get(scene) ?? {}
  const out = s3Store(location, { endpoint, client: { credentials: KEYS } })
  expect((await verifyState(supportJob, { out })).damages).toEqual([])
  expect((await readStatus({ out })).inputs).toHaveLength(11)
  await close?.()
}

const ACCIDENTS: Readonly<Record<string, Accident>> = {
  'A run was killed, or the machine went down': {
    happen(scene) {
      scene.committed('february')
      // dies before the first file of the new version has its name
      const { signal } = spoiltRun(scene, `fs.renameSync = () => process.kill(process.pid, 'SIGKILL')`)
      expect(signal).toBe('SIGKILL')
      expect(existsSync(scene.path('output', '.support-etl', 'lock'))).toBe(true)
    },
    async end(scene) {
      await expectRecovered(scene)
      expect(readdirSync(scene.path('output', '.support-etl', 'data')).join()).not.toContain('.tmp-')
    },
  },
  'The disk is full': {
    happen(scene) {
      scene.committed('february')
      const { status, stderr } = spoiltRun(
        scene,
        `fs.writeSync = () => { throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }) }`,
      )
      expect([status, stderr]).toEqual([1, expect.stringContaining('disk_full')])
      expect(copiesOf(scene.path('output'))).toEqual(copiesOf(made.february))
    },
    async end(scene) {
      await expectRecovered(scene)
      const state = await readState(supportJob, { out: scene.path('output'), asOf: '202502' })
      expect((await state.loadTable('interactions')).rows).toBeGreaterThan(0)
    },
  },
  'No permission to write': {
    async happen(scene) {
      scene.committed('february')
      chmodSync(scene.path('output', '.support-etl', 'data'), 0o500)
      chmodSync(scene.path('output', '.support-etl'), 0o500)
      // nothing is forbidden to root
      if (process.getuid?.() !== 0) await expect(scene.run()).rejects.toMatchObject({ code: 'permission_denied' })
    },
  },
  'A lock is left behind': {
    happen(scene) {
      scene.committed('february')
      leaveLock(scene, Date.now())
    },
  },
  'The clock was wrong': {
    async happen(scene) {
      scene.committed('february')
      leaveLock(scene, Date.now() + 30 * 365 * 86_400_000)
      await expect(scene.run()).rejects.toMatchObject({ code: 'lock_held' })
    },
  },
  'Another version of the library': {
    happen(scene) {
      scene.committed('march')
      const path = scene.path('output', commitName(1))
      const source = { hash: effects.newHash(), location: 'output', name: commitName(1) }
      const { record } = decodeCommit(readFileSync(path), source)
      const agents = { ...(record.tables.agents as TableRecord), fingerprint: 'of another version' }
      const tables = { ...record.tables, agents }
      const inputs = record.inputs.map((input) =>
        input.table === 'agents' ? { ...input, contract: 'of another version' } : input,
      )
      writeFileSync(path, encodeCommit({ ...record, tables, inputs }, effects.newHash()).bytes)
    },
  },
  'The log is damaged, and there is a copy': {
    async happen(scene) {
      scene.committed('march')
      scene.edit(join('output', commitName(1)), (text) => text.slice(0, -100))
      await damaged(scene)
    },
  },
  'The log is damaged, and there is no copy': {
    async happen(scene) {
      scene.committed('march', null)
      scene.edit(join('output', commitName(1)), flip)
      await damaged(scene)
    },
  },
  'The log is damaged, and the source files are gone too': {
    async happen(scene) {
      scene.committed('march', null)
      scene.edit(join('output', commitName(1)), flip)
      rmSync(scene.path('data'), { recursive: true })
      rmSync(scene.path('backup-data'), { recursive: true })
      await damaged(scene)
    },
    end: (scene) => expectRecovered(scene, 'output-new'),
  },
  'The last records of the log are gone': {
    async happen(scene) {
      scene.committed('february')
      await scene.run()
      rmSync(scene.path('output', commitName(2)))
    },
  },
  'A file of the state is damaged or missing, and there is a copy': {
    happen(scene) {
      scene.committed('march')
      rmSync(scene.stored('interactions-delta-202503'))
      const agents = scene.stored('agents-')
      const bytes = readFileSync(agents)
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
      writeFileSync(agents, bytes)
    },
  },
  'A table of the state is damaged or missing, and there is no copy': {
    happen(scene) {
      scene.committed('march', null)
      for (const table of ['interactions', 'agents', 'support_cube']) {
        const name = readdirSync(scene.path('output', '.support-etl', 'data')).find((file) =>
          new RegExp(`^${table}-[0-9a-f]{16}\\.`).test(file),
        )
        expect(name).toBeDefined()
        rmSync(scene.path('output', '.support-etl', 'data', name ?? ''))
      }
    },
  },
  'A kept input is damaged or missing, and there is no copy': {
    async happen(scene) {
      scene.committed('march', null)
      rmSync(scene.stored('agents-delta-202502'))
      await expect(scene.run({ apply: 'rebuild' })).rejects.toMatchObject({ code: 'data_damaged' })
    },
  },
  'A published copy was changed or deleted': {
    happen(scene) {
      scene.committed('march')
      scene.edit(join('output', 'support_report.csv'), (text) => text.replace('2025-01', '2024-01'))
      rmSync(scene.path('output', 'agents.csv'))
    },
  },
  'The output folder was moved or copied': {
    happen: (scene) => scene.committed('march'),
    async end(scene) {
      await expectRecovered(scene, 'elsewhere')
      expect((await scene.run({ out: scene.path('elsewhere') })).status).toBe('nothing_to_do')
    },
  },
  'The output folder was restored from an older copy': {
    happen(scene) {
      scene.committed('march', 'february')
      rmSync(scene.path('output', '.support-etl', 'log'), { recursive: true })
    },
  },
  'An applied file was changed, by mistake': {
    happen(scene) {
      scene.committed('march')
      scene.edit('data/delta/agents_delta_202502.csv', (text) => `${text}\r\n`)
    },
  },
  'An applied file was changed, on purpose': {
    happen(scene) {
      scene.committed('march')
      scene.edit('data/delta/contact_centers_delta_202503.csv', (text) => text.replace('Columbus OH', 'Columbus Ohio'))
    },
    async end(scene) {
      expect((await verifyState(supportJob, { out: scene.path('output') })).damages).toEqual([])
      expect(readFileSync(scene.path('output', 'contact_centers.csv'), 'utf8')).toContain('Columbus Ohio')
    },
  },
  'A wrong delta was applied': {
    happen: (scene) => scene.committed('march'),
    async end(scene) {
      const out = scene.path('output')
      // the agents are those of February, all else is as it was
      const { 'agents.csv': agents, ...others } = copiesOf(out)
      const { 'agents.csv': _, ...expected } = copiesOf(made.march)
      expect(agents).toBe(copiesOf(made.february)['agents.csv'])
      expect(others).toEqual(expected)
      const versions = await readHistory(supportJob, { out, table: 'agents' })
      expect([...columnOf(versions, 'valid_from')]).not.toContain('2025-03')
    },
  },
  'A delta was delivered twice': {
    async happen(scene) {
      scene.committed('march')
      cpSync(scene.path('data/delta/agents_delta_202503.csv'), scene.path('data/delta/agents_delta_202504.csv'))
      const { notes } = await scene.run()
      expect(notes.map(({ code }) => code)).toContain('duplicate_content')
    },
    async end(scene) {
      await expectRecovered(scene)
      const versions = await readHistory(supportJob, { out: scene.path('output'), table: 'agents' })
      expect([...columnOf(versions, 'valid_from')]).not.toContain('2025-04')
    },
  },
  'A delta arrives late': {
    async happen(scene) {
      rmSync(scene.path('data/delta/interactions_delta_202502.csv'))
      await scene.run()
      cpSync(scene.path('backup-data/delta'), scene.path('data/delta'), { recursive: true })
    },
  },
  'A delta never came': {
    async happen(scene) {
      rmSync(scene.path('data/delta/interactions_delta_202502.csv'))
      await scene.run()
    },
  },
  'Rows wait in quarantine': {
    async happen(scene) {
      scene.edit('data/delta/interactions_delta_202503.csv', (text) => text.replace(STAMP, 'yesterday'))
      expect((await scene.run()).quarantined).toBe(1)
    },
    async end(scene) {
      expect((await readStatus({ out: scene.path('output') })).quarantined).toBe(0)
      await expectRecovered(scene)
    },
  },
  'The credentials are gone or wrong': {
    async happen(scene) {
      await openBucket(scene)
      const { status, told } = await scene.line('support-etl run --data s3://bucket/data --out s3://bucket/output')
      expect([status, told]).toEqual([1, expect.stringContaining('permission_denied')])
    },
    end: (scene) => expectBucket(scene, 's3://bucket/output'),
  },
  'A part of the bucket was deleted': {
    async happen(scene) {
      const double = await openBucket(scene)
      scene.env.AWS_PROFILE = 'etl'
      const name = [...double.objects.keys()].find((key) => key.startsWith('output/.support-etl/data/agents-'))
      double.objects.delete(name ?? '')
    },
    end: (scene) => expectBucket(scene, 's3://bucket/output-2'),
  },
}

/** The first stamp of a row of March's interactions, as the page has it. */
const STAMP = /2025-03-03T15:05:00Z/

beforeAll(async () => {
  mkdirSync(bin)
  const command = [process.execPath, ...NODE_OPTIONS, MAIN].map((part) => `'${part}'`).join(' ')
  writeFileSync(join(bin, 'support-etl'), `#!/bin/sh\nexec ${command} "$@"\n`)
  chmodSync(join(bin, 'support-etl'), 0o755)
  for (const part of ['initial', 'delta']) cpSync(join(SAMPLE, part), join(made.data, part), { recursive: true })
  await runPipeline(supportJob, { data: made.data, out: made.february, months: ['202502'] })
  await runPipeline(supportJob, { data: made.data, out: made.march })
})

describe('docs/recovery.md', () => {
  it('has one recipe an accident, and an accident for each recipe', () => {
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(ACCIDENTS))
    expect(recipes.filter(({ blocks }) => blocks.length !== 1)).toEqual([])
  })

  // the recipes are lines of a POSIX shell
  it.runIf(process.platform !== 'win32').for(recipes.map(({ title, blocks }) => [title, blocks] as const))(
    '%s',
    { timeout: 60_000 },
    async ([title, blocks], { task }) => {
      const accident = ACCIDENTS[title]
      const scene = new Scene()
      await accident?.happen(scene)
      let lines = 0
      for (const line of blocks.flat()) {
        const { status, told } = await scene.line(line)
        expect(status, `${line}\n${told}`).toBe(Number(/# exits (\d+)/.exec(line)?.[1] ?? 0))
        lines += 1
      }
      await (accident?.end ?? expectRecovered)(scene)
      task.meta.figures = { 'accidents recovered from': 1, 'lines of recipes run': lines }
    },
  )
})
