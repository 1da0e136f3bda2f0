/**
 * The part of a table that new inputs can touch: what is folded where nobody asks for the rest.
 * @module
 */
import { selectColumns } from '../table/frame.ts'
import { concatKeys, type KeyBytes, keyBytes } from '../table/key.ts'
import { KeyIndex } from '../table/key-index.ts'
import { lazyRows } from '../table/lazy-rows.ts'
import type { KnownKeys } from '../transform/delta/fold.ts'
import { placeKeys } from '../transform/delta/match-keys.ts'
import type { InputRows, StandingTable } from './apply-inputs.ts'

/** The part of a table that inputs can touch, and its keys, where they were matched to find it. */
export interface NarrowTable {
  readonly standing: StandingTable
  readonly keys: KnownKeys | null
}

/** The keys of each input; null where a file names them otherwise, which only applying it finds out. */
function keysOf(inputs: readonly InputRows[], key: readonly string[]): readonly KeyBytes[] | null {
  const sides: KeyBytes[] = []
  for (const { frame } of inputs) {
    if (!key.every((name) => frame.columns.has(name))) return null
    sides.push(keyBytes(selectColumns(frame, key), key))
  }
  return sides.every(({ form }) => form === sides[0]?.form) ? sides : null
}

/**
 * Returns the table with the rows alone whose keys stand in the new inputs, in the snapshot and in what was applied since.
 * Folding them gives the inputs' summaries and the rows that they change, and nothing of the others.
 */
export function narrowTable(
  standing: StandingTable,
  inputs: readonly InputRows[],
  key: readonly string[],
): NarrowTable {
  const sides = keysOf(inputs, key)
  const own = [standing.snapshot, ...standing.later.map(({ rows }) => rows)].map((rows) => ({
    rows,
    keys: keyBytes(rows.columns(key), key),
  }))
  if (sides === null || own.some(({ keys }) => keys.form !== sides[0]?.form)) return { standing, keys: null }
  const index = KeyIndex.of(sides.length === 1 ? (sides[0] as KeyBytes) : concatKeys(sides))
  const found = own.map(({ rows, keys }) => {
    const { rows: places, groups } = index.found(keys)
    return { rows: lazyRows(rows.at(places)), groups }
  })
  const [snapshot, ...later] = found as [(typeof found)[number], ...typeof found]
  const ends: number[] = []
  for (const { frame } of inputs) ends.push((ends.at(-1) ?? 0) + frame.rows)
  return {
    standing: {
      snapshot: snapshot.rows,
      later: later.map(({ rows }, i) => ({ name: standing.later[i]?.name ?? '', rows })),
      rows: standing.rows,
    },
    keys: {
      ...placeKeys(index.groups, Int32Array.from(snapshot.groups.keys()), snapshot.groups),
      deltas: [
        ...later.map(({ groups }) => groups),
        ...ends.map((end, i) => index.groupOf.subarray(ends[i - 1] ?? 0, end)),
      ],
    },
  }
}
