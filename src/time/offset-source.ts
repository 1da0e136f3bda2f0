/**
 * Where offsets from UTC come from: the runtime's own tz database.
 * @module
 */

/** Seconds east of UTC in force at an instant given in epoch milliseconds. */
export type OffsetSource = (milliseconds: number) => number

/** The little that is asked of Temporal, so that the runtimes without it need no types for it. */
interface InstantFactory {
  fromEpochMilliseconds(milliseconds: number): {
    toZonedDateTimeISO(zone: string): { readonly offsetNanoseconds: number }
  }
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/

/**
 * Returns the offsets of a zone as `Intl` knows them, exact to the second.
 * @throws RangeError - the runtime does not know the zone
 */
export function intlOffsets(zone: string): OffsetSource {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (milliseconds) => {
    const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(format.format(milliseconds)) ?? []
    if (sign === undefined) return 0
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  }
}

/**
 * Returns the offsets of a zone as the runtime's own `Temporal` knows them, or null where it has none.
 * @throws RangeError - the runtime does not know the zone
 */
export function temporalOffsets(zone: string): OffsetSource | null {
  // a global that not every runtime has: its shape is what the language's standard says
  const instants = (globalThis as { readonly Temporal?: { readonly Instant: InstantFactory } }).Temporal?.Instant
  if (instants === undefined) return null
  const offsets: OffsetSource = (milliseconds) =>
    instants.fromEpochMilliseconds(Math.floor(milliseconds)).toZonedDateTimeISO(zone).offsetNanoseconds / 1e9
  offsets(0)
  return offsets
}

/**
 * Returns the offsets of a zone. Temporal is asked first because it answers in 1 ms where the first use of `Intl` costs 12;
 * both read one tz database and agree.
 * @throws RangeError - the runtime does not know the zone
 */
export function runtimeOffsets(zone: string): OffsetSource {
  return temporalOffsets(zone) ?? intlOffsets(zone)
}
