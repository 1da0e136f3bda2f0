/**
 * Checks rows against their contract: the rows that fit, and an issue for each cell that does not.
 * @module
 */
import type { ErrorCode, Issue } from '../../errors.ts'
import { type Column, DictionaryColumn } from '../column.ts'
import type { ColumnContract, TableContract } from '../contract.ts'
import { expectationOf, targetOf } from '../convert/column-form.ts'
import { convertColumn } from '../convert/convert.ts'
import { columnOf, type Frame, frameOf, selectColumns } from '../frame.ts'
import { duplicateRows } from '../key/duplicates.ts'
import { keyBytes } from '../key/key.ts'
import { markedRows, takeRows } from '../take.ts'
import { bindColumns } from './columns.ts'

/** The options of a check. */
export interface CheckOptions {
  /** The file of the rows, for issues and messages. */
  readonly file?: string
  /**
   * Rows such as deletes, where only the key counts: their other cells become null where they do
   * not fit.
   */
  readonly isExempt?: (row: number) => boolean
  /** Columns kept unchecked, such as a delta's action. */
  readonly passed?: readonly string[]
  /** `error` (default), or `omit`: only the key columns are required. */
  readonly missingColumns?: 'error' | 'omit'
  /**
   * `issue` (default): a key may occur once. `allow`: keys may repeat, as the changes of a delta
   * do.
   */
  readonly repeatedKeys?: 'issue' | 'allow'
}

/** The rows that fit, and the issues of the other rows. */
export interface CheckedFrame {
  readonly frame: Frame
  readonly issues: readonly Issue[]
}

const CHARACTERS_SHOWN = 200

function cellText(column: Column, row: number): string | null {
  const value: unknown = column.at(row)
  if (value === null || value === undefined) return null
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value)
  return text.length > CHARACTERS_SHOWN ? `${text.slice(0, CHARACTERS_SHOWN)}…` : text
}

/** Collects issues column by column, and marks the rows that have one. */
class Findings {
  readonly issues: Issue[] = []
  readonly bad: Uint8Array
  readonly #file: string | null
  readonly #isExempt: (row: number) => boolean

  constructor(
    rows: number,
    { file = null, isExempt = () => false }: { file?: string | null } & Omit<CheckOptions, 'file'>,
  ) {
    this.bad = new Uint8Array(rows)
    this.#file = file
    this.#isExempt = isExempt
  }

  /** Adds an issue for each of the rows. Exempt rows get issues only for their key. */
  add(
    code: ErrorCode,
    rows: Iterable<number>,
    name: string,
    column: Column,
    expected: string,
    role: 'key' | 'other',
  ): void {
    for (const row of rows) {
      if (role === 'other' && this.#isExempt(row)) continue
      this.bad[row] = 1
      const found = cellText(column, row)
      this.issues.push({ code, file: this.#file, row: row + 1, column: name, found, expected })
    }
  }
}

/** The rows whose text holds a lone surrogate. Text stored as bytes cannot. */
function malformedRows(column: Column): Int32Array {
  if (!(column instanceof DictionaryColumn)) return new Int32Array(0)
  const { codes, values } = column
  const isBad = values.map((value) => !value.isWellFormed())
  if (!isBad.includes(true)) return new Int32Array(0)
  return markedRows(Uint8Array.from(codes, (code) => (code >= 0 && isBad[code] ? 1 : 0)))
}

function rowsWhere(column: Column, isNull: boolean): Int32Array {
  const marks = new Uint8Array(column.length)
  for (let row = 0; row < marks.length; row++) if (column.isNull(row) === isNull) marks[row] = 1
  return markedRows(marks)
}

function checkColumn(name: string, column: Column, contract: ColumnContract, findings: Findings): Column {
  const role = contract.role === 'key' ? 'key' : 'other'
  const malformed = new Set(malformedRows(column))
  findings.add('malformed_text', malformed, name, column, 'text without half surrogate pairs', role)
  const { column: converted, misfits } = convertColumn(column, contract, { as: role === 'key' ? 'key' : 'value' })
  const mismatched = new Set(misfits).difference(malformed)
  findings.add('type_mismatch', mismatched, name, column, expectationOf(targetOf(contract), column), role)
  if (role === 'key') {
    const { badRows } = keyBytes(frameOf([[name, converted]]), [name])
    const bad = new Set(badRows).difference(malformed).difference(mismatched)
    findings.add('null_key', bad, name, column, 'a key that is not null, empty or NaN', role)
  } else if (!contract.isNullable) {
    const nulls = new Set(rowsWhere(converted, true)).difference(malformed).difference(mismatched)
    findings.add(
      'null_value',
      nulls,
      name,
      column,
      `${expectationOf(targetOf(contract))}; the column may not be null`,
      role,
    )
  }
  return converted
}

/**
 * Returns the rows that fit the contract, in their order and with the contract's kinds, and an
 * issue for each cell that does not. These are issues: a value that does not survive conversion to
 * the column's kind, a null where none is allowed, a null or repeated key (the first row stays),
 * text with a lone surrogate, and under `discard_row` a value in an unknown column. Columns follow
 * the contract's order, then unknown ones that `evolve` and `passed` keep; `discard_value` drops
 * unknown ones. Issues are in row order, `row` counts from 1.
 * @throws ContractError column_renamed, column_missing, column_extra - the columns differ from the
 * contract's
 */
export function checkFrame(frame: Frame, contract: TableContract, options: CheckOptions = {}): CheckedFrame {
  const { file, passed = [], missingColumns = 'error', repeatedKeys = 'issue' } = options
  const names = [...frame.columns.keys()]
  const { known, extra } = bindColumns(names, contract, { passed, missingColumns, file: file ?? null })
  const findings = new Findings(frame.rows, options)
  const columns = new Map<string, Column>()
  for (const name of known) {
    columns.set(name, checkColumn(name, columnOf(frame, name), contract.columns[name] as ColumnContract, findings))
  }
  for (const name of names) {
    if (passed.includes(name) || (extra.includes(name) && contract.unknownColumns === 'evolve')) {
      columns.set(name, columnOf(frame, name))
    } else if (extra.includes(name) && contract.unknownColumns === 'discard_row') {
      const column = columnOf(frame, name)
      const rows = rowsWhere(column, false)
      findings.add('column_extra', rows, name, column, 'no value: the column is not in the contract', 'other')
    }
  }
  const checked = frameOf(columns, frame.rows)
  if (repeatedKeys === 'issue' && contract.key.length > 0) markRepeated(checked, contract, findings)
  const issues = findings.issues.sort((left, right) => left.row - right.row)
  if (issues.length === 0) return { frame: checked, issues }
  const good = findings.bad.map((bad) => 1 - bad)
  return { frame: takeRows(checked, markedRows(good)), issues }
}

/** Adds an issue for each row that repeats the key of an earlier good row. */
function markRepeated(checked: Frame, contract: TableContract, findings: Findings): void {
  const good = markedRows(findings.bad.map((bad) => 1 - bad))
  const keys = selectColumns(checked, contract.key)
  const candidates = good.length === checked.rows ? keys : takeRows(keys, good)
  const repeated = Array.from(duplicateRows(keyBytes(candidates, contract.key)), (row) => good[row] as number)
  const [first = ''] = contract.key
  const expected =
    contract.key.length === 1 ? 'a key that stands once' : `a key (${contract.key.join(', ')}) that stands once`
  findings.add('base_duplicate_key', repeated, first, columnOf(checked, first), expected, 'key')
}
