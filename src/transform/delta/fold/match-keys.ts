/**
 * Matches keys: of the delta rows with each other and with the table, and of the table's own rows.
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { duplicateRows } from '../../../table/key/duplicates.ts'
import { type KeyBytes, keyBytes } from '../../../table/key/key.ts'
import { KeyIndex } from '../../../table/key/key-index.ts'
import { countUp, takeRows } from '../../../table/take.ts'
import type { DeltaPolicies } from '../delta-options.ts'
import { type ChangeSample, type CodeCount, SAMPLE_SIZE } from '../delta-summary.ts'

/** The numbered keys of the delta rows. */
export interface MatchedKeys {
  /** The key of each delta row; keys are numbered from 0. */
  readonly keyOf: Int32Array
  /** The table's row with each key, or −1. */
  readonly baseRows: Int32Array
  /** The keys that the table has, in order of its rows. */
  readonly matched: Int32Array
}

/**
 * Returns where the table has each of that many keys: its rows `rows`, ascending, have the keys
 * `matched`.
 */
export function placeKeys(
  keys: number,
  rows: Int32Array,
  matched: Int32Array,
): Pick<MatchedKeys, 'baseRows' | 'matched'> {
  const baseRows = new Int32Array(keys).fill(-1)
  for (let i = 0; i < rows.length; i++) baseRows[matched[i] as number] = rows[i] as number
  return { baseRows, matched }
}

const NONE = new Int32Array(0)

/**
 * Returns the numbered keys of the delta rows, and the table's row of each. The table's keys must
 * be unique. Only the delta rows are hashed.
 */
export function matchKeys(base: Frame, pool: Frame, key: readonly string[]): MatchedKeys {
  const index = KeyIndex.of(keyBytes(pool, key))
  const isOneEmpty = index.groups === 0 || base.rows === 0
  const { rows, groups } = isOneEmpty ? { rows: NONE, groups: NONE } : index.found(keyBytes(base, key))
  return { keyOf: index.groupOf, ...placeKeys(index.groups, rows, groups) }
}

/** A table with unique keys, and codes for the rows that were left out. */
export interface UniqueTable {
  readonly table: Frame
  readonly codes: readonly CodeCount[]
}

function sampleKey(table: Frame, key: readonly string[], row: number): readonly unknown[] {
  return key.map((name) => columnOf(table, name).at(row))
}

/** The rows whose keys earlier rows of a table have. */
export interface RepeatedKeys {
  readonly count: number
  /** The first of them, at most ten. */
  readonly sample: readonly ChangeSample[]
}

/** Returns the error for a table that has a key twice; `role` is its name in messages. */
export function keyRepeated({ count, sample }: RepeatedKeys, key: readonly string[], role: string): DeltaError {
  return new DeltaError(
    'base_duplicate_key',
    `${role} row ${sample[0]?.row}: its key (${key.join(', ')}) is that of an earlier row, expected each key once`,
    {
      advice: [
        `remove the ${count === 1 ? 'row' : `${count} rows that repeat a key`}`,
        { option: 'baseDuplicates', value: "'first' or 'last'" },
      ],
      details: { count, sample },
    },
  )
}

function refuseNullKeys(key: readonly string[], { badRows }: KeyBytes, role: string): void {
  const [first] = badRows
  if (first === undefined) return
  throw new DeltaError(
    'null_key',
    `${role} row ${first + 1}: its key (${key.join(', ')}) is null, empty or not a number; every row of a table has a key`,
    { details: { count: badRows.length, rows: Array.from(badRows.subarray(0, SAMPLE_SIZE), (row) => row + 1) } },
  )
}

/**
 * Returns the table with each key once, as `baseDuplicates` says (D01).
 * @throws DeltaError base_duplicate_key, null_key - a key occurs twice, or is missing; `role` is
 * the table's name in messages
 */
export function uniqueTable(
  table: Frame,
  key: readonly string[],
  baseDuplicates: DeltaPolicies['baseDuplicates'],
  role = 'table',
): UniqueTable {
  const keys = keyBytes(table, key)
  refuseNullKeys(key, keys, role)
  const repeated = duplicateRows(keys)
  if (repeated.length === 0) return { table, codes: [] }
  const sample = Array.from(repeated.subarray(0, SAMPLE_SIZE), (row) => ({
    key: sampleKey(table, key, row),
    file: null,
    row: row + 1,
  }))
  if (baseDuplicates === 'error') throw keyRepeated({ count: repeated.length, sample }, key, role)
  return {
    table: takeRows(table, baseDuplicates === 'first' ? firstOfEach(repeated, table.rows) : lastOfEach(keys)),
    codes: [{ code: 'base_duplicate_key', severity: 'warning', count: repeated.length, sample }],
  }
}

function firstOfEach(repeated: Int32Array, rows: number): Int32Array {
  const drop = new Set(repeated)
  return countUp(rows).filter((row) => !drop.has(row))
}

function lastOfEach(keys: KeyBytes): Int32Array {
  const { groups, groupOf } = KeyIndex.of(keys)
  const last = new Int32Array(groups)
  for (let row = 0; row < groupOf.length; row++) last[groupOf[row] as number] = row
  return last.sort()
}
