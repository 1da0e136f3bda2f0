/**
 * Phase 8, publish: copies of the committed version get their names, and stale ones are removed.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError } from '../../errors.ts'
import { removeStale } from '../destinations/stale-copies.ts'
import type { Effects } from '../effects.ts'
import { readLast } from '../log/commit-log.ts'
import { type CommitRecord, commitName, type PublishedFile } from '../log/commit-record.ts'
import { flushFolders, type VersionDraft } from '../state/version-draft.ts'

/** What became of the copies in a place. */
export interface Publication {
  readonly written: readonly PublishedFile[]
  /** Names of copies of earlier versions. */
  readonly removed: readonly string[]
}

/** Gives the copies of a commit their names and removes stale ones, unless there is a later commit: copies never go back. */
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
    const removed = await removeStale(out, record, effects)
    if (written.length === 0 || removed.length > 0) await makeCopiesDurable(out, record)
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
export async function makeCopiesDurable(out: FileStore, { published, stale }: CommitRecord): Promise<void> {
  await flushFolders(
    out,
    [...published, ...stale].map(({ name }) => name),
  )
}

/** Flushes a version that an earlier run committed: that run may have been killed before it flushed. */
export async function makeDurable(out: FileStore, record: CommitRecord): Promise<void> {
  await out.flush?.(commitName(record.number))
  await makeCopiesDurable(out, record)
}
