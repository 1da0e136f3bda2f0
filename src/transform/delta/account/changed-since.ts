/**
 * The rows that the last of several folded deltas change: what an incremental rollup needs where earlier deltas are folded anew.
 * @module
 */
import { joinRows } from '../../../table/chunks.ts'
import type { Frame } from '../../../table/frame.ts'
import { INSERTED, type NetEffects, pickReferences, REMOVED, UPDATED } from '../fold/net-effects.ts'
import type { RowReferences } from '../fold/same-rows.ts'
import type { Accounted } from './account-deltas.ts'
import { gatherReferences } from './changed-rows.ts'

/** Places in a delta's effects, and which of them had a row before. */
function firstTouches({ keys, effects }: NetEffects, isSeen: Uint8Array) {
  const touched = new Int32Array(keys.length)
  const present = new Int32Array(keys.length)
  let touches = 0
  let presents = 0
  for (let i = 0; i < keys.length; i++) {
    const effect = effects[i]
    const key = keys[i] as number
    if ((effect !== INSERTED && effect !== UPDATED && effect !== REMOVED) || isSeen[key] === 1) continue
    isSeen[key] = 1
    touched[touches++] = key
    if (effect !== INSERTED) present[presents++] = i
  }
  return { touched: touched.subarray(0, touches), present: present.subarray(0, presents) }
}

/** The keys of those that have a row. */
function standingOf(touched: Int32Array, present: Uint8Array): Int32Array {
  const standing = new Int32Array(touched.length)
  let count = 0
  for (let i = 0; i < touched.length; i++) {
    const key = touched[i] as number
    if (present[key] === 1) standing[count++] = key
  }
  return standing.subarray(0, count)
}

function joinReferences(parts: readonly RowReferences[], partialColumns: number): RowReferences {
  return {
    source: joinRows(parts.map(({ source }) => source)),
    cells: Array.from({ length: partialColumns }, (_, column) =>
      joinRows(parts.map(({ cells }) => cells[column] as Int32Array)),
    ),
  }
}

/**
 * Returns the rows that the deltas that were accounted for touch, as they were before the first of them and as they are after
 * the last, both in order of their first change and in all columns, or in those named. A row that is changed and changed back
 * may be in both.
 */
export function touchedSince(accounted: Accounted, columns?: readonly string[]): { before: Frame; after: Frame } {
  const { states, baseRows, partial } = accounted
  const isSeen = new Uint8Array(baseRows.length)
  const before: RowReferences[] = []
  const standing: Int32Array[] = []
  for (const effects of accounted.effects) {
    const { touched, present } = firstTouches(effects, isSeen)
    before.push(pickReferences(effects.before, present))
    standing.push(standingOf(touched, states.present))
  }
  const after = pickReferences({ source: states.source, cells: states.cellSources }, joinRows(standing))
  return {
    before: gatherReferences(accounted, joinReferences(before, partial.size), columns),
    after: gatherReferences(accounted, after, columns),
  }
}
