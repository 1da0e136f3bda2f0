/**
 * Moments that stand as text, read from its bytes.
 * @module
 */
import { NO_DAY } from '../../time/calendar.ts'
import { formatMoment, type Moment } from '../../time/instant.ts'
import { DAY_SIZE, LONGEST_STAMP, readDayAt, readStamp, StampReading } from '../../time/read-stamp.ts'
import type { Utf8Column } from '../column.ts'
import { encodeTexts } from '../utf8.ts'
import type { Target } from './column-form.ts'
import type { Strictness } from './parse-cells.ts'

const DAY = 86_400_000

/** Returns texts as bytes; one that is too long for a moment, or has no bytes, becomes an empty text. */
export function momentBytes(texts: readonly (string | null)[]): Utf8Column {
  const mayBeMoment = (text: string) => text.length <= LONGEST_STAMP && text.isWellFormed()
  return encodeTexts(texts.map((text) => (text === null || mayBeMoment(text) ? text : '')))
}

/** Reads a day as its midnight, any other text as a stamp. */
function readMoment(view: DataView, start: number, end: number, reading: StampReading): boolean {
  if (end - start !== DAY_SIZE) return readStamp(view, start, end, reading)
  const day = readDayAt(view, start)
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
 * Returns what reads a row's text as a moment, a day as its midnight and UTC where no zone is named: null where it is neither,
 * or a key that the target writes otherwise, undefined where there is no text. A row's moment holds until the next is read.
 */
export function momentReader(
  { bytes, offsets, valid }: Utf8Column,
  { kind, zone = 'UTC' }: Target,
  strictness: Strictness,
): (row: number) => Moment | null | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reading = new StampReading()
  return (row) => {
    if (valid !== null && valid[row] === 0) return undefined
    const start = offsets[row] as number
    const end = offsets[row + 1] as number
    if (!readMoment(view, start, end, reading)) return null
    if (strictness === 'value') return reading
    const isSpelled = kind === 'date' ? end - start === DAY_SIZE : isText(view, start, end, formatMoment(reading, zone))
    return isSpelled ? reading : null
  }
}
