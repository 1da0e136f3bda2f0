import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../src/table/frame.ts'
import { changedSince } from '../../../src/transform/delta/account/changed-since.ts'
import { materialize } from '../../../src/transform/delta/write/materialize.ts'
import { anyChanges, anyRows, COLUMNS, deltaOf, foldAll, rowsOf, tableOf, without } from '../delta-frames.ts'
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

/** Expects what is touched since a delta to take the table before it to the one after the last. */
function expectSteps(rows: Rows, frames: readonly Frame[], first: number): void {
  const table = tableOf(rows)
  const folded = foldAll(table, frames, {}, { from: first })
  const earlier = rowsOf(materialize(foldAll(table, frames.slice(0, first))))
  const { before, after } = changedSince(folded)
  const [gone, come] = [rowsOf(before), rowsOf(after)]
  expect(less(gone, earlier), 'what was there before').toEqual([])
  expect(sorted([...less(earlier, gone), ...come])).toEqual(sorted(rowsOf(materialize(folded))))
}

describe('changedSince', () => {
  it('takes the rows before a delta to those after the last, whichever delta it begins with', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 4 }), fc.nat(4), (rows, deltas, at) => {
        const frames = deltas.map((changes) => deltaOf(changes))
        expectSteps(rows, frames, Math.min(at, deltas.length))
      }),
      { numRuns: 3000 },
    )
  })

  it('takes them there where each delta lacks a column of its own', () => {
    const lacking = fc.constantFrom('team', 'minutes')
    fc.assert(
      fc.property(anyRows, fc.array(fc.tuple(anyChanges, lacking), { maxLength: 4 }), fc.nat(4), (rows, deltas, at) => {
        const frames = deltas.map(([changes, lacks]) => {
          const columns = COLUMNS.filter((name) => name !== lacks)
          return deltaOf(without(changes, lacks), columns)
        })
        expectSteps(rows, frames, Math.min(at, deltas.length))
      }),
      { numRuns: 3000 },
    )
  })

  it('takes each column from the change that brought it', () => {
    const rows = [
      { id: 'a', team: 'claims', minutes: 1, _row: 1 },
      { id: 'b', team: 'claims', minutes: 1, _row: 2 },
    ]
    const folded = foldAll(tableOf(rows, [...COLUMNS, '_row']), [
      deltaOf([{ action: 'update', row: { id: 'a', team: 'billing', _row: 3 } }], ['id', 'team', '_row']),
      deltaOf([{ action: 'update', row: { id: 'b', minutes: 5, _row: 4 } }], ['id', 'minutes', '_row']),
    ])
    const { before, after } = changedSince(folded)
    expect(rowsOf(before)).toEqual(rows)
    expect(rowsOf(after)).toEqual([
      { id: 'a', team: 'billing', minutes: 1, _row: 3 },
      { id: 'b', team: 'claims', minutes: 5, _row: 4 },
    ])
  })

  it('gives the columns that are named, in the order of the table', () => {
    const folded = foldAll(tableOf([{ id: 'a', team: 'claims', minutes: 1 }]), [
      deltaOf([{ action: 'update', row: { id: 'a', team: 'claims', minutes: 2 } }]),
    ])
    const { before, after } = changedSince(folded, ['minutes', 'team'])
    expect([rowsOf(before), rowsOf(after)]).toEqual([
      [{ team: 'claims', minutes: 1 }],
      [{ team: 'claims', minutes: 2 }],
    ])
  })
})
