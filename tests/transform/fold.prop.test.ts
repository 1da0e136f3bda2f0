import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeltaError } from '../../src/errors.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { everyColumn } from '../../src/table/lazy-rows.ts'
import { accountDeltas } from '../../src/transform/delta/account/account-deltas.ts'
import { changedRowsOf } from '../../src/transform/delta/account/changed-rows.ts'
import { changedSince } from '../../src/transform/delta/account/changed-since.ts'
import { schemaOf } from '../../src/transform/delta/compile/compile-delta.ts'
import { foldDeltas, type Narrowing } from '../../src/transform/delta/fold/fold.ts'
import { placeKeys } from '../../src/transform/delta/fold/match-keys.ts'
import { materialize } from '../../src/transform/delta/write/materialize.ts'
import {
  anyChanges,
  anyRows,
  byKey,
  COLUMNS,
  codesOf,
  compileAll,
  deltaOf,
  foldAll,
  rowsOf,
  tableOf,
  without,
} from './delta-frames.ts'
import { applyChanges, type Change, MIXES, Refused, type Rows } from './delta-model.ts'

const RUNS = 1500
const mix = fc.constantFrom(...MIXES)

/** A refusal as the model and the library both tell it. */
function outcome<Result>(run: () => Result): Result | string {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refused) return `${error.code} at row ${error.place + 1}`
    if (error instanceof DeltaError) return `${error.code} at row ${error.details.row}`
    throw error
  }
}

const sortEntries = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort()

function fold(
  rows: Rows,
  deltas: readonly (readonly Change[])[],
  options: object,
  columns: readonly string[] = COLUMNS,
) {
  const folded = foldAll(
    tableOf(rows),
    deltas.map((changes) => deltaOf(changes, columns)),
    options,
  )
  return { rows: rowsOf(materialize(folded)), summaries: folded.summaries, touched: changedRowsOf(folded) }
}

/** The rows that two states of a table do not share. */
function differing(rows: Rows, others: Rows): Rows {
  return rows.filter((one) => !others.some((other) => JSON.stringify(other) === JSON.stringify(one)))
}

describe('folding, for all 36 mixes of policies', () => {
  it('law 1: equals applying the rows one by one, and counts what they met', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, mix, (rows, changes, policies) => {
        const expected = outcome(() => applyChanges(rows, changes, COLUMNS, policies))
        const actual = outcome(() => fold(rows, [changes], policies))
        if (typeof expected === 'string' || typeof actual === 'string') {
          expect(actual).toEqual(expected)
          return
        }
        const [summary] = actual.summaries
        expect(actual.rows).toStrictEqual(expected.rows)
        expect(summary).toMatchObject(expected.counts)
        const { empty_delta: _, ...codes } = codesOf(summary as never)
        expect(sortEntries(codes)).toEqual(sortEntries(expected.codes))
      }),
      { numRuns: 4 * RUNS },
    )
  })

  it('law 1: holds for deltas that lack a column', () => {
    const columns = ['id', 'minutes']
    fc.assert(
      fc.property(anyRows, anyChanges, mix, (rows, whole, policies) => {
        const changes = without(whole, 'team')
        const expected = outcome(() => applyChanges(rows, changes, COLUMNS, policies).rows)
        expect(outcome(() => fold(rows, [changes], policies, columns).rows)).toStrictEqual(expected)
      }),
      { numRuns: RUNS },
    )
  })

  it('laws 2 and 3: months folded together equal month by month, rows, figures and codes', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { minLength: 2, maxLength: 3 }), mix, (rows, deltas, policies) => {
        const step = (done: ModelStep, changes: readonly Change[]): ModelStep => {
          const next = fold(done.rows, [changes], policies)
          return { rows: next.rows, summaries: [...done.summaries, ...next.summaries] }
        }
        const byMonth = outcome(() => deltas.reduce(step, { rows, summaries: [] }))
        const together = outcome(() => fold(rows, deltas, policies))
        if (typeof byMonth === 'string' || typeof together === 'string') expect(together).toEqual(byMonth)
        else expect({ rows: together.rows, summaries: together.summaries }).toStrictEqual(byMonth)
      }),
      { numRuns: 2 * RUNS },
    )
  })

  it('makes the same table, or refuses the same change, with summaries of no deltas or of the last ones', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 3 }), mix, fc.nat(3), (rows, deltas, policies, from) => {
        const table = tableOf(rows)
        const frames = deltas.map((changes) => deltaOf(changes))
        const compiled = compileAll(schemaOf(table), frames, policies)
        const whole = outcome(() => foldAll(table, frames, policies))
        const plain = outcome(() => foldDeltas(table, compiled, ['id']))
        const last = outcome(() => foldAll(table, frames, policies, { from }))
        if (typeof whole === 'string' || typeof plain === 'string' || typeof last === 'string') {
          expect([plain, last]).toStrictEqual([whole, whole])
          return
        }
        const { effects, summaries, ...folded } = whole
        expect(plain).toStrictEqual(folded)
        expect(last).toStrictEqual({ ...folded, effects: effects.slice(from), summaries: summaries.slice(from) })
      }),
      { numRuns: 2 * RUNS },
    )
  })

  it('refuses a tie of sequences with and without summaries', () => {
    const table = tableOf([{ id: 'a', team: null, minutes: 1, _row: 0 }], [...COLUMNS, '_row'])
    const tied = ['claims', 'billing'].map(
      (team): Change => ({ action: 'update', row: { id: 'a', team, minutes: 1, _row: 1 } }),
    )
    const [compiled] = compileAll(schemaOf(table), [deltaOf(tied, [...COLUMNS, '_row'])], {
      sequenceBy: '_row',
      duplicates: 'fold',
      mode: 'strict',
    })
    const deltas = compiled === undefined ? [] : [compiled]
    expect(outcome(() => foldDeltas(table, deltas, ['id']))).toBe('sequence_tie at row 1')
    expect(outcome(() => accountDeltas(table, deltas, ['id']))).toBe('sequence_tie at row 1')
  })

  it('law 4: a delta without rows changes nothing, before or after another', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, mix, (rows, changes, policies) => {
        const alone = outcome(() => fold(rows, [changes], policies).rows)
        expect(outcome(() => fold(rows, [[], changes], policies).rows)).toStrictEqual(alone)
        expect(outcome(() => fold(rows, [changes, []], policies).rows)).toStrictEqual(alone)
      }),
      { numRuns: RUNS },
    )
  })

  it('law 9: every row of a delta is counted in one place, and the rows add up', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 3 }), mix, (rows, deltas, policies) => {
        const folded = outcome(() => fold(rows, deltas, policies))
        if (typeof folded === 'string') return
        let before = rows.length
        for (const [i, s] of folded.summaries.entries()) {
          expect(s.deltaRows).toBe(deltas[i]?.length)
          expect(s.inserted + s.updated + s.unchanged + s.deleted + s.ignored + s.folded + s.quarantined).toBe(
            s.deltaRows,
          )
          expect(s.rowsIn).toBe(before)
          expect(s.rowsOut).toBe(before + s.inserted - s.deleted)
          before = s.rowsOut
        }
        expect(folded.rows.length).toBe(before)
      }),
      { numRuns: RUNS },
    )
  })

  it('changes exactly the rows that differ', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 2 }), (rows, deltas) => {
        const { rows: result, touched } = fold(rows, deltas, {})
        const [before, after] = [rowsOf(touched.before), rowsOf(touched.after)]
        // what is moved but equal is in both
        const moved = differing(before, differing(rows, result))
        expect(byKey(differing(before, moved))).toStrictEqual(byKey(differing(rows, result)))
        expect(byKey(differing(after, moved))).toStrictEqual(byKey(differing(result, rows)))
        expect(rows.filter(({ id }) => before.some((row) => row.id === id))).toStrictEqual(before)
        expect(result.filter(({ id }) => after.some((row) => row.id === id))).toStrictEqual(after)
      }),
      { numRuns: RUNS },
    )
  })
})

/** The number of each key by first appearance in the deltas as they were given, and where the table has it. */
function matchedBefore(rows: Rows, deltas: readonly (readonly Change[])[]): Omit<Narrowing, 'schema' | 'isNeeded'> {
  const numbers = new Map<unknown, number>()
  const numberOf = (id: unknown) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  }
  const given = deltas.map((changes) => Int32Array.from(changes, ({ row }) => numberOf(row.id)))
  const places = [...rows.keys()].filter((place) => numbers.has(rows[place]?.id))
  const matched = places.map((place) => numberOf(rows[place]?.id))
  return { deltas: given, ...placeKeys(numbers.size, Int32Array.from(places), Int32Array.from(matched)) }
}

describe('folding a table restricted to changed rows', () => {
  const sequenced = fc.array(fc.tuple(anyChanges, fc.array(fc.nat(3), { minLength: 7 })), {
    minLength: 1,
    maxLength: 3,
  })
  const options = { sequenceBy: '_row' }

  it('equals folding all of it, also where a sequence orders the rows of several deltas', () => {
    fc.assert(
      fc.property(anyRows, sequenced, (rows, drawn) => {
        const deltas = drawn.map(([changes, sequence]) =>
          changes.map(({ action, row }, at): Change => ({ action, row: { ...row, _row: sequence[at] as number } })),
        )
        const frames = deltas.map((changes) => deltaOf(changes, [...COLUMNS, '_row']))
        const known = { ...matchedBefore(rows, deltas), schema: schemaOf(tableOf(rows)), isNeeded: everyColumn }
        const [plain, narrow] = [null, known].map((narrowing) => {
          const folded = foldAll(tableOf(rows), frames, options, { narrowing })
          const { before, after } = changedRowsOf(folded)
          return { summaries: folded.summaries, frames: [materialize(folded), before, after].map(rowsOf) }
        })
        expect(narrow).toStrictEqual(plain)

        // of what is not compared nothing is needed, neither of the table nor of the deltas
        const isNeeded = (name: string) => name === 'team' || name === 'minutes'
        const seen = frameOf(
          [...tableOf(rows).columns].filter(([name]) => isNeeded(name)),
          rows.length,
        )
        const from = Math.max(0, deltas.length - 1)
        const bare = foldAll(seen, frames, options, { narrowing: { ...known, isNeeded }, from })
        const whole = foldAll(tableOf(rows), frames, options, { from })
        expect([...bare.base.columns.keys(), ...bare.pool.columns.keys()].every(isNeeded)).toBe(true)
        expect(bare.summaries).toStrictEqual(whole.summaries)
        const [left, right] = [bare, whole].map((folded) => changedSince(folded, ['team', 'minutes']))
        expect([left?.before, left?.after].map((frame) => rowsOf(frame as Frame))).toStrictEqual(
          [right?.before, right?.after].map((frame) => rowsOf(frame as Frame)),
        )
      }),
      { numRuns: RUNS },
    )
  })
})

interface ModelStep {
  readonly rows: Rows
  readonly summaries: readonly unknown[]
}
