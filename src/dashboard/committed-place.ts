/**
 * Finds the place whose last commit a job made.
 * @module
 */
import { EtlError } from '../errors.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job/job.ts'
import { findKeptElsewhere } from '../pipeline/keeper.ts'
import { readLast, readRecord } from '../pipeline/log/commit-log.ts'
import type { CommittedPlace } from '../systems/system.ts'
import type { NamedPlace } from './places.ts'

/**
 * Returns the first of the places whose last commit the job made; null where there is none. A log that cannot be read may be that
 * of the job: where no other place has it, the error is thrown.
 */
export async function committedPlace(
  { name }: Pick<Job, 'name'>,
  places: () => Promise<readonly NamedPlace[]>,
  effects: Pick<Effects, 'newHash'>,
): Promise<CommittedPlace | null> {
  let unread: EtlError | null = null
  for (const { id, out } of await places()) {
    try {
      const kept = await findKeptElsewhere(out)
      if (kept !== null && kept.job !== name) continue
      if (kept !== null) throw kept.error
      const last = await readLast(out)
      if (last === 0) continue
      const { record, sha256 } = await readRecord(out, last, effects)
      if (record.job !== name) continue
      const { number: commit, committedAt, quarantine } = record
      return { id, out, commit, committedAt, sha256, quarantined: quarantine?.rows ?? 0 }
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      unread ??= error
    }
  }
  if (unread !== null) throw unread
  return null
}
