/**
 * Recorded columns: when a row first appeared, and when its own cells last changed.
 * @module
 */
import { type Column, TimestampColumn } from '../../table/column.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { countUp } from '../../table/take.ts'
import { isRecording } from '../job/job.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { compareByKey, ownContract, type RowComparison } from './compare-rows.ts'

/** The contract of rows as their source has them: without recorded columns. */
export function sourceContract(contract: TableContract): TableContract {
  if (!isRecording(contract)) return contract
  const columns = Object.entries(contract.columns).filter(([, { role }]) => role !== 'recorded')
  return { ...contract, columns: Object.fromEntries(columns) }
}

/** Compares a table with what it was, in the columns that both have in one kind. */
export function compareTables(before: Frame, after: Frame, contract: TableContract): RowComparison {
  const own = ownContract(contract)
  const isComparable = (name: string): boolean => before.columns.get(name)?.kind === own.columns[name]?.kind
  // rows under another key are other rows
  if (!contract.key.every(isComparable)) {
    return { matched: new Int32Array(after.rows).fill(-1), same: new Uint8Array(after.rows) }
  }
  const comparable = frameOf(
    Array.from(before.columns).filter(([name]) => isComparable(name)),
    before.rows,
  )
  const all = concatFrames([comparable, after], own)
  return compareByKey(all, countUp(before.rows), countUp(after.rows, before.rows), contract)
}

function timesOf(column: Column | undefined): Float64Array | null {
  return column instanceof TimestampColumn && column.values instanceof Float64Array ? column.values : null
}

/**
 * Returns the rows with the recorded columns of their contract, in its order: those of before by key, `now` (epoch
 * milliseconds) for rows that are new or changed. Without a time, what is not known from before is null.
 */
export function withRecorded(rows: Frame, before: Frame | null, contract: TableContract, now: number | null): Frame {
  const compared = before === null ? null : compareTables(before, rows, contract)
  const columns = Object.entries(contract.columns).map(([name, { role, records }]): readonly [string, Column] => {
    const made = rows.columns.get(name)
    if (role !== 'recorded' && made !== undefined) return [name, made]
    const known = timesOf(before?.columns.get(name))
    const times = new Float64Array(rows.rows).fill(now ?? Number.NaN)
    for (let row = 0; row < times.length; row++) {
      const was = compared?.matched[row] ?? -1
      const isKept = was >= 0 && (records === 'created' || compared?.same[row] === 1)
      if (isKept && known !== null) times[row] = known[was] as number
    }
    return [name, new TimestampColumn(times)]
  })
  return frameOf(columns, rows.rows)
}
