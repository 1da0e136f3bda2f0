/**
 * The days of a partitioned table as destinations are handed them: which of them a commit changed, and their rows.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import { type Job, type Partition, rootOf } from '../job.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'
import { countingDays } from '../state/partition-files.ts'
import type { DeliveredDays } from './destination.ts'
import { nullWhereGone } from './gone-files.ts'

/** What the days of a table are told from. */
export interface DaysSource {
  readonly job: Job
  readonly record: CommitRecord
  /** The commit before; null where there is none. */
  readonly before: CommitRecord | null
  /** Whether the rows of the commit before can be read by the contracts of now. */
  readonly isReadable: boolean
  /** The days of a commit, each read when its rows are asked for. */
  partitions(of: CommitRecord): readonly Partition[]
}

/** The hash of the file with the rows of a table in one day; null where the rows are not stored. */
function storedHash(job: Job, name: string, { stored, made }: InputRecord): string | null {
  const file = Object.hasOwn(job.derived, name) ? made?.[name] : stored
  return file?.sha256 ?? null
}

/** Returns the stored rows of the days that are a table, by day: equal text, equal rows. */
export function hashesOfDays(job: Job, name: string, { inputs }: CommitRecord): ReadonlyMap<string, string | null> {
  return new Map(countingDays(job, rootOf(job, name), inputs).map((day) => [day.unit, storedHash(job, name, day)]))
}

/** Returns the days of a partitioned table, or of one derived from it. */
export function daysFor(
  contract: TableContract,
  { job, record, before, isReadable, partitions }: DaysSource,
): DeliveredDays {
  const { name } = contract
  const now = hashesOfDays(job, name, record)
  const then = before === null ? new Map<string, null>() : hashesOfDays(job, name, before)
  const earlier = new Map(
    before === null || !isReadable ? [] : partitions(before).map((part) => [part.day, part] as const),
  )
  const days = partitions(record).map((part) => {
    const last = earlier.get(part.day)
    const hash = now.get(part.day) ?? null
    return {
      day: part.day,
      isSame: isReadable && hash !== null && then.get(part.day) === hash,
      load: () => part.load(),
      groups: () => part.groups(),
      loadBefore: last === undefined ? null : () => last.load().catch(nullWhereGone),
    }
  })
  // other code may have counted other days
  const losesDays = !isReadable || [...then.keys()].some((day) => !now.has(day))
  return { kind: 'days', name, contract, days, losesDays }
}
