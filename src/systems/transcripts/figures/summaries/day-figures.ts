/**
 * Figures per calendar day, kept as whole numbers and updated from changed calls alone.
 * @module
 */
import type { ChangedRows, RollupCells } from '../../../../pipeline/job/job.ts'
import { DateColumn, NULL_DAY, NumberColumn } from '../../../../table/column.ts'
import { columnOf, type Frame, frameOf } from '../../../../table/frame.ts'
import { withLocalDate } from '../../../../transform/local-time.ts'
import {
  amountColumn,
  type CallCounts,
  type CountsByKey,
  countCalls,
  countColumn,
  counterColumns,
  countsOfCells,
  quotientColumn,
  SCORE_UNIT,
} from './call-counts.ts'

/** The zone of days where none is named. */
const DEFAULT_ZONE = 'UTC'

/** How calls are put into days. */
export interface DayOptions {
  /** The zone whose calendar days count. Default 'UTC'. */
  readonly timeZone?: string
}

function dayAt(calls: Frame, timeZone: string): (row: number) => number | null {
  const dated = withLocalDate(calls, { column: 'call_timestamp', timeZone, as: '_day' })
  const { values } = columnOf(dated, '_day') as DateColumn
  return (row) => {
    const day = values[row] as number
    return day === NULL_DAY ? null : day
  }
}

function cellsOf(groups: CountsByKey<number>, timeZone: string): RollupCells {
  const days = Int32Array.from(groups.keys()).sort()
  const held = days.filter((day) => groups.get(day)?.calls !== 0)
  const counts = Array.from(held, (day) => groups.get(day) as CallCounts)
  return {
    cells: frameOf([['day', new NumberColumn('int32', held)], ...counterColumns(counts)]),
    metadata: { time_zone: timeZone },
  }
}

/**
 * Returns the counts per calendar day of rows of `gold_call_analytics`, in order of the days.
 * @throws ContractError time_zone_unknown - `timeZone` is not an IANA zone
 */
export function dayCells(calls: Frame, { timeZone = DEFAULT_ZONE }: DayOptions = {}): RollupCells {
  return cellsOf(countCalls(new Map(), calls, dayAt(calls, timeZone)), timeZone)
}

/** Returns what {@link dayCells} gives for the rows after a change, from the rows that differ. */
export function updateDayCells({ cells, metadata }: RollupCells, { before, after }: ChangedRows): RollupCells {
  const timeZone = metadata.time_zone ?? DEFAULT_ZONE
  const days = columnOf(cells, 'day')
  const groups = countsOfCells(cells, (row) => Number(days.at(row)))
  countCalls(groups, before, dayAt(before, timeZone), -1)
  return cellsOf(countCalls(groups, after, dayAt(after, timeZone)), timeZone)
}

/** Returns the rows of `gold_daily_metrics` from the cells of {@link dayCells}, in order of the days. */
export function dailyMetrics({ cells }: RollupCells): Frame {
  const days = columnOf(cells, 'day')
  const groups = countsOfCells(cells, (row) => Number(days.at(row)))
  const counts = [...groups.values()]
  const calls = ({ calls }: CallCounts) => calls
  return frameOf([
    ['metric_date', new DateColumn(Int32Array.from(groups.keys()))],
    ['total_calls', countColumn(counts, calls)],
    ['total_conversions', countColumn(counts, ({ conversions }) => conversions)],
    ['conversion_rate', quotientColumn(counts, ({ conversions }) => 100 * conversions, calls, { decimals: 2 })],
    ['total_upsell_amount', amountColumn(counts)],
    ['avg_sentiment_score', quotientColumn(counts, ({ scores }) => scores, calls, { decimals: 4, unit: SCORE_UNIT })],
    ['positive_calls', countColumn(counts, ({ positive }) => positive)],
    ['negative_calls', countColumn(counts, ({ negative }) => negative)],
    ['neutral_calls', countColumn(counts, ({ calls, positive, negative }) => calls - positive - negative)],
  ])
}
