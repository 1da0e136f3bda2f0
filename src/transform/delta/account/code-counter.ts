/**
 * Counting what a delta meets, code by code, with the first rows as a sample.
 * @module
 */
import { type DeltaCode, SAMPLE_SIZE, type Severity } from '../delta-summary.ts'

/** A code that occurred, with the rows that show it, not yet turned into keys and files. */
export interface CodeDraft {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly count: number
  /** The first rows at most, in order. */
  readonly rows: readonly number[]
  readonly columns?: readonly string[]
}

/** Counts rows of one code and keeps the first of them. */
export class Tally {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly rows: number[]
  count: number

  /** Begins with nothing, or with so many rows, of which the first are given. */
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
