/**
 * Where the rows of a JSON file are: in a list inside objects around it, or in objects one after the other.
 * @module
 */
import { skipValue } from './nested.ts'
import { JSON_BYTES, type JsonScanner } from './scan.ts'

const { quote, comma, colon, openList, closeList, openObject, closeObject } = JSON_BYTES
const RECORD_SEPARATOR = 0x1e

/** Reads the list of objects at the scanner's position. */
export function readList(scanner: JsonScanner, readRow: () => void): void {
  if (!scanner.take(openList)) throw scanner.complain('an array of objects')
  if (scanner.take(closeList)) return
  do readRow()
  while (scanner.take(comma))
  scanner.expect(closeList, '"," or "]"')
}

/** Reads the list that the names from `at` on lead to, inside the object at the scanner's position. */
export function readEnvelope(scanner: JsonScanner, readRow: () => void, path: readonly string[], at = 0): void {
  const shown = JSON.stringify(path.slice(0, at + 1).join('.'))
  if (!scanner.take(openObject)) throw scanner.complain(`an object that has ${shown}`)
  const begin = scanner.at
  let isFound = false
  if (!scanner.take(closeObject)) {
    do {
      if (scanner.peek() !== quote) throw scanner.complain('a name in quotes')
      const nameAt = scanner.at
      scanner.readString()
      const isWanted = scanner.text() === path[at]
      if (isWanted && isFound) throw scanner.complain('a name that occurs only once', nameAt)
      scanner.expect(colon, '":"')
      if (!isWanted) skipValue(scanner, at + 1)
      else if (at + 1 < path.length) readEnvelope(scanner, readRow, path, at + 1)
      else readList(scanner, readRow)
      isFound ||= isWanted
    } while (scanner.take(comma))
    scanner.expect(closeObject, '"," or "}"')
  }
  if (!isFound) throw scanner.complain(`${shown}, the declared path of the rows, in this object`, begin)
}

/** Reads one object after the other; a byte 0x1e in front of each makes it a JSON text sequence. */
export function readConcatenated(scanner: JsonScanner, readOne: () => void): void {
  scanner.take(RECORD_SEPARATOR)
  while (scanner.peek() >= 0) {
    readOne()
    scanner.take(RECORD_SEPARATOR)
  }
}
