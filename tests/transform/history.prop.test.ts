import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDelta, type Frame, history } from '../../src/index.ts'
import { anyChanges, anyRows, byKey, COLUMNS, deltaOf, rowsOf, tableOf } from './delta-frames.ts'
import { applyChanges, type Change, type Row, type Rows } from './delta-model.ts'

const RUNS = 1500
const LABELS = ['2025-01', '2025-02', '2025-03', '2025-10']
const months = fc.array(anyChanges, { minLength: 0, maxLength: 3 })

interface Version extends Row {
  readonly valid_from: string
  readonly valid_to: string | null
  readonly version: number
}

function versionsOf(
  rows: Rows,
  deltas: readonly (readonly Change[])[],
): (Version & { readonly is_deleted: unknown })[] {
  const dated = deltas.map((changes, d) => ({ at: LABELS[d + 1] as string, delta: deltaOf(changes) }))
  const frame = history(tableOf(rows), dated, 'id', { initialAt: LABELS[0] as string })
  // history adds these columns
  return rowsOf(frame) as unknown as (Version & { readonly is_deleted: unknown })[]
}

/** The table after the deltas, one by one. */
function replay(rows: Rows, deltas: readonly (readonly Change[])[]): Rows {
  const table = deltas.reduce((frame: Frame, changes) => applyDelta(frame, deltaOf(changes), 'id'), tableOf(rows))
  return rowsOf(table)
}

const plain = ({ id, team, minutes }: Row): Row => ({ id: id ?? null, team: team ?? null, minutes: minutes ?? null })

describe('history', () => {
  it('law 12: its current rows are the table that the deltas leave', () => {
    fc.assert(
      fc.property(anyRows, months, (rows, deltas) => {
        const current = versionsOf(rows, deltas).filter(({ valid_to }) => valid_to === null)
        expect(byKey(current.map(plain))).toStrictEqual(byKey(replay(rows, deltas)))
      }),
      { numRuns: RUNS },
    )
  })

  it('law 12: its rows as of a month are the table replayed up to it', () => {
    fc.assert(
      fc.property(anyRows, months, (rows, deltas) => {
        const versions = versionsOf(rows, deltas)
        for (let d = 0; d <= deltas.length; d++) {
          const at = LABELS[d] as string
          const valid = versions.filter((v) => v.valid_from <= at && (v.valid_to === null || at < v.valid_to))
          expect(byKey(valid.map(plain))).toStrictEqual(byKey(replay(rows, deltas.slice(0, d))))
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('law 12: the versions of a key are numbered, and their intervals follow each other without overlap', () => {
    fc.assert(
      fc.property(anyRows, months, (rows, deltas) => {
        for (const versions of Map.groupBy(versionsOf(rows, deltas), ({ id }) => id).values()) {
          expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 1))
          for (const [i, { valid_from, valid_to, is_deleted }] of versions.entries()) {
            const next = versions[i + 1]
            if (valid_to === null) expect({ next, is_deleted }).toEqual({ next: undefined, is_deleted: false })
            else expect(valid_from < valid_to).toBe(true)
            // only a delete leaves a gap or an end
            if (valid_to !== null && next?.valid_from !== valid_to) expect(is_deleted).toBe(true)
            if (next !== undefined && valid_to !== null) expect(valid_to <= next.valid_from).toBe(true)
          }
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('makes a version for each insertion and each update, and for nothing else', () => {
    fc.assert(
      fc.property(anyRows, months, (rows, deltas) => {
        let table: Rows = rows
        let made = rows.length
        for (const changes of deltas) {
          const { counts, rows: next } = applyChanges(table, changes, COLUMNS)
          made += (counts.inserted ?? 0) + (counts.updated ?? 0)
          table = next
        }
        expect(versionsOf(rows, deltas)).toHaveLength(made)
      }),
      { numRuns: RUNS },
    )
  })
})
