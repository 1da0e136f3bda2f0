import { Table, tableFromArrays, Utf8, vectorFromArray } from 'apache-arrow'
import { table } from 'arquero'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { extractsAndDeltas } from '../../src/pipeline/sources/extracts-and-deltas.ts'
import { readState } from '../../src/pipeline/state/committed-state.ts'
import { type ColumnContract, defineTable, float64, int64, key, string, timestamp } from '../../src/table/contract.ts'
import { applyDelta } from '../../src/transform/apply-delta.ts'
import { history } from '../../src/transform/history.ts'

/** A value with an order, the ways in which people write it, and whether a column in milliseconds holds it. */
interface Written {
  readonly value: bigint
  readonly text: string
}

const NANOS = 1_000_000_000n
const pad = (value: bigint | number, width: number) => String(value).padStart(width, '0')

/** A clock that lies `offset` minutes east of UTC, written without any code of the library. */
function writeInstant(value: bigint, offset: number, digits: number, zone: string): string {
  const wall = value + BigInt(offset) * 60n * NANOS
  const seconds = wall / NANOS
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const fraction = digits === 0 ? '' : `.${pad(wall % NANOS, 9).slice(0, digits)}`
  return `${date}${fraction}${zone}`
}

/** Instants of 2025 in ticks of 10^-digits seconds, at many offsets, with zeros at the end or without. */
const instants = (finest: number) =>
  fc
    .record({
      ticks: fc.integer({ min: 0, max: 50 }),
      digits: fc.integer({ min: 0, max: finest }),
      more: fc.integer({ min: 0, max: 3 }),
      offset: fc.constantFrom(null, 0, -300, 330, 60),
      form: fc.constantFrom('Z', ' UTC', ' Z', ''),
    })
    .map(({ ticks, digits, more, offset, form }): Written => {
      const value = 1_736_069_400n * NANOS + BigInt(ticks) * (NANOS / 10n ** BigInt(digits))
      const minutes = Math.abs(offset ?? 0)
      const zone = `${(offset ?? 0) < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`
      const text = writeInstant(value, offset ?? 0, Math.min(finest, digits + more), offset === null ? form : zone)
      return { value, text }
    })

/** Whole thousandths, written with zeros before and behind, or with an exponent. */
const numbers = fc
  .record({
    units: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).chain((far) => fc.constantFrom(far, far % 50n)),
    lead: fc.constantFrom('', '0', '000'),
    trail: fc.constantFrom('', '0', '00'),
  })
  .map(({ units, lead, trail }): Written => {
    const magnitude = units < 0n ? -units : units
    const text = `${units < 0n ? '-' : ''}${lead}${magnitude / 1000n}.${pad(magnitude % 1000n, 3)}${trail}`
    return { value: units, text }
  })

const sequences = (written: fc.Arbitrary<Written>) => fc.array(written, { minLength: 1, maxLength: 8 })

/** The place of the change that wins: the greatest value, the later row of several. */
function winner(written: readonly Written[]): number {
  let best = 0
  for (const [at, { value }] of written.entries()) if (value >= (written[best] as Written).value) best = at
  return best
}

function deltaColumns(written: readonly Written[]) {
  return {
    id: written.map(() => 'A1'),
    team: written.map((_, at) => `team ${at}`),
    at: written.map(({ text }) => text),
    action: written.map(() => 'update'),
  }
}

function arrowTable(columns: Record<string, readonly string[]>): Table {
  return new Table(
    Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, vectorFromArray(cells, new Utf8())])),
  )
}

describe('sequenceBy of text', () => {
  it.each([
    ['instants', instants(9)],
    ['numbers', numbers],
  ])('lets the greatest of %s win, in every kind of table', (_, written) => {
    fc.assert(
      fc.property(sequences(written), (changes) => {
        const columns = deltaColumns(changes)
        const team = `team ${winner(changes)}`
        const base = { id: ['A1'], team: ['old'] }
        const options = { sequenceBy: 'at' } as const
        for (const delta of [table(columns), arrowTable(columns), tableFromArrays(columns)]) {
          expect(applyDelta(table(base), delta, 'id', options).get('team', 0)).toBe(team)
        }
        expect(applyDelta(arrowTable(base), arrowTable(columns), 'id', options).getChild('team')?.get(0)).toBe(team)
        const dated = [{ at: '2025-02', delta: table(columns) }]
        const versions = history(table(base), dated, 'id', { ...options, initialAt: '2025-01' })
        expect(versions.array('team')).toEqual(['old', team])
      }),
      { numRuns: 300 },
    )
  })

  it('orders alike under a contract of instants, and where the table has text', () => {
    fc.assert(
      fc.property(sequences(instants(3)), (changes) => {
        const delta = table(deltaColumns(changes))
        for (const at of [[new Date(0)], ['1970-01-01T00:00:00Z']]) {
          const result = applyDelta(table({ id: ['A1'], team: ['old'], at }), delta, 'id', { sequenceBy: 'at' })
          expect(result.get('team', 0)).toBe(`team ${winner(changes)}`)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('takes a day for its midnight where the table has instants, and asks where it has text', () => {
    const delta = table(
      deltaColumns([
        { value: 1n, text: '2025-01-06' },
        { value: 0n, text: '2025-01-05T10:00:00Z' },
      ]),
    )
    const apply = (at: unknown) =>
      applyDelta(table({ id: ['A1'], team: ['old'], at: [at] }), delta, 'id', { sequenceBy: 'at' })
    expect(apply(new Date(0)).get('team', 0)).toBe('team 0')
    expect(() => apply('1970-01-01')).toThrow('delta row 2: column "at" holds a timestamp, but delta row 1 holds a day')
  })

  it('orders what remains when the advice is followed', () => {
    const apply = (at: string[]) => {
      const delta = table({ id: ['A1', 'A1'], team: ['x', 'y'], at, action: ['update', 'update'] })
      return applyDelta(table({ id: ['A1'], team: ['old'] }), delta, 'id', { sequenceBy: 'at' }).get('team', 0)
    }
    expect(() => apply(['1736071200', '2025-01-05T09:30:00Z'])).toThrow(
      'write all of them as timestamps, or all as numbers',
    )
    expect(apply(['2025-01-05T10:00:00Z', '2025-01-05T09:30:00Z'])).toBe('x')
    expect(apply(['1736071200', '1736069400'])).toBe('x')
    expect(() => apply(['31/01/2025', '01/02/2025'])).toThrow('write it as 2025-01-31T14:30:00Z')
    expect(apply(['2025-01-31T00:00:00Z', '2025-02-01T00:00:00Z'])).toBe('y')
  })
})

describe('run with sequenceBy', () => {
  async function teamAfterRun(at: ColumnContract, cells: readonly string[]): Promise<unknown> {
    const contract = defineTable('agents', { id: key(string()), team: string(), at })
    const job = defineJob({
      name: 'sequenced',
      tables: { agents: { contract, source: extractsAndDeltas(), delta: { sequenceBy: 'at' } } },
    })
    const changes = cells.map((cell, row) => `A1,team ${row},${cell},update\n`).join('')
    const first = at.kind === 'timestamp' ? '2025-01-01T00:00:00Z' : '1'
    const data = memoryStore({
      'initial/agents.csv': `id,team,at\nA1,old,${first}\n`,
      'delta/agents_delta_202502.csv': `id,team,at,action\n${changes}`,
    })
    const out = memoryStore()
    await runPipeline(job, { data, out })
    const state = await readState(job, { out })
    return (await state.loadTable('agents')).columns.get('team')?.at(0)
  }

  it.each<[string, ColumnContract, readonly string[]]>([
    ['text that writes instants', string(), ['2025-01-05T10:00:00.5Z', '2025-01-05T10:00:00Z']],
    ['text that writes instants at offsets', string(), ['2025-01-05T01:00:00-05:00', '2025-01-05T05:00:00Z']],
    ['text that writes numbers', string(), ['10', '9']],
    ['timestamps', timestamp(), ['2025-01-05T10:00:00.5Z', '2025-01-05T10:00:00Z']],
    ['timestamps at offsets', timestamp(), ['2025-01-05T01:00:00-05:00', '2025-01-05T05:00:00Z']],
    ['integers', int64(), ['10', '9']],
    ['numbers', float64(), ['10', '9.5']],
  ])('orders %s', async (_, at, cells) => {
    expect(await teamAfterRun(at, cells)).toBe('team 0')
  })

  it('refuses mixed kinds and names the file, row and column', async () => {
    await expect(teamAfterRun(string(), ['10', '2025-01-05T05:00:00Z'])).rejects.toThrow(
      /agents_delta_202502\.csv row 2: column "at" holds a timestamp, but .* row 1 holds a number/,
    )
  })
})
