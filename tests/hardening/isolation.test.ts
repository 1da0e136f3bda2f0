/** Parquet that nobody vouches for is decoded in a process of its own, and nothing that happens there happens here. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { dashboardData } from '../../src/dashboard/data.ts'
import { parquetBytes, parquetFrame } from '../../src/format/parquet/parquet.ts'
import { type IsolatedParquetOptions, isolatedParquet } from '../../src/isolate/isolated-parquet.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { DictionaryColumn, NumberColumn } from '../../src/table/column.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { supportEtl } from '../cli/command-line.ts'
import { bytesOf, filesIn, line, placeOf } from '../systems/calls/places.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-isolation-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = 'upload.parquet'
const sound = frameOf([
  ['number', new NumberColumn('float64', Float64Array.of(1, 2, 3))],
  ['text', new DictionaryColumn(Int32Array.of(0, 1, -1), ['x', 'ü'])],
])
const rowsOf = (frame: Frame) => Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, [...column]]))

const DOUBLE = new URL('decoder-double.ts', import.meta.url).href
let notes = 0

/** A decoder that goes wrong; `pid` is its process once it has begun. */
function double(how: string, options: IsolatedParquetOptions = {}) {
  const note = join(folder, `note-${++notes}`)
  return {
    decode: isolatedParquet({ ...options, engine: new URL(`?how=${how}&note=${note}`, DOUBLE) }),
    pid: () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : null),
  }
}

function isAlive(pid: number | null): boolean {
  if (pid === null) throw new Error('the decoder never began')
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let count = 0; count < 400 && !isTrue(); count++) await sleep(25)
  expect(isTrue()).toBe(true)
}

describe('Parquet in a process of its own', () => {
  it('is read as in this one', async ({ task }) => {
    const bytes = await parquetBytes(sound, { metadata: { zone: 'UTC' } })
    const began = performance.now()
    const read = await parquetFrame(bytes, { file, decode: isolatedParquet() })
    const took = Math.round(performance.now() - began)
    expect(rowsOf(read)).toEqual(rowsOf(sound))
    task.meta.figures = { 'slowest decoding of 3 rows in a process of its own, ms (varies)': took }
  })

  it('may be larger than a pipe holds, both ways', async () => {
    const numbers = Float64Array.from({ length: 500_000 }, (_, row) => Math.sin(row))
    const bytes = await parquetBytes(frameOf([['n', new NumberColumn('float64', numbers)]]))
    expect(bytes.length).toBeGreaterThan(1 << 20)
    const { columns } = await parquetFrame(bytes, { decode: isolatedParquet() })
    expect((columns.get('n') as NumberColumn).values).toEqual(numbers)
  })

  it.for(['abort', 'exit', 'trap', 'rejection', 'memory'])(
    'ends in an ordinary error and leaves nothing when the decoder breaks off: %s',
    async (how, { task }) => {
      const unhandled: unknown[] = []
      const listen = (reason: unknown) => unhandled.push(reason)
      process.on('unhandledRejection', listen)
      const { decode, pid } = double(how, how === 'memory' ? { memory: 64 << 20 } : {})
      const bytes = await parquetBytes(sound)
      await expect(parquetFrame(bytes, { file, decode })).rejects.toMatchObject({
        name: 'FormatError',
        code: 'parquet_invalid',
        message: expect.stringMatching(
          /^upload\.parquet is not a readable Parquet file: .*; fetch the file again, or cut it/,
        ),
      })
      await sleep(10)
      process.off('unhandledRejection', listen)
      expect(unhandled).toEqual([])
      expect(isAlive(pid())).toBe(false)
      task.meta.figures = { 'Parquet decoders that broke off, and nothing of them was left': 1 }
    },
  )

  it('ends decoders that take too long, in JavaScript and in WebAssembly', async ({ task }) => {
    const bytes = await parquetBytes(sound)
    const endless = ['loop', 'wasm-loop'].map(async (how) => {
      const { decode, pid } = double(how, { timeout: 4000 })
      const began = performance.now()
      await expect(parquetFrame(bytes, { file, decode })).rejects.toMatchObject({
        name: 'FormatError',
        code: 'limit_exceeded',
        message: expect.stringMatching(/^upload\.parquet was not decoded in 4 s.*; check where the file came from/),
      })
      expect(isAlive(pid())).toBe(false)
      // the child would end itself two seconds after its own start
      expect(performance.now() - began).toBeLessThan(5900)
    })
    await Promise.all(endless)
    task.meta.figures = { 'Parquet decoders without an end, and nothing of them was left': endless.length }
  })

  it('ends a decoder that wants more memory than it may have', async () => {
    const numbers = Float64Array.from({ length: 4_000_000 }, (_, row) => Math.sin(row))
    const bytes = await parquetBytes(frameOf([['n', new NumberColumn('float64', numbers)]]))
    const decode = isolatedParquet({ memory: 48 << 20 })
    await expect(parquetFrame(bytes, { file, decode })).rejects.toMatchObject({
      code: 'parquet_invalid',
      message: expect.stringContaining('needs more than 48 MiB of memory'),
    })
  })

  it('ends when it is given up, with the reason for that', async () => {
    const control = new AbortController()
    const { decode, pid } = double('loop', { signal: control.signal })
    const reading = parquetFrame(await parquetBytes(sound), { file, decode }).catch((error: unknown) => error)
    await until(() => pid() !== null)
    control.abort(new TypeError('the run was stopped'))
    expect(String((await reading) instanceof Error && ((await reading) as Error).message)).toContain(
      'the run was stopped',
    )
    expect(isAlive(pid())).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('ends with the process that began it, however that ends', async () => {
    const { pid } = double('loop')
    const note = join(folder, `note-${notes}`)
    const program = `
      import { isolatedParquet } from ${JSON.stringify(join(import.meta.dirname, '../../src/pipeline/index.ts'))}
      await isolatedParquet({ engine: new URL(${JSON.stringify(`${DOUBLE}?how=loop&note=${note}`)}) })(new Uint8Array(100))
    `
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' })
    await until(() => pid() !== null)
    const child = pid()
    expect(isAlive(child)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isAlive(child))
  })

  it('knows no environment, where keys and passwords may stand', async () => {
    process.env.SUPPORT_ETL_PLANTED = 'a secret of this process'
    try {
      const { decode } = double('environment')
      const refused = await decode(new Uint8Array(12), file).catch((error: unknown) => String(error))
      expect(refused).toContain('is not a readable Parquet file: {')
      expect(refused).not.toContain('secret')
    } finally {
      delete process.env.SUPPORT_ETL_PLANTED
    }
  })

  it('refuses damaged files one by one, as this process does', async () => {
    const bytes = await parquetBytes(sound)
    let refused = 0
    for (let at = 4; at < bytes.length - 8; at += Math.ceil(bytes.length / 8)) {
      const damaged = bytes.slice()
      damaged.set([0xfe, 0xff, 0xff, 0xff, 0x0f], at)
      const [here, there] = await Promise.all(
        [undefined, isolatedParquet()].map((decode) =>
          parquetFrame(damaged, { file, decode }).then(rowsOf, (error) => error.code),
        ),
      )
      expect(there).toEqual(here)
      if (typeof there === 'string') refused += 1
    }
    expect(refused).toBeGreaterThan(0)
  })

  it('is an error of the machine where no process can be begun', async () => {
    const { execPath } = process
    process.execPath = join(folder, 'no-such-program')
    try {
      await expect(isolatedParquet()(new Uint8Array(12), file)).rejects.toMatchObject({
        name: 'ConnectError',
        code: 'io_failed',
      })
    } finally {
      process.execPath = execPath
    }
  })
})

describe('a Parquet file of a folder', () => {
  const place = async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    return store
  }

  it('cannot end the run that adopts it', async () => {
    const store = await place()
    for (const { name } of await store.list('.support-etl/')) await store.remove(name)
    const before = await bytesOf(store, 'cleaned_calls.parquet')
    const { decode: decodeParquet } = double('abort')
    await expect(runCalls(filesIn(store), { existing: 'append' }, { decodeParquet })).rejects.toMatchObject({
      code: 'parquet_invalid',
      message: expect.stringContaining('cleaned_calls.parquet is not a readable Parquet file'),
    })
    expect(await bytesOf(store, 'cleaned_calls.parquet')).toEqual(before)
    // the lock is given back
    expect((await runCalls(filesIn(store), { existing: 'append' })).outcome).toBe('unchanged')
  })

  it('cannot end the dashboard that describes it', async () => {
    const store = await place()
    await store.remove('manifest.json')
    const values = { data: 'cleaned_calls.parquet' }
    const sources = { systems: SYSTEMS, values, places: async () => [] }
    const describing = async (how: string) => {
      const effects = { ...nodeEffects(), openSource: () => store, decodeParquet: double(how).decode }
      return (await dashboardData(sources, effects)).read('data/manifest.json')
    }
    await expect(describing('abort')).rejects.toMatchObject({ code: 'parquet_invalid' })
    expect(new TextDecoder().decode((await describing('nothing')) ?? undefined)).toContain('"row_count":1')
  })

  it('is refused by the command with its name and a cure', async () => {
    const path = join(folder, 'calls.parquet')
    const bytes = await parquetBytes(sound)
    // the first page, by the sign in front of what is packed
    const at = Buffer.from(bytes).indexOf(Buffer.from('28b52ffd', 'hex'))
    bytes.fill(0xff, at, at + 8)
    writeFileSync(path, bytes)
    const { status, stderr } = supportEtl(['calls', 'summary', '--data', path])
    expect(status).toBe(3)
    expect(stderr).toContain(`${path} is not a readable Parquet file`)
    expect(stderr).toContain('or needs more than 2048 MiB of memory; fetch the file again')
  })

  it('is decoded by the work of another process everywhere outside the format itself', () => {
    const root = join(import.meta.dirname, '..', '..', 'src')
    const calls = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.startsWith('format'))
      .flatMap((path) => [
        ...readFileSync(join(root, path), 'utf8').matchAll(/\b(?:parquetFrame|describedParquet|parquetGroups)\(.*/g),
      ])
      .map(([call]) => call)
    expect(calls).toHaveLength(7)
    // a day of a partitioned table is read after its hash: a run of ours wrote it
    expect(calls.filter((call) => !/decode/.test(call))).toEqual([
      'parquetGroups(bytes, { file: file.name, columns })) {',
    ])
  })
})
