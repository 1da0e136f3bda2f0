/**
 * What a run of the calls job is told on its way: refused rows go to their file, counts to the caller.
 * @module
 */
import { FormatError } from '../../../errors.ts'
import { csvChunks } from '../../../format/csv/write/write.ts'
import { jsonChunks } from '../../../format/json/write.ts'
import { parquetFrame } from '../../../format/parquet/parquet.ts'
import type { Effects } from '../../../pipeline/effects.ts'
import type { CommitRecord } from '../../../pipeline/log/commit-record.ts'
import type { Frame } from '../../../table/frame.ts'
import type { CuratedCalls } from '../clean/curate-calls.ts'
import { callFacts } from '../tables.ts'
import type { ReadLog } from './call-log-format.ts'
import type { CallFiles, CallsFormats } from './calls-files.ts'
import type { JobListener } from './calls-job.ts'
import { refuseAll } from './calls-refusals.ts'
import {
  contentHash,
  type ManifestEffects,
  type PlacedFile,
  pathOf,
  readIfPresent,
  readManifest,
} from './manifest-file.ts'

/** What a run was called with. */
export interface Call {
  readonly files: CallFiles
  readonly timeZone: string
  readonly existing: 'replace' | 'append'
  readonly share: number
  readonly formats: CallsFormats | undefined
  readonly effects: Effects & ManifestEffects
}

/** What a run met on its way. */
export interface Met {
  log: ReadLog | null
  /** Calls of a curated file that became the first piece of the ledger. */
  adopted: Frame | null
  curated: CuratedCalls | null
}

async function writeRejects({ store, name }: PlacedFile, rejects: Frame): Promise<void> {
  await store.write(
    name,
    name.endsWith('.csv') ? csvChunks(rejects, { formulas: 'escape' }) : jsonChunks(rejects, { layout: 'lines' }),
  )
}

/** The calls that are published: those of the ledger, else those in the file that lies there. */
async function publishedRows({ files: { output }, effects }: Call, head: CommitRecord | null): Promise<number> {
  const bytes = await readIfPresent(output)
  if (bytes === null) return 0
  if (head !== null) return head.state[callFacts.name]?.rows ?? 0
  try {
    return (await parquetFrame(bytes, { file: pathOf(output), decode: effects.decodeParquet })).rows
  } catch (error) {
    // a damaged file has no calls to lose
    if (error instanceof FormatError) return 0
    throw error
  }
}

/** What a run listens to, and what it met. */
export function listen(call: Call, head: CommitRecord | null): { readonly met: Met; readonly listener: JobListener } {
  const { files, existing } = call
  const met: Met = { log: null, adopted: null, curated: null }
  const paths = {
    calls: pathOf(files.calls),
    agents: pathOf(files.agents),
    output: pathOf(files.output),
    ...(files.rejects !== undefined && { rejects: pathOf(files.rejects) }),
  }
  const listener: JobListener = {
    paths,
    async whenRead(log) {
      met.log = log
      // also for a refused log: the rejects say what to correct
      if (files.rejects !== undefined) await writeRejects(files.rejects, log.rejects)
    },
    async whenAdopted(calls) {
      met.adopted = calls
      await warnOfAdoption(call, calls)
    },
    whenCurated(curated) {
      met.curated = curated
    },
    async refuseEmpty(rejects) {
      const rows = existing === 'append' ? 0 : await publishedRows(call, head)
      if (rows === 0) return null
      return refuseAll(paths, rejects, [`remove ${paths.output}, which keeps its ${rows} calls, if they are to go`])
    },
  }
  return { met, listener }
}

/** Says that a curated file is taken as it is though its manifest does not fit it. */
async function warnOfAdoption({ files, effects }: Call, calls: Frame): Promise<void> {
  const manifest = await readManifest(files.manifest)
  if (manifest?.content_hash === contentHash(calls, effects)) return
  effects.logger.warn(
    `${pathOf(files.output)} is not what ${pathOf(files.manifest)} tells of it; its calls are added to as they are`,
  )
}
