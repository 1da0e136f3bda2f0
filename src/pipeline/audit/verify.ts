/**
 * Whether a place still holds what its log promises: every record, every file, every copy, byte by byte.
 * @module
 */
import type { OptionNames } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError } from '../../errors.ts'
import { repairCopies } from '../destinations/republish.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { engineOf } from '../engine-place.ts'
import type { Job } from '../job/job.ts'
import { type OutOptions, refuseCall } from '../job/options.ts'
import { readLog } from '../log/commit-log.ts'
import { type Commit, filesOf, type PublishedFile, type StoredFile } from '../log/commit-record.ts'
import { hashFile } from '../state/data-files.ts'
import { makeDurable } from '../steps/publish.ts'
import { openOut, readLastCommit } from './status.ts'

/** How a place is verified. */
export interface VerifyOptions extends OutOptions {
  /** `copies` writes published copies that differ again; `nothing` (default) only reports them. */
  readonly repair?: 'nothing' | 'copies'
}

/** A file that is not what the log promises. */
export interface Damage {
  readonly name: string
  readonly problem: 'missing' | 'differs'
  /** What it is to the state: a `copy` can be written again, `data` cannot. */
  readonly kind: 'data' | 'copy'
}

/** What a verification found. */
export interface Verification {
  readonly commits: number
  /** Files and bytes that were hashed. */
  readonly files: number
  readonly bytes: number
  readonly damages: readonly Damage[]
  /** Copies that were written again. */
  readonly repaired: readonly string[]
}

async function findDamage(out: FileStore, file: StoredFile, effects: Effects): Promise<'missing' | 'differs' | null> {
  try {
    return (await hashFile(out, file.name, effects.newHash())).sha256 === file.sha256 ? null : 'differs'
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return 'missing'
    throw error
  }
}

/** Data of all versions, each file once; only the last version's must be there, for older ones may have been collected. */
function expectedData(log: readonly Commit[]): ReadonlyMap<string, { file: StoredFile; isNeeded: boolean }> {
  const expected = new Map<string, { file: StoredFile; isNeeded: boolean }>()
  for (const { record } of log) {
    const isNeeded = record === log.at(-1)?.record
    for (const file of filesOf(record)) expected.set(file.name, { file, isNeeded })
  }
  return expected
}

/**
 * Hashes everything that the log of a place refers to: its records, the data of all versions and the published copies.
 * With `repair: 'copies'` copies that are gone or differ are written again from the state. Data that differs cannot be
 * made anew: restore it from a copy, or run into a new folder.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged - a record is not what it was
 * @throws PipelineError lock_held - a repair meets a run; options_changed - this job would write other copies
 * @throws ConnectError - the place cannot be read or written
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, runPipeline, verifyState } from 'support-etl/pipeline'
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
 * await out.remove('halls.csv')
 * const { damages, repaired } = await verifyState(job, { out, repair: 'copies' })
 * damages // [{ name: 'halls.csv', problem: 'missing', kind: 'copy' }]
 * repaired // ['halls.csv']
 */
export async function verifyState(
  job: Job,
  options: VerifyOptions = {},
  given: Partial<Effects> = {},
): Promise<Verification> {
  refuseCall(job, options, { out: true, repair: true } satisfies OptionNames<VerifyOptions>)
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(options, effects)
  await readLastCommit(out, effects)
  const log = await readLog(out, effects)
  const damages: Damage[] = []
  let [files, bytes] = [log.length, 0]
  const data = [...expectedData(log).values()]
  const total = data.reduce((sum, { file }) => sum + file.bytes, 0)
  let done = 0
  for (const { file, isNeeded } of data) {
    const problem = await findDamage(out, file, effects)
    done += file.bytes
    effects.onProgress({ step: 'read', name: out.location, done, total })
    if (problem === 'differs' || (problem === 'missing' && isNeeded))
      damages.push({ name: file.name, problem, kind: 'data' })
    if (problem !== 'missing') {
      files += 1
      bytes += file.bytes
    }
  }
  const head = log.at(-1)
  const engine = engineOf(out)
  if (engine !== null && head !== undefined) {
    const differing = await engine.findDamage(job, head.record)
    for (const name of differing) damages.push({ name, problem: 'differs', kind: 'data' })
  }
  const broken: PublishedFile[] = []
  for (const file of head?.record.published ?? []) {
    const problem = await findDamage(out, file, effects)
    files += 1
    bytes += file.bytes
    if (problem === null) continue
    broken.push(file)
    damages.push({ name: file.name, problem, kind: 'copy' })
  }
  // what a repair finds whole may be of one that was killed before it was safe
  if (options.repair === 'copies' && broken.length === 0 && head !== undefined) await makeDurable(out, head.record)
  const canRepair = options.repair === 'copies' && broken.length > 0 && damages.every(({ kind }) => kind === 'copy')
  const repaired = canRepair ? await repairCopies(job, out, effects) : []
  return { commits: log.length, files, bytes, damages, repaired }
}
