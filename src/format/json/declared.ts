/**
 * JSON columns in declared forms: collected as text, and read by the sinks that read cells of CSV.
 * @module
 */
import type { ErrorCode, Issue } from '../../errors.ts'
import { type Column, Utf8Column } from '../../table/column.ts'
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { type Frame, withColumns } from '../../table/frame.ts'
import { countUp, takeRows } from '../../table/take.ts'
import { CellProblems, type CellRule, type CellSink, Cells, cellText, NO_VALUE } from '../csv/cells.ts'
import type { CellForms } from '../csv/forms.ts'
import { dropNulls } from '../csv/read/declared.ts'
import { durationSink } from '../csv/read/durations.ts'
import { sinkOfKind } from '../csv/read/kinds.ts'
import { type CellColumn, PlainColumn, type Token } from './columns.ts'

const ANY: CellRule = { isNullable: true, isKey: false }
const encoder = new TextEncoder()
const POINT = 0x2e

/** Returns whether a form is declared for the column, so that it is read as text first. */
export function isDeclared(name: string, { kind }: ColumnContract, forms: CellForms): boolean {
  if (forms.nulls !== null || forms.durations?.has(name)) return true
  if (kind === 'timestamp') return forms.stamps !== null
  if (kind === 'date') return forms.days !== null
  if (kind === 'boolean') return forms.booleans !== null
  return kind !== 'text' && forms.numbers !== null
}

function tokenOf(text: string): Token {
  const bytes = encoder.encode(text)
  return { bytes, view: new DataView(bytes.buffer), start: 0, end: bytes.length }
}

/** Keeps each value as the text that a cell of CSV would have. */
export class DeclaredColumn implements CellColumn {
  readonly #texts = new PlainColumn()
  /** A JSON number has a point, whatever the texts have. */
  readonly #decimal: number | null

  constructor(forms: CellForms) {
    const decimal = forms.numbers?.decimal ?? '.'
    this.#decimal = decimal === '.' ? null : decimal.charCodeAt(0)
  }

  addString(token: Token, row: number): boolean {
    return this.#texts.addString(token, row)
  }

  addNumber(token: Token, _isInteger: boolean, row: number): boolean {
    const decimal = this.#decimal
    if (decimal === null) return this.#texts.addString(token, row)
    const bytes = token.bytes.slice(token.start, token.end).map((byte) => (byte === POINT ? decimal : byte))
    return this.#texts.addString({ ...tokenOf(''), bytes, end: bytes.length }, row)
  }

  addOther(value: unknown, row: number): boolean {
    return this.#texts.addString(tokenOf(typeof value === 'boolean' ? String(value) : 'a list or an object'), row)
  }

  finish(rows: number): Column {
    return this.#texts.finish(rows)
  }
}

function sinkOf(name: string, contract: ColumnContract, forms: CellForms): CellSink {
  const duration = forms.durations?.get(name)
  return duration === undefined
    ? sinkOfKind(contract, ANY, forms)
    : durationSink(name, { contract: { ...contract, isNullable: true, role: 'attribute' } }, duration)
}

/** Columns read in their declared forms, and the cells that do not fit, which are null in them. */
interface DeclaredReading {
  readonly frame: Frame
  readonly issues: readonly Issue[]
}

/** Returns the frame with its declared columns read; the others are as they were. */
export function readDeclared(
  frame: Frame,
  contract: TableContract,
  forms: CellForms,
  file: string | undefined,
): DeclaredReading {
  const issues: Issue[] = []
  const read: (readonly [string, Column])[] = []
  for (const [name, column] of frame.columns) {
    const own = Object.hasOwn(contract.columns, name) ? contract.columns[name] : undefined
    if (own === undefined || !(column instanceof Utf8Column) || !isDeclared(name, own, forms)) continue
    const cells = new Cells(1, frame.rows, -1)
    cells.show(column.bytes)
    cells.rows = frame.rows
    for (let row = 0; row < frame.rows; row++) {
      cells.starts[row] = column.offsets[row] as number
      cells.ends[row] = column.isNull(row) ? NO_VALUE : (column.offsets[row + 1] as number)
    }
    if (forms.nulls !== null) dropNulls(cells, forms.nulls)
    const sink = sinkOf(name, own, forms)
    const problems = new CellProblems()
    sink.reserve(frame.rows)
    sink.read(cells, 0, 0, problems)
    for (const [at, row] of problems.rows.entries()) {
      // the three lists have the same length
      const code = problems.codes[at] as ErrorCode
      const found = cellText(cells, row)
      issues.push({ code, file: file ?? null, row: row + 1, column: name, found, expected: sink.expected })
    }
    read.push([name, sink.finish(frame.rows)])
  }
  return { frame: withColumns(frame, read), issues }
}

const cellOf = ({ row, column }: Issue) => `${row} ${column}`

/**
 * Adds the issues of declared columns to those of the check that followed: a cell that did not fit was null for the check, and
 * has one issue. `rows` is the number of rows before the check.
 */
export function withDeclaredIssues(
  checked: DeclaredReading,
  declared: readonly Issue[],
  rows: number,
  contract: TableContract,
): DeclaredReading {
  if (declared.length === 0) return checked
  const own = new Set(declared.map(cellOf))
  const bad = new Set(checked.issues.map(({ row }) => row))
  const badHere = new Set(declared.map(({ row }) => row))
  const kept = countUp(rows, 1).filter((row) => !bad.has(row))
  const places = new Map(Object.keys(contract.columns).map((name, at) => [name, at]))
  const placeOf = ({ column }: Issue) => places.get(column ?? '') ?? places.size
  const issues = [...declared, ...checked.issues.filter((issue) => !own.has(cellOf(issue)))]
  return {
    frame: takeRows(
      checked.frame,
      countUp(kept.length).filter((at) => !badHere.has(kept[at] as number)),
    ),
    issues: issues.sort((a, b) => a.row - b.row || placeOf(a) - placeOf(b)),
  }
}
