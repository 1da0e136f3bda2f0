/**
 * Writes a filter as the query of a link, and parses it: `period=7d&region=North&minutes=2..10`.
 * @module
 */
import { isRecord, refuseUnless } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { parseDay } from '../../../time/instant.ts'
import { CALL_DIMENSIONS, type CallDimension, HOURS, type Member, RATINGS, WEEKDAYS } from './call-set.ts'
import { CALL_COMPARISONS, type CallComparison, type CallFilter, type CallPeriod, PERIOD_PRESETS } from './filter.ts'

/** The dimensions whose members are the same in every set. */
const FIXED_MEMBERS: Partial<Record<CallDimension, readonly Member[]>> = {
  rating: RATINGS,
  weekday: WEEKDAYS,
  hour: HOURS,
}

function invalid(name: string, text: string, expected: string): ContractError {
  return new ContractError('invalid_option', `${name}: "${text}" is not ${expected}`, { details: { option: name } })
}

function readRange(text: string): readonly [string, string] | null {
  const [from, to, ...rest] = text.split('..')
  return to === undefined || rest.length > 0 || (from === '' && to === '') ? null : [from as string, to]
}

/**
 * Returns the period that a text names.
 * @throws ContractError invalid_option - the text names no period
 */
function parsePeriod(text: string): CallPeriod | undefined {
  if (text === 'all') return undefined
  const preset = PERIOD_PRESETS.find((name) => name === text)
  if (preset !== undefined) return preset
  const range = readRange(text)
  const isDay = (day: string) => day === '' || !Number.isNaN(parseDay(day))
  if (range === null || !range.every(isDay)) {
    throw invalid('period', text, `${PERIOD_PRESETS.join(', ')}, all, or days such as 2025-03-01..2025-03-31`)
  }
  const [from, to] = range
  return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
}

/**
 * The comparison that a text names. The default gives an empty object, so that equal filters are
 * equal values.
 */
function parseComparison(text: string): { readonly compare?: CallComparison } {
  const compare = CALL_COMPARISONS.find((name) => name === text)
  if (compare === undefined) throw invalid('compare', text, 'previous, year or none')
  return compare === 'previous' ? {} : { compare }
}

function parseMinutes(text: string): NonNullable<CallFilter['minutes']> {
  const range = readRange(text)
  const isMinutes = (minutes: string) => minutes === '' || /^\d+(\.\d+)?$/.test(minutes)
  if (range === null || !range.every(isMinutes)) throw invalid('minutes', text, 'a range such as 2..10, 5.. or ..3')
  const [from, to] = range
  return { ...(from === '' ? {} : { from: Number(from) }), ...(to === '' ? {} : { to: Number(to) }) }
}

/**
 * Returns the query of a filter; equal filters give equal queries, and a filter that selects
 * everything gives ''. An empty value selects the calls without a value.
 *
 * @example
 * filterToQuery({ period: '7d', region: ['North', null] }) // 'period=7d&region=North&region='
 */
export function filterToQuery(filter: CallFilter): string {
  refuseUnless(isRecord(filter), 'filter', filter, 'a filter such as { period: "7d" }')
  const query = new URLSearchParams()
  const { period, compare, minutes } = filter
  if (typeof period === 'string') query.append('period', period)
  else if (period !== undefined && (period.from ?? period.to) !== undefined) {
    query.append('period', `${period.from ?? ''}..${period.to ?? ''}`)
  }
  if (compare !== undefined && compare !== 'previous') query.append('compare', compare)
  for (const dimension of CALL_DIMENSIONS) {
    for (const member of filter[dimension] ?? []) query.append(dimension, member ?? '')
  }
  if (minutes !== undefined && (minutes.from ?? minutes.to) !== undefined) {
    query.append('minutes', `${minutes.from ?? ''}..${minutes.to ?? ''}`)
  }
  return query.toString()
}

/**
 * Returns the filter of a query. Unknown names are ignored, because a page keeps more than its
 * filter in its link.
 *
 * @throws ContractError invalid_option - an impossible period, comparison, range, rating, weekday
 *   or hour
 * @example
 * filterFromQuery('period=2025-03-01..2025-03-31&rating=5&minutes=2..')
 * // { period: { from: '2025-03-01', to: '2025-03-31' }, rating: ['5'], minutes: { from: 2 } }
 */
export function filterFromQuery(text: string): CallFilter {
  refuseUnless(typeof text === 'string', 'text', text, 'a query such as period=7d')
  const query = new URLSearchParams(text)
  const period = query.get('period')
  const minutes = query.get('minutes')
  const members: Partial<Record<CallDimension, Member[]>> = {}
  for (const dimension of CALL_DIMENSIONS) {
    const chosen = [...new Set(query.getAll(dimension))].map((member) => (member === '' ? null : member))
    const known = FIXED_MEMBERS[dimension]
    const stranger = chosen.find((member) => known !== undefined && !known.includes(member))
    if (stranger !== undefined) {
      throw invalid(dimension, stranger ?? '', `one of ${known?.map((member) => member ?? '(empty)').join(', ')}`)
    }
    if (chosen.length > 0) members[dimension] = chosen
  }
  const parsed = period === null ? undefined : parsePeriod(period)
  return {
    ...(parsed === undefined ? {} : { period: parsed }),
    ...parseComparison(query.get('compare') ?? 'previous'),
    ...members,
    ...(minutes === null ? {} : { minutes: parseMinutes(minutes) }),
  }
}
