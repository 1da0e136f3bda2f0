/**
 * The month of an interaction: the local month of its start.
 * @module
 */
import { DictionaryColumn } from '../../../table/column.ts'
import { instantsOf } from '../../../table/convert/instants.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { mergeDictionaries } from '../../../table/take.ts'
import { localMonthCodes } from '../../../time/local.ts'
import { type Instants, toMilliseconds, toTicks } from '../../../time/steps.ts'
import { zoneOf } from '../../../time/zone.ts'

/** Which zone's wall time decides the month, and which column holds the instant. */
export interface MonthOptions {
  /** Default `America/New_York`: the wall time in Boston, Atlanta and Richmond. */
  readonly timeZone?: string
  /** Default `interaction_start`; `timestamp` replaces it where it is null. */
  readonly monthFrom?: string
}

/** The months of interactions, and how they were found. */
export interface InteractionMonths {
  readonly timeZone: string
  readonly monthFrom: string
  /** `YYYY-MM`; null where both columns are null. */
  readonly months: DictionaryColumn
  readonly fallbacks: number
  readonly missing: number
}

const FALLBACK = 'timestamp'

/** The instants, with those of `other` where they are null. */
function fillNulls(instants: Instants, other: Instants): { filled: Instants; fallbacks: number } {
  let fallbacks = 0
  const values = instants.values.map((value, row) => {
    if (!Number.isNaN(value)) return value
    const found = Math.floor(toTicks(toMilliseconds(other.values[row] as number, other.unit), instants.unit))
    if (!Number.isNaN(found)) fallbacks++
    return found
  })
  return { filled: { values, unit: instants.unit }, fallbacks }
}

/**
 * Returns the local month of each interaction: that of `monthFrom`, or of `timestamp` where
 * `monthFrom` is null.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, time_zone_unknown - as their messages say
 */
export function interactionMonths(
  interactions: Frame,
  { timeZone = 'America/New_York', monthFrom = 'interaction_start' }: MonthOptions = {},
): InteractionMonths {
  const zone = zoneOf(timeZone)
  const instants = instantsOf(columnOf(interactions, monthFrom, 'month column'), monthFrom)
  let local = localMonthCodes(instants, zone)
  let fallbacks = 0
  const other = interactions.columns.get(FALLBACK)
  if (local.nulls > 0 && other !== undefined && monthFrom !== FALLBACK) {
    const merged = fillNulls(instants, instantsOf(other, FALLBACK))
    fallbacks = merged.fallbacks
    if (fallbacks > 0) local = localMonthCodes(merged.filled, zone)
  }
  const months = new DictionaryColumn(local.codes, local.months)
  return { timeZone, monthFrom, months, fallbacks, missing: local.nulls }
}

/**
 * Returns the rows (0-based, ascending) of interactions without a month: the `month_missing`
 * issues.
 */
export function monthMissingRows(interactions: Frame, options: MonthOptions = {}): Int32Array {
  const { months, missing } = interactionMonths(interactions, options)
  const rows = new Int32Array(missing)
  for (let row = 0, found = 0; found < missing; row++) if (months.isNull(row)) rows[found++] = row
  return rows
}

/**
 * Returns how many interactions move to another month under the options `others`: another zone, or
 * another column.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, time_zone_unknown - as their messages say
 */
export function countMonthChanges(interactions: Frame, options: MonthOptions, others: MonthOptions): number {
  const { months } = interactionMonths(interactions, options)
  const { months: changed } = interactionMonths(interactions, others)
  const codes = mergeDictionaries(months.values, changed.values).codes
  let changes = 0
  for (let row = 0; row < interactions.rows; row++) {
    const code = changed.codes[row] as number
    if ((code < 0 ? -1 : codes[code]) !== months.codes[row]) changes++
  }
  return changes
}
