/**
 * What keeps the state of a folder: its files, or an engine that `engine.json` names. A run with another keeper is refused, unless
 * it makes the state anew.
 * @module
 */
import { isRecord } from '../arguments.ts'
import type { FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import type { Effects } from './effects.ts'
import { type EnginePlace, engineOf } from './engine-place.ts'
import type { OptionValues } from './job/job-options.ts'
import type { StateOptions } from './job/options.ts'
import { readHead } from './log/commit-log.ts'
import type { Commit, CommitRecord, PublishedFile } from './log/commit-record.ts'
import { MARKER } from './marker-name.ts'
import { readWhole } from './state/data-files.ts'

/** Which engine keeps a state, and what its last commit said: who reads the folder needs no engine for that. */
export interface Marker {
  readonly engine: string
  /** Where the state is in it, without a password. */
  readonly url: string
  readonly job: string
  readonly commit: number
  readonly options: StateOptions
  readonly jobOptions: OptionValues
  readonly published: readonly PublishedFile[]
}

/** Returns the marker of a commit. */
export function markerOf({ engine, url }: Pick<Marker, 'engine' | 'url'>, record: CommitRecord): Marker {
  const { job, number: commit, options, jobOptions, published } = record
  return { engine, url, job, commit, options, jobOptions, published }
}

/** Returns a marker as bytes. */
export function encodeMarker(marker: Marker): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(marker, null, 1)}\n`)
}

/** Returns the marker in bytes. @throws PipelineError log_damaged - they are none */
export function decodeMarker(bytes: Uint8Array, path: string): Marker {
  let marker: unknown
  try {
    marker = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    marker = null
  }
  // its engine and its place say that `encodeMarker` wrote it
  if (isRecord(marker) && typeof marker.engine === 'string' && typeof marker.url === 'string') {
    return marker as unknown as Marker
  }
  throw new PipelineError(
    'log_damaged',
    `${path} does not say which engine has the state; restore it from a copy, or remove it and run with that engine, which writes it again`,
  )
}

/** Returns the marker of a folder; null where files keep its state. */
export async function readMarker(folder: FileStore): Promise<Marker | null> {
  // a run that has nothing to do lists names, and reads no file
  const isThere = (await folder.list(MARKER)).some(({ name }) => name === MARKER)
  return isThere ? decodeMarker(await readWhole(folder, MARKER), `${folder.location}/${MARKER}`) : null
}

/** What kept the state of a place before, and what its last commit said. */
export interface FormerState extends Pick<Marker, 'job' | 'options' | 'jobOptions' | 'published'> {
  /** For messages: `duckdb (.support-etl/state.duckdb)`, or files. */
  readonly keeper: string
  readonly stale: readonly PublishedFile[]
  /** Whether it is the place's own engine that kept it, which has no commit any more. */
  readonly isLost: boolean
}

/**
 * Returns the state of a place that something else keeps than the place itself, or that the place has lost; null where there is
 * none. `head` is the last commit of the place.
 */
export async function readFormer(
  out: FileStore,
  head: Commit | null,
  effects: Pick<Effects, 'newHash'>,
): Promise<FormerState | null> {
  const place = engineOf(out) === null ? null : (out as EnginePlace)
  const folder = place?.folder ?? out
  const marker = await readMarker(folder)
  if (marker !== null) {
    const isOwn = place !== null && marker.engine === place.address.engine && marker.url === place.address.url
    if (isOwn && head !== null) return null
    return { ...marker, keeper: `${marker.engine} (${marker.url})`, stale: [], isLost: isOwn }
  }
  const record = place === null ? null : ((await readHead(folder, effects))?.record ?? null)
  return record === null ? null : { ...record, keeper: 'files of the folder', isLost: false }
}

/** The error for a place whose state something else keeps. */
export function keptElsewhere(
  out: FileStore,
  { keeper, isLost }: Pick<FormerState, 'keeper' | 'isLost'>,
): PipelineError {
  const anew = { option: 'apply', value: "'rebuild'", effect: 'make it anew here', otherwise: 'run with --rebuild' }
  if (isLost) {
    return new PipelineError(
      'log_damaged',
      `${out.location}/${MARKER} says that the state is in ${keeper}, which has no commit; nothing was changed`,
      { advice: ['restore it from a copy', anew] },
    )
  }
  const own = engineOf(out)?.title ?? 'files of the folder'
  return new PipelineError(
    'engine_changed',
    `the state of ${out.location} is kept by ${keeper}, not by ${own}; nothing was changed`,
    {
      advice: [{ option: 'engine', effect: 'name the engine that keeps it' }, anew],
    },
  )
}

/** A folder whose state an engine keeps, for who reads files alone. */
export interface KeptElsewhere {
  readonly job: string
  readonly error: PipelineError
}

/** Returns which job's state an engine keeps of a folder that is read as files: these would be an earlier state, or none. */
export async function findKeptElsewhere(out: FileStore): Promise<KeptElsewhere | null> {
  // only a folder of this machine has a marker
  if (engineOf(out) !== null || out.location.includes('://')) return null
  const marker = await readMarker(out)
  if (marker === null) return null
  const error = new PipelineError(
    'engine_changed',
    `the state of ${out.location} is kept by ${marker.engine} (${marker.url}), and only its files are read here`,
    {
      advice: [
        'open it with its engine',
        {
          ...{ option: 'apply', value: "'rebuild'", effect: 'make it anew in files' },
          otherwise: 'make it anew in files: run with --engine files --rebuild',
        },
      ],
    },
  )
  return { job: marker.job, error }
}

/** Refuses to read a folder whose state an engine keeps. */
export async function refuseKeptElsewhere(out: FileStore): Promise<void> {
  const kept = await findKeptElsewhere(out)
  if (kept !== null) throw kept.error
}
