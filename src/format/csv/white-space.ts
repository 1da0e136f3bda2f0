/** White space around a cell: exactly what `String.prototype.trim` removes, in UTF-8. */

/** Bytes that can begin or end white space; a cell between two other bytes needs no trimming. */
export function edgeTable(delimiter: number): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of [0x20, 0x09, 0x0b, 0x0c, 0x0a, 0x0d, 0xc2, 0xe1, 0xe2, 0xe3, 0xef]) table[byte] = 1
  for (const byte of [0xa0, 0xa8, 0xa9, 0xaf, 0x9f, 0xbf]) table[byte] = 1
  for (let byte = 0x80; byte <= 0x8a; byte++) table[byte] = 1
  table[delimiter] = 0
  return table
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** Whether the two or three bytes are a white space character outside ASCII. */
function isWideBlank(first: number, second: number, third: number): boolean {
  if (first === 0xe2) {
    if (second === 0x80) return third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf
    return second === 0x81 && third === 0x9f
  }
  if (first === 0xe1) return second === 0x9a && third === 0x80
  if (first === 0xe3) return second === 0x80 && third === 0x80
  return first === 0xef && second === 0xbb && third === 0xbf
}

/** Where the text of `[start, end)` begins. */
export function trimStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at] as number
    if (isBlank(byte)) at++
    else if (byte === 0xc2 && at + 2 <= end && bytes[at + 1] === 0xa0) at += 2
    else if (byte > 0xe0 && at + 3 <= end && isWideBlank(byte, bytes[at + 1] as number, bytes[at + 2] as number))
      at += 3
    else break
  }
  return at
}

/** Where the text of `[start, end)` ends. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start) {
    const byte = bytes[at - 1] as number
    if (isBlank(byte)) at--
    else if (byte < 0x80) break
    else if (byte === 0xa0 && at - 2 >= start && bytes[at - 2] === 0xc2) at -= 2
    else if (at - 3 >= start && isWideBlank(bytes[at - 3] as number, bytes[at - 2] as number, byte)) at -= 3
    else break
  }
  return at
}
