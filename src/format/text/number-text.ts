/**
 * Numbers as the shortest decimal text that reads back as the same number, written as bytes.
 * @module
 */

/** No number's text is longer than this: a sign, 17 digits, a point, `e-324`. */
export const NUMBER_ROOM = 32

const ZERO = 0x30
const POINT = 0x2e
const MINUS = 0x2d
/** Up to here every integer is a double, so that digits may be taken off by division. */
const SAFE = Number.MAX_SAFE_INTEGER
/** Up to 15 digits, different decimals are different doubles: the decimal that gives the number back is its shortest. */
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

/** Writes an integer of at least `width` digits, 0 to 2^53 − 1, and returns where it ends. */
export function writeDigits(value: number, width: number, target: Uint8Array, at: number): number {
  const digits = countDigits(value)
  const end = at + (digits > width ? digits : width)
  let rest = value
  for (let place = end - 1; place >= at; place--) {
    const next = Math.floor(rest / 10)
    // the difference first: rest itself may be as large as integers go
    target[place] = ZERO + (rest - next * 10)
    rest = next
  }
  return end
}

/** Writes text of ASCII letters and returns where it ends. */
export function writeAscii(text: string, target: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i)
  return at + text.length
}

/**
 * Writes a number and returns where it ends: the shortest decimal, as `String` has it, −0 as `-0`; NaN and the infinities
 * as `NaN`, `Infinity` and `-Infinity`.
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
    // most measures have few decimals: their digits are found by multiplying, and proven by dividing
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

/** Writes a 64-bit integer and returns where it ends. */
export function writeBigInt(value: bigint, target: Uint8Array, at: number): number {
  return writeAscii(String(value), target, at)
}
