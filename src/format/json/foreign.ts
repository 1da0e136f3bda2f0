/**
 * Errors for bytes that are not the JSON a reader expects.
 * @module
 */
import type { FormatError } from '../../errors.ts'
import { adviceFor, type Look, lookAt, looksOtherwise } from '../look.ts'

/** What a JSON reader expects: one array, one object per line, or either. */
export type ExpectedJson = 'array' | 'lines' | 'records' | 'objects' | 'envelope'

const EXPECTED: Record<ExpectedJson, string> = {
  array: 'a JSON array of objects',
  lines: 'JSON Lines',
  records: 'JSON Lines or a JSON array of objects',
  objects: 'JSON objects in a row',
  envelope: 'a JSON object around the list of rows',
}
const ONE_LIST = 'write all objects into one list, [{…}, {…}]'
const CONCATENATED = 'declare the layout "concatenated" of its format, or '
const ONE_A_LINE = 'write each object on a line of its own'

/** Advice for turning a file into the expected JSON. */
function jsonAdvice(look: Look, expected: ExpectedJson): string {
  if (look.list !== null) {
    return `declare the path "${look.list}" of its format, or write the list "${look.list}" to a file of its own`
  }
  const isList = expected === 'array'
  switch (look.kind) {
    case 'json-lines':
      return `read it with readJsonLines, or ${ONE_LIST}`
    case 'json-array':
      return `read it with readJson, or ${ONE_A_LINE}`
    case 'json-sequence':
      return `${CONCATENATED}take out the bytes 0x1e and ${isList ? ONE_LIST : ONE_A_LINE}`
    case 'json-object':
      return isList ? ONE_LIST : ONE_A_LINE
    case 'json-concatenated':
      return `${CONCATENATED}${isList ? ONE_LIST : ONE_A_LINE}`
    default:
      return adviceFor(look, 'JSON')
  }
}

const LIST = '['.charCodeAt(0)

/** Returns the error for bytes that look like something else than the expected JSON. */
export function otherJson(look: Look, expected: ExpectedJson, file: string | undefined): FormatError {
  const isText = look.kind === 'csv' || look.kind === 'markup' || look.kind.startsWith('json')
  return looksOtherwise(look, {
    file,
    code: isText ? 'json_invalid' : 'encoding_invalid',
    expected: EXPECTED[expected],
    advice: jsonAdvice(look, expected),
  })
}

/**
 * Refuses bytes that look like something else than the expected JSON. Text of no known kind
 * passes, and so does damaged JSON: the reader then reports line and column. `first` is the first
 * byte that is not white space.
 * @throws FormatError encoding_invalid - another format or encoding; json_invalid - other text, or
 *   another kind of JSON
 */
export function refuseOtherJson(
  bytes: Uint8Array,
  first: number,
  { expected, file }: { readonly expected: ExpectedJson; readonly file: string | undefined },
): void {
  if (first === LIST && expected !== 'lines') return
  const look = lookAt(bytes)
  if (look.kind === 'unknown' || (look.kind === 'json-lines' && expected !== 'array')) return
  throw otherJson(look, expected, file)
}

/**
 * Refuses bytes that are no JSON at all, where the file is declared to be other JSON than an array or lines.
 * @throws FormatError encoding_invalid - another format or encoding; json_invalid - other text
 */
export function refuseNoJson(bytes: Uint8Array, expected: ExpectedJson, file: string | undefined): void {
  const look = lookAt(bytes)
  if (look.kind === 'unknown' || look.kind.startsWith('json')) return
  throw otherJson(look, expected, file)
}
