/**
 * What every phase of a run is handed beside the value of the phase before it.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import type { TableEngine } from '../engine-place.ts'
import type { InputPrints } from '../job/fingerprints.ts'
import type { ChangedRows, Job } from '../job/job.ts'
import type { CommitRecord, ErasedKeys, PublishedFile, TableRecord } from '../log/commit-record.ts'
import type { MendedSource } from '../mend/mended-files.ts'
import type { Plan } from '../plan/make-plan.ts'
import type { FileContents } from '../sources/files/file-contents.ts'
import type { LoadedState } from '../state/loaded-state.ts'
import type { VersionDraft } from '../state/version-draft.ts'
import type { StepTimes } from '../step-times.ts'

/** Returns a function that calls another one the first time, and returns what that gave from then on. */
export function once<Value>(call: () => Value): () => Value {
  let held: { readonly value: Value } | null = null
  return () => {
    held ??= { value: call() }
    return held.value
  }
}

/** The places of a run. */
export interface Places {
  readonly data: FileStore
  readonly out: FileStore
}

/** A version in the making. */
export interface Work extends Places {
  readonly job: Job
  /** The run that makes it. */
  readonly runId: string
  readonly plan: Plan
  /** The last commit. */
  readonly head: CommitRecord | null
  /** The commit whose tables and rollups the version is made from; null where it begins anew. */
  readonly base: CommitRecord | null
  /** The job's tables as the record will describe them. */
  readonly tables: Readonly<Record<string, TableRecord>>
  /** The fingerprints of inputs, as they are read now. */
  readonly prints: InputPrints
  /** Derived table, rollup or output to fingerprint, as they are now. */
  readonly steps: Readonly<Record<string, string>>
  /** The copies of the last commit that are as it published them. */
  readonly intact: readonly PublishedFile[]
  /** Files of the version, on their way to disk from the moment their rows are known. */
  readonly draft: VersionDraft
  /** Tables and rollups of the version, loaded or made when a step asks for them. */
  readonly loaded: LoadedState
  /** Bytes of source files that were read already. */
  readonly contents: FileContents
  /** What keeps the tables; null where files do. */
  readonly engine: TableEngine | null
  readonly effects: Effects
  readonly times: StepTimes
  /** The instant of the version's commit, in epoch milliseconds. The clock is read at the first call. */
  committedAt(): number
  /** Called between chunks of long work, so that the lock stays alive. */
  onChunk(): void
  /** Persons that were erased; null where there are none. */
  readonly erased: ErasedKeys | null
  /** Whether the run erases: its place has the files of the ledger, not those of the source. */
  readonly isErasing: boolean
  /** The records that people mended, which the source of the run has. */
  readonly mending: Pick<MendedSource, 'mended' | 'counts'>
  /** Tables from which any number of rows may be withdrawn. */
  readonly accepted: readonly string[]
}

/** Whether the stored rollup or derived table was made as it would be made now, so that it can be updated. */
export function isCurrent({ base, steps }: Pick<Work, 'base' | 'steps'>, name: string): boolean {
  if (base === null || base.fingerprints[name] !== steps[name]) return false
  return Object.hasOwn(base.rollups, name) || Object.hasOwn(base.state, name)
}

/** The rollups and derived tables that are made of a table, and the columns that each looks at; all where none are named. */
export function stepsFrom({ job }: Pick<Work, 'job'>, table: string): readonly MadeFrom[] {
  const rollups = Object.entries(job.rollups).filter(([, rollup]) => rollup.table === table)
  const derived = Object.entries(job.derived).filter(([, { from }]) => from === table)
  return [
    ...rollups.map(([name, { columns }]): MadeFrom => ({ name, columns })),
    ...derived.map(([name]): MadeFrom => ({ name, columns: undefined })),
  ]
}

/** A step that is made of a table. */
export interface MadeFrom {
  readonly name: string
  readonly columns: readonly string[] | undefined
}

/** Returns, for each step of a table that can be updated, the changed rows in its columns. */
export function changedFor(
  work: Work,
  table: string,
  take: (columns?: readonly string[]) => ChangedRows,
): Map<string, ChangedRows> {
  const steps = stepsFrom(work, table).filter(({ name }) => isCurrent(work, name))
  return new Map(steps.map(({ name, columns }) => [name, take(columns)]))
}
