/**
 * Law: rows that were mended and replayed leave the state, the copies and the quarantine of a run that got them so.
 */
import { gzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { toFrame } from '../../../src/index.ts'
import {
  appends,
  csv,
  defineJob,
  extractsAndDeltas,
  type Job,
  type JobOutput,
  type JobState,
  json,
  type MendedRow,
  mendRows,
  objects,
  partitions,
  readQuarantine,
  runPipeline,
  type Source,
  snapshots,
} from '../../../src/pipeline/index.ts'
import { defineTable, float64, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { mortal } from '../mortal.ts'

const halls = defineTable('halls', { id: key(string()), area: float64(), name: nullable(string()), version: int32() })

/** A cell that does not fit, and what it should be. */
interface Cell {
  readonly shown: string
  readonly right: string
}

const cell = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 99 }).map((area): Cell => ({ shown: `${area}`, right: `${area}` })),
  },
  fc.integer({ min: 0, max: 99 }).map((area): Cell => ({ shown: 'wide', right: `${area}` })),
  // it does not fit either
  fc.constant<Cell>({ shown: 'wide', right: 'tall' }),
)
const name = fc.constantFrom('North', '"a, b"', '', '"two\nlines"', 'Öst')
const row = fc.record({ id: fc.integer({ min: 1, max: 6 }), cell, name })
const rows = fc.uniqueArray(row, { minLength: 1, maxLength: 5, selector: ({ id }) => id })
const bad: Cell = { shown: 'wide', right: '7' }
const rowsWithOneBad = rows.map((found) =>
  found.map((one, at) => ({ ...one, cell: at === 0 ? bad : { shown: '5', right: '5' } })),
)
const input = fc.array(rows, { minLength: 3, maxLength: 3 })

type Rows = readonly { readonly id: number; readonly cell: Cell; readonly name: string }[]
type Kind = 'extractsAndDeltas' | 'snapshots' | 'objects' | 'partitions' | 'appends' | 'packed appends'

const SOURCES: Readonly<Record<Kind, Source>> = {
  extractsAndDeltas: extractsAndDeltas(),
  snapshots: snapshots({ file: 'halls.csv', format: csv() }),
  objects: objects({ prefix: 'halls/', name: '{id}.json', format: json() }),
  partitions: partitions({ prefix: 'halls/', name: 'halls_{day}.csv', format: csv() }),
  appends: appends({ prefix: 'log/', name: '*.csv', format: csv(), sequenceBy: 'version' }),
  'packed appends': appends({ prefix: 'log/', name: '*.csv.gz', format: csv(), sequenceBy: 'version' }),
}

const textOf = (found: Rows, which: keyof Cell, version: number, action?: string): string => {
  const lines = found.map(({ id, cell: { [which]: area }, name: text }) => {
    return `H${id},${area},${text},${version}${action === undefined ? '' : `,${action}`}\n`
  })
  return `id,area,name,version${action === undefined ? '' : ',action'}\n${lines.join('')}`
}

/** The files of a source, with the cells that were delivered or those that are right. */
function filesOf(kind: Kind, parts: readonly Rows[], which: keyof Cell): Record<string, string | Uint8Array> {
  const [first = [], second = [], third = []] = parts
  if (kind === 'extractsAndDeltas') {
    return {
      'initial/halls.csv': textOf(first, which, 1),
      'delta/halls_delta_202502.csv': textOf(second, which, 2, 'update'),
      'delta/halls_delta_202503.csv': textOf(third, which, 3, 'add'),
    }
  }
  if (kind === 'snapshots') return { 'halls.csv': textOf(first, which, 1) }
  if (kind === 'objects') {
    return Object.fromEntries(
      first.map(({ id, cell: { [which]: area } }) => {
        const number = Number(area)
        const shown = Number.isNaN(number) ? area : number
        return [
          `halls/H${id}.json`,
          `{\n  "id": "H${id}", "area": ${JSON.stringify(shown)}, "name": null, "version": 1 }\n`,
        ]
      }),
    )
  }
  if (kind === 'partitions') {
    return Object.fromEntries(
      parts.map((part, at) => [`halls/halls_2025-03-0${at + 1}.csv`, textOf(part, which, at + 1)]),
    )
  }
  const pack = (text: string) => (kind === 'appends' ? text : gzipSync(text))
  const extension = kind === 'appends' ? 'csv' : 'csv.gz'
  return Object.fromEntries(parts.map((part, at) => [`log/${at}.${extension}`, pack(textOf(part, which, at + 1))]))
}

/** Every row of the table, with where it came from. */
const allRows: JobOutput = {
  contract: defineTable('all_rows', { text: string() }),
  reads: ['halls'],
  async build(state) {
    const days = isPartitioned(state) ? await Promise.all(state.partitions('halls').map(({ load }) => load())) : []
    const frames = days.length > 0 ? days : [state.table('halls')]
    const texts = frames.flatMap((frame) =>
      Array.from({ length: frame.rows }, (_, at) =>
        [...frame.columns.values()].map((column) => column.at(at)).join('|'),
      ),
    )
    return toFrame(table({ text: texts }))
  },
}

function isPartitioned(state: JobState): boolean {
  try {
    return state.partitions('halls').length > 0
  } catch {
    return false
  }
}

function jobOf(kind: Kind): Job {
  const tables = { halls: { contract: halls, source: SOURCES[kind] } }
  return defineJob({ name: 'halls', tables, outputs: { all_rows: allRows } })
}

/** What readers see: copies, the rows with their origins among them, and what waits. */
async function seen(out: FileStore) {
  const copies: [string, string][] = []
  for (const { name: file } of await out.list('')) {
    // the index of days shows the number and the time of the commit
    if (file.startsWith('.support-etl/') || file === 'current.json') continue
    copies.push([file, await readText(out, file)])
  }
  return { copies, waiting: (await readQuarantine({ out })).rows }
}

async function readText(store: FileStore, file: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(file)) parts.push(part.slice())
  return Buffer.concat(parts).toString()
}

/** The rows that wait, each with its right text. */
async function mendedOf(kind: Kind, parts: readonly Rows[], out: FileStore): Promise<MendedRow[]> {
  const right = filesOf(kind, parts, 'right')
  const names = Object.keys(right)
  const { rows: waiting } = await readQuarantine({ out })
  return waiting.map(({ table, file, row: at }) => {
    if (kind === 'objects') return { table, file, row: at, text: String(right[file]) }
    const part = names.indexOf(file)
    const record = parts[part]?.[at - 1]
    const action = kind === 'extractsAndDeltas' ? [undefined, 'update', 'add'][part] : undefined
    const text = textOf(record === undefined ? [] : [record], 'right', part + 1, action)
    return { table, file, row: at, text: text.slice(text.indexOf('\n') + 1, -1) }
  })
}

const LENIENT = { mode: 'lenient', maxQuarantined: 1 } as const

const KINDS = Object.keys(SOURCES) as Kind[]

describe.each(KINDS)('mended rows of %s', (kind) => {
  test.prop([input], { numRuns: 20 })('are as if they had come so, now and in every later run', async (parts) => {
    const job = jobOf(kind)
    const data = memoryStore(filesOf(kind, parts, 'shown'))
    const out = memoryStore()
    await runPipeline(job, { data, out, ...LENIENT })
    const rows = await mendedOf(kind, parts, out)
    const mended = await mendRows(job, { data, out, rows })
    const expected = memoryStore()
    await runPipeline(job, { data: memoryStore(filesOf(kind, parts, 'right')), out: expected, ...LENIENT })
    expect(await seen(out)).toEqual(await seen(expected))
    const waits = new Set((await readQuarantine({ out })).rows.map(({ file, row: at }) => `${file} ${at}`))
    expect(mended.rows.map(({ status }) => status)).toEqual(
      rows.map(({ file, row: at }) => (waits.has(`${file} ${at}`) ? 'waits' : 'applied')),
    )

    // mended again, and run again, nothing changes
    const before = (await out.list('')).map(({ name: file, size }) => [file, size])
    const again = await mendRows(job, { data, out, rows })
    expect([again.run, again.rows.every(({ status }) => status === 'unchanged')]).toEqual([null, true])
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
    expect((await out.list('')).map(({ name: file, size }) => [file, size])).toEqual(before)
    await runPipeline(job, { data, out, apply: 'rebuild' })
    expect(await seen(out)).toEqual(await seen(expected))
  })

  it('lose nothing where the replay is killed before any call to its place', async () => {
    const [seed] = fc.sample(fc.array(rowsWithOneBad, { minLength: 3, maxLength: 3 }), { seed: 7, numRuns: 1 })
    const parts = seed as readonly Rows[]
    const job = jobOf(kind)
    const expected = memoryStore()
    await runPipeline(job, { data: memoryStore(filesOf(kind, parts, 'right')), out: expected, ...LENIENT })
    let killed = 0
    for (let last = 0; ; last += 3) {
      const data = memoryStore(filesOf(kind, parts, 'shown'))
      const out = memoryStore()
      await runPipeline(job, { data, out, ...LENIENT })
      const rows = await mendedOf(kind, parts, out)
      expect(rows.length).toBeGreaterThan(0)
      const dead = { isRunning: () => 'gone' as const }
      const end = await mendRows(job, { data, out: mortal(out, last), rows }, dead).then(
        () => 'lived',
        (error: unknown) => error,
      )
      if (end !== 'lived') killed++
      const { rows: after } = await mendRows(job, { data, out, rows }, dead)
      expect(after.every(({ status }) => status !== 'waits')).toBe(true)
      await runPipeline(job, { data, out }, dead)
      expect(await seen(out)).toEqual(await seen(expected))
      if (end === 'lived') break
    }
    expect(killed).toBeGreaterThan(3)
  })
})
