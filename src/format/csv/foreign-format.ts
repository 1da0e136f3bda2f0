import { FormatError } from '../../errors.ts'

/** So many bytes of a file tell what it is. */
export const LOOK_BYTES = 4096

/** How files of a format begin, what messages call it, and what becomes CSV of it. */
interface ForeignFormat {
  readonly signature: string
  readonly looks: string
  readonly cure: string
}

const UTF8 = 'save it as UTF-8'
const EXPORT = 'export the table as CSV where it comes from'
const UNPACK = 'unpack it first'

/** Signatures as Latin-1, one character a byte; none that the names of a header could begin with. */
const FORMATS: readonly ForeignFormat[] = [
  { signature: '\xff\xfe', looks: 'UTF-16', cure: UTF8 },
  { signature: '\xfe\xff', looks: 'UTF-16', cure: UTF8 },
  { signature: '\x1f\x8b', looks: 'gzip', cure: `${UNPACK} (support-etl run reads it when its name ends in .csv.gz)` },
  { signature: 'PK\x03\x04', looks: 'a zip archive', cure: UNPACK },
  {
    signature: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    looks: 'an Excel workbook (.xls)',
    cure: 'open it and save it as CSV UTF-8',
  },
  { signature: 'PAR1\x15', looks: 'Parquet', cure: 'export it as CSV; a program reads it with readParquet' },
  { signature: 'ARROW1\0\0', looks: 'Arrow', cure: 'export it as CSV; a program reads it with readArrow' },
  {
    signature: '\xff\xff\xff\xff',
    looks: 'an Arrow stream',
    cure: 'export it as CSV; a program reads it with readArrow',
  },
  { signature: '%PDF-', looks: 'a PDF document', cure: EXPORT },
  { signature: 'SQLite format 3\0', looks: 'an SQLite database', cure: EXPORT },
  { signature: '(\xb5/\xfd', looks: 'zstd', cure: UNPACK },
  { signature: '\xfd7zXZ\0', looks: 'xz', cure: UNPACK },
  { signature: '7z\xbc\xaf\x27\x1c', looks: 'a 7z archive', cure: UNPACK },
  { signature: 'Rar!\x1a\x07', looks: 'a RAR archive', cure: UNPACK },
  { signature: '\x89PNG', looks: 'a PNG image', cure: EXPORT },
  { signature: '\xff\xd8\xff', looks: 'a JPEG image', cure: EXPORT },
]

const LONGEST_SIGNATURE = Math.max(...FORMATS.map(({ signature }) => signature.length))

/** Inside a workbook's archive these stand near its beginning. */
const WORKBOOK = /\[Content_Types\]\.xml|xl\//

function formatOf(bytes: Uint8Array): ForeignFormat | null {
  const head = String.fromCharCode(...bytes.subarray(0, LONGEST_SIGNATURE))
  const found = FORMATS.find(({ signature }) => head.startsWith(signature))
  if (found === undefined) return null
  if (found.looks !== 'a zip archive' || !WORKBOOK.test(String.fromCharCode(...bytes))) return found
  return { ...found, looks: 'an Excel workbook (.xlsx)', cure: 'open it and save it as CSV UTF-8' }
}

/** Whether the bytes are UTF-8, but for a character that may be cut where they end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    // the one thing that it throws for
    return false
  }
}

/** Whether bytes are no text: control characters that text has no use for, and bytes that are no UTF-8. */
function isBinary(bytes: Uint8Array): boolean {
  // what is text is told at once, without a look at every byte
  if (isUtf8(bytes)) return false
  let controls = 0
  for (const byte of bytes) {
    // tab to carriage return, and the escape of terminals, stand in text
    if ((byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f) controls++
  }
  return controls >= 4 && controls * 20 >= bytes.length
}

/**
 * Returns the error for bytes that are another format's or no text, null for those that may be CSV.
 * A file that is valid in UTF-8 is never called binary, whatever control characters stand in its cells.
 */
export function refuseForeignFormat(bytes: Uint8Array, file: string | undefined): FormatError | null {
  const look = bytes.subarray(0, LOOK_BYTES)
  const found =
    formatOf(look) ??
    (isBinary(look) ? { looks: 'binary data', cure: `it is damaged, encrypted, or no table; ${EXPORT}` } : null)
  if (found === null) return null
  return new FormatError(
    'encoding_invalid',
    `${file ?? 'input'}: looks like ${found.looks}, expected CSV in UTF-8; ${found.cure}`,
    { details: { file, looksLike: found.looks } },
  )
}
