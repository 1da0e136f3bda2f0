/** An extract reaches an engine some rows at a time, and everything else is as if it had been read whole. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, folderStore, memoryStore } from '../../../src/connect/index.ts'
import { type EngineConnection, openDuckdb } from '../../../src/engine/index.ts'
import { enginePlace } from '../../../src/engine/state/engine-place.ts'
import { openState } from '../../../src/engine/state/open-state.ts'
import { openSpools } from '../../../src/engine/state/spool-files.ts'
import type { EtlError } from '../../../src/errors.ts'
import { defineJob, extractsAndDeltas, nodeEffects, runPipeline, verifyState } from '../../../src/pipeline/index.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import { defineTable, float64, key, nullable, string } from '../../../src/table/contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-streamed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const halls = defineTable('halls', { id: key(string()), team: nullable(string()), seats: nullable(float64()) })
const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })

/** More rows than are staged together. */
const ROWS = 70_000

const rowOf = (row: number): string =>
  `H${row},${row % 7 === 0 ? '' : `team ${row % 1000}`},${row % 5 === 0 ? '' : row / 4}`

function extract(change: (lines: string[]) => void = () => {}): Readonly<Record<string, string>> {
  const lines = Array.from({ length: ROWS }, (_, row) => rowOf(row))
  change(lines)
  return { 'initial/halls.csv': `id,team,seats\n${lines.join('\n')}\n` }
}

const DELTA = 'id,seats,action\nH7,1,update\nH69999,,delete\nH68000,2.5,update\nnew,3,add\n'

/** What happens on a connection: rows that are appended, and the bytes of the extract that were read before. */
interface Append {
  readonly table: string
  readonly rows: number
  readonly read: number
}

function watchedPlace(out: string, appends: Append[], read: () => number) {
  const file = join(out, '.support-etl', 'state.duckdb')
  const watched = (connection: EngineConnection): EngineConnection => ({
    ...{ dialect: connection.dialect, location: connection.location, atomicity: connection.atomicity },
    exec: (statement) => connection.exec(statement),
    query: (statement, columns) => connection.query(statement, columns),
    close: () => connection.close(),
    append(table, rows, ...rest) {
      appends.push({ table, rows: rows.rows, read: read() })
      return connection.append(table, rows, ...rest)
    },
  })
  const state = openState({
    ...{ title: 'duckdb', isShared: true, mayExist: () => existsSync(file) },
    open: async () => watched(await openDuckdb({ file })),
  })
  const place = enginePlace({
    ...{ folder: folderStore(out, { temporaryFolder: '.support-etl/data' }), state, plans: async () => ({}) },
    ...{ newHash: nodeEffects().newHash, newSpools: () => openSpools(join(out, '.support-etl', 'data')) },
    ...{ address: { engine: 'duckdb', url: '.support-etl/state.duckdb' } },
  })
  return { place, close: () => state.close() }
}

/** A place that hands out its files in chunks, and counts their bytes. */
function countedStore(files: Readonly<Record<string, string>>) {
  const store = memoryStore(files)
  let read = 0
  const data: FileStore = {
    location: store.location,
    list: (prefix) => store.list(prefix),
    write: (name, chunks) => store.write(name, chunks),
    writeIfAbsent: (name, bytes) => store.writeIfAbsent(name, bytes),
    remove: (name) => store.remove(name),
    async *read(name) {
      for await (const chunk of store.read(name)) {
        for (let at = 0; at < chunk.length; at += 1 << 16) {
          const piece = chunk.subarray(at, at + (1 << 16))
          read += piece.length
          yield piece
        }
      }
    },
  }
  return { data, read: () => read }
}

/** The inputs of the ledger, without what depends on the place that they were read from. */
async function ledgerOf(out: FileStore): Promise<unknown> {
  const head = await readHead(out, nodeEffects())
  return head?.record.inputs.map(({ version: _, ...input }) => input)
}

const codeOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'accepted',
    ({ code, message, details }: EtlError) => ({ code, message, details }),
  )

describe('an extract on its way into an engine', () => {
  it('is handed over while it is read, in pieces of one size, and has the ledger of a run without an engine', async () => {
    const files = extract((lines) => {
      lines[60_000] = 'H60000,x,many'
      lines[66_001] = 'H66001'
    })
    const { data, read } = countedStore({ ...files, 'delta/halls_delta_202501.csv': DELTA })
    const out = join(folder, 'whole')
    const appends: Append[] = []
    const { place, close } = watchedPlace(out, appends, read)
    await runPipeline(job, { data, out: place, maxQuarantined: 1 })
    const staged = appends.filter(({ table }) => table === '_bronze_halls')
    expect(staged.map(({ rows }) => rows)).toEqual([65_536, ROWS - 2 - 65_536, 4])
    // before the rest of the file is read
    expect(staged[0]?.read).toBeLessThan((files['initial/halls.csv'] ?? '').length)

    const reference = memoryStore()
    const given = memoryStore({ ...files, 'delta/halls_delta_202501.csv': DELTA })
    await runPipeline(job, { data: given, out: reference, maxQuarantined: 1 })
    expect(await ledgerOf(place)).toEqual(await ledgerOf(reference))
    expect((await verifyState(job, { out: place })).damages).toEqual([])
    // files without a name hold rows on their way, and nothing is left of them
    expect(readdirSync(join(out, '.support-etl', 'data'))).toEqual([])
    await close()
  })

  it.for([
    ['a key is there twice', (lines: string[]): unknown => (lines[68_000] = lines[3] ?? '')],
    ['keys are there twice', (lines: string[]): unknown => lines.splice(67_000, 30, ...lines.slice(0, 30))],
    ['a key is missing', (lines: string[]): unknown => (lines[69_000] = ',x,1')],
    ['the last record ends within', (lines: string[]): unknown => (lines[ROWS - 1] = 'H1,"x')],
  ] as const)('is refused as it is without an engine where %s', async ([name, change]) => {
    const files = extract((lines) => void change(lines))
    const appends: Append[] = []
    const { place, close } = watchedPlace(join(folder, name), appends, () => 0)
    const found = await codeOf(runPipeline(job, { data: memoryStore(files), out: place }))
    expect(found).toEqual(await codeOf(runPipeline(job, { data: memoryStore(files), out: memoryStore() })))
    expect(found).not.toBe('accepted')
    expect(appends.some(({ table }) => table === '_bronze_halls')).toBe(true)
    expect(await readHead(place, nodeEffects())).toBe(null)
    await close()
  })

  it('is looked at again where it is gone from the source and the table is made anew', async () => {
    const { place, close } = watchedPlace(join(folder, 'anew'), [], () => 0)
    const files = extract()
    await runPipeline(job, { data: memoryStore(files), out: place })
    const before = await ledgerOf(place)
    const delta = { 'delta/halls_delta_202501.csv': DELTA }
    await runPipeline(job, { data: memoryStore(delta), out: place })
    const { tables } = await runPipeline(job, { data: memoryStore(delta), out: place, apply: 'rebuild' })
    expect(tables).toEqual({ halls: ROWS })
    expect(await ledgerOf(place)).toMatchObject([...(before as object[]), { unit: '2025-01' }])
    await close()
  })
})
