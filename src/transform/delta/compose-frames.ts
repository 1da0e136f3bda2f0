/**
 * Composes two delta frames into one.
 * @module
 */
import { DeltaError } from '../../errors.ts'
import { type Column, NullColumn } from '../../table/column.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { takeColumn } from '../../table/take.ts'
import { ADD, DELETE, UPDATE } from './compile/actions.ts'
import { type CompiledDelta, compileDelta } from './compile/compile-delta.ts'
import { isMetadata } from './compile/match-columns.ts'
import { resolveDeltaOptions } from './delta-options.ts'
import { ACTION_COLUMN, actionColumn } from './diff-frames.ts'
import { type KeyStates, stepDelta, stepLog, stepMemory } from './fold/apply-changes.ts'
import { poolFrames } from './fold/fold.ts'
import { matchKeys } from './fold/match-keys.ts'

/**
 * A fictive column that no delta has. An add writes its cell (a whole row), an update does not, so
 * the cell tells them apart.
 */
const LACKING = [{ isSupplied: false, keeps: null }]

/** Runs all steps as if every key were present (1), or absent (0). */
function stepAll(deltas: readonly CompiledDelta[], keyOf: Int32Array, keys: number, present: 0 | 1): KeyStates {
  const states: KeyStates = {
    present: new Uint8Array(keys).fill(present),
    source: new Int32Array(keys).fill(~0),
    position: new Int32Array(keys).fill(-1),
    cellSources: [new Int32Array(keys).fill(~0)],
  }
  const memory = stepMemory(keys)
  const log = stepLog(keyOf.length, 1)
  let start = 0
  for (const { rows, actions, policies } of deltas) {
    const run = { start, end: start + rows, partial: LACKING }
    stepDelta(run, keyOf, actions, policies, states, memory, log)
    start = run.end
  }
  return states
}

/** Returns the rows of the composed delta: the delta row that supplies each, and its action. */
function listChanges(
  keyOf: Int32Array,
  given: Uint8Array,
  absent: KeyStates,
  present: KeyStates,
): { rows: Int32Array; actions: Uint8Array } {
  const lastRow = new Int32Array(absent.present.length)
  for (let row = 0; row < keyOf.length; row++) lastRow[keyOf[row] as number] = row
  const lastDelete = new Int32Array(lastRow.length)
  // a key has at most two rows here, and two only if it has two delta rows
  const rows = new Int32Array(keyOf.length)
  const actions = new Uint8Array(keyOf.length)
  let count = 0
  const emit = (row: number, action: number) => {
    rows[count] = row
    actions[count++] = action
  }
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    if (given[row] === DELETE) lastDelete[key] = row
    if (absent.present[key] === 0) {
      // whether or not the key was present before, the last change deletes it
      if (row === lastRow[key]) emit(row, DELETE)
    } else if (row === absent.position[key]) {
      const isReinserted = (present.position[key] as number) >= 0
      if (isReinserted) emit(lastDelete[key] as number, DELETE)
      const isWhole = isReinserted || (present.cellSources[0]?.[key] as number) >= 0
      emit(absent.source[key] as number, isWhole ? ADD : UPDATE)
    }
  }
  return { rows: rows.slice(0, count), actions: actions.slice(0, count) }
}

const columnNames = (delta: Frame) => [...delta.columns.keys()].map((name) => name.trim())

function checkColumns(first: Frame, second: Frame): void {
  const [ours, theirs] = [columnNames(first), columnNames(second)]
  for (const [code, names, others, role] of [
    ['column_missing', ours, theirs, 'second'],
    ['column_extra', theirs, ours, 'first'],
  ] as const) {
    const columns = names.filter((name) => !others.includes(name) && name !== ACTION_COLUMN)
    if (columns.length === 0) continue
    throw new DeltaError(
      code,
      `the ${role} delta has no column "${columns[0]}", which the other has; deltas compose when they have the same columns`,
      { details: { columns } },
    )
  }
}

/**
 * Returns one delta with the effect of two under the default policies: one row per key, two
 * (delete, add) for a key that is deleted and added again, in order of insertion. The columns are
 * those of `first`, with `action` last.
 *
 * @throws DeltaError column_missing, column_extra - the deltas have different columns
 * @throws DeltaError unknown_action, null_key, type_mismatch … - the errors of `applyDelta` for a
 * delta
 */
export function composeFrames(first: Frame, second: Frame, key: readonly string[]): Frame {
  checkColumns(first, second)
  const policies = resolveDeltaOptions()
  // a table whose columns are all null takes the kinds of the deltas
  const names = columnNames(first).filter((name) => name !== ACTION_COLUMN)
  const table = frameOf(names.map((name) => [name, new NullColumn(0)] as const))
  const one = compileDelta(first, table, key, policies)
  const two = compileDelta(second, one.schema, key, policies)
  const { base, pool } = poolFrames(two.schema, [one, two], two.schema)
  const { keyOf, baseRows } = matchKeys(base, pool, key)
  const absent = stepAll([one, two], keyOf, baseRows.length, 0)
  const present = stepAll([one, two], keyOf, baseRows.length, 1)
  const given = new Uint8Array(pool.rows)
  given.set(one.actions)
  given.set(two.actions, one.rows)
  const { rows, actions } = listChanges(keyOf, given, absent, present)
  // a delete has its key and its metadata, and no other cells
  const others = rows.map((row, i) => (actions[i] === DELETE ? -1 : row))
  const columns = Array.from(pool.columns, ([name, column]): [string, Column] => {
    const isKept = key.includes(name) || isMetadata(name)
    return [name, takeColumn(column, isKept ? rows : others)]
  })
  return frameOf([...columns, [ACTION_COLUMN, actionColumn(actions)]], rows.length)
}
