/**
 * Parts of a body that a client asks for, as the header Range has them (RFC 9110, section 14).
 * @module
 */

/** Bytes of a body, from `start` to before `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Returns the bytes that a header Range asks for of a body of some size; null where all are to be sent: without the header, for
 * several ranges at once, and for a header that cannot be read. `'unsatisfiable'`: the body has no such byte.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  // the last bytes of the body
  if (first === '') {
    const length = Number(last)
    return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return null
  if (start >= size) return 'unsatisfiable'
  return { start, end: last === '' ? size : Math.min(size, Number(last) + 1) }
}
