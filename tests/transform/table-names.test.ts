import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { cleanCalls } from '../../src/systems/calls/clean/clean-calls.ts'
import type { TableLike } from '../../src/table/table-like.ts'
import { applyDelta } from '../../src/transform/apply-delta.ts'
import { composeDeltas } from '../../src/transform/compose-deltas.ts'
import { diffTables } from '../../src/transform/diff-tables.ts'
import { joinDimension } from '../../src/transform/join-dimension.ts'

const rows = table({ id: ['a'], action: ['add'] })
// what callers without types may pass
const none = 'rows.csv' as unknown as TableLike

describe('a value that is not a table', () => {
  it.each<[string, () => unknown]>([
    ['table', () => applyDelta(none, rows, 'id')],
    ['delta', () => applyDelta(rows, none, 'id')],
    ['first', () => composeDeltas(none, rows, 'id')],
    ['second', () => composeDeltas(rows, none, 'id')],
    ['before', () => diffTables(none, rows, 'id')],
    ['after', () => diffTables(rows, none, 'id')],
    ['fact', () => joinDimension(none, rows, { on: 'id', select: 'action' })],
    ['dimension', () => joinDimension(rows, none, { on: 'id', select: 'action' })],
    ['calls', () => cleanCalls(none, rows)],
    ['agents', () => cleanCalls(rows, none)],
  ])('is refused by the name that the verb has for it: %s', (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'unsupported_table', message: `${name} is not an Arquero or Arrow table` }),
    )
  })
})
