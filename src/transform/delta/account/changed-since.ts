/**
 * The rows that only the last of several folded deltas change, for an incremental rollup where
 * earlier deltas are folded again.
 * @module
 */
import { joinRows } from '../../../table/chunks.ts'
import type { Frame } from '../../../table/frame.ts'
import { INSERTED, type NetEffects, REMOVED, takeReferences, UPDATED } from '../fold/net-effects.ts'
import type { RowReferences } from '../fold/same-rows.ts'
import type { Accounted } from './account-deltas.ts'
import { takeReferencedRows } from './changed-rows.ts'

/**
 * Returns the keys that a delta is the first to change, and the positions in its effects of those
 * that had a row before.
 */
function firstChanges({ keys, effects }: NetEffects, isSeen: Uint8Array) {
  const changed = new Int32Array(keys.length)
  const present = new Int32Array(keys.length)
  let changes = 0
  let presents = 0
  for (let i = 0; i < keys.length; i++) {
    const effect = effects[i]
    const key = keys[i] as number
    if ((effect !== INSERTED && effect !== UPDATED && effect !== REMOVED) || isSeen[key] === 1) continue
    isSeen[key] = 1
    changed[changes++] = key
    if (effect !== INSERTED) present[presents++] = i
  }
  return { changed: changed.subarray(0, changes), present: present.subarray(0, presents) }
}

/** Returns the keys that are present. */
function presentKeys(changed: Int32Array, present: Uint8Array): Int32Array {
  const stillPresent = new Int32Array(changed.length)
  let count = 0
  for (let i = 0; i < changed.length; i++) {
    const key = changed[i] as number
    if (present[key] === 1) stillPresent[count++] = key
  }
  return stillPresent.subarray(0, count)
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
 * Returns the rows that the summarised deltas change: as they were before the first, and as they
 * are after the last. Both are in order of their first change, with all columns or the named ones.
 * A row that is changed and changed back may be in both.
 */
export function changedSince(accounted: Accounted, columns?: readonly string[]): { before: Frame; after: Frame } {
  const { states, baseRows, partial } = accounted
  const isSeen = new Uint8Array(baseRows.length)
  const before: RowReferences[] = []
  const stillPresent: Int32Array[] = []
  for (const effects of accounted.effects) {
    const { changed, present } = firstChanges(effects, isSeen)
    before.push(takeReferences(effects.before, present))
    stillPresent.push(presentKeys(changed, states.present))
  }
  const after = takeReferences({ source: states.source, cells: states.cellSources }, joinRows(stillPresent))
  return {
    before: takeReferencedRows(accounted, joinReferences(before, partial.size), columns),
    after: takeReferencedRows(accounted, after, columns),
  }
}
