/**
 * Confusion matrices, and precision, recall and F1 with intervals.
 * @module
 */
import { type ShareInterval, wilsonInterval } from '../../../../aggregate/intervals.ts'

/** A share with its 95 % interval; null where nothing was counted. */
export interface Score {
  readonly value: number | null
  readonly interval: ShareInterval | null
}

/** How well one class is told from the others. */
export interface ClassScores {
  readonly name: string
  /** How many calls are labelled so. */
  readonly labelled: number
  /** How many calls were found to be so. */
  readonly found: number
  readonly right: number
  readonly precision: Score
  readonly recall: Score
  readonly f1: Score
}

/** A confusion matrix: `counts[label][finding]`, in the order of `names`. */
export interface Confusion {
  readonly names: readonly string[]
  readonly counts: readonly (readonly number[])[]
  readonly accuracy: Score
  /** The mean of the classes' F1; its interval is the mean of their intervals. Null where a class does not occur. */
  readonly macroF1: Score
  readonly classes: readonly ClassScores[]
}

/** A share with Wilson's interval. */
export function shareScore(right: number, all: number): Score {
  return { value: all === 0 ? null : right / all, interval: wilsonInterval(right, all) }
}

/** Precision, recall and F1 from counts. F1 rises with right / (labelled + found − right), whose interval is Wilson's. */
export function classScores(name: string, labelled: number, found: number, right: number): ClassScores {
  const union = shareScore(right, labelled + found - right)
  const f1 = (share: number) => (2 * share) / (1 + share)
  const interval = union.interval === null ? null : { low: f1(union.interval.low), high: f1(union.interval.high) }
  return {
    ...{ name, labelled, found, right },
    precision: shareScore(right, found),
    recall: shareScore(right, labelled),
    f1: { value: union.value === null ? null : f1(union.value), interval },
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Counts pairs of label and finding. */
export function confusionOf(
  names: readonly string[],
  pairs: readonly (readonly [label: string, finding: string])[],
): Confusion {
  const counts = names.map(() => names.map(() => 0))
  for (const [label, finding] of pairs) {
    const row = counts[names.indexOf(label)]
    const column = names.indexOf(finding)
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  }
  const classes = names.map((name, at) => {
    const labelled = (counts[at] ?? []).reduce((sum, count) => sum + count, 0)
    const found = counts.reduce((sum, row) => sum + (row[at] ?? 0), 0)
    return classScores(name, labelled, found, counts[at]?.[at] ?? 0)
  })
  const right = classes.reduce((sum, { right }) => sum + right, 0)
  const values = classes.flatMap(({ f1 }) => (f1.value === null ? [] : [f1.value]))
  const intervals = classes.flatMap(({ f1 }) => (f1.interval === null ? [] : [f1.interval]))
  const isWhole = values.length === names.length
  return {
    ...{ names, counts, classes },
    accuracy: shareScore(right, pairs.length),
    macroF1: {
      value: isWhole ? mean(values) : null,
      interval: isWhole
        ? { low: mean(intervals.map(({ low }) => low)), high: mean(intervals.map(({ high }) => high)) }
        : null,
    },
  }
}
