/**
 * Phase 9, result: what the caller of a run gets.
 * @module
 */
import type { CommitRecord } from './log/commit-record.ts'
import type { Plan } from './plan/make-plan.ts'
import { describeCommit, type RunResult } from './run-result.ts'
import type { Publication } from './steps/publish.ts'
import type { WrittenVersion } from './steps/write.ts'

/** How a run ended. */
export interface Outcome {
  readonly status: RunResult['status']
  readonly runId: string
  /** The record that is the state now. */
  readonly record: CommitRecord
  readonly plan: Plan
  readonly publication: Publication
  /** What was applied; null where nothing was. */
  readonly version: Pick<WrittenVersion, 'applied' | 'notes'> | null
}

/** Returns the result of a run. */
export function makeResult({ status, runId, record, plan, publication, version }: Outcome): RunResult {
  const { written, removed } = publication
  const names = new Set(written.map(({ name }) => name))
  return {
    status,
    runId,
    ...describeCommit(record),
    applied: version?.applied ?? [],
    skipped: plan.skip,
    notes: [...plan.notes, ...(version?.notes ?? [])],
    published: record.published.map(({ output, name, rows }) => ({ output, name, rows, isWritten: names.has(name) })),
    removed,
    destinations: [],
  }
}
