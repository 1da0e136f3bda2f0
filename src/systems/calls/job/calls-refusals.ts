/**
 * Decides when the calls job refuses an input as a whole: a mostly unreadable file must not
 * replace published calls.
 * @module
 */
import { type Advice, ConnectError, ContractError, FormatError, PipelineError } from '../../../errors.ts'
import { TOLERATED_ROWS } from '../../../pipeline/quarantine.ts'
import type { Frame } from '../../../table/frame.ts'
import { namelessAgents } from '../clean/call-agents.ts'
import { AGENT_ALIASES, requireColumn } from '../clean/call-columns.ts'
import { CALL_REJECT_REASONS, type CallRejectReason } from '../clean/call-rejects.ts'
import { CALL_FACTS } from '../clean/curate-calls.ts'
import type { CallFiles } from './calls-files.ts'
import { type PlacedFile, pathOf } from './manifest-file.ts'

/** A message lists at most this many lines per reason. */
const SHOWN_LINES = 6
/** A message lists at most this many reasons. */
const SHOWN_REASONS = 3

/** The number of rows refused for one reason, and their first lines. */
export interface RejectCount {
  readonly reason: CallRejectReason
  readonly rows: number
  readonly lines: readonly number[]
}

/** Returns each reason in a table of rejects with its rows, the most frequent first. */
export function countRejects(rejects: Frame): RejectCount[] {
  const [reasons, lines] = [rejects.columns.get('reason'), rejects.columns.get('line')]
  const counts = new Map<CallRejectReason, { rows: number; lines: number[] }>()
  for (let row = 0; row < rejects.rows; row++) {
    // `rejectTable` writes only these reasons
    const reason = reasons?.at(row) as CallRejectReason
    const count = counts.get(reason) ?? { rows: 0, lines: [] }
    counts.set(reason, count)
    count.rows++
    if (count.lines.length < SHOWN_LINES) count.lines.push(Number(lines?.at(row)))
  }
  return [...counts].map(([reason, count]) => ({ reason, ...count })).sort((a, b) => b.rows - a.rows)
}

/**
 * Returns `lines 1, 2, 3 and 40 more`: `lines` are the first ones, `rows` is how many there are in
 * all.
 */
export function linesText(lines: readonly number[], rows: number): string {
  const more = rows > lines.length ? ` and ${rows - lines.length} more` : ''
  return `${rows === 1 ? 'line' : 'lines'} ${lines.slice(0, SHOWN_LINES).join(', ')}${more}`
}

interface BadRows {
  readonly file: string
  /** Rows of the file. */
  readonly rows: number
  readonly bad: number
  readonly what: string
  readonly why: string
  readonly advice: readonly Advice[]
  readonly details: Readonly<Record<string, unknown>>
}

/** What lets a run leave the bad rows out: the least whole percentage. */
function leavingOut(bad: number, rows: number): Advice {
  let percent = Math.floor((bad / rows) * 100)
  // as the run compares them: a product of doubles may lie a little below
  while (bad > rows * (percent / 100)) percent++
  const effect = 'leave them out and publish the others'
  return { option: 'maxQuarantined', value: String(percent / 100), typed: `${percent}%`, effect }
}

/** What messages call a log, and the file that lists its refused rows where there is one. */
export interface LogPaths {
  readonly calls: string
  readonly rejects?: string | undefined
}

/** Where all refused rows can be looked at. */
function listing(rejects: string | undefined): Advice {
  if (rejects === undefined) return { option: 'rejects', typed: 'FILE', effect: 'list all refused rows' }
  return `look at ${rejects}, which lists all refused rows`
}

/** The error for a file of which more than the share is bad, and more than 5 rows; null for another. */
function tooMany({ file, rows, bad, what, why, advice, details }: BadRows, share: number): PipelineError | null {
  if (bad <= TOLERATED_ROWS || bad <= rows * share) return null
  const percent = Number((share * 100).toFixed(2))
  return new PipelineError(
    'too_many_quarantined',
    `${file}: ${bad} of ${rows} rows ${what}, more than ${percent} %: ${why}. Nothing was published`,
    {
      advice: ['correct the file', ...advice, leavingOut(bad, rows)],
      details: { file, rows, rejected: bad, ...details },
    },
  )
}

function reasonsText(reasons: readonly RejectCount[]): string {
  const named = reasons.slice(0, SHOWN_REASONS).map(
    ({ reason, rows, lines }) =>
      // a reason's expectation tells more than its code
      `${rows} without ${CALL_REJECT_REASONS[reason]} (${reason}; ${linesText(lines, rows)})`,
  )
  return named.join(', ') + (reasons.length > SHOWN_REASONS ? ', and other reasons' : '')
}

/** Returns the error for a log of which too many rows are refused, null for another. */
export function refuseLog(files: LogPaths, rejects: Frame, rows: number, share: number): PipelineError | null {
  const { calls: file } = files
  const reasons = countRejects(rejects)
  const why = reasonsText(reasons)
  const counted = {
    file,
    rows,
    bad: rejects.rows,
    what: 'cannot be used',
    why,
    advice: [listing(files.rejects)],
    details: { reasons },
  }
  const error = tooMany(counted, share)
  // to allow all would publish nothing
  return error !== null && rejects.rows === rows ? refuseAll(files, rejects) : error
}

/** Returns the error for a log of which every row is refused; `lost` says what else would be lost. */
export function refuseAll(files: LogPaths, rejects: Frame, lost: readonly Advice[] = []): PipelineError {
  const { calls: file } = files
  const reasons = countRejects(rejects)
  const none = rejects.rows === 1 ? 'its only row cannot' : `none of its ${rejects.rows} rows can`
  return new PipelineError(
    'too_many_quarantined',
    `${file}: ${none} be used: ${reasonsText(reasons)}. Nothing was published`,
    {
      advice: ['correct the file', listing(files.rejects), ...lost],
      details: { file, rows: rejects.rows, rejected: rejects.rows, reasons },
    },
  )
}

/**
 * Returns the rows of an agents list that name no agent.
 * @throws ContractError column_missing - the list has no column agent_id
 * @throws FormatError empty_file - the list names no agent
 */
export function namelessAgentsIn(agents: Frame, path: string): readonly number[] {
  requireColumn(agents, AGENT_ALIASES.agent_id, path)
  const nameless = namelessAgents(agents)
  if (nameless.length < agents.rows) return nameless
  throw new FormatError(
    'empty_file',
    `${path} has no agent, so every call would have the agent "Unknown"; expected rows with an agent_id`,
  )
}

/** The rows of an agents list that cannot be used. */
interface UselessAgents {
  readonly path: string
  readonly lines: readonly number[]
  /** Rows of the list. */
  readonly rows: number
  readonly what: string
}

/** Returns the error for an agents list of which more rows cannot be used than the share allows, null for another. */
export function refuseAgents({ path, lines, rows, what }: UselessAgents, share: number): PipelineError | null {
  const why = linesText(lines, lines.length)
  return tooMany({ file: path, rows, bad: lines.length, what, why, advice: [], details: {} }, share)
}

/** Refuses a table that is not curated calls. @throws ContractError column_missing */
export function refuseNoCalls(table: Frame, file: string): void {
  const missing = CALL_FACTS.find((name) => !table.columns.has(name))
  if (missing === undefined) return
  throw new ContractError(
    'column_missing',
    `${file} has no column "${missing}": it is not a file of curated calls, so calls cannot be added to it; name another file as the output`,
    { details: { file, column: missing } },
  )
}

/** Compares the stores as well: two memory stores can have the same location. */
const isOnePlace = (one: PlacedFile, other: PlacedFile) =>
  one.store === other.store || (one.store.location === other.store.location && one.store.location !== 'memory')

/**
 * Refuses a run that would overwrite one of its own input files.
 * @throws ConnectError path_invalid - two of the files are the same
 */
export function refuseSameFiles(files: CallFiles): void {
  const seen: [name: string, file: PlacedFile][] = []
  for (const name of ['calls', 'agents', 'output', 'manifest', 'rejects'] as const) {
    const file = files[name]
    if (file === undefined) continue
    const same = seen.find(([, other]) => other.name === file.name && isOnePlace(other, file))
    if (same !== undefined) throw sameFile(same[0], name, pathOf(file))
    seen.push([name, file])
  }
}

/** Returns the error for a run that names one file twice. */
export function sameFile(first: string, second: string, path: string): ConnectError {
  return new ConnectError(
    'path_invalid',
    `${first} and ${second} are the same file, ${path}, which would be lost; give each its own`,
  )
}
