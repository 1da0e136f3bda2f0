/**
 * What every phase of a run is handed beside the value of the phase before it.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import type { Effects } from './effects.ts'
import type { Job } from './job.ts'
import type { CommitRecord, PublishedFile, TableRecord } from './log/commit-record.ts'
import type { Plan } from './plan/make-plan.ts'
import type { FileContents } from './sources/file-contents.ts'
import type { LoadedState } from './state/loaded-state.ts'
import type { VersionDraft } from './state/version-draft.ts'

/** The places of a run. */
export interface Places {
  readonly data: FileStore
  readonly out: FileStore
}

/** A version in the making. */
export interface Work extends Places {
  readonly job: Job
  readonly plan: Plan
  /** The last commit. */
  readonly head: CommitRecord | null
  /** The commit whose tables and rollups the version is made from; null where it begins anew. */
  readonly base: CommitRecord | null
  /** The job's tables as the record will describe them. */
  readonly tables: Readonly<Record<string, TableRecord>>
  /** Rollup or output to fingerprint, as they are now. */
  readonly steps: Readonly<Record<string, string>>
  /** The copies of the last commit that are as it published them. */
  readonly intact: readonly PublishedFile[]
  /** Files of the version, on their way to disk from the moment their rows are known. */
  readonly draft: VersionDraft
  /** Tables and rollups of the version, loaded or made when a step asks for them. */
  readonly loaded: LoadedState
  /** Bytes of source files that were read already. */
  readonly contents: FileContents
  readonly effects: Effects
  /** Called between chunks of long work, so that the lock stays alive. */
  onChunk(): void
  /** Tables from which any number of rows may be withdrawn. */
  readonly accepted: readonly string[]
}

/** Whether the stored rollup was made as it would be made now, so that it can be updated. */
export function isCurrentRollup({ base, steps }: Pick<Work, 'base' | 'steps'>, name: string): boolean {
  return base !== null && Object.hasOwn(base.rollups, name) && base.fingerprints[name] === steps[name]
}
