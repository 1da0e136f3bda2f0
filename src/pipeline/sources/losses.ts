/**
 * How much a table may lose without being asked.
 * @module
 */
import { TOLERATED_ROWS } from '../quarantine.ts'

/** More than a few rows, and more than 5 % of them, are not lost without being asked for. */
export function isHeavyLoss(lost: number, rows: number): boolean {
  return lost > TOLERATED_ROWS && lost > rows * 0.05
}

/** A part of rows as a percentage: `12.5 %`. */
export function shareOf(part: number, rows: number): string {
  return percent(part / rows)
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}
