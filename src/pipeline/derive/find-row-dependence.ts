/**
 * Whether the function of a derived table is what it must be: a function of one row.
 * @module
 */
import { refuseUnknown } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { checkFrame } from '../../table/check/check.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { countUp, takeRows } from '../../table/take.ts'
import { compareByKey, ownContract } from '../fold/compare-rows.ts'
import { contractOf, type DerivedIssue, type Job } from '../job/job.ts'
import { type GivenOptions, type JobOptions, resolveOptions } from '../job/job-options.ts'
import { ownNames, refuseJobArgument } from '../job/options.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { type MadeRows, makeRows } from './made-rows.ts'

/** A row whose result depends on which other rows are handed over with it. */
export interface RowDependence {
  /** The row of the parent, by position. */
  readonly row: number
  /** With which part of the rows it gave something else than with all of them: from a row to before another. */
  readonly part: readonly [from: number, to: number]
}

/** Rows that are handed over one by one, from the first on. */
const ONE_BY_ONE = 50

/** Cuts of rows: the first ones alone, then halves, halved again. */
function partsOf(rows: number): [from: number, to: number][] {
  const parts = Array.from({ length: Math.min(rows, ONE_BY_ONE) }, (_, row): [number, number] => [row, row + 1])
  for (let size = Math.ceil(rows / 2); size > 1; size = size > 4 ? Math.ceil(size / 3) : 0) {
    for (let from = 0; from < rows; from += size) parts.push([from, Math.min(rows, from + size)])
  }
  return parts
}

const issueText = (issues: readonly DerivedIssue[], row: number, shift: number): string =>
  JSON.stringify(issues.filter((issue) => issue.row === row - shift).map((issue) => ({ ...issue, row })))

/** The first row that a part gives otherwise than the whole. */
function differenceIn(
  whole: MadeRows,
  part: MadeRows,
  from: number,
  to: number,
  contract: TableContract,
): number | null {
  const places = new Map(Array.from(whole.parents, (parent, row) => [parent, row]))
  const all = concatFrames([whole.frame, part.frame], contract)
  const [of, made]: [number[], number[]] = [[], []]
  for (const [at, parent] of part.parents.entries()) {
    const row = places.get(parent + from)
    if (row === undefined) return parent + from
    of.push(row)
    made.push(whole.frame.rows + at)
  }
  const { same } = compareByKey(all, Int32Array.from(of), Int32Array.from(made), contract)
  const other = same.indexOf(0)
  if (other >= 0) return (part.parents[other] as number) + from
  for (let row = from; row < to; row++) {
    if (issueText(whole.issues, row, 0) !== issueText(part.issues, row, from)) return row
  }
  return null
}

/** The rows of a parent in the form of its contract. */
function parentRows(rows: TableLike, parent: TableContract): Frame {
  const contract = ownContract(parent)
  const known = Object.keys(contract.columns)
  const { frame, issues } = checkFrame(selectColumns(viewTable(rows), known), contract)
  const [issue] = issues
  if (issue === undefined) return frame
  throw new PipelineError(
    'invalid_option',
    `row ${issue.row} of the rows does not fit table ${parent.name}, column ${issue.column}: expected ${issue.expected}`,
  )
}

/**
 * Returns the first row of which a derived table makes something else when other rows are handed over with it; null where each
 * row's result depends on the row alone, as it must. A run hands over only the rows that changed, and would not notice: call
 * this in a test of the job, with rows of the parent that show what its function can meet. Options that are left out have their
 * defaults.
 *
 * @throws PipelineError derived_invalid - the function breaks another promise; invalid_option - the job has no such derived
 * table or option, or a row does not fit the parent
 * @throws ContractError unsupported_table, column_not_found - the rows are no table, or lack a column of the parent
 * @example
 * import { table } from 'arquero'
 * import { defineTable, int32, key, string } from 'support-etl'
 * import { defineJob, eachRow, extractsAndDeltas, findRowDependence } from 'support-etl/pipeline'
 *
 * const machines = defineTable('machines', { id: key(string()), hours: int32() })
 * const ranked = defineTable('ranked', { id: key(string()), rank: int32() })
 * let last = 0
 * const rank = eachRow(machines, ranked, ({ id }) => ({ id, rank: ++last }))
 * const job = defineJob({
 *   name: 'workshop',
 *   tables: { machines: { contract: machines, source: extractsAndDeltas() } },
 *   derived: { ranked: { from: 'machines', contract: ranked, rows: rank } },
 * })
 * const rows = table({ id: ['M1', 'M2'], hours: [8, 9] })
 * findRowDependence(job, 'ranked', rows) // { row: 0, part: [0, 1] }
 */
export function findRowDependence<Options extends JobOptions>(
  job: Job<Options>,
  name: string,
  rows: TableLike,
  options?: GivenOptions<Options>,
): RowDependence | null
export function findRowDependence(
  job: Job,
  name: string,
  rows: TableLike,
  options: unknown = {},
): RowDependence | null {
  refuseJobArgument(job)
  refuseUnknown(options, ownNames(job), PipelineError)
  const step = Object.hasOwn(job.derived, name) ? job.derived[name] : undefined
  const parent = step === undefined ? undefined : contractOf(job, step.from)
  if (step === undefined || parent === undefined) {
    const known = Object.keys(job.derived).join(', ') || 'none'
    throw new PipelineError('invalid_option', `job ${job.name} has no derived table "${name}"; it has ${known}`)
  }
  // names that the job does not have were refused
  const values = resolveOptions(job.options, options as Readonly<Record<string, unknown>>, {})
  const given = parentRows(rows, parent)
  const whole = makeRows(name, step, given, values)
  const contract = ownContract(step.contract)
  for (const [from, to] of partsOf(given.rows)) {
    const part = makeRows(name, step, takeRows(given, countUp(to - from, from)), values)
    const row = differenceIn(whole, part, from, to, contract)
    if (row !== null) return { row, part: [from, to] }
  }
  return null
}
