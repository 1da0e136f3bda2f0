import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { materialize } from '../../../src/transform/delta/materialize.ts'
import { touchedSince } from '../../../src/transform/delta/touched-since.ts'
import { anyChanges, anyRows, deltaOf, foldAll, rowsOf, tableOf } from '../delta-frames.ts'
import type { Row, Rows } from '../delta-model.ts'

const sorted = (rows: Rows) => rows.map((row) => JSON.stringify(row)).sort()

/** The rows without those, each once. */
function less(rows: Rows, gone: Rows): Row[] {
  const left = sorted(gone)
  return rows.filter((row) => {
    const at = left.indexOf(JSON.stringify(row))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

describe('touchedSince', () => {
  it('takes the rows before a delta to those after the last, whichever delta it begins with', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 4 }), fc.nat(4), (rows, deltas, at) => {
        const first = Math.min(at, deltas.length)
        const table = tableOf(rows)
        const frames = deltas.map((changes) => deltaOf(changes))
        const folded = foldAll(table, frames)
        const earlier = rowsOf(materialize(foldAll(table, frames.slice(0, first))))
        const { before, after } = touchedSince(folded, first)
        const [gone, come] = [rowsOf(before), rowsOf(after)]
        expect(less(gone, earlier), 'what was there before').toEqual([])
        expect(sorted([...less(earlier, gone), ...come])).toEqual(sorted(rowsOf(materialize(folded))))
      }),
      { numRuns: 3000 },
    )
  })

  it('gives the columns that are named, in the order of the table', () => {
    const folded = foldAll(tableOf([{ id: 'a', team: 'claims', minutes: 1 }]), [
      deltaOf([{ action: 'update', row: { id: 'a', team: 'claims', minutes: 2 } }]),
    ])
    const { before, after } = touchedSince(folded, 0, ['minutes', 'team'])
    expect([rowsOf(before), rowsOf(after)]).toEqual([
      [{ team: 'claims', minutes: 1 }],
      [{ team: 'claims', minutes: 2 }],
    ])
  })
})
