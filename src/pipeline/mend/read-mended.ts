/**
 * The records that people mended, as a commit keeps them and as a run reads them.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import type { Job } from '../job/job.ts'
import type { CommitRecord } from '../log/commit-record.ts'
import { readIntact } from '../state/data-files.ts'
import { decodeMended, type MendedFile, type MendedSource } from './mended-files.ts'

/** Returns the mended records of a commit; none where there is no commit. @throws PipelineError data_damaged */
export async function readMended(
  out: FileStore,
  record: Pick<CommitRecord, 'mended'> | null,
  { newHash }: Pick<Effects, 'newHash'>,
): Promise<readonly MendedFile[]> {
  const file = record?.mended
  return file === undefined ? [] : decodeMended(await readIntact(out, file, newHash()))
}

/** Returns a source place with mended records in its files. */
export async function openMended(
  place: FileStore,
  mended: readonly MendedFile[],
  job: Job,
  effects: Pick<Effects, 'newHash'>,
): Promise<MendedSource> {
  if (mended.length === 0) return { data: place, mended, counts: async () => false }
  // loaded where rows were mended
  const { mendedSource } = await import('./mended-store.ts')
  return mendedSource(place, mended, job, effects)
}
