/**
 * The calls job: a call log and an agents list in, the curated Parquet file and its manifest out.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { readByCsvParse } from '../../../format/csv/read/fallback.ts'
import { csvReader } from '../../../format/csv/read/reader.ts'
import { csvChunks } from '../../../format/csv/write/write.ts'
import { jsonChunks } from '../../../format/json/write.ts'
import { parquetBytes, parquetFrame } from '../../../format/parquet/parquet.ts'
import { readWhole } from '../../../pipeline/data-files.ts'
import { type Effects, nodeEffects } from '../../../pipeline/effects.ts'
import { takeLock } from '../../../pipeline/lock.ts'
import { NumberColumn } from '../../../table/column.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import { appendCallFrames } from '../clean/append-calls.ts'
import {
  type CleanCallsOptions,
  type CleanCallsSummary,
  type CleanedCalls,
  cleanCallFrames,
} from '../clean/call-cleaning.ts'
import { type CallsManifest, manifestHash } from '../figures/manifest.ts'
import { curatedCalls } from '../tables.ts'
import { readCallLog } from './call-log-reader.ts'
import {
  bytesHash,
  contentHash,
  type ManifestEffects,
  makeManifest,
  type PlacedFile,
  pathOf,
  readIfPresent,
  readManifest,
} from './manifest-file.ts'
import { recordLines } from './record-lines.ts'

/** The files of a run. */
export interface CallFiles {
  readonly calls: PlacedFile
  readonly agents: PlacedFile
  readonly output: PlacedFile
  readonly manifest: PlacedFile
  /** Where refused rows are written, as CSV or as JSON lines by its name; nowhere unless given. */
  readonly rejects?: PlacedFile
}

/** How a log is cleaned, and what becomes of the calls that are there. */
export interface CallsRunOptions {
  /** The zone of call_date and hour_of_day. Default 'UTC'. */
  readonly timeZone?: string
  /** `append` adds the log to the calls that are there; one that comes again replaces the old one. Default `replace`. */
  readonly existing?: 'replace' | 'append'
}

/** What a run did. */
export interface CallsRun {
  /** `unchanged`: the same content was there already, and neither file was touched. */
  readonly outcome: 'written' | 'unchanged'
  readonly summary: CleanCallsSummary
  /** The refused rows, as `cleanCalls` gives them. */
  readonly rejects: Frame
  readonly manifest: CallsManifest
}

/** The world of a run. */
export type CallsEffects = Effects & ManifestEffects

async function lastChange({ store, name }: PlacedFile): Promise<number | null> {
  const [entry] = await store.list(name)
  return entry?.changedAt ?? null
}

/** Returns the world as it is; where a place cannot tell when a content was written, it is when the file last changed. */
export function callsEffects(): CallsEffects {
  return { ...nodeEffects(), modifiedAt: lastChange }
}

function readAgents(bytes: Uint8Array, file: string): Frame {
  const reader = csvReader({ file, expectedBytes: bytes.length, foreign: readByCsvParse })
  reader.push(bytes)
  const { frame, records } = reader.end()
  const lines = recordLines(bytes)
  const numbers = Int32Array.from({ length: frame.rows }, (_, row) => lines[(records?.[row] ?? row + 1) - 1] ?? row + 2)
  return withColumns(frame, [['_line', new NumberColumn('int32', numbers)]])
}

interface ReadCalls {
  readonly cleaned: CleanedCalls<Frame>
  readonly agents: Frame
  readonly options: CleanCallsOptions
}

/** The cleaned log together with the calls that are there already, if any. */
async function appended(
  { cleaned, agents, options }: ReadCalls,
  output: PlacedFile,
  { decodeParquet: decode }: CallsEffects,
): Promise<CleanedCalls<Frame>> {
  const bytes = await readIfPresent(output)
  if (bytes === null) return cleaned
  const curated = await parquetFrame(bytes, { file: pathOf(output), decode })
  const { calls, unknown } = appendCallFrames(curated, cleaned.calls, agents, options)
  const replaced = cleaned.summary.replaced + curated.rows + cleaned.calls.rows - calls.rows
  return { ...cleaned, calls, summary: { ...cleaned.summary, kept: calls.rows, replaced, unknown_agents: unknown } }
}

async function readAndClean(files: CallFiles, timeZone: string): Promise<ReadCalls> {
  const [callsFile, agentsFile] = [pathOf(files.calls), pathOf(files.agents)]
  const agents = readAgents(await readWhole(files.agents.store, files.agents.name), agentsFile)
  const { log, refused } = readCallLog(await readWhole(files.calls.store, files.calls.name), callsFile)
  const options = { timeZone, refused, files: { calls: callsFile, agents: agentsFile } }
  return { cleaned: cleanCallFrames(log, agents, options), agents, options }
}

async function writeRejects({ store, name }: PlacedFile, rejects: Frame): Promise<void> {
  await store.write(
    name,
    name.endsWith('.csv') ? csvChunks(rejects, { formulas: 'escape' }) : jsonChunks(rejects, { layout: 'lines' }),
  )
}

/** The manifest that is there, when it and the file it tells of are what this run would write. */
async function standing(files: CallFiles, hash: string, effects: CallsEffects): Promise<CallsManifest | null> {
  const manifest = await readManifest(files.manifest)
  if (manifest === null || manifestHash(manifest) !== hash || manifest.path !== pathOf(files.output)) return null
  const bytes = await readIfPresent(files.output)
  return bytes !== null && bytesHash(bytes, effects) === manifest.sha256 ? manifest : null
}

/**
 * Cleans a call log and publishes the curated Parquet file, then its manifest, each whole or not at all: a reader that finds
 * a new manifest finds its data, and a run that was killed leaves what was there. The same content again touches nothing;
 * a manifest that is missing or damaged is made anew. One run at a time holds the output's folder.
 *
 * @throws ContractError column_missing, dimension_duplicate_key, time_zone_unknown - as `cleanCalls`
 * @throws FormatError json_invalid, empty_file … - a file is damaged as a whole
 * @throws PipelineError lock_held - another run is at work on the output's folder
 * @throws ConnectError not_found, permission_denied, disk_full, io_failed - a place cannot be read or written
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
  given: Partial<CallsEffects> = {},
): Promise<CallsRun> {
  const { calls, agents, output, manifest } = isRecord(files) ? files : ({} as Partial<CallFiles>)
  const areThere = [calls, agents, output, manifest].every((file) => isRecord(file) && isRecord(file.store))
  refuseUnless(areThere, 'files', files, '{ calls, agents, output, manifest }, each { store, name }')
  refuseUnknown(options, { timeZone: true, existing: true } satisfies OptionNames<CallsRunOptions>)
  const effects: CallsEffects = { ...callsEffects(), ...given }
  const { timeZone = 'UTC', existing = 'replace' } = options
  const read = await readAndClean(files, timeZone)
  const lock = await takeLock(files.output.store, effects.newRunId(), effects)
  try {
    const { calls, rejects, summary } =
      existing === 'append' ? await appended(read, files.output, effects) : read.cleaned
    const hash = contentHash(calls, effects)
    if (files.rejects !== undefined) await writeRejects(files.rejects, rejects)
    const known = await standing(files, hash, effects)
    if (known !== null) return { outcome: 'unchanged', summary, rejects, manifest: known }
    const bytes = await parquetBytes(calls, { contract: curatedCalls })
    await files.output.store.write(files.output.name, [bytes])
    const manifest = await makeManifest(files.output, bytes, { frame: calls, hash, timeZone }, effects)
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await files.manifest.store.write(files.manifest.name, [new TextEncoder().encode(text)])
    return { outcome: 'written', summary, rejects, manifest }
  } finally {
    await lock.release()
  }
}
