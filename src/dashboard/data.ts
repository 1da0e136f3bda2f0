/**
 * What the pages read: the curated calls with their manifest, and a snapshot of the monthly job's state.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { EtlError } from '../errors.ts'
import { parquetFrame } from '../format/parquet/parquet.ts'
import type { Effects } from '../pipeline/effects.ts'
import { readState } from '../pipeline/state.ts'
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

/** The files that the pages fetch, by name; null where there is no such file. */
export interface DashboardData {
  readonly names: readonly string[]
  read(name: string): Promise<Uint8Array | null>
}

/** The world as the dashboard needs it. */
export type DashboardEffects = Effects & ManifestEffects

const encode = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

/** Returns what gives the calls' manifest: its own, or one made of the file where that is none or of other bytes. */
function manifestReader(
  { calls, manifest }: DashboardSources,
  effects: DashboardEffects,
): () => Promise<CallsManifest | null> {
  // pages ask every few seconds, and decoding the same bytes again would tell nothing new
  let made: CallsManifest | null = null
  return async () => {
    const [entry] = await calls.store.list(calls.name)
    if (entry === undefined || entry.name !== calls.name) return null
    const own = await readManifest(manifest)
    if (own !== null && own.file_size === entry.size) return own
    const bytes = await readIfPresent(calls)
    if (bytes === null) return null
    if (made?.sha256 === bytesHash(bytes, effects)) return made
    const frame = await parquetFrame(bytes, { file: pathOf(calls), decode: effects.decodeParquet })
    made = await makeManifest(calls, bytes, { frame, hash: contentHash(frame, effects), timeZone: 'UTC' }, effects)
    return made
  }
}

function rowsOf(frame: Frame): Record<string, unknown>[] {
  const columns: [string, Column][] = [...frame.columns]
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])),
  )
}

/** Returns the committed state as the page needs it, or null when nothing was committed. */
async function snapshotOf(out: FileStore, effects: DashboardEffects): Promise<SupportSnapshot | null> {
  try {
    const state = await readState(supportJob, { out }, effects)
    const [interactions, centers] = [await state.loadTable('interactions'), await state.loadTable('contact_centers')]
    return {
      commit: state.commit,
      committed_at: state.committedAt,
      time_zone: state.options.timeZone,
      month_from: state.options.monthFrom,
      // the columns of the job's own output
      report: rowsOf(await state.loadOutput('support_report')) as unknown as ReportRow[],
      calls: callMonthsOf(centerCallMonths(interactions, centers, state.options)),
    }
  } catch (error) {
    if (error instanceof EtlError && error.code === 'nothing_committed') return null
    throw error
  }
}

/** Returns the data of the pages, read anew whenever it is asked for. */
export function dashboardData(sources: DashboardSources, effects: DashboardEffects): DashboardData {
  const manifestOf = manifestReader(sources, effects)
  const readers: Readonly<Record<string, () => Promise<Uint8Array | null>>> = {
    // null and not "not found": a page that asks for what is not there yet has done nothing wrong
    'data/manifest.json': async () => encode(await manifestOf()),
    'data/calls.parquet': () => readIfPresent(sources.calls),
    'data/support.json': async () => encode(await snapshotOf(sources.out, effects)),
  }
  return {
    names: Object.keys(readers),
    read: async (name) => (Object.hasOwn(readers, name) ? ((await readers[name]?.()) ?? null) : null),
  }
}
