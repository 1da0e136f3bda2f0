/**
 * Recognises what bytes are: the container, the encoding, the kind of text. A reader that cannot
 * read a file names it this way.
 * @module
 */
import { type ErrorCode, FormatError } from '../errors.ts'
import { type JsonKind, lookAtJson } from './json/look.ts'

/**
 * These first bytes are enough to recognise a file, except for JSON in one object, which may need
 * all of them.
 */
export const LOOK_BYTES = 4096

/** Formats that this library reads. */
export type ReadableFormat = 'CSV' | 'JSON' | 'Parquet' | 'Arrow'

/** What a file is. `unknown`: text of no known kind, or no bytes. */
export type LookKind =
  | JsonKind
  | 'utf-16'
  | 'packed'
  | 'workbook'
  | 'parquet'
  | 'arrow'
  | 'document'
  | 'binary'
  | 'markup'
  | 'csv'
  | 'unknown'

/** What bytes look like. */
export interface Look {
  readonly kind: LookKind
  /** The name in messages: `gzip`, `an Excel workbook (.xlsx)`. */
  readonly looks: string
  /**
   * For one JSON object around a list of objects: the names that lead to the list, joined by
   * points.
   */
  readonly list: string | null
}

/** Signatures as Latin-1, one character per byte. A header cannot begin with any of them. */
const SIGNATURES: readonly (readonly [signature: string, kind: LookKind, looks: string])[] = [
  ['\xff\xfe\0\0', 'utf-16', 'UTF-32'],
  ['\0\0\xfe\xff', 'utf-16', 'UTF-32'],
  ['\xff\xfe', 'utf-16', 'UTF-16'],
  ['\xfe\xff', 'utf-16', 'UTF-16'],
  ['\x1f\x8b', 'packed', 'gzip'],
  ['PK\x03\x04', 'packed', 'a zip archive'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'workbook', 'an Excel workbook (.xls)'],
  ['PAR1\x15', 'parquet', 'Parquet'],
  ['ARROW1\0\0', 'arrow', 'Arrow'],
  ['\xff\xff\xff\xff', 'arrow', 'an Arrow stream'],
  ['%PDF-', 'document', 'a PDF document'],
  ['SQLite format 3\0', 'document', 'an SQLite database'],
  ['(\xb5/\xfd', 'packed', 'zstd'],
  ['\xfd7zXZ\0', 'packed', 'xz'],
  ['7z\xbc\xaf\x27\x1c', 'packed', 'a 7z archive'],
  ['Rar!\x1a\x07', 'packed', 'a RAR archive'],
  ['\x89PNG', 'document', 'a PNG image'],
  ['\xff\xd8\xff', 'document', 'a JPEG image'],
]
const LONGEST_SIGNATURE = Math.max(...SIGNATURES.map(([signature]) => signature.length))

/** The archive of a workbook has these near its beginning. */
const WORKBOOK = /\[Content_Types\]\.xml|xl\//

const JSON_LOOKS: Record<JsonKind, string> = {
  'json-array': 'a JSON array',
  'json-lines': 'JSON Lines (one object per line)',
  'json-sequence': 'a JSON text sequence (a byte 0x1e before each object)',
  'json-object': 'one JSON object over several lines',
  'json-concatenated': 'several JSON objects in a row, not one per line',
}

const lookOf = (kind: LookKind, looks: string): Look => ({ kind, looks, list: null })

function container(bytes: Uint8Array): Look | null {
  const head = String.fromCharCode(...bytes.subarray(0, LONGEST_SIGNATURE))
  const found = SIGNATURES.find(([signature]) => head.startsWith(signature))
  if (found === undefined) return null
  const [signature, kind, looks] = found
  const isWorkbook = signature.startsWith('PK') && WORKBOOK.test(String.fromCharCode(...bytes))
  return isWorkbook ? lookOf('workbook', 'an Excel workbook (.xlsx)') : lookOf(kind, looks)
}

/** The fewest pairs of bytes that prove UTF-16 without its mark. */
const FEWEST_PAIRS = 4
const MOST_PAIRS = 32

/**
 * Whether every second byte is NUL and the others are not: Latin text in UTF-16 without a byte
 * order mark.
 */
function isUnmarkedUtf16(bytes: Uint8Array): boolean {
  const pairs = Math.min(MOST_PAIRS, bytes.length >> 1)
  if (pairs < FEWEST_PAIRS) return false
  const nul = bytes[0] === 0 ? 0 : 1
  for (let at = 0; at < pairs * 2; at += 2) if (bytes[at + nul] !== 0 || bytes[at + 1 - nul] === 0) return false
  return true
}

/** Whether the bytes are UTF-8, apart from a character cut off at the end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    // the decoder throws only for invalid bytes
    return false
  }
}

/** Whether bytes are not text: control characters that text does not use, and bytes that are not UTF-8. */
function isBinary(bytes: Uint8Array): boolean {
  // text is recognised quickly, without counting its bytes
  if (isUtf8(bytes)) return false
  let controls = 0
  for (const byte of bytes) {
    // text uses tab to carriage return, and the escape of terminals
    if ((byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f) controls++
  }
  return controls >= 4 && controls * 20 >= bytes.length
}

const MARKUP = /^<(?:\?xml[\s?]|!doctype\s|html[\s>])/i
const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * Whether text has cells between delimiters: the first two lines have equally many, and no line
 * begins like JSON.
 */
function isDelimited(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  const [header, first] = lines
  if (header === undefined || lines.some((line) => /^\s*[[{]/.test(line)) || header.includes('":')) return false
  return DELIMITERS.some((delimiter) => {
    const count = (line: string) => line.replace(/"[^"]*"/g, '').split(delimiter).length
    return count(header) > 1 && (first === undefined || count(first) === count(header))
  })
}

function kindOfText(bytes: Uint8Array): Look {
  const text = new TextDecoder().decode(bytes).trimStart()
  if (MARKUP.test(text)) return lookOf('markup', /^<\?xml/i.test(text) ? 'XML' : 'an HTML page')
  return isDelimited(text) ? lookOf('csv', 'CSV') : lookOf('unknown', text === '' ? 'an empty file' : 'text')
}

/**
 * Returns what the bytes look like, judged by their beginning. Valid UTF-8 is never called binary,
 * whatever control characters it has. The result is a guess for messages; only a reader decides.
 */
export function lookAt(bytes: Uint8Array): Look {
  const head = bytes.subarray(0, LOOK_BYTES)
  const packed = container(head)
  if (packed !== null) return packed
  if (isUnmarkedUtf16(head)) return lookOf('utf-16', 'UTF-16')
  if (isBinary(head)) return lookOf('binary', 'binary data')
  const json = lookAtJson(bytes)
  if (json === null) return kindOfText(head)
  const { kind, list } = json
  return { kind, list, looks: list === null ? JSON_LOOKS[kind] : `a JSON object around a list of objects, "${list}"` }
}

const READERS: Partial<Record<LookKind, string>> = {
  parquet: 'readParquet',
  arrow: 'readArrow',
  csv: 'readCsv',
  'json-array': 'readJson',
  'json-lines': 'readJsonLines',
}

/** Returns advice for turning a file of this look into the expected format. */
export function adviceFor({ kind, list }: Look, expected: ReadableFormat): string {
  const isText = expected === 'CSV' || expected === 'JSON'
  const fromSource = `export the table as ${expected} from its source`
  if (kind === 'packed') return 'unpack it first'
  if (kind === 'utf-16' && isText) return 'save it as UTF-8'
  if (kind === 'binary') return `it is damaged, encrypted, or not a table; ${fromSource}`
  const reader = list === null ? READERS[kind] : undefined
  return reader === undefined ? fromSource : `export it as ${expected}; a program reads it with ${reader}`
}

/** The parts of a reader's message about a file that it cannot read. */
export interface Expectation {
  readonly file: string | undefined
  readonly code: ErrorCode
  /** What the reader expects, for the message. */
  readonly expected: string
  readonly advice: string
}

/** Returns the error that says what a file looks like, what was expected and what to do. */
export function looksOtherwise({ looks }: Look, { file, code, expected, advice }: Expectation): FormatError {
  return new FormatError(code, `${file ?? 'input'}: looks like ${looks}, expected ${expected}`, {
    advice: [advice],
    details: { file, looksLike: looks },
  })
}

/**
 * Returns the error for bytes that look like another format; null if they look like none, and the
 * reader then reports what is damaged.
 */
export function notBinaryFormat(
  bytes: Uint8Array,
  expected: 'Parquet' | 'Arrow',
  file: string | undefined,
): FormatError | null {
  const look = lookAt(bytes)
  const isOwn = look.kind === expected.toLowerCase()
  if (isOwn || look.kind === 'binary' || look.kind === 'unknown') return null
  const code = expected === 'Parquet' ? 'parquet_invalid' : 'arrow_invalid'
  return looksOtherwise(look, { file, code, expected, advice: adviceFor(look, expected) })
}
