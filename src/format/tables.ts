/**
 * Turns frames into the tables that readers return, and issues into the error for rows that do not
 * fit.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { type Advice, FormatError, type Issue } from '../errors.ts'
import { type ColumnTable, toArquero } from '../table/arquero/arquero.ts'
import { type Table, toArrow } from '../table/arrow/arrow.ts'
import { checkFrame } from '../table/check/check.ts'
import { refuseNoContract, type TableContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'

/** The kinds of table that a reader can return. */
export type TableKind = 'arquero' | 'arrow'

/** The class of the requested table. */
export type TableAs<As> = As extends 'arrow' ? Table : ColumnTable

/** How bytes are read into a table. */
export interface ReadOptions<As extends TableKind = TableKind> {
  /** The kind of table to return. Default `arquero`. */
  readonly as?: As
  /** The file's name, for messages. */
  readonly file?: string | undefined
}

/** Returns the frame as the requested kind of table. */
export function tableAs<As extends TableKind>(frame: Frame, as: As | undefined): TableAs<As> {
  // the value of `as` decides the class
  return (as === 'arrow' ? toArrow(frame) : toArquero(frame)) as TableAs<As>
}

const READ = { as: true, file: true } satisfies OptionNames<ReadOptions>

/**
 * Refuses wrong arguments of a reader: no bytes, no contract, unknown options.
 * @throws FormatError, ContractError invalid_option
 */
export function refuseReading(
  bytes: Uint8Array,
  contract: TableContract | undefined,
  options: ReadOptions,
  known: OptionNames = READ,
): void {
  refuseUnless(bytes instanceof Uint8Array, 'bytes', bytes, 'a Uint8Array, such as readFile gives', FormatError)
  if (contract !== undefined) refuseNoContract(contract)
  refuseUnknown(options, known, FormatError)
  const { as } = options
  refuseUnless(as === undefined || as === 'arquero' || as === 'arrow', 'as', as, '"arquero" or "arrow"', FormatError)
}

const SHOWN = 10
const CHECK_TABLE: Advice = {
  inCode: 'read it without the contract and pass the table to checkTable, which gives the rows that fit and the issues',
}

/**
 * @throws FormatError with the code of the first issue - a row does not fit; the details have the
 * first ten issues
 */
export function refuseIssues(issues: readonly Issue[], file = 'input', cure: Advice = CHECK_TABLE): void {
  const [first] = issues
  if (first === undefined) return
  const rows = new Set(issues.map(({ row }) => row)).size
  const others = rows > 1 ? `; so do ${rows - 1} more rows` : ''
  const where = first.column === null ? `row ${first.row}` : `row ${first.row}, column "${first.column}"`
  throw new FormatError(first.code, `${file} ${where} does not fit: expected ${first.expected}${others}`, {
    advice: ['correct the file', cure],
    details: { issues: issues.slice(0, SHOWN), rows },
  })
}

/**
 * Returns the frame in the contract's kinds and order; without a contract, the frame itself. A key
 * may repeat, as in a delta.
 */
export function fitFrame(frame: Frame, contract: TableContract | undefined, file: string | undefined): Frame {
  if (contract === undefined) return frame
  const checked = checkFrame(frame, contract, { repeatedKeys: 'allow', ...(file !== undefined && { file }) })
  refuseIssues(checked.issues, file)
  return checked.frame
}
