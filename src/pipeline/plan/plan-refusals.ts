/**
 * Why a plan may not be carried out, each reason with its cure.
 * @module
 */
import { type Advice, type ErrorCode, messageOf } from '../../errors.ts'
import { compareMonths } from '../job/month.ts'
import type { RunRequest } from '../job/options.ts'
import type { CommitRecord } from '../log/commit-record.ts'
import { sourceName } from '../sources/extracts-and-deltas.ts'
import type { SourceFile } from '../sources/files/inventory.ts'
import { isReadAlike, type PlanInput, type SortedFiles } from './plan-input.ts'

/** Why nothing may be applied, with what to do about it. */
export interface Refusal {
  readonly code: ErrorCode
  /** The statement and its advice, in the words of code. */
  readonly message: string
  /** What is wrong. */
  readonly statement: string
  /** What to do about it. */
  readonly advice: readonly Advice[]
  readonly files: readonly string[]
}

/** Returns a refusal; its message is the statement followed by the advice. */
export function refusalOf(
  code: ErrorCode,
  statement: string,
  advice: readonly Advice[],
  files: readonly string[] = [],
): Refusal {
  return { code, message: messageOf(statement, advice), statement, advice, files }
}

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
const rebuildTo = (effect: string): Advice => ({ option: 'apply', value: "'rebuild'", effect })
/** Lets one run withdraw any number of a table's rows. */
export const acceptWithdrawals = (table: string, effect: string): Advice => ({
  option: 'acceptWithdrawals',
  value: `['${table}']`,
  typed: table,
  effect,
})
const OTHER_PLACE: Advice = { option: 'out', effect: 'use another place' }
const OTHER_FOLDER: Advice = { option: 'data', effect: 'name the folder that holds them' }

function refuseFiles({ changed, late }: SortedFiles, { apply }: RunRequest): Refusal[] {
  if (apply === 'rebuild') return []
  const refusals: Refusal[] = []
  if (changed.length > 0) {
    const files = changed.map(({ name }) => name)
    const statement = `${listed(files)}: applied before with other content`
    const advice = ['put the applied file back', rebuildTo('take the new one')]
    refusals.push(refusalOf('file_changed', statement, advice, files))
  }
  if (late.length > 0) {
    const files = late.map(({ name }) => name)
    const statement = `${listed(files)}: a later month of the same table is applied already`
    refusals.push(refusalOf('late_file', statement, [rebuildTo('replay all months in order')], files))
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
    const statement = `no table has a file of month ${listed(unknown)}: ${input.source} has ${listed(found) || 'no deltas'}`
    const file = sourceName(input.tables[0] ?? '', unknown[0] ?? '')
    refusals.push(refusalOf('month_unknown', statement, [`fetch the files, such as ${file}`, 'choose other months']))
  }
  const last = selected.reduce<string | null>(
    (month, file) => (compareMonths(month, file.month) < 0 ? file.month : month),
    null,
  )
  const earlier = left.filter(({ month }) => compareMonths(month, last) < 0)
  if (earlier.length > 0) {
    const files = earlier.map(({ name }) => name)
    const waiting = [...new Set(earlier.map(({ month }) => month))].join(', ')
    const statement = `month ${waiting} must be applied before ${last}: ${listed(files)} still wait`
    const needed = [...new Set([...earlier.flatMap(({ month }) => month ?? []), ...months])].sort()
    const value = `[${needed.map((month) => `'${month}'`).join(', ')}]`
    const all: Advice = { option: 'months', value, typed: needed.join(','), effect: 'apply them in order' }
    refusals.push(refusalOf('month_pending', statement, [all], files))
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
    const statement = `${source} has no input of ${tables.join(', ')}: expected files such as ${expected}`
    return [refusalOf('no_input', statement, [OTHER_FOLDER])]
  }
  if (inventory.files.length === 0 && head === null) {
    const statement = `${source} has neither extracts nor deltas of ${tables.join(', ')}: expected files such as ${source}/${sourceName(tables[0] ?? '', null)} and ${source}/${sourceName(tables[0] ?? '', '2025-02')}`
    return [refusalOf('no_input', statement, [OTHER_FOLDER])]
  }
  // without a rebuild, refuseContracts names a table that the log does not know
  if (head !== null && request.apply === 'pending') return []
  const extracted = new Set(
    [...inventory.files, ...(head?.inputs ?? [])].filter(({ month }) => month === null).map(({ table }) => table),
  )
  // a folder of objects, days or pieces may be empty; every other table begins with a file, unless it says otherwise
  const mayBeEmpty = (table: string): boolean => {
    const source = mirrored.get(table)
    return appended.has(table) || source?.kind === 'partitions' || source?.isOptional === true
  }
  const missing = tables
    .filter((table) => !extracted.has(table) && !mayBeEmpty(table))
    .map((table) => mirrored.get(table)?.expected ?? sourceName(table, null))
  if (missing.length === 0) return []
  const statement = `${source} lacks ${listed(missing)}`
  return [refusalOf('initial_missing', statement, ['every table begins with its full extract: add it'], missing)]
}

/**
 * Rows of replayed and appended inputs are stored as they were read: another format of theirs needs a rebuild. A piece whose file
 * is gone stays as it was read, since nothing can read it again.
 */
function refuseFormats(input: PlanInput, head: CommitRecord): Refusal[] {
  const { mirrored, appended, inventory } = input
  const present = new Set(inventory.files.map(({ table, name }) => `${table} ${name}`))
  const others = head.inputs.filter((applied) => {
    const { table, name } = applied
    if (mirrored.has(table) || (appended.has(table) && !present.has(`${table} ${name}`))) return false
    return !isReadAlike(input, applied)
  })
  if (others.length === 0) return []
  const files = others.map(({ name }) => name)
  const what = others.length === 1 ? 'is not the one that it was read by' : 'is not the one that they were read by'
  const statement = `the declared format of ${listed(files)} ${what}`
  return [refusalOf('options_changed', statement, [rebuildTo('read again what has another format')], files)]
}

function refuseContracts(input: PlanInput): Refusal[] {
  const { head, request, contracts, tables, job } = input
  if (head === null) return []
  if (head.job !== job) {
    const statement = `this place holds the state of job "${head.job}", not of "${job}"`
    return [refusalOf('options_changed', statement, [OTHER_PLACE])]
  }
  if (request.apply === 'rebuild') return []
  const names = new Set([...tables, ...Object.keys(head.tables)])
  const changed = [...names].filter((name) => head.tables[name]?.fingerprint !== contracts[name])
  if (changed.length === 0) return refuseFormats(input, head)
  const statement = `the contract, the policies or the source of ${listed(changed)} are not those that the state was made with`
  return [refusalOf('options_changed', statement, [rebuildTo('make it anew'), OTHER_PLACE])]
}

function refuseForeign({ foreign = [], out = 'out' }: PlanInput): Refusal[] {
  if (foreign.length === 0) return []
  const [them, files] = foreign.length === 1 ? ['a copy', 'the file'] : ['copies', 'the files']
  const statement = `${out} holds ${listed(foreign)}, which no run of this place wrote and ${them} would overwrite`
  const advice = [`move ${files}`, OTHER_PLACE, { option: 'publish', effect: 'publish fewer copies' }]
  return [refusalOf('file_exists', statement, advice, foreign)]
}

/** Nothing is no ledger to begin with. */
export function refuseNothing({ inventory, head, request, source, expected }: PlanInput): Refusal[] {
  // the first run says itself what it lacks
  if (request.apply !== 'replace' || head === null || inventory.files.length > 0) return []
  const statement = `${source} has no ${expected}, so that a new ledger would be empty; nothing was changed`
  return [refusalOf('no_input', statement, ['point data at the place that holds them'])]
}

/** What would be applied and what would be left, of the files that wait. */
export interface Selection {
  readonly selected: readonly SourceFile[]
  readonly left: readonly SourceFile[]
}

/** Returns every reason not to carry out the plan. A run reports the first one. */
export function refusePlan(input: PlanInput, sorted: SortedFiles, { selected, left }: Selection): Refusal[] {
  return [
    ...refuseMissing(input),
    ...refuseContracts(input),
    ...refuseFiles(sorted, input.request),
    ...refuseMonths(selected, left, input),
    ...refuseForeign(input),
  ]
}
