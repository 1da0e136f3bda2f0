/**
 * The rows of a table that new inputs can change: all that is folded when no step needs the other rows.
 * @module
 */
import { type Frame, selectColumns } from '../../table/frame.ts'
import { concatKeys, type KeyBytes, keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { type ColumnTest, everyColumn, lazyRows } from '../../table/lazy-rows.ts'
import { countUp } from '../../table/take.ts'
import { isNumeric } from '../../transform/delta/compile/convert-columns.ts'
import { isMetadata } from '../../transform/delta/compile/match-columns.ts'
import type { Narrowing } from '../../transform/delta/fold/fold.ts'
import { placeKeys } from '../../transform/delta/fold/match-keys.ts'
import type { CommittedTable, InputRows } from './apply-inputs.ts'

/** The part of a table that inputs can touch; `narrowing` is null where it is all of the table. */
export interface RestrictedTable {
  readonly committed: CommittedTable
  readonly narrowing: Narrowing | null
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
 * Returns whether the frames hold a column in different kinds of numbers. All of its rows are then needed to choose its kind.
 */
function mayWiden(frames: readonly Frame[]): boolean {
  const kinds = new Map<string, string>()
  for (const { columns } of frames) {
    for (const [name, column] of columns) {
      if (!isNumeric(column)) continue
      if ((kinds.get(name) ?? column.kind) !== column.kind) return true
      kinds.set(name, column.kind)
    }
  }
  return false
}

/**
 * Returns the table with only the rows whose keys are in the new inputs, in the snapshot and in what was applied since.
 * Folding them gives the inputs' summaries and the rows that they change, and nothing of the others. The rows of the snapshot
 * have the columns that are compared, and of its key and metadata those that are asked for. A table of which the other rows
 * matter all the same is returned as it is.
 */
export function restrictToKeys(
  committed: CommittedTable,
  inputs: readonly InputRows[],
  key: readonly string[],
  isAsked: ColumnTest,
): RestrictedTable {
  const sides = keysOf(inputs, key)
  const isNeeded: ColumnTest = (name) => isAsked(name) || !(key.includes(name) || isMetadata(name))
  const own = [committed.snapshot, ...committed.later.map(({ rows }) => rows)].map((rows, at) => ({
    rows,
    keys: keyBytes(rows.columns(key), key),
    // later inputs are compiled as deltas, which have keys and say where they came from
    isPicked: at === 0 ? isNeeded : everyColumn,
  }))
  if (sides === null || own.some(({ keys }) => keys.form !== sides[0]?.form)) return { committed, narrowing: null }
  const index = KeyIndex.of(sides.length === 1 ? (sides[0] as KeyBytes) : concatKeys(sides))
  const schema = committed.snapshot.at(new Int32Array(0))
  const picked = own.map(({ rows, keys, isPicked }) => {
    const { rows: places, groups } = index.found(keys)
    return { frame: rows.at(places, isPicked), groups }
  })
  // the schema has metadata too, which may get another kind
  if (mayWiden([schema, ...[...picked, ...inputs].map(({ frame }) => frame)])) return { committed, narrowing: null }
  const found = picked.map(({ frame, groups }) => ({ rows: lazyRows(frame), groups }))
  const [snapshot, ...later] = found as [(typeof found)[number], ...typeof found]
  const ends: number[] = []
  for (const { frame } of inputs) ends.push((ends.at(-1) ?? 0) + frame.rows)
  return {
    committed: {
      snapshot: snapshot.rows,
      later: later.map(({ rows }, i) => ({ name: committed.later[i]?.name ?? '', rows })),
      rows: committed.rows,
    },
    narrowing: {
      schema,
      isNeeded,
      ...placeKeys(index.groups, countUp(snapshot.groups.length), snapshot.groups),
      deltas: [
        ...later.map(({ groups }) => groups),
        ...ends.map((end, i) => index.groupOf.subarray(ends[i - 1] ?? 0, end)),
      ],
    },
  }
}
