/**
 * What the page of calls reads: the curated file, its manifest, and the newest figures.
 * @module
 */
import { parquetFrame } from '../format/parquet/parquet.ts'
import type { Effects } from '../pipeline/effects.ts'
import { frameCallSet } from '../systems/calls/figures/call-set.ts'
import { type CallsGlance, glanceAtCalls } from '../systems/calls/figures/glance.ts'
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
import type { Frame } from '../table/frame.ts'

/** Where the calls lie. */
export interface CallsFiles {
  readonly calls: PlacedFile
  readonly manifest: PlacedFile
}

/** The curated calls for their page. */
export interface CallsData {
  /** The file's own manifest, or one computed from the file if that is missing or describes other bytes; null without a file. */
  readManifest(): Promise<CallsManifest | null>
  readCalls(): Promise<Uint8Array | null>
  readGlance(): Promise<CallsGlance | null>
}

/** Returns the readers of the calls. */
export function callsData(files: CallsFiles, effects: Effects & ManifestEffects): CallsData {
  const { calls, manifest } = files
  // pages ask every few seconds: do not decode the same bytes again
  let made: CallsManifest | null = null
  let glance: { readonly hash: string; readonly figures: CallsGlance | null } | null = null
  const frameOf = (bytes: Uint8Array): Promise<Frame> =>
    parquetFrame(bytes, { file: pathOf(calls), decode: effects.decodeParquet })

  const known = async (): Promise<CallsManifest | null> => {
    const [entry] = await calls.store.list(calls.name)
    if (entry === undefined || entry.name !== calls.name) return null
    const own = await readManifest(manifest)
    if (own !== null && own.file_size === entry.size) return own
    const bytes = await readIfPresent(calls)
    if (bytes === null) return null
    const sha256 = bytesHash(bytes, effects)
    if (made?.sha256 === sha256) return made
    const frame = await frameOf(bytes)
    const content = { frame, hash: contentHash(frame, effects), timeZone: 'UTC' }
    made = await makeManifest(calls, { bytes: bytes.length, sha256 }, content, effects)
    return made
  }
  return {
    readManifest: known,
    readCalls: () => readIfPresent(calls),
    async readGlance() {
      const hash = (await known())?.content_hash
      if (hash === undefined) return null
      if (glance?.hash === hash) return glance.figures
      const bytes = await readIfPresent(calls)
      if (bytes === null) return null
      glance = { hash, figures: glanceAtCalls(frameCallSet(await frameOf(bytes))) }
      return glance.figures
    },
  }
}
