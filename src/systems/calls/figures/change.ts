/**
 * How a change of a key figure is shown, and whether it is more than chance.
 * @module
 */
import type { Interval } from '../../../aggregate/mean-intervals.ts'

/** The unit of a change: percent of the earlier figure, percentage points, or stars of a rating. */
export type ChangeUnit = 'percent' | 'points' | 'stars'

/**
 * What a change means: better, worse, neither (`changed`), nothing after rounding (`same`), or
 * within the chance of its sample (`noise`).
 */
export type ChangeVerdict = 'better' | 'worse' | 'changed' | 'same' | 'noise'

/** How a figure's change is shown and judged. */
export interface ChangeRule {
  readonly unit: ChangeUnit
  readonly better: 'higher' | 'lower' | 'neither'
}

/** The change of a figure; null fields could not be computed. */
export interface KpiChange {
  /** In the figure's own unit, not rounded; null where one of the periods has no figure. */
  readonly difference: number | null
  /** As a share of the earlier figure; null where that was 0. */
  readonly relative: number | null
  /** 95 % interval of the difference; null where a sample is too small for one. */
  readonly interval: Interval | null
  readonly unit: ChangeUnit
  /**
   * The change in `unit`, rounded to one decimal, stars to two. People see this value, and the
   * verdict uses it.
   */
  readonly told: number | null
  readonly verdict: ChangeVerdict | null
}

const DECIMALS: Readonly<Record<ChangeUnit, number>> = { percent: 1, points: 1, stars: 2 }

/** Rounds half away from zero; the result is never −0. */
function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals
  const rounded = Math.round(Math.abs(value) * scale) / scale
  return value < 0 && rounded !== 0 ? -rounded : rounded
}

function verdictOf(told: number, interval: Interval | null, better: ChangeRule['better']): ChangeVerdict {
  if (told === 0) return 'same'
  if (interval === null || (interval.low <= 0 && interval.high >= 0)) return 'noise'
  if (better === 'neither') return 'changed'
  return told > 0 === (better === 'higher') ? 'better' : 'worse'
}

/**
 * Returns the change from `previous` to `current`, judged after rounding. A change that rounds to
 * 0 is `same`. A change whose interval holds 0, or that has no interval, is neither better nor
 * worse.
 */
export function changeOf(
  current: number | null,
  previous: number | null,
  interval: Interval | null,
  { unit, better }: ChangeRule,
): KpiChange {
  if (current === null || previous === null) {
    return { difference: null, relative: null, interval: null, unit, told: null, verdict: null }
  }
  const difference = current - previous
  const relative = previous === 0 ? null : difference / previous
  const exact = unit === 'stars' ? difference : unit === 'points' ? difference * 100 : relative && relative * 100
  const told = exact === null ? null : roundTo(exact, DECIMALS[unit])
  return {
    difference,
    relative,
    interval,
    unit,
    told,
    verdict: told === null ? null : verdictOf(told, interval, better),
  }
}

/** A number with its sign; 0 has none. */
export function signedText(value: number, decimals: number): string {
  const rounded = roundTo(value, decimals)
  const sign = rounded > 0 ? '+' : rounded < 0 ? '−' : ''
  return `${sign}${Math.abs(rounded).toFixed(decimals)}`
}

const UNIT_TEXT: Readonly<Record<ChangeUnit, string>> = { percent: ' %', points: ' points', stars: '' }

/**
 * Returns a change as text, for page and command line; `–` where it is unknown.
 * @example
 * changeText({ unit: 'points', told: 2.3 }) // '+2.3 points'
 * changeText({ unit: 'percent', told: 0 }) // '0.0 %'
 */
export function changeText({ unit, told }: Pick<KpiChange, 'unit' | 'told'>): string {
  return told === null ? '–' : `${signedText(told, DECIMALS[unit])}${UNIT_TEXT[unit]}`
}

/**
 * Returns the interval of a difference as text, in the figure's own unit; rates in points.
 * @example
 * intervalText({ unit: 'points', interval: { low: -0.004, high: 0.05 } }, 1) // '−0.4 to +5.0 points'
 */
export function intervalText({ unit, interval }: Pick<KpiChange, 'unit' | 'interval'>, decimals: number): string {
  if (interval === null) return '–'
  const scale = unit === 'points' ? 100 : 1
  const [low, high] = [interval.low, interval.high].map((end) => signedText(end * scale, decimals))
  return `${low} to ${high}${unit === 'points' ? ' points' : ''}`
}
