import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { csvReader } from '../src/format/csv/read/reader.ts'
import { csvChunks } from '../src/format/csv/write/write.ts'
import { cubeOf } from '../src/systems/support/figures/support-cube.ts'
import { supportExtracts } from '../src/systems/support/sample/extracts.ts'
import { interactions } from '../src/systems/support/tables.ts'
import type { Column } from '../src/table/column.ts'
import { date, timestamp } from '../src/table/contract.ts'
import { convertColumn } from '../src/table/convert/convert.ts'
import { instantsOf } from '../src/table/convert/instants.ts'
import type { Frame } from '../src/table/frame.ts'
import { encodeTexts } from '../src/table/utf8.ts'
import { TimestampReading } from '../src/time/read-stamp.ts'
import { compileTimestampForm } from '../src/time/timestamp-form.ts'
import { accountDeltas } from '../src/transform/delta/account/account-deltas.ts'
import { compileDelta, schemaOf } from '../src/transform/delta/compile/compile-delta.ts'
import { resolveDeltaOptions } from '../src/transform/delta/delta-options.ts'
import { foldDeltas } from '../src/transform/delta/fold/fold.ts'
import { materialize } from '../src/transform/delta/write/materialize.ts'

// What is fast here is fast because it makes no string a cell and no array twice. Both can be counted, so that a
// regression is seen on any machine, whatever else it does; seconds are the benchmark's business.

/** The bytes of one generated file, in pieces. */
function pieces(rows: number, name: string): Uint8Array[] {
  for (const file of supportExtracts({ interactions: rows, seed: 7 })) {
    if (file.name === name) return Array.from(file.chunks(), (chunk) => chunk.slice())
  }
  throw new Error(`the generator makes no ${name}`)
}

function read(chunks: readonly Uint8Array[], kind: 'extract' | 'delta' = 'extract'): Frame {
  const delta = { actionColumn: 'action', isDelete: (word: string) => word === 'delete' }
  const reader = csvReader({ contract: interactions, file: 'interactions.csv', ...(kind === 'delta' ? delta : {}) })
  for (const chunk of chunks) reader.push(chunk)
  const { frame, issues } = reader.end()
  expect(issues).toEqual([])
  return frame
}

const arraysOf = (column: Column) => Object.values(column).filter((value) => ArrayBuffer.isView(value))

/** The bytes of the memory that a column's arrays show. */
const sizeOf = (column: Column) => arraysOf(column).reduce((size, { byteLength }) => size + byteLength, 0)

const frameSize = ({ columns }: Frame) => Array.from(columns.values(), sizeOf).reduce((sum, size) => sum + size, 0)

setFlagsFromString('--expose-gc')
// the flag gives every new context a function that the running one lacks
const collect = runInNewContext('gc') as () => void

/** Bytes of arrays that a call makes. Garbage that is collected meanwhile makes it less, never more: an upper bound holds on any machine. */
function bytesMade(call: () => unknown): number {
  collect()
  const before = process.memoryUsage().arrayBuffers
  const kept = call()
  const made = process.memoryUsage().arrayBuffers - before
  expect(kept).toBeDefined()
  return made
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('reading CSV', () => {
  const texts = (rows: number) => {
    const chunks = pieces(rows, 'initial/interactions.csv')
    const decode = vi.spyOn(TextDecoder.prototype, 'decode')
    const fromBytes = vi.spyOn(String, 'fromCharCode')
    const frame = read(chunks)
    expect(frame.rows).toBe(rows)
    const calls = decode.mock.calls.length + fromBytes.mock.calls.length
    vi.restoreAllMocks()
    return calls
  }

  it('makes strings of distinct values alone: ten times the rows need no more of them', () => {
    expect(texts(20_000)).toBeLessThanOrEqual(texts(2000) + 10)
  })

  it('makes fewer than one string a hundred rows', () => {
    expect(texts(20_000)).toBeLessThan(200)
  })
})

describe('converting text', () => {
  it('reads moments and days from their bytes, without a string a row', () => {
    const stamps = encodeTexts(Array.from({ length: 2000 }, (_, day) => new Date(day * 86_400_000).toISOString()))
    const decode = vi.spyOn(TextDecoder.prototype, 'decode')
    const fromBytes = vi.spyOn(String, 'fromCharCode')
    for (const to of [timestamp(), date()]) expect(convertColumn(stamps, to).misfits).toHaveLength(0)
    expect(instantsOf(stamps, 'at').values).toHaveLength(2000)
    expect(decode.mock.calls.length + fromBytes.mock.calls.length).toBe(0)
  })
})

describe('timestamps in a declared form', () => {
  /** How often a parser looks at the bytes of the calls of one day, a minute apart. */
  const looksOf = (form: string, textAt: (minute: number) => string): number => {
    const texts = Array.from({ length: 600 }, (_, minute) => textAt(minute))
    const bytes = new TextEncoder().encode(texts.join(''))
    const view = new DataView(bytes.buffer)
    const looks = (['getUint8', 'getUint16', 'getInt32'] as const).map((name) => vi.spyOn(view, name))
    const { parse } = compileTimestampForm(form)
    const reading = new TimestampReading()
    let start = 0
    for (const [minute, text] of texts.entries()) {
      expect(parse(view, start, start + text.length, reading)).toBe(true)
      expect(reading.milliseconds).toBe(Date.UTC(2025, 0, 5, 0, minute))
      start += text.length
    }
    return looks.reduce((sum, { mock }) => sum + mock.calls.length, 0)
  }
  const two = (value: number) => String(value).padStart(2, '0')

  it.each([
    ['d/M/yyyy H:mm', (at: number) => `5/1/2025 ${Math.floor(at / 60)}:${two(at % 60)}`],
    ['M/d/yyyy h:mm a', (at: number) => `1/5/2025 ${Math.floor(at / 60) || 12}:${two(at % 60)} AM`],
    ['MM/dd/yyyy hh:mm:ss a', (at: number) => `01/05/2025 ${two(Math.floor(at / 60) || 12)}:${two(at % 60)}:00 AM`],
    ['d/M/yyyy H:mm:ss.SSS', (at: number) => `5/1/2025 ${Math.floor(at / 60)}:${two(at % 60)}:00.000`],
    ['dd/MM/yyyy HH:mm X', (at: number) => `05/01/2025 ${two(Math.floor(at / 60))}:${two(at % 60)} +00:00`],
    ['dd-MMM-yy HH:mm', (at: number) => `05-Jan-25 ${two(Math.floor(at / 60))}:${two(at % 60)}`],
  ])('look at the bytes of %s at most twice as often as ISO does', (form, textAt) => {
    const iso = looksOf('iso', (at) => new Date(Date.UTC(2025, 0, 5, 0, at)).toISOString().slice(0, 16))
    expect(looksOf(form, textAt)).toBeLessThanOrEqual(2 * iso)
  })
})

describe('applying a delta', () => {
  const base = read(pieces(50_000, 'initial/interactions.csv'))
  const delta = read(pieces(50_000, 'delta/interactions_delta_202502.csv'), 'delta')
  const policies = resolveDeltaOptions({})
  const compile = () => compileDelta(delta, schemaOf(base), interactions.key, policies)

  it('writes the result once: what it allocates beside it is a fraction', () => {
    const folded = foldDeltas(base, [compile()], interactions.key)
    const result = frameSize(materialize(folded))
    expect(bytesMade(() => materialize(folded))).toBeLessThan(result * 1.1)
  })

  it('folds in memory of the order of the delta, not of the table', () => {
    const compiled = compile()
    expect(bytesMade(() => foldDeltas(base, [compiled], interactions.key))).toBeLessThan(delta.rows * 90)
    // what it did is counted where somebody asks
    expect(bytesMade(() => accountDeltas(base, [compiled], interactions.key))).toBeLessThan(delta.rows * 130)
  })

  it('leaves a column that nothing changes where it is', () => {
    const empty = compileDelta(delta, schemaOf(base), interactions.key, policies)
    const nothing = { ...empty, rows: 0, columns: schemaOf(delta).columns, actions: new Uint8Array(0) }
    const { columns } = materialize(foldDeltas(base, [nothing], interactions.key))
    for (const [name, column] of columns) {
      for (const [at, array] of arraysOf(column).entries()) {
        expect(array, name).toBe(arraysOf(base.columns.get(name) as Column)[at])
      }
    }
  })
})

describe('the cube of a report', () => {
  const facts = read(pieces(50_000, 'initial/interactions.csv'))

  it('takes a few bytes a row beside the facts', () => {
    expect(bytesMade(() => cubeOf(facts, { timeZone: 'America/New_York' }))).toBeLessThan(facts.rows * 20)
  })
})

describe('writing CSV', () => {
  const facts = read(pieces(20_000, 'initial/interactions.csv'))

  it('encodes no text twice: strings become bytes once a distinct value', () => {
    const encode = vi.spyOn(TextEncoder.prototype, 'encode')
    const into = vi.spyOn(TextEncoder.prototype, 'encodeInto')
    let size = 0
    for (const chunk of csvChunks(facts)) size += chunk.length
    expect(size).toBeGreaterThan(facts.rows * 50)
    expect(encode.mock.calls.length + into.mock.calls.length).toBeLessThan(facts.rows / 20)
  })
})
