/**
 * Parses instants from the bytes of text.
 * @module
 */
import { NO_DAY } from '../../time/calendar.ts'
import { formatTimestamp, type Instant } from '../../time/instant.ts'
import { DAY_SIZE, LONGEST_TIMESTAMP, parseDayAt, parseTimestampAt, TimestampReading } from '../../time/read-stamp.ts'
import type { Utf8Column } from '../column.ts'
import { encodeTexts } from '../utf8.ts'
import type { Target } from './column-form.ts'
import type { Strictness } from './parse-cells.ts'

const DAY = 86_400_000

/**
 * Returns texts as bytes. A text too long for a timestamp, or with a lone surrogate, becomes empty.
 */
export function timestampBytes(texts: readonly (string | null)[]): Utf8Column {
  const mayBeTimestamp = (text: string) => text.length <= LONGEST_TIMESTAMP && text.isWellFormed()
  return encodeTexts(texts.map((text) => (text === null || mayBeTimestamp(text) ? text : '')))
}

/** Parses a day as its midnight, any other text as a timestamp. */
function parseDayOrTimestamp(view: DataView, start: number, end: number, reading: TimestampReading): boolean {
  if (end - start !== DAY_SIZE) return parseTimestampAt(view, start, end, reading)
  const day = parseDayAt(view, start)
  reading.milliseconds = day * DAY
  reading.nanoseconds = 0
  return day !== NO_DAY
}

function isText(view: DataView, start: number, end: number, text: string): boolean {
  let at = 0
  while (at < end - start && view.getUint8(start + at) === text.charCodeAt(at)) at++
  return at === end - start && at === text.length
}

/**
 * Returns a function that parses a row's text as an instant: a day as its midnight, UTC where no
 * zone is named. It returns undefined for null. It returns null for any other text, and for a key
 * that the target would write differently. Each call overwrites the instant that the last one
 * returned.
 */
export function instantParser(
  { bytes, offsets, valid }: Utf8Column,
  { kind, zone = 'UTC' }: Target,
  strictness: Strictness,
): (row: number) => Instant | null | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reading = new TimestampReading()
  return (row) => {
    if (valid !== null && valid[row] === 0) return undefined
    const start = offsets[row] as number
    const end = offsets[row + 1] as number
    if (!parseDayOrTimestamp(view, start, end, reading)) return null
    if (strictness === 'value') return reading
    const isSpelled =
      kind === 'date' ? end - start === DAY_SIZE : isText(view, start, end, formatTimestamp(reading, zone))
    return isSpelled ? reading : null
  }
}
