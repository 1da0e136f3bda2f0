/**
 * Survivors that are no gap in the tests: the program does the same with them, or nobody could see that it does not.
 * @module
 */

/** One line of source whose mutants survive, and why that is right. */
export interface Explanation {
  readonly file: string
  /** The line the mutant begins in, without its indent: it finds the mutant when lines move. */
  readonly code: string
  /** What is changed into what, as the list of survivors prints it; or any change of the line. */
  readonly changes: readonly string[] | 'any'
  readonly reason: string
}

export const EXPLAINED: readonly Explanation[] = []
