import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyDelta,
  changedRows,
  composeDeltas,
  diffTables,
  type Frame,
  summarizeDelta,
  type TableLike,
} from '../../src/index.ts'
import { toArquero } from '../../src/table/arquero/arquero.ts'
import { toArrow } from '../../src/table/arrow/arrow.ts'
import { viewTable } from '../../src/table/table-like.ts'
import { anyChanges, anyRows, byKey, deltaOf, rowsOf, tableOf } from './delta-frames.ts'
import { type Change, MIXES, type ModelPolicies, type Rows } from './delta-model.ts'

const RUNS = 1000

/** The same frame as each kind of table that users hold. */
const FACES: readonly ((frame: Frame) => TableLike)[] = [toArquero, toArrow, (frame) => frame]
const face = fc.constantFrom(...FACES)

const read = (table: TableLike): Rows => rowsOf(viewTable(table))

/** Whether a key is written after being deleted in the same delta. */
function rewrites(changes: readonly Change[]): boolean {
  return changes.some(
    ({ action, row }, place) =>
      action === 'delete' && changes.slice(place).some((later) => later.row.id === row.id && later.action !== 'delete'),
  )
}

describe('composeDeltas', () => {
  it('law 2: has the effect of the two deltas, one after the other', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, anyChanges, face, (rows, one, two, as) => {
        const [table, first, second] = [as(tableOf(rows)), as(deltaOf(one)), as(deltaOf(two))]
        const composed = composeDeltas(first, second, 'id')
        const expected = applyDelta(applyDelta(table, first, 'id'), second, 'id')
        expect(read(applyDelta(table, composed, 'id'))).toStrictEqual(read(expected))
      }),
      { numRuns: RUNS },
    )
  })

  it('law 2: holds for a table that has a column more', () => {
    const columns = ['id', 'minutes']
    fc.assert(
      fc.property(anyRows, anyChanges, anyChanges, (rows, one, two) => {
        const [table, first, second] = [tableOf(rows), deltaOf(one, columns), deltaOf(two, columns)]
        const expected = applyDelta(applyDelta(table, first, 'id'), second, 'id')
        expect(read(applyDelta(table, composeDeltas(first, second, 'id'), 'id'))).toStrictEqual(read(expected))
      }),
      { numRuns: RUNS },
    )
  })

  it('law 3: is associative', () => {
    fc.assert(
      fc.property(anyChanges, anyChanges, anyChanges, (one, two, three) => {
        const [a, b, c] = [deltaOf(one), deltaOf(two), deltaOf(three)]
        const left = composeDeltas(composeDeltas(a, b, 'id'), c, 'id')
        const right = composeDeltas(a, composeDeltas(b, c, 'id'), 'id')
        expect(read(left)).toStrictEqual(read(right))
      }),
      { numRuns: RUNS },
    )
  })

  it('law 4: with a delta without rows on either side is the delta folded, which says the same', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, (rows, changes) => {
        const [table, delta, none] = [tableOf(rows), deltaOf(changes), deltaOf([])]
        const folded = composeDeltas(delta, none, 'id')
        expect(read(composeDeltas(none, delta, 'id'))).toStrictEqual(read(folded))
        expect(read(composeDeltas(folded, none, 'id'))).toStrictEqual(read(folded))
        expect(read(applyDelta(table, folded, 'id'))).toStrictEqual(read(applyDelta(table, delta, 'id')))
        const ids = read(folded).map(({ id, action }) => `${id} ${action === 'delete'}`)
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: RUNS },
    )
  })
})

describe('applyDelta', () => {
  it('law 5: applied twice is applied once', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, face, (rows, changes, as) => {
        const delta = as(deltaOf(changes))
        const once = applyDelta(as(tableOf(rows)), delta, 'id')
        const [first, second] = [read(once), read(applyDelta(once, delta, 'id'))]
        expect(byKey(second)).toStrictEqual(byKey(first))
        if (!rewrites(changes)) expect(second).toStrictEqual(first)
      }),
      { numRuns: RUNS },
    )
  })

  it('law 7: deltas on disjoint keys commute', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, fc.integer({ min: 0, max: 31 }), (rows, changes, split) => {
        const isOurs = ({ row }: Change) => ((split >> ['a', 'b', 'c', 'd', 'é'].indexOf(String(row.id))) & 1) === 1
        const [ours, theirs] = [deltaOf(changes.filter(isOurs)), deltaOf(changes.filter((change) => !isOurs(change)))]
        const table = tableOf(rows)
        const one = applyDelta(applyDelta(table, ours, 'id'), theirs, 'id')
        const other = applyDelta(applyDelta(table, theirs, 'id'), ours, 'id')
        expect(byKey(read(one))).toStrictEqual(byKey(read(other)))
      }),
      { numRuns: RUNS },
    )
  })

  it('law 7: a permutation that keeps the order of each key is not seen', () => {
    const ranks = fc.array(fc.nat(9), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(anyRows, anyChanges, ranks, (rows, changes, rankOf) => {
        // one rank for all changes of a key keeps their order
        const rank = ({ row }: Change) => rankOf[['a', 'b', 'c', 'd', 'é'].indexOf(String(row.id))] as number
        const permuted = changes.toSorted((a, b) => rank(a) - rank(b))
        const table = tableOf(rows)
        expect(byKey(read(applyDelta(table, deltaOf(permuted), 'id')))).toStrictEqual(
          byKey(read(applyDelta(table, deltaOf(changes), 'id'))),
        )
      }),
      { numRuns: RUNS },
    )
  })

  it('law 8: keys stay unique and are never null', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, (rows, changes) => {
        const ids = read(applyDelta(tableOf(rows), deltaOf(changes), 'id')).map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).not.toContain(null)
      }),
      { numRuns: RUNS },
    )
  })

  it('law 10: leaves its inputs as they were, byte for byte', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, (rows, changes) => {
        const [table, delta] = [tableOf(rows), deltaOf(changes)]
        const before = structuredClone([bytesOf(table), bytesOf(delta)])
        applyDelta(table, delta, 'id')
        summarizeDelta(table, delta, 'id')
        changedRows(table, delta, 'id')
        composeDeltas(delta, delta, 'id')
        diffTables(table, applyDelta(table, delta, 'id'), 'id')
        expect([bytesOf(table), bytesOf(delta)]).toStrictEqual(before)
      }),
      { numRuns: RUNS },
    )
  })

  it('law 11: with a sequence of unique values the order of the file does not matter', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, fc.infiniteStream(fc.nat()), (rows, changes, chance) => {
        const numbered = changes.map((change, place) => ({ ...change, row: { ...change.row, _row: place * 1.5 - 2 } }))
        const shuffled = numbered
          .map((change) => ({ change, at: chance.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ change }) => change)
        const columns = ['id', 'team', 'minutes', '_row']
        const options = { sequenceBy: '_row' } as const
        expect(read(applyDelta(tableOf(rows), deltaOf(shuffled, columns), 'id', options))).toStrictEqual(
          read(applyDelta(tableOf(rows), deltaOf(changes), 'id')),
        )
      }),
      { numRuns: RUNS },
    )
  })
})

describe('diffTables', () => {
  it('law 6: gives the changes that lead from one table to the other, one a differing key', () => {
    fc.assert(
      fc.property(anyRows, anyRows, face, (rows, others, as) => {
        const [before, after] = [as(tableOf(rows)), as(tableOf(others))]
        const delta = diffTables(before, after, 'id')
        expect(byKey(read(applyDelta(before, delta, 'id')))).toStrictEqual(byKey(read(after)))
        const { deltaRows, folded, inserted, updated, deleted } = summarizeDelta(before, delta, 'id')
        // none of them is superfluous: each key occurs once, and each occurrence has an effect
        expect({ folded, effects: inserted + updated + deleted }).toEqual({ folded: 0, effects: deltaRows })
      }),
      { numRuns: RUNS },
    )
  })

  it('law 6: of a table and itself is empty', () => {
    fc.assert(
      fc.property(anyRows, face, (rows, as) => {
        expect(read(diffTables(as(tableOf(rows)), as(tableOf(rows.toReversed())), 'id'))).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })
})

describe('the default policies', () => {
  /** Whether laws 5 and 6 hold for a mix on the samples; a refusal breaks them. */
  function keepsLaws(policies: ModelPolicies, samples: readonly [Rows, Rows, readonly Change[]][]): boolean {
    const apply = (table: Frame, delta: TableLike) => applyDelta(table, delta, 'id', policies)
    return samples.every(([rows, others, changes]) => {
      const [table, delta] = [tableOf(rows), deltaOf(changes)]
      let once: Frame
      try {
        once = apply(table, delta)
      } catch {
        // a delta that cannot be applied once says nothing about twice
        return true
      }
      try {
        const twice = apply(once, delta)
        const restored = apply(table, diffTables(table, tableOf(others), 'id'))
        expect(byKey(read(twice))).toStrictEqual(byKey(read(once)))
        expect(byKey(read(restored))).toStrictEqual(byKey(others))
        return true
      } catch {
        return false
      }
    })
  }

  it('are one of three mixes of 36 for which laws 5 and 6 both hold', () => {
    const samples = fc.sample(fc.tuple(anyRows, anyRows, anyChanges), { numRuns: 1000, seed: 1 })
    const kept = MIXES.filter((policies) => keepsLaws(policies, samples))
    expect(
      kept.map(
        ({ addExisting, update, updateMissing, deleteMissing }) =>
          `${addExisting} ${update} ${updateMissing} ${deleteMissing}`,
      ),
    ).toEqual(['replace replace insert ignore', 'replace replace ignore ignore', 'ignore replace insert ignore'])
  })
})

/** Every buffer of a frame. */
function bytesOf({ columns }: Frame): unknown[] {
  return [...columns].map(([name, column]) => [
    name,
    ...Object.values(column).filter((part) => ArrayBuffer.isView(part)),
  ])
}
