/**
 * What the pages read: the curated calls with their manifest, and a snapshot of the monthly job's state.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { EtlError } from '../errors.ts'
import { parquetFrame } from '../format/parquet/parquet.ts'
import type { Effects } from '../pipeline/effects.ts'
import { readState } from '../pipeline/state/committed-state.ts'
import type { CallsManifest } from '../systems/calls/figures/manifest.ts'
import {
  bytesHash,
  contentHash,
  type ManifestEffects,
  makeManifest,
  type PlacedFile,
  pathOf,
  readIfPresent,
  readManifest,
} from '../systems/calls/job/manifest-file.ts'
import { callMonthsOf } from '../systems/support/figures/answers.ts'
import { centerCallMonths } from '../systems/support/figures/call-times.ts'
import { supportJob } from '../systems/support/job.ts'
import type { ReportRow, SupportSnapshot } from '../systems/support/page/snapshot.ts'
import type { Column } from '../table/column.ts'
import type { Frame } from '../table/frame.ts'

/** Where the pages' data comes from. */
export interface DashboardSources {
  readonly calls: PlacedFile
  readonly manifest: PlacedFile
  /** The folder of the monthly job. */
  readonly out: FileStore
}

/** The files that the pages fetch, by name; null where a file does not exist. */
export interface DashboardData {
  readonly names: readonly string[]
  read(name: string): Promise<Uint8Array | null>
}

/** The effects that the dashboard needs. */
export type DashboardEffects = Effects & ManifestEffects

const encode = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

/**
 * Returns a function that gives the calls' manifest: the file's own, or one computed from the
 * curated file if the manifest is missing or describes other bytes.
 */
function manifestReader(
  { calls, manifest }: DashboardSources,
  effects: DashboardEffects,
): () => Promise<CallsManifest | null> {
  // pages ask every few seconds: do not decode the same bytes again
  let made: CallsManifest | null = null
  return async () => {
    const [entry] = await calls.store.list(calls.name)
    if (entry === undefined || entry.name !== calls.name) return null
    const own = await readManifest(manifest)
    if (own !== null && own.file_size === entry.size) return own
    const bytes = await readIfPresent(calls)
    if (bytes === null) return null
    const sha256 = bytesHash(bytes, effects)
    if (made?.sha256 === sha256) return made
    const frame = await parquetFrame(bytes, { file: pathOf(calls), decode: effects.decodeParquet })
    const content = { frame, hash: contentHash(frame, effects), timeZone: 'UTC' }
    made = await makeManifest(calls, { bytes: bytes.length, sha256 }, content, effects)
    return made
  }
}

function rowsOf(frame: Frame): Record<string, unknown>[] {
  const columns: [string, Column][] = [...frame.columns]
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])),
  )
}

/** Returns the committed state for the page, or null before the first commit. */
async function snapshotOf(out: FileStore, effects: DashboardEffects): Promise<SupportSnapshot | null> {
  try {
    const state = await readState(supportJob, { out }, effects)
    const [interactions, centers] = [await state.loadTable('interactions'), await state.loadTable('contact_centers')]
    return {
      commit: state.commit,
      committed_at: state.committedAt,
      time_zone: state.options.timeZone,
      month_from: state.options.monthFrom,
      // the job itself wrote these columns
      report: rowsOf(await state.loadOutput('support_report')) as unknown as ReportRow[],
      calls: callMonthsOf(centerCallMonths(interactions, centers, state.options)),
    }
  } catch (error) {
    if (error instanceof EtlError && error.code === 'nothing_committed') return null
    throw error
  }
}

/** Returns the data of the pages, read anew on every request. */
export function dashboardData(sources: DashboardSources, effects: DashboardEffects): DashboardData {
  const manifestOf = manifestReader(sources, effects)
  const readers: Readonly<Record<string, () => Promise<Uint8Array | null>>> = {
    // null instead of "not found": the data may not exist yet, which is not the page's error
    'data/manifest.json': async () => encode(await manifestOf()),
    'data/calls.parquet': () => readIfPresent(sources.calls),
    'data/support.json': async () => encode(await snapshotOf(sources.out, effects)),
  }
  return {
    names: Object.keys(readers),
    read: async (name) => (Object.hasOwn(readers, name) ? ((await readers[name]?.()) ?? null) : null),
  }
}
