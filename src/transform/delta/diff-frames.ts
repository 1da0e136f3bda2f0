/**
 * The changes between two frames, as a delta frame.
 * @module
 */
import { ContractError, DeltaError } from '../../errors.ts'
import { type Column, DictionaryColumn } from '../../table/column.ts'
import { convertColumn } from '../../table/convert/convert.ts'
import { columnOf, type Frame, frameOf } from '../../table/frame.ts'
import { countUp, markedRows, pickAt, takeColumn } from '../../table/take.ts'
import { ACTION_WORDS, ADD, DELETE, UPDATE } from './compile/actions.ts'
import { isMetadata } from './compile/match-columns.ts'
import { SAMPLE_SIZE } from './delta-summary.ts'
import { poolColumn } from './fold/delta-rows.ts'
import { matchKeys, uniqueTable } from './fold/match-keys.ts'
import { sameRows } from './fold/same-rows.ts'
import { takeCells } from './write/write-column.ts'

/** The action column of the deltas that this library builds. */
export const ACTION_COLUMN = 'action'

/** Returns a column of action words from action codes. */
export function actionColumn(codes: Uint8Array): DictionaryColumn {
  return new DictionaryColumn(
    Int32Array.from(codes, (code) => code - 1),
    ACTION_WORDS.slice(1),
  )
}

function refuseActionColumn(before: Frame): void {
  if (!before.columns.has(ACTION_COLUMN)) return
  throw new ContractError(
    'column_exists',
    `the tables have a column "${ACTION_COLUMN}" of their own, which a delta needs for its actions; rename it`,
    { details: { column: ACTION_COLUMN } },
  )
}

function checkColumns(before: Frame, after: Frame, key: readonly string[]): void {
  for (const name of key) columnOf(before, name, 'key column')
  const lacking = [...before.columns.keys()].filter((name) => !after.columns.has(name) && !isMetadata(name))
  const extra = [...after.columns.keys()].filter((name) => !before.columns.has(name) && !isMetadata(name))
  for (const [code, columns, has] of [
    ['column_missing', lacking, 'before'],
    ['column_extra', extra, 'after'],
  ] as const) {
    if (columns.length === 0) continue
    throw new DeltaError(
      code,
      `column "${columns[0]}" is in the table ${has} and not in the other; a delta changes rows, not columns: give both tables the same`,
      { details: { columns } },
    )
  }
}

/** Returns the column after, in the kind it had before. Throws where a cell does not fit. */
function alignAfter(name: string, before: Column, after: Column, isKey: boolean): Column {
  const { column, misfits } = convertColumn(after, before, { as: isKey ? 'key' : 'value' })
  const [first] = misfits
  if (first === undefined) return column
  throw new DeltaError(
    isKey ? 'key_type' : 'type_mismatch',
    `after row ${first + 1}: column "${name}" holds a value that is no ${before.kind}, as it was before; give both tables one type`,
    {
      details: {
        column: name,
        count: misfits.length,
        rows: Array.from(misfits.subarray(0, SAMPLE_SIZE), (row) => row + 1),
      },
    },
  )
}

/**
 * Returns both frames in the kinds of `before`; a column of nulls there takes the kind of `after`.
 */
function alignFrames(before: Frame, after: Frame, key: readonly string[]): { base: Frame; pool: Frame } {
  const bases: [string, Column][] = []
  const pools: [string, Column][] = []
  for (const [name, column] of before.columns) {
    const other = after.columns.get(name)
    const known = column.kind === 'null' && other !== undefined ? convertColumn(column, other).column : column
    const aligned = other === undefined ? null : alignAfter(name, known, other, key.includes(name))
    const { base, pool } = poolColumn(known, [aligned], [after.rows])
    bases.push([name, base])
    pools.push([name, pool])
  }
  return { base: frameOf(bases, before.rows), pool: frameOf(pools, after.rows) }
}

/** Which row of one frame is which of the other, by key. */
interface MatchedRows {
  /** The row of `before` for each row of `after`; -1 where there is none. */
  readonly was: Int32Array
  /** 1 for each row of `before` whose key `after` has. */
  readonly isKept: Uint8Array
  /** 1 for each row of `after` whose cells are those of its row of `before`. */
  readonly isSame: Uint8Array
}

function matchRows(base: Frame, pool: Frame, key: readonly string[]): MatchedRows {
  // keys are unique, so a key's number is its row in `after`
  const { baseRows: was } = matchKeys(base, pool, key)
  const isKept = new Uint8Array(base.rows)
  for (const row of was) if (row >= 0) isKept[row] = 1
  const compared = [...base.columns]
    .filter(([name]) => !key.includes(name) && !isMetadata(name))
    .map(([name, column]) => ({ base: column, pool: columnOf(pool, name), partial: -1 }))
  const rows = countUp(pool.rows)
  const source = was.map((row, at) => (row < 0 ? at : ~row))
  const isSame = sameRows(compared, { source, cells: [] }, { source: rows, cells: [] })
  return { was, isKept, isSame }
}

/**
 * Returns the changes: the source of each one's cells (~row for a row of `before`), and its action.
 */
function listChanges(base: Frame, pool: Frame, key: readonly string[]): { cells: Int32Array; actions: Uint8Array } {
  const { was, isKept, isSame } = matchRows(base, pool, key)
  const cells = new Int32Array(base.rows + pool.rows)
  const actions = new Uint8Array(base.rows + pool.rows)
  let count = 0
  for (let row = 0; row < base.rows; row++) {
    if (isKept[row] === 1) continue
    cells[count] = ~row
    actions[count++] = DELETE
  }
  for (let row = 0; row < pool.rows; row++) {
    const isNew = (was[row] as number) < 0
    if (!isNew && isSame[row] === 1) continue
    cells[count] = row
    actions[count++] = isNew ? ADD : UPDATE
  }
  return { cells: cells.slice(0, count), actions: actions.slice(0, count) }
}

/** The rows, by position, that differ between two frames. */
export interface DifferingRows {
  /** Rows of `before` whose key `after` lacks. */
  readonly removed: Int32Array
  /** Rows of `after` whose key `before` lacks. */
  readonly added: Int32Array
  /** Rows of `before` whose key has other cells in `after`, in order of `after`. */
  readonly was: Int32Array
  /** The same rows in `after`. */
  readonly is: Int32Array
}

/**
 * Returns which rows differ between two frames with the same columns. Metadata is not compared.
 *
 * @throws DeltaError base_duplicate_key, null_key - rows of one table share a key, or have none
 * @throws DeltaError column_missing, column_extra, type_mismatch, key_type - the columns or kinds differ
 */
export function differingRows(before: Frame, after: Frame, key: readonly string[]): DifferingRows {
  checkColumns(before, after, key)
  const { base, pool } = alignFrames(before, after, key)
  uniqueTable(base, key, 'error', 'before')
  uniqueTable(pool, key, 'error', 'after')
  const { was, isKept, isSame } = matchRows(base, pool, key)
  const added = markedRows(Uint8Array.from(was, (row) => (row < 0 ? 1 : 0)))
  const is = markedRows(Uint8Array.from(was, (row, at) => (row >= 0 && isSame[at] === 0 ? 1 : 0)))
  return { removed: markedRows(isKept.map((mark) => 1 - mark)), added, was: pickAt(was, is), is }
}

/**
 * Returns the smallest delta from `before` to `after`, ignoring row order: deletes in order of
 * `before`, with only their key, then updates and adds in order of `after`. The columns are those
 * of `before`, and `action`.
 *
 * @throws DeltaError base_duplicate_key, null_key - rows of one table share a key, or have none
 * @throws DeltaError column_missing, column_extra, type_mismatch, key_type - the tables' columns or
 * kinds differ
 * @throws ContractError column_exists - the tables have a column `action` of their own
 */
export function diffFrames(before: Frame, after: Frame, key: readonly string[]): Frame {
  refuseActionColumn(before)
  checkColumns(before, after, key)
  const { base, pool } = alignFrames(before, after, key)
  uniqueTable(base, key, 'error', 'before')
  uniqueTable(pool, key, 'error', 'after')
  const { cells, actions } = listChanges(base, pool, key)
  const placed = { cells, targets: countUp(cells.length) }
  const others = cells.map((cell) => (cell < 0 ? -1 : cell))
  const columns = Array.from(base.columns, ([name, column]): [string, Column] => {
    const after = columnOf(pool, name)
    return [name, key.includes(name) ? takeCells(column, after, placed) : takeColumn(after, others)]
  })
  return frameOf([...columns, [ACTION_COLUMN, actionColumn(actions)]], cells.length)
}
