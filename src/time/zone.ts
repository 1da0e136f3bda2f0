/**
 * Time zones: instants to wall times and back, with gaps, folds, and transitions exact to the
 * second.
 * @module
 */
import { ContractError } from '../errors.ts'
import { formatWallTime } from './instant.ts'
import { type OffsetSource, runtimeOffsets } from './offset-source.ts'
import { fixedOffset, isZoneName, suggestZones } from './zone-names.ts'

/** The last instant that a Date holds, in epoch milliseconds; the first is its negative. */
export const LAST_INSTANT = 8.64e15

/**
 * A page: 398 days in milliseconds, a power of two so that finding a page is exact. A zone computes
 * offsets only for requested pages.
 */
export const PAGE = 2 ** 35
// No zone has kept an offset for less than four days (Freetown, 1939), so no change falls between
// two probes unnoticed.
const PROBE = 3 * 86_400_000

/**
 * Stretches of constant offset. Stretch i begins at `starts[i]` (epoch milliseconds) and is
 * `seconds[i]` east of UTC; NaN for pages that were not requested.
 */
export interface OffsetStretches {
  readonly starts: readonly number[]
  readonly seconds: readonly number[]
}

/**
 * Which instant a wall time means where a clock change makes it occur twice (a fold) or never (a
 * gap). `compatible` takes the earlier of two, and moves forward out of a gap by the gap's length.
 * `earlier` and `later` take that instant. `reject` throws.
 */
export type Disambiguation = 'compatible' | 'earlier' | 'later' | 'reject'

/** One time zone: its name as requested, and its offsets. */
export class Zone {
  readonly name: string
  readonly #offsets: OffsetSource
  readonly #always: OffsetStretches | null
  readonly #pages = new Map<number, OffsetStretches>()

  constructor(name: string, offsets: OffsetSource | number) {
    this.name = name
    const isFixed = typeof offsets === 'number'
    this.#always = isFixed ? { starts: [Number.NEGATIVE_INFINITY], seconds: [offsets] } : null
    this.#offsets = isFixed ? () => offsets : offsets
  }

  /** Returns the offset in seconds east of UTC at an instant in epoch milliseconds. */
  offsetAt(milliseconds: number): number {
    const { starts, seconds } = this.#page(pageOf(milliseconds))
    let stretch = starts.length - 1
    while (stretch > 0 && (starts[stretch] as number) > milliseconds) stretch--
    return seconds[stretch] as number
  }

  /** Returns the wall time at an instant, as epoch milliseconds read as if they were UTC. */
  wallTime(milliseconds: number): number {
    return milliseconds + this.offsetAt(milliseconds) * 1000
  }

  /**
   * Returns the instant of a wall time that is given as epoch milliseconds read as if they were
   * UTC.
   * @throws ContractError timestamp_invalid - `reject` was chosen and the wall time occurs twice or
   * never
   */
  instant(wallMilliseconds: number, disambiguation: Disambiguation = 'compatible'): number {
    const before = this.offsetAt(clampInstant(wallMilliseconds - 86_400_000))
    const after = this.offsetAt(clampInstant(wallMilliseconds + 86_400_000))
    const [first, second] = [wallMilliseconds - before * 1000, wallMilliseconds - after * 1000]
    if (first === second) return first
    const isFirst = this.offsetAt(first) === before
    const isSecond = this.offsetAt(second) === after
    if (isFirst !== isSecond) return isFirst ? first : second
    if (disambiguation === 'reject') {
      const times = isFirst ? 'comes twice' : 'does not exist'
      throw new ContractError(
        'timestamp_invalid',
        `the wall time ${formatWallTime(wallMilliseconds)} ${times} in ${this.name}; choose "earlier" or "later"`,
        { details: { timeZone: this.name } },
      )
    }
    const isLater = disambiguation === 'later' || (disambiguation === 'compatible' && !isFirst)
    return isLater ? Math.max(first, second) : Math.min(first, second)
  }

  /**
   * Returns the stretches of constant offset that cover the given pages (in order). They are
   * sorted, and neighbours differ.
   */
  stretches(pages: Iterable<number>): OffsetStretches {
    const starts: number[] = []
    const seconds: number[] = []
    let next: number | null = null
    for (const page of pages) {
      if (next !== null && page > next && this.#always === null) {
        starts.push(next * PAGE)
        seconds.push(Number.NaN)
      }
      next = page + 1
      const stretches = this.#page(page)
      for (let i = 0; i < stretches.starts.length; i++) {
        const offset = stretches.seconds[i] as number
        if (seconds.at(-1) === offset) continue
        starts.push(stretches.starts[i] as number)
        seconds.push(offset)
      }
    }
    return { starts, seconds }
  }

  #page(page: number): OffsetStretches {
    if (this.#always !== null) return this.#always
    let stretches = this.#pages.get(page)
    if (stretches === undefined) {
      stretches = probe(this.#offsets, page * PAGE, (page + 1) * PAGE)
      this.#pages.set(page, stretches)
    }
    return stretches
  }
}

const zones = new Map<string, Zone>()

/**
 * Returns the zone of that name: a name of the tz database (`America/New_York`, `EST`), `UTC`, or
 * an offset (`-05:00`). Zones and their computed offsets are cached.
 *
 * @throws ContractError time_zone_unknown - no such zone; the message suggests similar names
 * @example
 * zoneOf('America/New_York').offsetAt(Date.UTC(2025, 6, 1)) // -14400
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (zone === undefined) {
    const fixed = fixedOffset(name)
    zone = new Zone(name, fixed ?? knownOffsets(name))
    zones.set(name, zone)
  }
  return zone
}

function knownOffsets(name: string): OffsetSource {
  try {
    if (isZoneName(name)) return runtimeOffsets(name)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
  }
  const close = suggestZones(name).map((zone) => `"${zone}"`)
  const meant =
    close.length > 0 ? `did you mean ${close.join(' or ')}?` : 'use a name such as "America/New_York" or "UTC"'
  throw new ContractError('time_zone_unknown', `time zone "${name}" is not known; ${meant}`, {
    details: { timeZone: name, suggestions: suggestZones(name) },
  })
}

/**
 * Returns the page of an instant in epoch milliseconds. Zones compute their offsets page by page.
 */
export function pageOf(milliseconds: number): number {
  return Math.floor(milliseconds / PAGE)
}

function clampInstant(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, -LAST_INSTANT), LAST_INSTANT)
}

/**
 * Returns the stretches of constant offset in [first, to), by probes and bisection to the second.
 */
function probe(offsets: OffsetSource, first: number, to: number): OffsetStretches {
  const starts = [first]
  let low = clampInstant(first)
  let offset = offsets(low)
  const seconds = [offset]
  for (const end = clampInstant(to); low < end; ) {
    const high = Math.min(low + PROBE, end)
    const ahead = offsets(high)
    while (offset !== ahead) {
      let [before, from] = [Math.floor(low / 1000), Math.ceil(high / 1000)]
      while (from - before > 1) {
        const middle = Math.floor((before + from) / 2)
        if (offsets(middle * 1000) === offset) before = middle
        else from = middle
      }
      const start = from * 1000
      if (start >= to) break
      offset = offsets(start)
      starts.push(start)
      seconds.push(offset)
      low = start
    }
    low = high
    offset = ahead
  }
  return { starts, seconds }
}
