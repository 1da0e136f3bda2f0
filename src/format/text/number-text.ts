/**
 * Writes numbers as bytes: the shortest decimal text that reads back as the same number.
 * @module
 */

/** The longest text of a number: a sign, 17 digits, a point, `e-324`. */
export const NUMBER_ROOM = 32

const ZERO = 0x30
const POINT = 0x2e
const MINUS = 0x2d
/** Up to here every integer is exact as a double, so division can take off digits. */
const SAFE = Number.MAX_SAFE_INTEGER
/**
 * Below this, decimals of up to 15 digits are all different doubles: a decimal that gives the
 * number back is its shortest text.
 */
const EXACT = 1e15

function countDigits(value: number): number {
  if (value < 10) return 1
  if (value < 100) return 2
  if (value < 1000) return 3
  if (value < 10_000) return 4
  let digits = 5
  for (let bound = 100_000; value >= bound; bound *= 10) digits++
  return digits
}

/** Writes an integer, 0 to 2^53 − 1, with at least `width` digits, and returns its end. */
export function writeDigits(value: number, width: number, target: Uint8Array, at: number): number {
  const digits = countDigits(value)
  const end = at + (digits > width ? digits : width)
  let rest = value
  for (let place = end - 1; place >= at; place--) {
    const next = Math.floor(rest / 10)
    // subtract first: rest itself can be as large as the largest integer
    target[place] = ZERO + (rest - next * 10)
    rest = next
  }
  return end
}

/** Writes ASCII text and returns its end. */
export function writeAscii(text: string, target: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i)
  return at + text.length
}

/**
 * Writes a number and returns its end: the shortest decimal, like `String`, but −0 as `-0`; NaN
 * and the infinities as `NaN`, `Infinity` and `-Infinity`.
 */
export function writeNumber(value: number, target: Uint8Array, at: number): number {
  if (value === 0) {
    const isNegative = Object.is(value, -0)
    if (isNegative) target[at] = MINUS
    const start = isNegative ? at + 1 : at
    target[start] = ZERO
    return start + 1
  }
  const size = Math.abs(value)
  if (size <= SAFE && size >= 0.01) {
    let start = at
    if (value < 0) target[start++] = MINUS
    const whole = Math.floor(size)
    if (whole === size) return writeDigits(whole, 1, target, start)
    // most measures have few decimals: multiply to find the digits, divide to prove them
    for (let scale = 100, places = 2; scale <= 1_000_000 && size * scale < EXACT; scale *= 100, places += 2) {
      const scaled = Math.round(size * scale)
      if (scaled / scale !== size) continue
      const kept = Math.floor(scaled / scale)
      const end = writeDigits(kept, 1, target, start)
      target[end] = POINT
      let last = writeDigits(scaled - kept * scale, places, target, end + 1)
      while (target[last - 1] === ZERO) last--
      return last
    }
  }
  return writeAscii(String(value), target, at)
}

/** Writes a 64-bit integer and returns its end. */
export function writeBigInt(value: bigint, target: Uint8Array, at: number): number {
  return writeAscii(String(value), target, at)
}
