/**
 * Derived tables for those who think in rows: a function of one row as a function of many.
 * @module
 */
import { refuseUnless } from '../../arguments.ts'
import { type ErrorCode, PipelineError } from '../../errors.ts'
import { type RowOf, refuseNoContract, type TableContract } from '../../table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../table/frame.ts'
import { inferColumn } from '../../table/infer.ts'
import { ownColumns } from '../fold/compare-rows.ts'
import type { DerivedIssue, DerivedRows } from '../job/job.ts'

/** Why a row gives no row. */
export interface RowIssue {
  readonly code: ErrorCode
  /** The column that it is about; the whole row where it is left out. */
  readonly column?: string
  /** The value that does not fit; left out where it must not be shown. */
  readonly found?: string
  /** What would fit, such as `0 or more`. */
  readonly expected: string
}

/** A row that is refused; made by {@link refuseRow}. */
export class RefusedRow {
  readonly issues: readonly RowIssue[]

  constructor(issues: readonly RowIssue[]) {
    this.issues = issues
  }
}

/** The names of columns that rows themselves hold: not metadata, and not recorded ones. */
export type OwnNames<Contract extends TableContract> = {
  [Name in keyof Contract['columns']]: Contract['columns'][Name]['role'] extends 'metadata' | 'recorded' ? never : Name
}[keyof Contract['columns']]

/** A row as the function of a derived table gets or makes it: without metadata and recorded columns. */
export type OwnRow<Contract extends TableContract> = Pick<RowOf<Contract>, OwnNames<Contract> & keyof RowOf<Contract>>

/**
 * Returns what a row function returns for a row that gives none: it waits in quarantine, with these issues.
 *
 * @throws PipelineError invalid_option - there is no issue
 * @example
 * const { issues } = refuseRow({ code: 'type_mismatch', column: 'hours', expected: '0 or more' })
 * issues.length // 1
 */
export function refuseRow(issue: RowIssue, ...more: readonly RowIssue[]): RefusedRow {
  const isIssue = typeof issue?.code === 'string' && typeof issue.expected === 'string'
  refuseUnless(isIssue, 'issue', issue, "an object such as { code: 'null_value', expected: 'a name' }", PipelineError)
  return new RefusedRow([issue, ...more])
}

/**
 * Returns the `rows` of a derived table from a function of one row, which returns a row of the derived table, or what
 * {@link refuseRow} gives. A cell that does not fit the contract is an issue as well. It is handed one row at a time, so that its
 * result cannot depend on others. A function of whole columns is faster.
 *
 * @throws PipelineError invalid_option - an argument is not a contract, or not a function
 * @example
 * import { defineTable, float64, int32, key, string } from 'support-etl'
 * import { defineJob, eachRow, extractsAndDeltas, refuseRow } from 'support-etl/pipeline'
 *
 * const machines = defineTable('machines', { id: key(string()), hours: int32() })
 * const used = defineTable('used', { id: key(string()), days: float64() })
 * const job = defineJob({
 *   name: 'workshop',
 *   tables: { machines: { contract: machines, source: extractsAndDeltas() } },
 *   derived: {
 *     used: {
 *       from: 'machines',
 *       contract: used,
 *       rows: eachRow(machines, used, ({ id, hours }) =>
 *         hours < 0
 *           ? refuseRow({ code: 'type_mismatch', column: 'hours', expected: '0 or more' })
 *           : { id, days: hours / 8 },
 *       ),
 *     },
 *   },
 * })
 * Object.keys(job.derived) // ['used']
 */
export function eachRow<From extends TableContract, To extends TableContract, Options = unknown>(
  from: From,
  to: To,
  make: (row: OwnRow<From>, options: Options) => OwnRow<To> | RefusedRow,
): (rows: Frame, options: Options) => DerivedRows {
  refuseNoContract(from)
  refuseNoContract(to)
  refuseUnless(typeof make === 'function', 'make', make, 'a function of one row', PipelineError)
  const [given, made] = [ownColumns(from), ownColumns(to)]
  return (rows, options) => {
    const columns = given.map((name) => [name, columnOf(rows, name)] as const)
    const cells = made.map((): unknown[] => [])
    const parents: number[] = []
    const issues: DerivedIssue[] = []
    for (let row = 0; row < rows.rows; row++) {
      // the cells are those of the contract's columns
      const result = make(Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])) as never, options)
      if (result instanceof RefusedRow) {
        for (const { code, column = null, found = null, expected } of result.issues) {
          issues.push({ row, code, column, found, expected })
        }
        continue
      }
      parents.push(row)
      const own = result as Readonly<Record<string, unknown>>
      for (const [at, name] of made.entries()) cells[at]?.push(own[name])
    }
    const frame = made.map((name, at) => [name, inferColumn(cells[at] ?? [], name, { mixed: 'opaque' })] as const)
    return { frame: frameOf(frame, parents.length), parents: Int32Array.from(parents), issues }
  }
}
