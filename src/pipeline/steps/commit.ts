/**
 * Phase 7, commit: one record under the next number; only now has the run happened.
 * @module
 */

import { retireCopies } from '../destinations/stale-copies.ts'
import type { Effects } from '../effects.ts'
import { appendCommit } from '../log/commit-log.ts'
import type { Commit } from '../log/commit-record.ts'
import type { Note } from '../plan/make-plan.ts'
import type { Places } from './work.ts'
import type { WrittenVersion } from './write.ts'

/** A version that is committed. */
export interface CommittedVersion extends Omit<WrittenVersion, 'content'> {
  readonly commit: Commit
}

/** What a version is committed after, and by which run. */
interface CommitBase {
  readonly head: Commit | null
  readonly runId: string
  /** Epoch milliseconds. */
  readonly committedAt: number
  /** What the steps took, by name. */
  readonly milliseconds: Readonly<Record<string, number>>
  /** Whether copies that the version does not publish are left where they are. */
  readonly keepsCopies?: boolean
}

/** Commits a version after `head`; null when another run committed first. */
export async function commitVersion(
  { content, applied, notes }: WrittenVersion,
  { out }: Pick<Places, 'out'>,
  { head, runId, committedAt, milliseconds, keepsCopies = false }: CommitBase,
  effects: Effects,
): Promise<CommittedVersion | null> {
  effects.onProgress({ step: 'commit', name: out.location, done: null, total: null })
  const stale = await retireCopies(out, keepsCopies ? null : (head?.record ?? null), content.published, effects)
  const record = {
    format: 2,
    number: (head?.record.number ?? 0) + 1,
    parent: head?.sha256 ?? null,
    runId,
    committedAt: new Date(committedAt).toISOString(),
    milliseconds,
    versions: effects.versions,
    ...content,
    stale: stale.files,
  } as const
  const commit = await appendCommit(out, record, effects)
  if (commit === null) {
    effects.logger.info('another run committed first; planning again')
    return null
  }
  effects.logger.info(`committed version ${record.number}`, { runId, number: record.number })
  const told: readonly Note[] = [...notes, ...stale.notes]
  return { commit, applied, notes: told }
}
