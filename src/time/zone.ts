/**
 * Time zones: instant to wall time and back, with gaps, folds and every transition to the second.
 * @module
 */
import { ContractError } from '../errors.ts'
import { formatWallTime } from './instant.ts'
import { type OffsetSource, runtimeOffsets } from './offset-source.ts'
import { fixedOffset, isZoneName, suggestZones } from './zone-names.ts'

/** The outermost instants that a JavaScript date can hold, in epoch milliseconds. */
export const LAST_INSTANT = 8.64e15

/** 398 days in milliseconds, a power of two so that finding a page is exact; zones learn only the pages that are asked for. */
export const PAGE = 2 ** 35
// No zone has kept an offset for less than four days (Freetown, 1939), so no change of offset hides between two probes.
const PROBE = 3 * 86_400_000

/**
 * Stretches of one offset: stretch i begins at `starts[i]` (epoch milliseconds) and lies `seconds[i]` east of UTC;
 * NaN where nothing was asked for.
 */
export interface OffsetStretches {
  readonly starts: readonly number[]
  readonly seconds: readonly number[]
}

/**
 * Which instant a wall time means where a clock change makes it mean two (a fold) or none (a gap). `compatible` takes
 * the earlier of two and moves forward out of a gap by its length; `earlier` and `later` take that side; `reject` throws.
 */
export type Disambiguation = 'compatible' | 'earlier' | 'later' | 'reject'

/** One time zone: its name as it was asked for, and its offsets. */
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

  /** Seconds east of UTC at an instant in epoch milliseconds. */
  offsetAt(milliseconds: number): number {
    const { starts, seconds } = this.#page(pageOf(milliseconds))
    let stretch = starts.length - 1
    while (stretch > 0 && (starts[stretch] as number) > milliseconds) stretch--
    return seconds[stretch] as number
  }

  /** The wall clock at an instant, as epoch milliseconds that read as if they were UTC. */
  wallTime(milliseconds: number): number {
    return milliseconds + this.offsetAt(milliseconds) * 1000
  }

  /**
   * The instant of a wall time given as epoch milliseconds that read as if they were UTC.
   * @throws ContractError timestamp_invalid - `reject` was asked for and the wall time comes twice or never
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

  /** The stretches of one offset that cover the given pages (in order), sorted and with neighbours that differ. */
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
 * Returns the zone of that name: a name of the tz database (`America/New_York`, `EST`), `UTC`, or an offset (`-05:00`).
 * Zones and what they learned about their offsets are kept, so asking again costs nothing.
 *
 * @throws ContractError time_zone_unknown - no such zone; the message suggests names that are close
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

/** The page of an instant in epoch milliseconds: zones learn their offsets page by page. */
export function pageOf(milliseconds: number): number {
  return Math.floor(milliseconds / PAGE)
}

function clampInstant(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, -LAST_INSTANT), LAST_INSTANT)
}

/** The stretches of one offset in [first, to), by probes and bisection to the second. */
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
