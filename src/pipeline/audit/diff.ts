/**
 * What differs between two commits of a place: rows of tables, and figures of outputs.
 * @module
 */
import { type OptionNames, refuseUnless } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { type Advice, PipelineError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import { copiesOf } from '../destinations/current-index.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { isMadeBy } from '../job/fingerprints.ts'
import { contractOf, type Job, rootOf } from '../job/job.ts'
import { type OutOptions, refuseCall } from '../job/options.ts'
import { readNumbered } from '../log/commit-log.ts'
import type { CommitRecord, InputRecord, TableState } from '../log/commit-record.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { stateOf } from '../state/committed-state.ts'
import { jobOfRecord } from '../state/logged-job.ts'
import { countingDays } from '../state/partition-files.ts'
import { readingKept } from '../state/past-commit.ts'
import { compareSides, type Side, type TableDifference } from './compare-sides.ts'
import { openOut, readLastCommit } from './status.ts'

/** Which commits are compared. */
export interface DiffQuery extends OutOptions {
  /** The number of the earlier commit; the one before `to` by default. */
  readonly from?: number
  /** The number of the later commit; the last one by default. */
  readonly to?: number
  /** One table or output; all by default. */
  readonly table?: string
}

/** What differs between two commits. */
export interface CommitDifference {
  readonly job: string
  readonly from: number
  readonly to: number
  /** Tables in the order of the job, then outputs; those without a difference as well. */
  readonly tables: readonly TableDifference[]
  /** Outputs that were not compared: the given job does not have them, or is not the one that made both commits. */
  readonly uncompared: readonly string[]
}

const QUERY = { out: true, from: true, to: true, table: true } satisfies OptionNames<DiffQuery>

/** Whether a table was left as it is between two commits, so that it need not be read. */
function isUntouched(before: CommitRecord, after: CommitRecord, name: string): boolean {
  const fileOf = ({ snapshot, through, rows }: TableState): string => `${snapshot?.sha256 ?? ''} ${through} ${rows}`
  const countOf = ({ inputs }: CommitRecord): string =>
    inputs.flatMap(({ table, unit, sha256 }) => (table === name ? `${unit} ${sha256}` : [])).join('\n')
  const [was, is] = [before.state[name], after.state[name]]
  if (was === undefined || is === undefined || fileOf(was) !== fileOf(is)) return false
  return before.tables[name]?.fingerprint === after.tables[name]?.fingerprint && countOf(before) === countOf(after)
}

const NO_ROWS: Frame = { columns: new Map(), rows: 0 }

function untouched(name: string, { key }: TableContract): TableDifference {
  const counts = { added: 0, removed: 0, changed: 0 }
  return { name, kind: 'table', key, ...counts, otherColumns: [], before: NO_ROWS, after: NO_ROWS }
}

/** A table that a commit does not have is one without rows. */
function withoutRows(frame: Frame): Frame {
  return takeRows(frame, new Int32Array(0))
}

/** The contract of a table, or derived table, as a commit stores it. */
function contractIn({ tables, derived = {} }: CommitRecord, name: string): TableContract | undefined {
  return (tables[name] ?? derived[name])?.contract
}

/** The tables and derived tables of a commit. */
function namesIn({ tables, derived = {} }: CommitRecord): readonly string[] {
  return [...Object.keys(tables), ...Object.keys(derived)]
}

/** The files of the days of a partitioned table in a commit, each by its day; none where the commit does not have it. */
function daysIn(job: Job, { inputs }: CommitRecord, name: string): ReadonlyMap<string, string> {
  const days = contractOf(job, name) === undefined ? [] : countingDays(job, rootOf(job, name), inputs)
  const fileOf = ({ stored, made }: InputRecord): string | undefined =>
    (Object.hasOwn(job.derived, name) ? made?.[name] : stored)?.sha256
  return new Map(days.map((day) => [day.unit, fileOf(day) ?? '']))
}

/** Compares a partitioned table day by day: a key is unique within its day, and days with one file are not read. */
async function compareDays(
  out: FileStore,
  { name, contract }: { readonly name: string; readonly contract: TableContract },
  records: readonly [CommitRecord, CommitRecord],
  effects: Effects,
): Promise<TableDifference> {
  const [before, after] = records.map((record) => {
    const job = jobOfRecord(record)
    const files = daysIn(job, record, name)
    const days = files.size === 0 ? [] : stateOf(out, job, record, effects).partitions(name)
    const load = async (day: string): Promise<Frame> =>
      (await days.find((found) => found.day === day)?.load()) ?? concatFrames([], contract)
    return { files, load, contract: contractIn(record, name) ?? contract }
  }) as [DayedSide, DayedSide]
  const all = [...new Set([...before.files.keys(), ...after.files.keys()])].sort()
  const changed = all.filter((day) => before.files.get(day) !== after.files.get(day))
  const [first, ...rest] = changed
  if (first === undefined) return untouched(name, contract)
  const compare = (day: string): Promise<TableDifference> => {
    const sideOf = ({ load, contract: form }: DayedSide): Side => ({ contract: form, load: () => load(day) })
    return compareSides({ name, kind: 'table' }, sideOf(before), sideOf(after))
  }
  let sum = await compare(first)
  for (const day of rest) {
    const next = await compare(day)
    sum = {
      ...sum,
      ...{ added: sum.added + next.added, removed: sum.removed + next.removed, changed: sum.changed + next.changed },
      before: concatFrames([sum.before, next.before], sharedForm(before.contract, next.before)),
      after: concatFrames([sum.after, next.after], sharedForm(after.contract, next.after)),
    }
  }
  return sum
}

/** A partitioned table of one commit. */
interface DayedSide {
  readonly files: ReadonlyMap<string, string>
  readonly contract: TableContract
  readonly load: (day: string) => Promise<Frame>
}

/** A contract with the columns of a frame alone. */
function sharedForm(contract: TableContract, { columns }: Frame): TableContract {
  const known = Object.entries(contract.columns).filter(([name]) => columns.has(name))
  return { ...contract, columns: Object.fromEntries(known) }
}

async function compareTable(
  out: FileStore,
  name: string,
  [before, after]: readonly [CommitRecord, CommitRecord],
  effects: Effects,
): Promise<TableDifference> {
  const contract = contractIn(after, name) ?? contractIn(before, name)
  if (contract !== undefined && isUntouched(before, after, name)) return untouched(name, contract)
  const sideOf = (record: CommitRecord): Side | null => {
    const contract = contractIn(record, name)
    if (contract === undefined) return null
    const state = stateOf(out, jobOfRecord(record), record, effects)
    return { contract, load: () => state.loadTable(name) }
  }
  if (contract !== undefined && [before, after].some(({ state }) => state[name]?.snapshot === null)) {
    return compareDays(out, { name, contract }, [before, after], effects)
  }
  const [was, is] = [sideOf(before), sideOf(after)]
  const empty = (side: Side): Side => ({ ...side, load: async () => withoutRows(await side.load()) })
  // one of them is there: the name comes from these two records
  const sides = [was ?? empty(is as Side), is ?? empty(was as Side)] as const
  return compareSides({ name, kind: 'table' }, ...sides)
}

function numbersOf({ from, to }: DiffQuery, last: number, location: string): readonly [number, number] {
  for (const [name, number] of Object.entries({ from, to })) {
    if (number === undefined) continue
    refuseUnless(Number.isInteger(number) && number >= 1, name, number, 'the number of a commit, from 1', PipelineError)
  }
  const later = to ?? last
  const earlier = from ?? later - 1
  if (earlier >= 1) return [earlier, later]
  throw new PipelineError('invalid_option', `${location} has nothing before commit ${later} that it could differ from`)
}

/** What helps where `gc` removed files of a commit. */
const COMPARE_OTHERS: readonly Advice[] = [
  'compare later commits',
  { option: 'table', value: "'NAME'", effect: 'compare one table whose files are still there' },
]

/** Compares two commits that the place has. */
async function compareCommits(
  out: FileStore,
  job: Job,
  [from, to]: readonly [from: number, to: number],
  wanted: string | undefined,
  effects: Effects,
): Promise<CommitDifference> {
  const records = [await readNumbered(out, from, effects), await readNumbered(out, to, effects)] as const
  const [before, after] = records
  const names = [...new Set([...namesIn(after), ...namesIn(before)])]
  const published = records.flatMap((record) => copiesOf(record).map(({ output }) => output))
  const outputs = [...new Set([...Object.keys(job.outputs), ...published])].filter((name) => !names.includes(name))
  if (wanted !== undefined && ![...names, ...outputs].includes(wanted)) {
    const known = [...names, ...outputs].join(', ')
    throw new PipelineError('invalid_option', `these commits have no table "${wanted}"; they have ${known}`)
  }
  const isWanted = (name: string): boolean => wanted === undefined || wanted === name
  const tables: TableDifference[] = []
  for (const name of names.filter(isWanted)) tables.push(await compareTable(out, name, records, effects))
  const isMade = records.every((record) => isMadeBy(record, job, effects))
  const uncompared: string[] = []
  for (const name of outputs.filter(isWanted)) {
    const output = Object.hasOwn(job.outputs, name) ? job.outputs[name] : undefined
    if (!isMade || output === undefined) {
      uncompared.push(name)
      continue
    }
    const { contract } = output
    const sideOf = (record: CommitRecord): Side => ({
      contract,
      load: () => stateOf(out, job, record, effects).loadOutput(name),
    })
    tables.push(await compareSides({ name, kind: 'output' }, sideOf(before), sideOf(after)))
  }
  return { job: after.job, from, to, tables, uncompared }
}

/**
 * Returns what differs between two commits: rows of every table by key, and rows of outputs where both commits were made by
 * this job. Tables need no code: `readLoggedJob` gives a job that reads those of any place.
 *
 * @throws PipelineError nothing_committed - there is no commit; invalid_option - there is no such commit or table;
 * commit_collected - `gc` removed files of a commit that the comparison needs; data_damaged - the data of a commit is not what
 * it was; log_damaged
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, diffCommits, extractsAndDeltas, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\nH2,South\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * await data.write('delta/halls_delta_202502.csv', [new TextEncoder().encode('id,name,action\nH1,Old hall,update\n')])
 * await runPipeline(job, { data, out })
 * const [table] = (await diffCommits(job, { out, from: 1, to: 2 })).tables
 * table?.changed // 1
 * table?.before.columns.get('name') // ['North']
 * table?.after.columns.get('name') // ['Old hall']
 */
export async function diffCommits(
  job: Job,
  query: DiffQuery = {},
  given: Partial<Effects> = {},
): Promise<CommitDifference> {
  refuseCall(job, query, QUERY)
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(query, effects)
  const { record: head } = await readLastCommit(out, effects)
  const [from, to] = numbersOf(query, head.number, out.location)
  const work = (): Promise<CommitDifference> => compareCommits(out, job, [from, to], query.table, effects)
  return readingKept(out, [from, to], head, effects, { advice: COMPARE_OTHERS, work })
}
