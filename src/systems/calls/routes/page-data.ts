/**
 * What the page of calls reads: the curated file, its manifest, and the newest figures.
 * @module
 */
import { parquetFrame } from '../../../format/parquet/parquet.ts'
import type { Frame } from '../../../table/frame.ts'
import { meantPath } from '../../../terminal/did-you-mean.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { placed } from '../../../terminal/text/placed.ts'
import { jsonFile, namedFiles } from '../../page-data.ts'
import type { PageData, PageSources } from '../../system.ts'
import { withFileTimes } from '../commands/places.ts'
import { frameCallSet } from '../figures/call-set.ts'
import { type CallsGlance, glanceAtCalls } from '../figures/glance.ts'
import type { CallsManifest } from '../figures/manifest.ts'
import {
  bytesHash,
  contentHash,
  isFile,
  makeManifest,
  pathOf,
  readIfPresent,
  readManifest,
} from '../job/manifest-file.ts'
import { CALLS, CALLS_GLANCE, MANIFEST } from '../page/files.ts'

/** Returns the data of the page: `--data` names the curated file, `--manifest` its manifest. */
export function callsPageData({ effects: given, values }: PageSources): PageData {
  const effects = withFileTimes(given)
  const { data: path = '', manifest: manifestPath } = values
  const calls = placed('--data', path, effects.openSource)
  const manifest =
    manifestPath === undefined
      ? { ...calls, name: 'manifest.json' }
      : placed('--manifest', manifestPath, effects.openSource)
  // pages ask every few seconds: do not decode the same bytes again
  let made: CallsManifest | null = null
  let glance: { readonly hash: string; readonly figures: CallsGlance | null } | null = null
  const frameOf = (bytes: Uint8Array): Promise<Frame> =>
    parquetFrame(bytes, { file: pathOf(calls), decode: effects.decodeParquet })

  /** The file's own manifest, or one computed from the file if that is missing or describes other bytes; null without a file. */
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
  const readGlance = async (): Promise<CallsGlance | null> => {
    const hash = (await known())?.content_hash
    if (hash === undefined) return null
    if (glance?.hash === hash) return glance.figures
    const bytes = await readIfPresent(calls)
    if (bytes === null) return null
    glance = { hash, figures: glanceAtCalls(frameCallSet(await frameOf(bytes))) }
    return glance.figures
  }
  return {
    ...namedFiles({
      [MANIFEST]: jsonFile(known),
      [CALLS]: () => readIfPresent(calls),
      [CALLS_GLANCE]: jsonFile(readGlance),
    }),
    async missing() {
      if (await isFile(calls)) return null
      const file = printable(`${path}${meantPath(path)}`)
      return `no curated calls at ${file}: make them with "support-etl calls clean", or name them with --data`
    },
  }
}
