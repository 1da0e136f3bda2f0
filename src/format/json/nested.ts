/**
 * Parses JSON values of any depth into JavaScript values, for cells that are lists or objects.
 * @module
 */
import { readExactNumber } from './numbers.ts'
import { JSON_BYTES, type JsonScanner } from './scan.ts'
import { DEPTH_LIMIT } from './value.ts'

const { quote, comma, minus, zero, colon, openList, closeList, openObject, closeObject } = JSON_BYTES

/** Whether the byte can begin a number. */
export function beginsNumber(byte: number): boolean {
  return byte === minus || (byte - zero) >>> 0 <= 9
}

/** Steps over the bracket that opens a list or an object. @throws FormatError limit_exceeded - more than 64 levels */
function enter(scanner: JsonScanner, depth: number): void {
  if (depth >= DEPTH_LIMIT) {
    throw scanner.complain(`at most ${DEPTH_LIMIT} levels of nesting`, scanner.at, 'limit_exceeded')
  }
  scanner.at++
}

/**
 * Parses the value at the scanner's position; integers beyond 2^53 become bigints.
 * @throws FormatError json_invalid - not a JSON value; type_mismatch - a number with a fraction or
 *   exponent that a double cannot hold; limit_exceeded - more than 64 levels
 */
export function readValue(scanner: JsonScanner, depth: number): unknown {
  const byte = scanner.peek()
  if (byte === quote) {
    scanner.readString()
    return scanner.text()
  }
  if (byte === openObject || byte === openList) {
    enter(scanner, depth)
    return byte === openList ? readList(scanner, depth) : readObject(scanner, depth)
  }
  if (!beginsNumber(byte)) return scanner.readWord()
  return readExactNumber(scanner)
}

function readList(scanner: JsonScanner, depth: number): unknown[] {
  const values: unknown[] = []
  if (scanner.take(closeList)) return values
  do values.push(readValue(scanner, depth + 1))
  while (scanner.take(comma))
  scanner.expect(closeList, '"," or "]"')
  return values
}

function readObject(scanner: JsonScanner, depth: number): object {
  const members = new Map<string, unknown>()
  if (scanner.take(closeObject)) return {}
  do {
    if (scanner.peek() !== quote) throw scanner.complain('a name in quotes')
    const begin = scanner.at
    scanner.readString()
    const name = scanner.text()
    if (members.has(name)) throw scanner.complain('a name that occurs only once', begin)
    scanner.expect(colon, '":"')
    members.set(name, readValue(scanner, depth + 1))
  } while (scanner.take(comma))
  scanner.expect(closeObject, '"," or "}"')
  // fromEntries makes `__proto__` an ordinary property
  return Object.fromEntries(members)
}

/**
 * Skips the value at the scanner's position, and checks that it is one.
 * @throws FormatError json_invalid - not a JSON value; limit_exceeded - more than 64 levels
 */
export function skipValue(scanner: JsonScanner, depth: number): void {
  const byte = scanner.peek()
  if (byte === quote) scanner.readString()
  else if (beginsNumber(byte)) scanner.readNumber()
  else if (byte !== openObject && byte !== openList) scanner.readWord()
  else {
    enter(scanner, depth)
    const close = byte === openList ? closeList : closeObject
    if (scanner.take(close)) return
    do {
      if (byte === openObject) {
        if (scanner.peek() !== quote) throw scanner.complain('a name in quotes')
        scanner.readString()
        scanner.expect(colon, '":"')
      }
      skipValue(scanner, depth + 1)
    } while (scanner.take(comma))
    scanner.expect(close, byte === openList ? '"," or "]"' : '"," or "}"')
  }
}
