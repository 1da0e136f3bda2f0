/**
 * One comparison of groups: what was tested, how large the difference is, and whether it is more than chance.
 * @module
 */
import { holmAdjusted } from '../../../aggregate/chi-square.ts'

/** What a comparison says. `too_few`: there are too few cases to say anything. */
export type Verdict = 'different' | 'no_significant_difference' | 'too_few'

/** How large a difference is. */
export interface Effect {
  /** `cramers_v`: from 0 to 1. `speed_ratio`: how much faster the fastest group ends than the slowest. `dispersion`: 1 is chance. */
  readonly kind: 'cramers_v' | 'speed_ratio' | 'dispersion'
  readonly value: number
  readonly size: 'negligible' | 'small' | 'medium' | 'large'
}

/** A comparison before correction. */
export interface RawComparison {
  /** Such as `resolution_time_by_category`. */
  readonly name: string
  /** What is compared, for people. */
  readonly question: string
  readonly test: 'chi_square' | 'log_rank' | 'dispersion'
  readonly statistic: number
  readonly degrees: number
  readonly p: number
  readonly effect: number
  readonly hasEnough: boolean
}

/** A comparison, corrected for the number of comparisons. */
export interface Comparison extends Omit<RawComparison, 'effect' | 'hasEnough'> {
  readonly effect: Effect
  /** Holm's correction of `p`. */
  readonly pAdjusted: number
  readonly verdict: Verdict
}

/** A difference is told where it has this probability, or less, by chance. */
const LEVEL = 0.05

const KINDS = { chi_square: 'cramers_v', log_rank: 'speed_ratio', dispersion: 'dispersion' } as const
/** From where on an effect is small, medium and large: for Cramér's V after Cohen, else as a factor. */
const SIZES: Readonly<Record<Effect['kind'], readonly [small: number, medium: number, large: number]>> = {
  cramers_v: [0.05, 0.15, 0.25],
  speed_ratio: [1.1, 1.5, 2],
  dispersion: [1.1, 1.5, 2],
}

function effectOf(test: RawComparison['test'], value: number): Effect {
  const kind = KINDS[test]
  const [small, medium, large] = SIZES[kind]
  const size = value >= large ? 'large' : value >= medium ? 'medium' : value >= small ? 'small' : 'negligible'
  return { kind, value, size }
}

/** Returns comparisons with their verdicts. Those with too few cases are not counted among the comparisons. */
export function judge(comparisons: readonly RawComparison[]): Comparison[] {
  const counted = comparisons.filter(({ hasEnough }) => hasEnough)
  const adjusted = new Map(holmAdjusted(counted.map(({ p }) => p)).map((p, at) => [counted[at], p]))
  return comparisons.map((comparison) => {
    const { effect, hasEnough, ...told } = comparison
    const pAdjusted = adjusted.get(comparison) ?? 1
    const verdict = !hasEnough ? 'too_few' : pAdjusted < LEVEL ? 'different' : 'no_significant_difference'
    return { ...told, effect: effectOf(told.test, effect), pAdjusted, verdict }
  })
}
