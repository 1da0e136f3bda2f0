/**
 * The table that folded deltas make, written out once.
 * @module
 */
import type { Column } from '../../table/column.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { pickAt } from '../../table/gather.ts'
import type { Folded } from './fold.ts'
import { layColumn, type Placement } from './lay-column.ts'
import { layOut } from './layout.ts'
import { NO_ROOM, roomIn } from './reuse.ts'

const NONE = new Int32Array(0)

/** Where the new table is written: `own` leaves the table before as it is, `reuse` writes over it, so that nobody may read it again. */
export type TableMemory = 'own' | 'reuse'

/**
 * Returns the table that the folded deltas make: the rows that stay, in their order and updated in place, then the
 * inserted ones in order of insertion. A column that nothing changes is the table's own.
 */
export function materialize(folded: Folded, { memory = 'own' }: { readonly memory?: TableMemory } = {}): Frame {
  const { base, pool, key, states, partial } = folded
  const roomFor = memory === 'reuse' ? roomIn(base, pool) : NO_ROOM
  const layout = layOut(folded)
  const isSameRows = layout.keptRows === base.rows && layout.appendedKeys.length === 0
  // most columns take their cells from the same rows: those are looked up once
  const picked = new Map<Int32Array, Pick<Placement, 'updates' | 'appends'>>()
  const pick = (source: Int32Array) => {
    const found = picked.get(source) ?? {
      updates: pickAt(source, layout.updatedKeys),
      appends: pickAt(source, layout.appendedKeys),
    }
    picked.set(source, found)
    return found
  }
  const columns = Array.from(base.columns, ([name, column]): [string, Column] => {
    // an updated row has the key that it had
    const isKey = key.includes(name)
    if (isSameRows && (isKey || layout.targets.length === 0)) return [name, column]
    const source = states.cellSources[partial.get(name) ?? -1] ?? states.source
    const { rows, keptRows, runs, targets } = layout
    const { updates, appends } = pick(source)
    const placement: Placement = isKey
      ? { rows, keptRows, runs, targets: NONE, updates: NONE, appends, roomFor }
      : { rows, keptRows, runs, targets, updates, appends, roomFor }
    return [name, layColumn(column, pool.columns.get(name) as Column, placement)]
  })
  return frameOf(columns, layout.rows)
}
