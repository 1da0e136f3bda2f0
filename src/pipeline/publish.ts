/**
 * What a run does when its commit stands: copies get their names, and those of earlier versions go.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { ConnectError } from '../errors.ts'
import { readLast } from './commit-log.ts'
import { type CommitRecord, commitName, type PublishedFile } from './commit-record.ts'
import type { Effects } from './effects.ts'
import { removeRetired } from './retired.ts'
import type { VersionDraft } from './version-draft.ts'

/** What became of the copies in a place. */
export interface Publication {
  readonly written: readonly PublishedFile[]
  /** Names of copies of earlier versions. */
  readonly removed: readonly string[]
}

/** Gives the copies of a commit their names and removes retired ones, unless a later commit stands: copies never go back. */
export async function publishVersion(
  out: FileStore,
  draft: VersionDraft,
  record: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<Publication> {
  if ((await readLast(out)) !== record.number) return { written: [], removed: [] }
  try {
    // new ones first: a reader who looks for either finds one
    const written = await draft.publish()
    const removed = await removeRetired(out, record, effects)
    if (written.length === 0 || removed.length > 0) await settleCopies(out, record)
    return { written, removed }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    const { code, message, details, cause, isTransient } = error
    throw new ConnectError(
      code,
      `${message}; version ${record.number} is committed, and the next run puts its copies right`,
      { details, cause, isTransient },
    )
  }
}

/** Makes the names of copies durable, those that were given by a run that was killed before it flushed them included. */
export async function settleCopies(out: FileStore, { published, retired }: CommitRecord): Promise<void> {
  const [file] = [...published, ...retired]
  if (file !== undefined) await out.flush?.(file.name)
}

/** Makes a version that was found durable: its run may have been killed before it was, and whoever builds on it says it is. */
export async function settleVersion(out: FileStore, record: CommitRecord): Promise<void> {
  await out.flush?.(commitName(record.number))
  await settleCopies(out, record)
}
