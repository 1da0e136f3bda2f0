/**
 * The calls job: reads a call log and an agents list, publishes the curated Parquet file and its
 * manifest.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { ContractError, FormatError, type PipelineError } from '../../../errors.ts'
import { csvChunks } from '../../../format/csv/write/write.ts'
import { jsonChunks } from '../../../format/json/write.ts'
import { parquetBytes, parquetFrame } from '../../../format/parquet/parquet.ts'
import { type Effects, nodeEffects } from '../../../pipeline/effects.ts'
import { takeLock } from '../../../pipeline/log/lock.ts'
import { readShare } from '../../../pipeline/options.ts'
import type { Frame } from '../../../table/frame.ts'
import { appendCallFrames } from '../clean/append-calls.ts'
import {
  type CleanCallsOptions,
  type CleanCallsSummary,
  type CleanedCalls,
  cleanCallFrames,
} from '../clean/call-cleaning.ts'
import { rejectTable } from '../clean/call-rejects.ts'
import { CALL_FACTS } from '../clean/curate-calls.ts'
import { type CallsManifest, manifestHash } from '../figures/manifest.ts'
import { curatedCalls } from '../tables.ts'
import { type CallFiles, readAgents, readCallLog } from './calls-files.ts'
import { refuseAgents, refuseAll, refuseLog, refuseSameFiles } from './calls-refusals.ts'
import {
  bytesHash,
  contentHash,
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

/** How a log is cleaned, and what happens to the calls already published. */
export interface CallsRunOptions {
  /** The zone of call_date and hour_of_day. Default 'UTC'. */
  readonly timeZone?: string
  /**
   * `append` adds the log to the published calls; a call whose id exists already replaces the old
   * one. Default `replace`.
   */
  readonly existing?: 'replace' | 'append'
  /**
   * The share of rows, of the log and of the agents list, that may be refused. With more, and more
   * than 5 rows, nothing is published. Default 0.05; 1 allows all.
   */
  readonly maxQuarantined?: number
}

/** What a run did. */
export interface CallsRun {
  /** `unchanged`: the same content was published already; neither file was written. */
  readonly outcome: 'written' | 'unchanged'
  readonly summary: CleanCallsSummary
  /** The refused rows, as `cleanCalls` gives them. */
  readonly rejects: Frame
  readonly manifest: CallsManifest
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

interface ReadCalls {
  readonly cleaned: CleanedCalls<Frame>
  readonly agents: Frame
  readonly options: CleanCallsOptions
}

/** The table in a curated file; null if the file does not exist. */
async function readPublished(output: PlacedFile, { decodeParquet: decode }: CallsEffects): Promise<Frame | null> {
  const bytes = await readIfPresent(output)
  return bytes === null ? null : parquetFrame(bytes, { file: pathOf(output), decode })
}

/** Refuses a table that is not curated calls. @throws ContractError column_missing */
function refuseNoCalls(table: Frame, file: string): void {
  const missing = CALL_FACTS.find((name) => !table.columns.has(name))
  if (missing === undefined) return
  throw new ContractError(
    'column_missing',
    `${file} has no column "${missing}": it is not a file of curated calls, so calls cannot be added to it; name another file as the output`,
    { details: { file, column: missing } },
  )
}

/** The cleaned log, appended to the published calls if there are any. */
async function appended(
  { cleaned, agents, options }: ReadCalls,
  output: PlacedFile,
  effects: CallsEffects,
): Promise<CleanedCalls<Frame>> {
  const curated = await readPublished(output, effects).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error
    const message = `${error.message}; calls can only be added to a whole file: restore it, or clean all logs into a new one`
    throw new FormatError(error.code, message, { cause: error, details: error.details })
  })
  if (curated === null) return cleaned
  refuseNoCalls(curated, pathOf(output))
  const { calls, unknown } = appendCallFrames(curated, cleaned.calls, agents, options)
  const replaced = cleaned.summary.replaced + curated.rows + cleaned.calls.rows - calls.rows
  return { ...cleaned, calls, summary: { ...cleaned.summary, kept: calls.rows, replaced, unknown_agents: unknown } }
}

/** The result of reading: the refused rows, and the calls unless too many rows are refused. */
interface Reading {
  readonly rejects: Frame
  readonly read: ReadCalls | PipelineError
}

async function readAndClean(files: CallFiles, timeZone: string, share: number): Promise<Reading> {
  const agents = await readAgents(files.agents)
  refuseAgents(files.agents, agents, share)
  const { log, refused } = await readCallLog(files.calls)
  const unread = rejectTable(refused)
  // a log without one row has no columns to clean
  if (log.rows === 0) return { rejects: unread, read: refuseAll(files, unread) }
  const early = refuseLog(files, unread, log.rows + refused.length, share)
  if (early !== null) return { rejects: unread, read: early }
  const options = { timeZone, refused, files: { calls: pathOf(files.calls), agents: pathOf(files.agents) } }
  const cleaned = cleanCallFrames(log, agents, options)
  const { rejects, summary } = cleaned
  return { rejects, read: refuseLog(files, rejects, summary.rows, share) ?? { cleaned, agents, options } }
}

/** Refuses to put an empty file where calls are. @throws PipelineError too_many_quarantined */
async function refuseEmptied(files: CallFiles, rejects: Frame, effects: CallsEffects): Promise<void> {
  const { output } = files
  const published = await readPublished(output, effects).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error
    // a damaged file has no calls to lose
    return null
  })
  const rows = published?.rows ?? 0
  if (rows === 0) return
  throw refuseAll(files, rejects, [`remove ${pathOf(output)}, which keeps its ${rows} calls, if they are to go`])
}

async function writeRejects({ store, name }: PlacedFile, rejects: Frame): Promise<void> {
  await store.write(
    name,
    name.endsWith('.csv') ? csvChunks(rejects, { formulas: 'escape' }) : jsonChunks(rejects, { layout: 'lines' }),
  )
}

/** The current manifest, if it and its file are already what this run would write. */
async function currentManifest(files: CallFiles, hash: string, effects: CallsEffects): Promise<CallsManifest | null> {
  const manifest = await readManifest(files.manifest)
  if (manifest === null || manifestHash(manifest) !== hash || manifest.path !== pathOf(files.output)) return null
  const bytes = await readIfPresent(files.output)
  return bytes !== null && bytesHash(bytes, effects) === manifest.sha256 ? manifest : null
}

/**
 * Cleans a call log and publishes the curated Parquet file, then its manifest, each entirely or
 * not at all. A reader that finds a new manifest also finds its data; a killed run leaves the old
 * files. A run with the same content writes neither file; it rewrites a manifest that is missing
 * or damaged. The run locks the output's folder, so that only one run works there at a time.
 *
 * @throws ContractError column_missing, dimension_duplicate_key, time_zone_unknown - as `cleanCalls`
 * @throws FormatError json_invalid, empty_file … - a file is damaged as a whole, or has no rows
 * @throws PipelineError too_many_quarantined - more rows are refused than `maxQuarantined` allows,
 *   or all rows where calls are published already; the file of rejects is written anyway
 * @throws PipelineError lock_held - another run is working in the output's folder
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
  } satisfies OptionNames<CallsRunOptions>)
  refuseSameFiles(files)
  const effects: CallsEffects = { ...callsEffects(), ...overrides }
  const { timeZone = 'UTC', existing = 'replace' } = options
  refuseUnless(existing === 'replace' || existing === 'append', 'existing', existing, '"replace" or "append"')
  const share = readShare(options.maxQuarantined ?? 0.05)
  const { rejects, read } = await readAndClean(files, timeZone, share)
  // also for a refused log: the rejects say what to correct
  if (files.rejects !== undefined) await writeRejects(files.rejects, rejects)
  if (read instanceof Error) throw read
  const lock = await takeLock(files.output.store, effects.newRunId(), effects)
  try {
    if (existing === 'replace' && read.cleaned.calls.rows === 0 && share < 1) {
      await refuseEmptied(files, rejects, effects)
    }
    const { calls, summary } = existing === 'append' ? await appended(read, files.output, effects) : read.cleaned
    warnOfAgents(files.agents, summary, effects)
    const hash = contentHash(calls, effects)
    await refuseOtherManifest(files, effects)
    const known = await currentManifest(files, hash, effects)
    if (known !== null) return { outcome: 'unchanged', summary, rejects, manifest: known }
    const bytes = await parquetBytes(calls, { contract: curatedCalls })
    await files.output.store.write(files.output.name, [bytes])
    const manifest = await makeManifest(files.output, bytes, { frame: calls, hash, timeZone }, effects)
    await writeManifest(files.manifest, manifest)
    return { outcome: 'written', summary, rejects, manifest }
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
