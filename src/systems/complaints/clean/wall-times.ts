/**
 * Wall times as sources write them, to instants.
 * @module
 */
import { parseTimestamp } from '../../../time/instant.ts'
import type { Zone } from '../../../time/zone.ts'

/** What a text says. `missing`: it is empty; `unreadable`: it is no time; `gap`: clocks skipped this time. */
export type ReadTime =
  | { readonly kind: 'instant'; readonly instant: number; readonly isTwice: boolean }
  | { readonly kind: 'missing' | 'unreadable' | 'gap' }

/**
 * Returns the instant, in epoch milliseconds, of a time on the clocks of a zone. A time that comes twice is the earlier one
 * (`isTwice`). A text with an offset of its own needs no zone.
 */
export function readTime(text: string | null, zone: Zone): ReadTime {
  const inner = text?.trim() ?? ''
  if (inner === '') return { kind: 'missing' }
  const parsed = parseTimestamp(inner)
  if (parsed === null || parsed.subMillisecondNanoseconds !== 0) return { kind: 'unreadable' }
  const { wallMilliseconds: wall, offsetMinutes } = parsed
  if (offsetMinutes !== null) return { kind: 'instant', instant: wall - offsetMinutes * 60_000, isTwice: false }
  const instant = zone.instant(wall, 'earlier')
  if (zone.wallTime(instant) !== wall) return { kind: 'gap' }
  return { kind: 'instant', instant, isTwice: zone.instant(wall, 'later') !== instant }
}
