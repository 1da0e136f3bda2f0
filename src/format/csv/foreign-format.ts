import type { FormatError } from '../../errors.ts'
import { adviceFor, LOOK_BYTES, type Look, lookAt, looksOtherwise } from '../look.ts'
import type { Dialect } from './dialect.ts'

/** Advice for turning a file of another format into CSV. */
export function csvAdvice(look: Look): string {
  if (look.kind === 'workbook') return 'open it and save it as CSV UTF-8'
  const advice = adviceFor(look, 'CSV')
  return look.looks === 'gzip' ? `${advice} (support-etl run reads it when its name ends in .csv.gz)` : advice
}

/**
 * Returns the error for bytes of another format, or that are not text; null for bytes that may be
 * CSV. With another quote character, or with quotes as text, cells may hold JSON and markup.
 */
export function refuseOtherFormat(
  bytes: Uint8Array,
  file: string | undefined,
  { quote, strayQuotes }: Dialect,
): FormatError | null {
  const look = lookAt(bytes.subarray(0, LOOK_BYTES))
  if (look.kind === 'csv' || look.kind === 'unknown') return null
  const isText = look.kind === 'markup' || look.kind.startsWith('json')
  if (isText && (quote !== '"' || strayQuotes === 'text')) return null
  const code = isText ? 'csv_invalid' : 'encoding_invalid'
  return looksOtherwise(look, { file, code, expected: 'CSV in UTF-8', advice: csvAdvice(look) })
}
