/**
 * Which interactions are calls, and how long a call counts: one rule for the report, its questions,
 * its oddities and its explanations.
 * @module
 */
import type { DictionaryColumn } from '../../../table/column.ts'

/**
 * 1 for each channel code that means phone; case and outer spaces are ignored. Entry 0 is null, so
 * codes are shifted by one.
 */
export function phoneCodes(channel: DictionaryColumn): Int32Array {
  const isPhone = new Int32Array(channel.values.length + 1)
  for (const [code, value] of channel.values.entries())
    if (value.trim().toLowerCase() === 'phone') isPhone[code + 1] = 1
  return isPhone
}

/** Durations are summed in units of 1/1,000,000 minute, as whole numbers. */
export const MICRO = 1e6

/**
 * Returns the minutes of a call as whole micro-minutes, halves away from zero: `scaled - whole` is
 * exact, so rounding never sees a false half. NaN counts 0, as a missing duration does; a negative
 * duration counts as it is. Zero is never −0.
 */
export function callMicros(minutes: number): number {
  if (Number.isNaN(minutes)) return 0
  const scaled = minutes * MICRO
  if (!Number.isFinite(scaled)) return scaled
  const whole = Math.trunc(scaled)
  return whole + Math.trunc((scaled - whole) * 2) + 0
}
