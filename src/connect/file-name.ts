/**
 * Which file names a place accepts.
 * @module
 */
import { ConnectError } from '../errors.ts'

/** A backslash, a control character, or a part that is empty, `.` or `..`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for control characters
const FORBIDDEN = /[\\\u0000-\u001f\u007f]|(?:^|\/)\.{0,2}(?:\/|$)/

/**
 * Whether a file may have this name: no empty part, no `.` or `..`, no backslash, no control
 * character.
 */
export function isFileName(name: string): boolean {
  return !FORBIDDEN.test(name)
}

/** Throws the error for a name that no file may have. */
export function refuseFileName(name: string): never {
  throw new ConnectError(
    'path_invalid',
    `${JSON.stringify(name)} is not a file name inside a place: use names such as "initial/agents.csv", without "..", "." or a leading "/"`,
  )
}

/**
 * Returns the parts of a file name.
 * @throws ConnectError path_invalid - the name is empty, absolute, has a `.`, `..` or empty part, a
 * backslash or a control character
 */
export function fileNameParts(name: string): readonly string[] {
  return isFileName(name) ? name.split('/') : refuseFileName(name)
}

/** Splits a prefix, which may be empty, into its folder parts and the start of the file name. */
export function prefixParts(prefix: string): { readonly folder: readonly string[]; readonly start: string } {
  const cut = prefix.lastIndexOf('/')
  return { folder: cut < 0 ? [] : fileNameParts(prefix.slice(0, cut)), start: prefix.slice(cut + 1) }
}

/** Returns a code unit's rank in code point order: surrogates (higher characters) come last. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/**
 * Compares names by their UTF-8 bytes, so that every place gives the same order. JavaScript's `<`
 * compares UTF-16.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}
