/**
 * Points of a state's past: after the deltas of a month, or as one commit left it.
 * @module
 */
import { isRecord, refuseUnknown } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { parseDay } from '../job/day.ts'
import type { JobTable } from '../job/job.ts'
import { parseMonth } from '../job/month.ts'

/** Which past state is read: a month (`202503`, `2025-03`), a day of partitioned tables (`20250301`, `2025-03-01`), or a commit (`commit:3`, or its number as a value). */
export type AsOf = string | { readonly commit: number }

/** A point of the past that was understood. */
export type PastPoint =
  | { readonly kind: 'month'; readonly month: string; readonly text: string }
  | { readonly kind: 'day'; readonly day: string; readonly text: string }
  | { readonly kind: 'commit'; readonly commit: number; readonly text: string }

const COMMIT = /^commit:([1-9]\d{0,14})$/

function commitPoint(commit: number): PastPoint {
  return { kind: 'commit', commit, text: `commit:${commit}` }
}

/**
 * Returns the point of the past that was meant.
 * @throws PipelineError invalid_option - it is neither a month, nor a day, nor a commit
 */
export function readAsOf(asOf: AsOf): PastPoint {
  if (isRecord(asOf)) {
    refuseUnknown(asOf, { commit: true }, PipelineError)
    const { commit } = asOf
    if (Number.isSafeInteger(commit) && commit >= 1) return commitPoint(commit)
  }
  const text = typeof asOf === 'string' ? asOf.trim() : ''
  const number = COMMIT.exec(text)?.[1]
  if (number !== undefined) return commitPoint(Number(number))
  const day = parseDay(text)
  if (day !== null) return { kind: 'day', day, text: day }
  const month = parseMonth(text)
  if (month !== null) return { kind: 'month', month, text: month }
  const shown = typeof asOf === 'string' ? asOf.slice(0, 20) : JSON.stringify(asOf).slice(0, 40)
  throw new PipelineError(
    'invalid_option',
    `asOf "${shown}" is no month and no commit, nor a day; write it as 202503, 2025-03, 2025-03-01 or commit:3`,
  )
}

/** A day says what partitioned tables were, and nothing of others. */
export function refuseWithoutDays({ contract, source }: JobTable, day: string): void {
  if (source.kind === 'partitions') return
  throw new PipelineError(
    'invalid_option',
    `asOf ${day}: the inputs of table ${contract.name} (${source.expected}) are not those of days; read it as it is now, or as of a commit (commit:1)`,
  )
}

/** Only extracts and deltas have months: what was before is known by commit alone. */
export function refuseWithoutMonths({ contract, source }: JobTable, what: string, cure = 'read it as it is now'): void {
  if (source.law === 'replayed') return
  throw new PipelineError(
    'invalid_option',
    `${what}: the inputs of table ${contract.name} (${source.expected}) are not those of months; ${cure}`,
  )
}
