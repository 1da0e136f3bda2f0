/**
 * Garbage: files that no version refers to, left by runs that were killed, failed or lost a race.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../arguments.ts'
import type { FileEntry, FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import { openOut, readLastCommit } from './audit/status.ts'
import { findStale } from './destinations/stale-copies.ts'
import { type Effects, nodeEffects } from './effects.ts'
import type { OutOptions } from './job/options.ts'
import { readLog } from './log/commit-log.ts'
import { filesOf } from './log/commit-record.ts'
import { LOCK, takeLock } from './log/lock.ts'
import { DATA, LANDED } from './state/data-files.ts'

const DAY = 86_400_000

/** What is collected. */
export interface GarbageOptions extends OutOptions {
  /** `list` (default) only lists them, `remove` removes them. */
  readonly action?: 'list' | 'remove'
  /** Younger files stay: a run at work may be about to refer to them. 1 by default. */
  readonly graceDays?: number
  /** How many of the last versions keep their data; all by default. Inputs of the last version always stay. */
  readonly keepVersions?: number
}

const OPTIONS = { out: true, action: true, graceDays: true, keepVersions: true } satisfies OptionNames<GarbageOptions>

/** A file that no commit refers to. */
export interface GarbageFile {
  readonly name: string
  readonly bytes: number
  /**
   * `unfinished`: never got its name. `unreferenced`: of no version. `superseded`: of versions that are not kept. `stale`: a
   * copy that the last version does not publish.
   */
  readonly reason: 'unfinished' | 'unreferenced' | 'superseded' | 'stale'
}

/** What was found, and whether it is gone. */
export interface Garbage {
  readonly files: readonly GarbageFile[]
  readonly bytes: number
  readonly isRemoved: boolean
}

function optionError(option: string, what: string): PipelineError {
  return new PipelineError('invalid_option', `${option} ${what}`, { details: { option } })
}

/** Returns what no kept version refers to. */
export async function findGarbage(
  out: FileStore,
  { graceDays, keepVersions }: { graceDays: number; keepVersions: number },
  effects: Effects,
): Promise<GarbageFile[]> {
  effects.onProgress({ step: 'read', name: out.location, done: null, total: null })
  const log = await readLog(out, effects)
  const referred = new Set(log.flatMap(({ record }) => filesOf(record).map(({ name }) => name)))
  const kept = new Set(log.slice(-keepVersions).flatMap(({ record }) => filesOf(record).map(({ name }) => name)))
  const isOld = ({ changedAt }: FileEntry): boolean =>
    graceDays === 0 || (changedAt !== null && effects.now() - changedAt > graceDays * DAY)
  const found: GarbageFile[] = []
  for (const entry of (await out.leftovers?.()) ?? []) {
    if (isOld(entry)) found.push({ name: entry.name, bytes: entry.size, reason: 'unfinished' })
  }
  // of runs that were killed while they took over a lock
  for (const entry of await out.list(`${LOCK}-`)) {
    if (isOld(entry)) found.push({ name: entry.name, bytes: entry.size, reason: 'unfinished' })
  }
  for (const entry of [...(await out.list(DATA)), ...(await out.list(LANDED))]) {
    if (kept.has(entry.name) || !isOld(entry)) continue
    found.push({
      name: entry.name,
      bytes: entry.size,
      reason: referred.has(entry.name) ? 'superseded' : 'unreferenced',
    })
  }
  const head = log.at(-1)
  // no run will refer to them again, so that their age does not matter
  const stale = head === undefined ? [] : await findStale(out, head.record, effects)
  found.push(...stale.map(({ name, bytes }) => ({ name, bytes, reason: 'stale' as const })))
  return found
}

/**
 * Returns the files of a place that no version refers to and that are older than a day of grace, and copies that the last
 * version no longer publishes; removes them where `remove` is asked for.
 * Never part of a run; a removal takes the lock.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged - the log is not what it was; lock_held - a run is at work
 * @throws PipelineError invalid_option - no version is to be kept, or the grace is negative
 * @throws ConnectError - the place cannot be read or written
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { collectGarbage, defineJob, extractsAndDeltas, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name\nH1,North\nH2,South\n',
 *   'delta/halls_delta_202502.csv': 'id,name,action\nH3,West,add\nH1,Old hall,update\n',
 * })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * await out.write('.support-etl/data/halls-0123456789abcdef.arrow', [new Uint8Array(8)])
 * const { files } = await collectGarbage({ out, graceDays: 0, action: 'remove' })
 * files.map(({ bytes, reason }) => [bytes, reason]) // [[8, 'unreferenced']]
 */
export async function collectGarbage(options: GarbageOptions = {}, given: Partial<Effects> = {}): Promise<Garbage> {
  const effects: Effects = { ...nodeEffects(), ...given }
  refuseUnknown(options, OPTIONS, PipelineError)
  const { action = 'list', graceDays = 1, keepVersions = Number.POSITIVE_INFINITY } = options
  if (!(keepVersions >= 1)) throw optionError('keepVersions', `is ${keepVersions}; keep one version at least`)
  if (!(graceDays >= 0)) throw optionError('graceDays', `is ${graceDays}; give it 0 or more days`)
  const out = openOut(options, effects)
  await readLastCommit(out, effects)
  const limits = { graceDays, keepVersions }
  const sum = (files: readonly GarbageFile[]): number => files.reduce((bytes, file) => bytes + file.bytes, 0)
  if (action === 'list') {
    const files = await findGarbage(out, limits, effects)
    return { files, bytes: sum(files), isRemoved: false }
  }
  const lock = await takeLock(out, effects.newRunId(), effects)
  try {
    const files = await findGarbage(out, limits, effects)
    for (const [done, { name }] of files.entries()) {
      effects.onProgress({ step: 'remove', name: out.location, done, total: files.length })
      lock.beat()
      await out.remove(name)
    }
    return { files, bytes: sum(files), isRemoved: true }
  } finally {
    await lock.release()
  }
}
