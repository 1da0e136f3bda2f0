/**
 * The days of a partitioned table as destinations are handed them: which of them a commit changed, and their rows.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import { type Job, type Partition, rootOf } from '../job/job.ts'
import type { CommitRecord, StoredFile } from '../log/commit-record.ts'
import { countingDays } from '../state/partition-files.ts'
import type { DeliveredDays } from './destination.ts'

/** What the days of a table are told from. */
export interface DaysSource {
  readonly job: Job
  readonly record: CommitRecord
  /** The commit before; null where there is none. */
  readonly before: CommitRecord | null
  /** Whether the table was made by the same code in the commit before. */
  readonly isMadeAlike: boolean
  /** The days of the commit, each read when its rows are asked for. */
  readonly partitions: readonly Partition[]
}

/** Returns the files with the rows of a table by day: equal hash, equal rows; null where the rows of a day are not stored. */
function filesOfDays(job: Job, name: string, { inputs }: CommitRecord): ReadonlyMap<string, StoredFile | null> {
  const isDerived = Object.hasOwn(job.derived, name)
  const days = countingDays(job, rootOf(job, name), inputs)
  return new Map(days.map(({ unit, stored, made }) => [unit, (isDerived ? made?.[name] : stored) ?? null]))
}

/** Returns the days of a partitioned table, or of one derived from it. */
export function daysFor(
  contract: TableContract,
  { job, record, before, isMadeAlike, partitions }: DaysSource,
): DeliveredDays {
  const { name } = contract
  const now = filesOfDays(job, name, record)
  const then = before === null ? new Map<string, null>() : filesOfDays(job, name, before)
  const days = partitions.map(({ day, rows, groups }) => {
    const [file, last] = [now.get(day) ?? null, then.get(day)]
    const rowsBefore = last === undefined ? 0 : (last?.rows ?? null)
    return {
      day,
      rows,
      isSame: isMadeAlike && file !== null && last?.sha256 === file.sha256,
      rowsBefore: isMadeAlike ? rowsBefore : null,
      groups: () => groups(),
    }
  })
  // other code may have counted other days
  const losesDays = !isMadeAlike || [...then.keys()].some((day) => !now.has(day))
  return { kind: 'days', name, contract, days, losesDays }
}
