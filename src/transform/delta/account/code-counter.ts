/**
 * Counts the rows of a code, and samples the first ones.
 * @module
 */
import { type DeltaCode, SAMPLE_SIZE, type Severity } from '../delta-summary.ts'

/** A code that occurred, with sample rows that are not yet resolved to keys and files. */
export interface CodeDraft {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly count: number
  /** The first rows, at most ten, in order. */
  readonly rows: readonly number[]
  readonly columns?: readonly string[]
}

/** Counts the rows of one code and keeps the first ones. */
export class CodeCounter {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly rows: number[]
  count: number

  /** Starts at 0, or at a known count with its first rows. */
  constructor(code: DeltaCode, severity: Severity, count = 0, rows: number[] = []) {
    this.code = code
    this.severity = severity
    this.count = count
    this.rows = rows
  }

  add(row: number): void {
    if (this.count++ < SAMPLE_SIZE) this.rows.push(row)
  }
}
