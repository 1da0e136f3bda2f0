import type { Float64, Table, Utf8 } from 'apache-arrow'
import type { ColumnTable } from 'arquero'
import { describe, expectTypeOf, it } from 'vitest'
import {
  agents,
  applyDelta,
  changedRows,
  composeDeltas,
  type DeltaSummary,
  diffTables,
  history,
  summarizeDelta,
} from '../../src/index.ts'

declare const arquero: ColumnTable
declare const arrow: Table<{ id: Utf8; n: Float64 }>

describe('the verbs on deltas', () => {
  it('return the kind of table they are given first, whatever the delta is', () => {
    expectTypeOf(applyDelta(arquero, arrow, 'id')).toEqualTypeOf<ColumnTable>()
    expectTypeOf(applyDelta(arrow, arquero, 'id')).toEqualTypeOf<Table<{ id: Utf8; n: Float64 }>>()
    expectTypeOf(changedRows(arquero, arrow, 'id')).toEqualTypeOf<{ before: ColumnTable; after: ColumnTable }>()
    expectTypeOf(composeDeltas(arquero, arrow, ['id'])).toEqualTypeOf<ColumnTable>()
    expectTypeOf(diffTables(arquero, arrow, agents)).toEqualTypeOf<ColumnTable>()
    expectTypeOf(
      history(arquero, [{ at: '2025-02', delta: arrow }], 'id', { initialAt: '2025-01' }),
    ).toEqualTypeOf<ColumnTable>()
    expectTypeOf(summarizeDelta(arquero, arrow, 'id')).toEqualTypeOf<DeltaSummary>()
  })

  it('take only options and values that exist', () => {
    applyDelta(arquero, arquero, 'id', { mode: 'strict', nulls: { keep: ['team'] }, actions: { N: 'add' } })
    // @ts-expect-error there is no such mode
    applyDelta(arquero, arquero, 'id', { mode: 'strikt' })
    // @ts-expect-error a policy is no flag
    applyDelta(arquero, arquero, 'id', { addExisting: true })
    // @ts-expect-error there is no such option
    applyDelta(arquero, arquero, 'id', { onDuplicate: 'fold' })
    // @ts-expect-error insert is a word of files, not an action
    applyDelta(arquero, arquero, 'id', { actions: { N: 'insert' } })
  })

  it('ask for what they need', () => {
    // @ts-expect-error a key is not optional
    applyDelta(arquero, arquero)
    // @ts-expect-error rows are no table
    applyDelta([{ id: 1 }], arquero, 'id')
    // @ts-expect-error history begins at a time
    history(arquero, [], 'id', {})
    // @ts-expect-error composing knows no policies
    composeDeltas(arquero, arquero, 'id', { mode: 'strict' })
  })
})
