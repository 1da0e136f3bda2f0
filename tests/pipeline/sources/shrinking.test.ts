import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import { defineJob, extractsAndDeltas, type RunOptions, readState, runPipeline } from '../../../src/pipeline/index.ts'
import { defineTable, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { textOf } from '../phone-job.ts'

const halls = defineTable('halls', { id: key(string()), name: nullable(string()), opened: timestamp() })
const source = extractsAndDeltas()
const job = defineJob({
  name: 'halls',
  tables: { halls: { contract: halls, source } },
})

const stamp = (row: number) => new Date(Date.UTC(2025, 0, 1) + row * 61_000).toISOString().replace('.000', '')
const line = (row: number) => `H${row},hall ${row} of ${(row * 7) % 11},${stamp(row)}`
const range = (size: number) => Array.from({ length: size }, (_, row) => row)

/** Halls of which two months close some. */
function closing(size: number, closed: readonly (readonly number[])[]): FileStore {
  const header = 'id,name,opened'
  const deltas = closed.map((rows, month) => [
    `delta/halls_delta_20250${month + 2}.csv`,
    [`${header},action`, ...rows.map((row) => `H${row},,,delete`), ''].join('\n'),
  ])
  return memoryStore({
    'initial/halls.csv': [header, ...range(size).map(line), ''].join('\n'),
    ...Object.fromEntries(deltas),
  })
}

describe('a table that shrinks', () => {
  it.each<[string, number, readonly (readonly number[])[]]>([
    ['by its first rows', 400, [[0, 1, 2], [3]]],
    ['by a row here and there', 900, [range(9).map((at) => at * 90), range(9).map((at) => at * 90 + 45)]],
    ['to a fifteenth, so that a new snapshot is written', 3000, [range(1400), range(2800).slice(1400)]],
    ['by its last rows', 400, [range(400).slice(300), range(300).slice(290)]],
  ])('%s has the rows that stay, in copies and in state, however its months are applied', async (_, size, closed) => {
    const gone = new Set(closed.flat())
    const expected = [
      'id,name,opened',
      ...range(size)
        .filter((row) => !gone.has(row))
        .map(line),
      '',
    ].join('\n')
    const data = closing(size, closed)
    const runs: readonly (readonly RunOptions[])[] = [
      [{}],
      [{ months: ['202502'] }, { months: ['202503'] }],
      [{}, { apply: 'rebuild' }],
    ]
    for (const options of runs) {
      const out = memoryStore()
      for (const one of options) await runPipeline(job, { data, out, ...one })
      expect(await textOf(out, 'halls.csv')).toBe(expected)
      const { columns } = await (await readState(job, { out })).loadTable('halls')
      const ids = range(size).flatMap((row) => (gone.has(row) ? [] : [`H${row}`]))
      expect(Array.from(columns.get('id') ?? [])).toEqual(ids)
    }
  })
})
