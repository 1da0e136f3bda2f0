import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastSnapshot } from '../../../src/pipeline/state/snapshot-policy.ts'

const delta = fc.record({ rows: fc.nat(40), rowsOut: fc.nat(100) })

describe('lastSnapshot', () => {
  it('writes a table whole when its deltas have half as many rows', () => {
    expect(lastSnapshot(10, [{ rows: 4, rowsOut: 12 }])).toBe(-1)
    expect(lastSnapshot(10, [{ rows: 5, rowsOut: 12 }])).toBe(0)
    expect(
      lastSnapshot(10, [
        { rows: 4, rowsOut: 12 },
        { rows: 1, rowsOut: 13 },
        { rows: 6, rowsOut: 15 },
      ]),
    ).toBe(1)
  })

  it('takes no notice of a delta without rows', () => {
    expect(lastSnapshot(0, [{ rows: 0, rowsOut: 0 }])).toBe(-1)
  })

  it('does not depend on how many deltas one run applies', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.array(delta), fc.array(fc.nat(5)), (rows, deltas, runs) => {
        const whole = lastSnapshot(rows, deltas)
        // the same deltas, a few a run: what follows the last snapshot is all that a run knows of those before
        let [snapshot, since, at] = [-1, 0, 0]
        for (const size of [...runs, deltas.length]) {
          const known = deltas.slice(since, at + size)
          const last = lastSnapshot(snapshot < 0 ? rows : (deltas[snapshot]?.rowsOut ?? 0), known)
          if (last >= 0) {
            snapshot = since + last
            since = snapshot + 1
          }
          at = Math.min(deltas.length, at + size)
        }
        expect(snapshot).toBe(whole)
      }),
    )
  })
})
