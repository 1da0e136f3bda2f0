/**
 * Judges the tried mutants: the score of each file and room, and the survivors without an
 * explanation.
 * @module
 */
import type { Explanation } from './explained.ts'
import type { Tried } from './try-room.ts'

/**
 * Counts of mutants. `timedOut` is part of `killed`: their tests did not end in time. `explained`
 * ones survived, but have no observable effect.
 */
export interface Score {
  readonly tried: number
  readonly killed: number
  readonly timedOut: number
  readonly explained: number
}

/** A room's mutants, judged. */
export interface Judged {
  readonly whole: Score
  readonly byFile: ReadonlyMap<string, Score>
  /** Neither killed nor explained. */
  readonly survivors: readonly Tried[]
  readonly timedOut: readonly Tried[]
  /** Explanations of the room's files that match no survivor. */
  readonly idle: readonly Explanation[]
}

function explains({ file, code, changes }: Explanation, mutant: Tried): boolean {
  return file === mutant.file && code === mutant.code && (changes === 'any' || changes.includes(mutant.change))
}

/** Judges the mutants of a room. */
export function judge(tried: readonly Tried[], explanations: readonly Explanation[]): Judged {
  const alive = tried.filter((mutant) => !mutant.isKilled)
  const isExplained = (mutant: Tried) => explanations.some((explanation) => explains(explanation, mutant))
  const scoreOf = (mutants: readonly Tried[]): Score => ({
    tried: mutants.length,
    killed: mutants.filter((mutant) => mutant.isKilled).length,
    timedOut: mutants.filter((mutant) => mutant.isTimedOut).length,
    explained: mutants.filter((mutant) => !mutant.isKilled && isExplained(mutant)).length,
  })
  const files = Map.groupBy(tried, (mutant) => mutant.file)
  return {
    whole: scoreOf(tried),
    byFile: new Map([...files].map(([file, mutants]) => [file, scoreOf(mutants)])),
    survivors: alive.filter((mutant) => !isExplained(mutant)),
    timedOut: tried.filter((mutant) => mutant.isTimedOut),
    idle: explanations.filter(
      (explanation) => files.has(explanation.file) && !alive.some((mutant) => explains(explanation, mutant)),
    ),
  }
}

/**
 * The share of killed mutants among those that are not explained, in percent with one decimal,
 * rounded down.
 */
export function percentOf({ tried, killed, explained }: Score): string {
  if (tried === explained) return '100.0'
  return (Math.floor((killed / (tried - explained)) * 1000) / 10).toFixed(1)
}
