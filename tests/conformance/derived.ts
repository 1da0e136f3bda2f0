/**
 * Derived tables over any table of ids, halls and a number, for the laws of sources: `scores` of its rows, `ranks` of those
 * with recorded times, and how many ranks there are; and an independent model of them.
 */
import { expect } from 'vitest'
import type { FileStore } from '../../src/connect/index.ts'
import {
  type ChangedRows,
  type DerivedRows,
  eachRow,
  type Job,
  numberOption,
  type RollupCells,
  readState,
  refuseRow,
} from '../../src/pipeline/index.ts'
import { NumberColumn, Utf8Column } from '../../src/table/column.ts'
import { defineTable, int32, key, nullable, recorded, string, type TableContract } from '../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../src/table/frame.ts'
import { markedRows, takeColumn } from '../../src/table/take.ts'

const scores = defineTable('scores', { id: key(string()), hall: nullable(string()), score: nullable(int32()) })
const ranks = defineTable('ranks', {
  id: key(string()),
  rank: int32(),
  created_at: recorded('created'),
  updated_at: recorded('updated'),
})

export const options = { cap: numberOption(6, { least: 0, most: 9, help: 'of scores' }) }

const count = (rows: number): RollupCells => ({
  cells: frameOf([['ranks', new NumberColumn('int32', Int32Array.of(rows))]]),
  metadata: {},
})

/** The rows whose number is no greater than the cap; by columns. */
function scored(rows: Frame, measure: string, cap: number): DerivedRows {
  const numbers = columnOf(rows, measure)
  const isGreat = Uint8Array.from({ length: rows.rows }, (_, row) => (Number(numbers.at(row) ?? 0) > cap ? 1 : 0))
  const parents = markedRows(isGreat.map((great) => 1 - great))
  const frame = frameOf([
    ['id', takeColumn(columnOf(rows, 'id'), parents)],
    ['hall', takeColumn(columnOf(rows, 'hall'), parents)],
    ['score', takeColumn(numbers, parents)],
  ])
  const issues = Array.from(markedRows(isGreat), (row) => {
    return { row, code: 'limit_exceeded' as const, column: measure, found: null, expected: `at most ${cap}` }
  })
  return { frame, parents, issues }
}

/** The derived tables of a table with a column of numbers. */
export function derivedTables(from: TableContract, measure: string) {
  return {
    scores: {
      from: from.name,
      contract: scores,
      uses: ['cap' as const],
      rows: (rows: Frame, { cap }: { readonly cap: number }) => scored(rows, measure, cap),
    },
    ranks: {
      from: 'scores',
      contract: ranks,
      // rows of the south without a score have no rank
      rows: eachRow(scores, ranks, ({ id, hall, score }) =>
        hall === 'South' && score === null
          ? refuseRow({ code: 'null_value', column: 'score', expected: 'a score' })
          : { id, rank: (hall ?? '').length + (score ?? 0) },
      ),
    },
  }
}

export const rollups = {
  rank_count: {
    table: 'ranks',
    build: (rows: Frame) => count(rows.rows),
    update: ({ cells }: RollupCells, { before, after }: ChangedRows) =>
      count(Number(columnOf(cells, 'ranks').at(0)) - before.rows + after.rows),
  },
}

/** The copy of `scores`, ids and ranks of `ranks`, and the ids of rows that wait, from the copy of their parent. */
export function derivedModel(copy: string, cap: number) {
  const rows = copy
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(','))
  const small = rows.filter(([, , number]) => Number(number) <= cap)
  const ranked = small.filter(([, hall, number]) => hall !== 'South' || number !== '')
  return {
    scores: ['id,hall,score', ...small.map((row) => row.join(',')), ''].join('\n'),
    ranks: ranked.map(([id, hall = '', number]) => [id, hall.length + Number(number)]),
    waiting: [
      ...rows.filter((row) => !small.includes(row)).map(([id]) => `scores ${id}`),
      ...small.filter((row) => !ranked.includes(row)).map(([id]) => `ranks ${id}`),
    ].sort(),
  }
}

/** Rows of `ranks` in a committed state. */
export async function ranksIn(job: Job, out: FileStore) {
  const state = await readState(job, { out })
  const frame = await state.loadTable('ranks')
  const ids = columnOf(frame, 'id')
  if (!(ids instanceof Utf8Column)) throw new Error('keys are plain text')
  const rows = Array.from({ length: frame.rows }, (_, row) => ({
    id: String(ids.at(row)),
    rank: Number(columnOf(frame, 'rank').at(row)),
    created: (columnOf(frame, 'created_at').at(row) as Date).toISOString(),
    updated: (columnOf(frame, 'updated_at').at(row) as Date).toISOString(),
  }))
  return { commit: state.commit, committedAt: state.committedAt, rows }
}

/** Watches a place, and holds the recorded times of each commit against those of the commit before. */
export class RecordedTimes {
  #commit = 0
  #known = new Map<string, { readonly rank: number; readonly created: string; readonly updated: string }>()

  async look(job: Job, out: FileStore): Promise<void> {
    const { commit, committedAt, rows } = await ranksIn(job, out)
    const expected = rows.map(({ id, rank }) => {
      const before = this.#known.get(id)
      const isSame = before?.rank === rank
      const now = commit === this.#commit ? 'of no commit' : committedAt
      return { id, rank, created: before?.created ?? now, updated: isSame ? before.updated : now }
    })
    expect(rows).toEqual(expected)
    this.#commit = commit
    this.#known = new Map(rows.map(({ id, ...row }) => [id, row]))
  }
}
