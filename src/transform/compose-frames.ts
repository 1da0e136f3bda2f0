/**
 * Two delta frames as one.
 * @module
 */
import { DeltaError } from '../errors.ts'
import type { Column } from '../table/column.ts'
import { columnOf, type Frame, frameOf } from '../table/frame.ts'
import { ADD, DELETE, UPDATE } from './actions.ts'
import { type CompiledDelta, compileDelta, schemaOf } from './compile-delta.ts'
import { isMetadata } from './delta-names.ts'
import { resolveDeltaOptions } from './delta-options.ts'
import { ACTION_COLUMN, actionColumn } from './diff-frames.ts'
import { poolFrames } from './fold.ts'
import { matchKeys } from './match-keys.ts'
import { gatherCells } from './materialize.ts'
import { type KeyStates, NOWHERE, type StepMemory, stepDelta, stepLog, stepMemory } from './step.ts'

/** What a key becomes from one presence, and the memory of how. */
interface Branch {
  readonly states: KeyStates
  readonly memory: StepMemory
}

/** A column that no delta has: what becomes of its cell tells an add, which brings null, from an update, which leaves it. */
const LACKING = [{ isSupplied: false, keeps: null }]

/** Takes all steps as if every key were present, or absent. */
function stepAll(deltas: readonly CompiledDelta[], keyOf: Int32Array, keys: number, present: 0 | 1): Branch {
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
  return { states, memory }
}

/** The rows of the composed delta: the pool row that supplies each, and its action. */
function listChanges(keyOf: Int32Array, absent: Branch, present: Branch): { rows: Int32Array; actions: Uint8Array } {
  // a key has at most two rows here, and two only where it has two in the pool
  const rows = new Int32Array(keyOf.length)
  const actions = new Uint8Array(keyOf.length)
  let count = 0
  const emit = (row: number, action: number) => {
    rows[count] = row
    actions[count++] = action
  }
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    const lastDelete = present.memory.lastDelete[key] as number
    if (absent.states.present[key] === 0) {
      if (row === lastDelete) emit(row, DELETE)
    } else if (row === absent.states.position[key]) {
      const source = absent.states.source[key] as number
      const isReinserted = (present.states.position[key] as number) >= 0
      if (isReinserted) emit(lastDelete, DELETE)
      const isWhole = isReinserted || present.states.cellSources[0]?.[key] === NOWHERE
      emit(source, isWhole ? ADD : UPDATE)
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
 * Returns one delta with the effect of two under the default policies: a row a key, two (delete, add) for a key that is
 * deleted and added again; rows in order of what they insert. Its columns are those of `first`, with `action` last.
 *
 * @throws DeltaError column_missing, column_extra - the deltas have different columns
 * @throws DeltaError unknown_action, null_key, type_mismatch … - what `applyDelta` throws for a delta
 */
export function composeFrames(first: Frame, second: Frame, key: readonly string[]): Frame {
  checkColumns(first, second)
  const policies = resolveDeltaOptions()
  const named = Array.from(first.columns, ([name, column]) => [name.trim(), column] as const)
  const table = schemaOf(
    frameOf(
      named.filter(([name]) => name !== ACTION_COLUMN),
      first.rows,
    ),
  )
  const one = compileDelta(first, table, key, policies)
  const two = compileDelta(second, one.schema, key, policies)
  const { base, pool } = poolFrames(two.schema, [one, two], two.schema)
  const { keyOf, baseRows } = matchKeys(base, pool, key)
  const absent = stepAll([one, two], keyOf, baseRows.length, 0)
  const present = stepAll([one, two], keyOf, baseRows.length, 1)
  const { rows, actions } = listChanges(keyOf, absent, present)
  // a delete names its key and where it came from, and nothing else
  const others = rows.map((row, i) => (actions[i] === DELETE ? NOWHERE : row))
  const columns = Array.from(pool.columns, ([name, column]): [string, Column] => {
    const isKept = key.includes(name) || isMetadata(name)
    return [name, gatherCells(columnOf(base, name), column, isKept ? rows : others)]
  })
  return frameOf([...columns, [ACTION_COLUMN, actionColumn(actions)]], rows.length)
}
