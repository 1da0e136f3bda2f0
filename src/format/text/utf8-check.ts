/**
 * The end of the character at `at`, whose first byte is not ASCII; −1 if it is malformed or passes
 * `end`.
 */
export function characterEnd(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number
  let length = 0
  let least = 0x80
  let most = 0xbf
  if (lead >= 0xc2 && lead <= 0xdf) length = 2
  else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3
    // no overlong forms, no surrogates
    if (lead === 0xe0) least = 0xa0
    else if (lead === 0xed) most = 0x9f
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4
    if (lead === 0xf0) least = 0x90
    else if (lead === 0xf4) most = 0x8f
  }
  if (length === 0 || at + length > end) return -1
  const second = bytes[at + 1] as number
  if (second < least || second > most) return -1
  for (let next = at + 2; next < at + length; next++) {
    if (((bytes[next] as number) & 0xc0) !== 0x80) return -1
  }
  return at + length
}

/**
 * The position of the first byte that breaks UTF-8 in `[start, end)`, or −1 if all of it is well
 * formed.
 */
export function findBadUtf8(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    if ((bytes[at] as number) < 0x80) {
      at++
      continue
    }
    const next = characterEnd(bytes, at, end)
    if (next < 0) return at
    at = next
  }
  return -1
}

/** Whether every byte is ASCII. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0
  for (let at = start; at < end; at++) seen |= bytes[at] as number
  return seen < 0x80
}
