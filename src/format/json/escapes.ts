/**
 * The escapes of JSON strings.
 * @module
 */

/** The character that each letter after a backslash means. */
export const ESCAPES = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)],
  ),
)

/** Writes a code point as UTF-8 and returns its end. */
export function writePoint(point: number, target: Uint8Array, at: number): number {
  if (point < 0x80) {
    target[at] = point
    return at + 1
  }
  const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  let rest = point
  for (let place = at + size - 1; place > at; place--) {
    target[place] = 0x80 | (rest & 0x3f)
    rest >>= 6
  }
  target[at] = ((0xf00 >> size) & 0xff) | rest
  return at + size
}
