/**
 * Erases persons from everything that a place holds, and keeps them out of what comes later.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { openOut, readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { findGarbage } from '../gc.ts'
import type { Job } from '../job/job.ts'
import { type OutOptions, refuseJobArgument } from '../job/options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { takeLock } from '../log/lock.ts'
import { advance } from '../run.ts'
import { eraseChunks } from './erase-chunks.ts'
import { Eraser, hashOfKey } from './erased-keys.ts'
import { landedStore } from './landed-store.ts'

/** Who is erased, and where. */
export interface EraseOptions extends OutOptions {
  /** Keys of persons, spelled as `keysIn` of the job's `erasure` gives them. */
  readonly keys: readonly string[]
}

/** What came of it. */
export interface ErasureResult {
  readonly commit: number
  /** Names of the source files whose kept rows and bytes named one of the persons. */
  readonly files: readonly string[]
  /** How many files of earlier versions, and of runs that failed, were removed. */
  readonly removed: number
}

const OPTIONS = { out: true, keys: true } satisfies OptionNames<EraseOptions>

/**
 * Erases persons from a place: from the files as they came, from rows, quarantine and reports, which a new commit replaces. All
 * files of earlier commits, and those that killed runs left, are removed, so that earlier states cannot be read any more. The
 * state keeps a salted hash of each key, and leaves the person out of every later delivery. Killed and called again it ends
 * where one call ends. The source places are not touched; destinations follow with the next delivery.
 *
 * @throws PipelineError nothing_committed - there is no commit; lock_held - a run is at work
 * @throws PipelineError invalid_option - the job has no `erasure`, or a key is none of its own
 * @throws PipelineError erase_refused - a file was not kept as it came, or cannot be edited
 * @throws ConnectError - the place cannot be read or written
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { csv, defineJob, eraseKeys, partitions, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const visits = defineTable('visits', { id: key(string()), guest: string() })
 * const source = partitions({ prefix: 'visits/', name: '{day}.csv', format: csv(), originals: 'keep' })
 * const job = defineJob({
 *   name: 'visits',
 *   tables: { visits: { contract: visits, source } },
 *   erasure: {
 *     keysIn: (text) => text.match(/G[0-9]+/g) ?? [],
 *     tables: { visits: { columns: ['guest'], rows: 'replace' } },
 *   },
 * })
 * const data = memoryStore({ 'visits/2025-03-01.csv': 'id,guest\nV1,G1\nV2,G2\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { commit, files } = await eraseKeys(job, { out, keys: ['G2'] })
 * commit // 2
 * files // ['visits/2025-03-01.csv']
 */
export async function eraseKeys(job: Job, options: EraseOptions, given: Partial<Effects> = {}): Promise<ErasureResult> {
  refuseJobArgument(job)
  refuseUnknown(options, OPTIONS, PipelineError)
  const { keys } = options
  const { erasure } = job
  if (erasure === undefined) {
    throw new PipelineError(
      'invalid_option',
      `job ${job.name} does not say which of its records are of persons (erasure)`,
    )
  }
  const isKey = (one: unknown): boolean => typeof one === 'string' && erasure.keysIn(one).includes(one)
  const areKeys = Array.isArray(keys) && keys.length > 0 && keys.every(isKey)
  refuseUnless(areKeys, 'keys', keys, `keys of persons as job ${job.name} spells them`, PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(options, effects)
  await readLastCommit(out, effects)
  const runId = effects.newRunId()
  const lock = await takeLock(out, runId, effects)
  try {
    const { record } = await readLastCommit(out, effects)
    const before = record.erased ?? { salt: effects.newRunId(), hashes: [] }
    const hashes = keys.map((one) => hashOfKey(before.salt, one, effects))
    const erased = { salt: before.salt, hashes: [...new Set([...before.hashes, ...hashes])] }
    const eraser = new Eraser(erasure, erased, effects)
    const edit = (input: InputRecord, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
      const format = job.tables[input.table]?.source.format
      return format === undefined ? chunks : eraseChunks(chunks, input, format, eraser)
    }
    const places = { data: landedStore(out, record, edit), out }
    const run = { job: lookingAtAll(job), places, runId, effects: { ...effects, lock }, erased }
    const { commit, applied } = await advance(run, { ...places, acceptWithdrawals: Object.keys(job.tables) })
    const garbage = await findGarbage(out, { graceDays: 0, keepVersions: 1 }, effects)
    for (const { name } of garbage) {
      lock.beat()
      await out.remove(name)
    }
    return { commit, files: applied.map(({ name }) => name), removed: garbage.length }
  } finally {
    await lock.release()
  }
}

/** The job with sources that look at all days, not at the last ones alone. */
function lookingAtAll(job: Job): Job {
  const tables = Object.entries(job.tables).map(([name, table]) => {
    const { source } = table
    return [name, source.kind === 'partitions' ? { ...table, source: { ...source, recheck: null } } : table] as const
  })
  return { ...job, tables: Object.fromEntries(tables) }
}
