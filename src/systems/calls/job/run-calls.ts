/**
 * Runs the calls job on files that are named one by one, and writes the manifest of what it published.
 * @module
 */

import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { boundFiles } from '../../../connect/bound-files.ts'
import type { FileStore } from '../../../connect/file-store.ts'
import { PipelineError } from '../../../errors.ts'
import { type Effects, nodeEffects } from '../../../pipeline/effects.ts'
import type { Job } from '../../../pipeline/job/job.ts'
import { readShare } from '../../../pipeline/job/options.ts'
import { readHead } from '../../../pipeline/log/commit-log.ts'
import type { CommitRecord } from '../../../pipeline/log/commit-record.ts'
import { type Lock, takeLock } from '../../../pipeline/log/lock.ts'
import type { Note } from '../../../pipeline/plan/plan-notes.ts'
import { runPipeline } from '../../../pipeline/run.ts'
import { readFileBytes } from '../../../pipeline/sources/files/read-bytes.ts'
import { readState } from '../../../pipeline/state/committed-state.ts'
import { EMPTY_STATE, LoadedState } from '../../../pipeline/state/loaded-state.ts'
import type { Frame } from '../../../table/frame.ts'
import { rejectTable } from '../clean/call-rejects.ts'
import type { CleanCallsSummary } from '../clean/clean-call-frames.ts'
import type { CuratedCalls } from '../clean/curate-calls.ts'
import { DEFAULT_ZONE } from '../default-zone.ts'
import type { CallsManifest } from '../figures/manifest.ts'
import { callAgents, callFacts } from '../tables.ts'
import type { CallFiles, CallsFormats } from './calls-files.ts'
import {
  AGENTS,
  type CallsJobOptions,
  CURATED,
  callsJob,
  callsJobFor,
  curatedIn,
  type JobListener,
  LOGS,
} from './calls-job.ts'
import { refuseSameFiles } from './calls-refusals.ts'
import {
  bytesHash,
  contentHash,
  isFile,
  type ManifestEffects,
  makeManifest,
  type PlacedFile,
  pathOf,
  readIfPresent,
  readManifest,
  refuseNoFile,
  refuseOtherManifest,
  writeManifest,
} from './manifest-file.ts'
import { type Call, listen, type Met } from './run-listener.ts'

/** How a log is cleaned, and what happens to the calls already published. */
export interface CallsRunOptions {
  /** The zone of call_date and hour_of_day. Default 'UTC'. */
  readonly timeZone?: string
  /**
   * `append` adds the log to the ledger of the curated file; a call whose id exists already replaces the old one, and a log that
   * the ledger holds is not added again. `replace` begins a new ledger with the log. Default `replace`.
   */
  readonly existing?: 'replace' | 'append'
  /**
   * The share of rows, of the log and of the agents list, that may be refused. With more, and more
   * than 5 rows, nothing is published. Default 0.05; 1 allows all.
   */
  readonly maxQuarantined?: number
  /**
   * How the log (table `calls`) and the agents list (`call_agents`) are written, where the log is not JSON lines or an array with
   * ISO timestamps, or the list not CSV with commas. What `names` of an entry knows the log by is `log/NAME`.
   */
  readonly formats?: CallsFormats
}

/** What a run did. */
export interface CallsRun {
  /** `unchanged`: the same content was published already; neither file was written. */
  readonly outcome: 'written' | 'unchanged'
  readonly summary: CleanCallsSummary
  /** The refused rows, as `cleanCalls` gives them. */
  readonly rejects: Frame
  readonly manifest: CallsManifest
  /** What is worth knowing of the files as a whole, such as records that were mended as declared. */
  readonly notes: readonly Note[]
}

/** The effects of a run. */
export type CallsEffects = Effects & ManifestEffects

async function lastChange({ store, name }: PlacedFile): Promise<number | null> {
  const [entry] = await store.list(name)
  return entry?.changedAt ?? null
}

/**
 * Returns the effects on this machine. Where a place does not know when the content was written,
 * the file's last change counts.
 */
export function callsEffects(): CallsEffects {
  return { ...nodeEffects(), modifiedAt: lastChange }
}

/** The name of a log in the ledger: its own, beginning with a letter or digit, so that a curated file stands in front of it. */
function ledgerName({ name }: PlacedFile): string {
  const own = name.slice(name.lastIndexOf('/') + 1).replace(/[^\p{L}\p{N} ._()-]/gu, '_')
  const begin = own.search(/[\p{L}\p{N}]/u)
  return `${LOGS}${begin < 0 ? 'calls' : own.slice(begin)}`
}

/** Reads a log whose rows the ledger holds already: for what the caller is told of it. */
async function readAgain({ files: { calls }, share, effects }: Call, job: Job<CallsJobOptions>): Promise<void> {
  const { bytes } = await readFileBytes(calls.store, calls.name, effects)
  const { decodeParquet } = effects
  const source = job.tables[callFacts.name]?.source
  if (source?.law !== 'appended') throw new Error('the calls job appends its logs')
  const { format } = source
  const read = await format.read({ bytes, contract: callFacts, file: ledgerName(calls), decodeParquet })
  const refusal = await read.refusal?.({ mode: 'lenient', maxQuarantined: share })
  if (refusal) throw refusal
}

/** The curated table that a run made, or would have made. */
async function curatedOf({ files, effects }: Call, met: Met): Promise<CuratedCalls> {
  if (met.curated !== null) return met.curated
  const state = await readState(callsJob, { out: files.output.store }, effects)
  const loaded = new LoadedState(null, EMPTY_STATE, [])
  for (const name of [callFacts.name, callAgents.name]) loaded.setTable(name, await state.loadTable(name))
  return curatedIn(loaded, state.options.timeZone)
}

/** What lay there before a run. */
interface Standing {
  readonly head: CommitRecord | null
  /** Whether the ledger is that of the output: a place holds one, and another output has another. */
  readonly isOurs: boolean
  readonly manifest: CallsManifest | null
  /** Whether the curated file is the one that the manifest tells of. */
  readonly isIntact: boolean
}

/** The error for an output in a folder that belongs to another job. */
function otherJob({ store }: PlacedFile, job: string): PipelineError {
  return new PipelineError(
    'options_changed',
    `${store.location} holds the state of job "${job}", and a folder holds that of one job; name an output in another folder`,
  )
}

async function standingOf({ files, effects }: Call): Promise<Standing> {
  const { output } = files
  const head = (await readHead(output.store, effects))?.record ?? null
  if (head !== null && head.job !== callsJob.name) throw otherJob(output, head.job)
  const isOurs = head?.options.names?.[CURATED] === output.name
  const manifest = await readManifest(files.manifest)
  const bytes = manifest === null ? null : await readIfPresent(output)
  const isIntact = bytes !== null && manifest?.path === pathOf(output) && bytesHash(bytes, effects) === manifest.sha256
  return { head, isOurs, manifest, isIntact }
}

/** The source place of a run: the agents list, the log, and in front of it a curated file that has no ledger yet. */
async function sourceOf({ files, existing }: Call, { isOurs }: Standing): Promise<FileStore> {
  const { calls, agents, output } = files
  const isAdopted = existing === 'append' && !isOurs && (await isFile(output))
  return boundFiles({
    [AGENTS]: agents,
    ...(isAdopted && { [`${LOGS}(published) ${output.name}`]: output }),
    [ledgerName(calls)]: calls,
  })
}

/** The job, with its files written as declared. */
async function declaredJob({ formats }: Call, listener: JobListener): Promise<Job<CallsJobOptions>> {
  const job = callsJobFor(listener)
  if (formats === undefined) return job
  // loaded for those who declare something
  const { withDeclaredFormats } = await import('../../../pipeline/declared/index.ts')
  const { declaration = { file: 'formats', tables: {} }, overrides = {} } = formats
  // the options of a job are not its files'
  return withDeclaredFormats(job, declaration, overrides) as Job<CallsJobOptions>
}

/** The notes that a reader of CSV gives. */
const FILE_NOTES: ReadonlySet<string> = new Set([
  ...['separator_line', 'column_unnamed', 'column_dropped', 'record_padded', 'quote_kept'],
  'file_empty',
])

/** Runs the job under the lock, and writes the manifest where the curated file or what it tells of it is another one. */
async function runLocked(call: Call, lock: Lock): Promise<CallsRun> {
  const { files, timeZone, existing, share, effects } = call
  const { output } = files
  const standing = await standingOf(call)
  const { met, listener } = listen(call, standing.isOurs ? standing.head : null)
  const job = await declaredJob(call, listener)
  const { published, notes: told } = await runPipeline(
    job,
    {
      ...{ data: await sourceOf(call, standing), out: output.store, timeZone, maxQuarantined: share },
      ...{ format: 'parquet', publish: [CURATED], names: { [CURATED]: output.name }, overwrite: [CURATED] },
      apply: existing === 'append' && standing.isOurs ? 'pending' : 'replace',
      // the list is kept by hand, and what it lacks is Unknown
      acceptWithdrawals: [callAgents.name],
    },
    { ...effects, lock },
  )
  if (met.log === null) await readAgain(call, job)
  const curated = await curatedOf(call, met)
  const summary = summaryOf(call, met, standing, curated)
  warnOfAgents(files.agents, summary, effects)
  const rejects = met.log?.rejects ?? rejectTable([])
  const notes = told.filter(({ code }) => FILE_NOTES.has(code))
  const isWritten = published.some((copy) => copy.isWritten) && !(standing.isIntact && standing.head === null)
  const record = (await readHead(output.store, effects))?.record
  const copy = record?.published.find((file) => file.output === CURATED)
  if (copy === undefined) throw new Error('a run that succeeded has published the curated file')
  const { manifest: known } = standing
  if (!isWritten && known !== null && known.path === pathOf(output) && known.sha256 === copy.sha256) {
    return { outcome: 'unchanged', summary, rejects, manifest: known, notes }
  }
  const hash = contentHash(curated.calls, effects)
  const manifest = await makeManifest(output, copy, { frame: curated.calls, hash, timeZone }, effects)
  await writeManifest(files.manifest, manifest)
  return { outcome: 'written', summary, rejects, manifest, notes }
}

/** The counts of a log without rows. */
const NOTHING = { rows: 0, kept: 0, rejected: 0, rejected_by_reason: {}, replaced: 0, unreadable_ratings: 0 } as const

/** The counts of a run; those of an append are of all calls. */
function summaryOf({ existing }: Call, met: Met, { head, isOurs }: Standing, curated: CuratedCalls): CleanCallsSummary {
  const cleaned = met.log?.summary ?? NOTHING
  const before = (isOurs ? head?.state[callFacts.name]?.rows : met.adopted?.rows) ?? 0
  const kept = curated.calls.rows
  const replaced = cleaned.replaced + (existing === 'append' ? before + cleaned.kept - kept : 0)
  return { ...cleaned, kept, replaced, unknown_agents: curated.unknown }
}

/**
 * Cleans a call log and publishes the curated Parquet file, then its manifest, each entirely or
 * not at all. A reader that finds a new manifest also finds its data; a killed run leaves the old
 * files, or is ended by the next one. A run with the same content writes neither file; it rewrites
 * a manifest that is missing or damaged. The output's folder keeps the ledger of what was applied,
 * below `.support-etl`, and is locked by a run.
 *
 * @throws ContractError column_missing, dimension_duplicate_key, time_zone_unknown - as `cleanCalls`
 * @throws FormatError json_invalid, empty_file … - a file is damaged as a whole, or has no rows
 * @throws PipelineError too_many_quarantined - more rows are refused than `maxQuarantined` allows,
 *   or all rows where calls are published already; the file of rejects is written anyway
 * @throws PipelineError lock_held - another run is working in the output's folder
 * @throws PipelineError options_changed - the output's folder holds the state of another job
 * @throws PipelineError log_damaged, data_damaged - the ledger is not what it was
 * @throws ConnectError path_invalid - two of the files are the same, or the manifest belongs to
 *   another file
 * @throws ConnectError not_found, permission_denied, disk_full, io_failed - a place cannot read or
 *   write
 * @example
 * const store = memoryStore()
 * const write = (name, text) => store.write(name, [new TextEncoder().encode(text)])
 * await write('calls.json', '{"call_id":"c1","agent_id":"A1","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T10:07:07Z","issue_type":"billing","resolution":"resolved"}')
 * await write('agents.csv', 'agent_id,name,region\nA1,Ada,North\n')
 * const files = {
 *   calls: { store, name: 'calls.json' },
 *   agents: { store, name: 'agents.csv' },
 *   output: { store, name: 'cleaned_calls.parquet' },
 *   manifest: { store, name: 'manifest.json' },
 * }
 * const { outcome, summary } = await runCalls(files)
 * outcome // 'written'
 * summary.kept // 1
 * const again = await runCalls(files)
 * again.outcome // 'unchanged'
 */
export async function runCalls(
  files: CallFiles,
  options: CallsRunOptions = {},
  overrides: Partial<CallsEffects> = {},
): Promise<CallsRun> {
  const given = isRecord(files) ? files : ({} as Partial<CallFiles>)
  for (const name of ['calls', 'agents', 'output', 'manifest'] as const) refuseNoFile(given[name], `files.${name}`)
  if (files.rejects !== undefined) refuseNoFile(files.rejects, 'files.rejects')
  refuseUnknown(options, {
    timeZone: true,
    existing: true,
    maxQuarantined: true,
    formats: true,
  } satisfies OptionNames<CallsRunOptions>)
  refuseSameFiles(files)
  const effects: CallsEffects = { ...callsEffects(), ...overrides }
  const { timeZone = DEFAULT_ZONE, existing = 'replace', formats } = options
  refuseUnless(existing === 'replace' || existing === 'append', 'existing', existing, '"replace" or "append"')
  const share = readShare(options.maxQuarantined ?? 0.05)
  await refuseOtherManifest(files, effects)
  const lock = await takeLock(files.output.store, effects.newRunId(), effects)
  try {
    return await runLocked({ files, timeZone, existing, share, effects, formats }, lock)
  } finally {
    await lock.release()
  }
}

/** Warns about an agents list that has no agent of any call: it is probably another team's. */
function warnOfAgents(
  agents: PlacedFile,
  { kept, unknown_agents: unknown }: CleanCallsSummary,
  { logger }: Effects,
): void {
  if (kept === 0 || unknown < kept) return
  logger.warn(`no agent of any call is in ${pathOf(agents)}: every call has the agent "Unknown"; check the list`)
}
