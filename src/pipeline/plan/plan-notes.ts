/**
 * What a plan reports beside what it would do.
 * @module
 */

/** A file that is left alone, and why. */
export interface SkippedFile {
  readonly name: string
  /** `missing`: a day was asked for that has no file. */
  readonly reason: 'already_applied' | 'not_selected' | 'missing'
}

/** Something worth knowing that stops nobody in lenient mode; `warning` stops a strict run. */
export interface Note {
  /** What it is about, for programs: a code of the decision table, or of an error that strict mode would throw. */
  readonly code: string
  readonly severity: 'info' | 'warning'
  /** A source file; null where the note is about none. */
  readonly file: string | null
  readonly message: string
}
