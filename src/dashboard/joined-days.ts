/**
 * A partitioned table as one table for the page of data: the days one after the other, each row with its day.
 * @module
 */
import { DAY_COLUMN } from '../pipeline/destinations/postgres/table-layout.ts'
import type { Partition } from '../pipeline/job/job.ts'
import { NO_UNIT_DAY } from '../pipeline/sources/partitions.ts'
import { concatFrames } from '../pipeline/sources/read/concat-frames.ts'
import { DateColumn } from '../table/column.ts'
import { date, key, type TableContract } from '../table/contract.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import { parseDay } from '../time/instant.ts'

/** Whether one file without a day is the whole table. */
function isUndated(days: readonly Pick<Partition, 'day'>[]): boolean {
  return days.every(({ day }) => day === NO_UNIT_DAY)
}

/** Returns the contract of {@link joinDays}: the day in front, as in a database. */
export function contractOfDays(contract: TableContract, days: readonly Pick<Partition, 'day'>[]): TableContract {
  if (isUndated(days)) return contract
  const columns = { [DAY_COLUMN]: key(date()), ...contract.columns }
  return { ...contract, columns, key: contract.key.length === 0 ? [] : [DAY_COLUMN, ...contract.key] }
}

/** Returns all rows of a partitioned table, by day and record. They are held in memory together. */
export async function joinDays(days: readonly Partition[], contract: TableContract): Promise<Frame> {
  const frames: Frame[] = []
  for (const { load } of days) frames.push(await load())
  const joined = concatFrames(frames, contract)
  if (isUndated(days)) return joined
  const values = new Int32Array(joined.rows)
  let next = 0
  for (const [at, { rows }] of frames.entries()) {
    values.fill(parseDay(days[at]?.day ?? ''), next, next + rows)
    next += rows
  }
  return frameOf([[DAY_COLUMN, new DateColumn(values)], ...joined.columns], joined.rows)
}
