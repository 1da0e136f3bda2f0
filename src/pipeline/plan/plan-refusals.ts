/**
 * Why a plan may not be carried out, each reason with its cure.
 * @module
 */
import type { ErrorCode } from '../../errors.ts'
import { compareMonths } from '../month.ts'
import type { RunRequest } from '../options.ts'
import { sourceName } from '../sources/extracts-and-deltas.ts'
import type { SourceFile } from '../sources/inventory.ts'
import type { PlanInput, SortedFiles } from './plan-input.ts'

/** Why nothing may be applied, with the cure. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly files: readonly string[]
}

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
const REBUILD = 'run again with --rebuild (apply: "rebuild")'

function refuseFiles({ changed, late }: SortedFiles, { apply }: RunRequest): Refusal[] {
  if (apply === 'rebuild') return []
  const refusals: Refusal[] = []
  if (changed.length > 0) {
    const files = changed.map(({ name }) => name)
    const message = `${listed(files)}: applied before with other content; put the applied file back, or ${REBUILD} to take the new one`
    refusals.push({ code: 'file_changed', message, files })
  }
  if (late.length > 0) {
    const files = late.map(({ name }) => name)
    const message = `${listed(files)}: a later month of the same table is applied already; ${REBUILD} to replay all months in order`
    refusals.push({ code: 'late_file', message, files })
  }
  return refusals
}

function refuseMonths(selected: readonly SourceFile[], left: readonly SourceFile[], input: PlanInput): Refusal[] {
  const { months } = input.request
  if (months === null) return []
  const refusals: Refusal[] = []
  const known = new Set([...input.inventory.files, ...(input.head?.inputs ?? [])].map(({ month }) => month))
  const unknown = months.filter((month) => !known.has(month))
  if (unknown.length > 0) {
    const found = [...known].filter((month) => month !== null).sort()
    const message = `no table has a file of month ${listed(unknown)}: ${input.source} has ${listed(found) || 'no deltas'}; fetch the files, such as ${sourceName(input.tables[0] ?? '', unknown[0] ?? '')}, or choose other months`
    refusals.push({ code: 'month_unknown', message, files: [] })
  }
  const last = selected.reduce<string | null>(
    (month, file) => (compareMonths(month, file.month) < 0 ? file.month : month),
    null,
  )
  const earlier = left.filter(({ month }) => compareMonths(month, last) < 0)
  if (earlier.length > 0) {
    const files = earlier.map(({ name }) => name)
    const waiting = [...new Set(earlier.map(({ month }) => month))].join(', ')
    const message = `month ${waiting} must be applied before ${last}: ${listed(files)} still wait; choose ${waiting} as well, or leave months out`
    refusals.push({ code: 'month_pending', message, files })
  }
  return refusals
}

function refuseMissing({
  tables,
  inventory,
  head,
  source,
  request,
  mirrored,
  appended,
  expected,
}: PlanInput): Refusal[] {
  if (inventory.files.length === 0 && head === null && mirrored.size + appended.size > 0) {
    const message = `${source} has no input of ${tables.join(', ')}: expected files such as ${expected}; point data at the folder that holds them`
    return [{ code: 'no_input', message, files: [] }]
  }
  if (inventory.files.length === 0 && head === null) {
    const message = `${source} has neither extracts nor deltas of ${tables.join(', ')}: expected files such as ${source}/${sourceName(tables[0] ?? '', null)} and ${source}/${sourceName(tables[0] ?? '', '2025-02')}; point data at the folder that holds them`
    return [{ code: 'no_input', message, files: [] }]
  }
  const extracted = new Set(
    [...inventory.files, ...(head?.inputs ?? [])].filter(({ month }) => month === null).map(({ table }) => table),
  )
  // a folder of objects or pieces may be empty; every other table begins with a file
  const missing = tables
    .filter((table) => !extracted.has(table) && mirrored.get(table)?.kind !== 'objects' && !appended.has(table))
    .map((table) => mirrored.get(table)?.expected ?? sourceName(table, null))
  // without a rebuild a table that the log does not know is a change of contracts, which says so itself
  if (missing.length === 0 || (head !== null && request.apply === 'pending')) return []
  const message = `${source} lacks ${listed(missing)}; every table begins with its full extract: add it`
  return [{ code: 'initial_missing', message, files: missing }]
}

function refuseContracts({ head, request, contracts, tables, job }: PlanInput): Refusal[] {
  if (head === null) return []
  if (head.job !== job) {
    const message = `this place holds the state of job "${head.job}", not of "${job}"; choose another out`
    return [{ code: 'options_changed', message, files: [] }]
  }
  if (request.apply === 'rebuild') return []
  const names = new Set([...tables, ...Object.keys(head.tables)])
  const changed = [...names].filter((name) => head.tables[name]?.fingerprint !== contracts[name])
  if (changed.length === 0) return []
  const message = `the contract, the policies or the source of ${listed(changed)} are not those that the state was made with; ${REBUILD} to make it anew`
  return [{ code: 'options_changed', message, files: [] }]
}

function refuseForeign({ foreign = [], out = 'out' }: PlanInput): Refusal[] {
  if (foreign.length === 0) return []
  const [them, files] = foreign.length === 1 ? ['a copy', 'the file'] : ['copies', 'the files']
  const message = `${out} holds ${listed(foreign)}, which no run of this place wrote and ${them} would overwrite; choose another out, or move ${files}`
  return [{ code: 'file_exists', message, files: foreign }]
}

/** Nothing is no ledger to begin with. */
export function refuseNothing({ inventory, head, request, source, expected }: PlanInput): Refusal[] {
  // the first run says itself what it lacks
  if (request.apply !== 'replace' || head === null || inventory.files.length > 0) return []
  const message = `${source} has no ${expected}, so that a new ledger would be empty; nothing was changed. Is it the right place?`
  return [{ code: 'no_input', message, files: [] }]
}

/** What would be applied and what would be left, of the files that wait. */
export interface Selection {
  readonly selected: readonly SourceFile[]
  readonly left: readonly SourceFile[]
}

/** Returns every reason not to carry out the plan, the first one first to be told. */
export function refusePlan(input: PlanInput, sorted: SortedFiles, { selected, left }: Selection): Refusal[] {
  return [
    ...refuseMissing(input),
    ...refuseContracts(input),
    ...refuseFiles(sorted, input.request),
    ...refuseMonths(selected, left, input),
    ...refuseForeign(input),
  ]
}
