/**
 * How long complaints take until they are resolved, and how many are resolved within the service level.
 * @module
 */
import { type ShareInterval, wilsonInterval } from '../../../aggregate/intervals.ts'
import { type Durations, endedBy } from '../../../aggregate/survival.ts'
import { CATEGORIES, CHANNELS } from '../tables.ts'
import { type ComplaintSet, rowsWhere } from './complaint-set.ts'

/** How long complaints of a channel and category take. */
export interface ResolutionFigures {
  readonly channel: string
  readonly category: string
  readonly complaints: number
  readonly resolved: number
  /** Hours until half, and nine in ten, are resolved, with open ones counted as open; null where so many are not resolved yet. */
  readonly medianHours: number | null
  readonly p90Hours: number | null
  /** Of complaints that were resolved in time or are older than that: the share resolved in time, and its 95 % interval. */
  readonly withinSla: number | null
  readonly withinSlaInterval: ShareInterval | null
}

/** Complaints by the service level: all of them, or those of a channel. */
export interface ServiceFigures {
  /** Null for all complaints. */
  readonly channel: string | null
  readonly complaints: number
  readonly resolved: number
  /** Resolved within the service level. */
  readonly kept: number
  /** Resolved later, or open for longer. */
  readonly missed: number
  /** Open, and younger than the service level. */
  readonly undecided: number
  /** The kept as a share of the kept and missed, and its 95 % interval; null where nothing is decided. */
  readonly withinSla: number | null
  readonly withinSlaInterval: ShareInterval | null
}

const HOUR = 3_600_000

const isResolved = ({ resolvedAt }: ComplaintSet, row: number): boolean => !Number.isNaN(resolvedAt[row])

/** How long complaints took, or have been open, in hours. */
export function durationsOf(set: ComplaintSet, rows: Int32Array): Durations {
  const times = new Float64Array(rows.length)
  const hasEnded = new Uint8Array(rows.length)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    const ended = isResolved(set, row)
    const until = ended ? (set.resolvedAt[row] as number) : set.seenAt
    times[at] = Math.max(0, until - (set.openedAt[row] as number)) / HOUR
    hasEnded[at] = ended ? 1 : 0
  }
  return { times, hasEnded }
}

/** Complaints that were resolved in time, and those that were not; open ones that are younger are not decided yet. */
export function slaOf({ times, hasEnded }: Durations, hours: number): readonly [kept: number, missed: number] {
  let [kept, missed] = [0, 0]
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as number
    if (hasEnded[at] === 1 && time <= hours) kept++
    else if (time > hours) missed++
  }
  return [kept, missed]
}

/** Returns how long complaints take, by channel and category. */
export function resolutionOf(set: ComplaintSet, hours: number): ResolutionFigures[] {
  return CHANNELS.flatMap((channel, channelCode) =>
    CATEGORIES.map((category, categoryCode) => {
      const rows = rowsWhere(set, (row) => set.channel[row] === channelCode && set.category[row] === categoryCode)
      const durations = durationsOf(set, rows)
      const [medianHours = null, p90Hours = null] = endedBy(durations, [0.5, 0.9])
      const [kept, missed] = slaOf(durations, hours)
      const resolved = durations.hasEnded.reduce((sum, one) => sum + one, 0)
      return {
        ...{ channel, category, complaints: rows.length, resolved, medianHours, p90Hours },
        withinSla: kept + missed === 0 ? null : kept / (kept + missed),
        withinSlaInterval: wilsonInterval(kept, kept + missed),
      }
    }),
  )
}

/** Returns all complaints by the service level, then those of each channel. */
export function serviceOf(set: ComplaintSet, hours: number): ServiceFigures[] {
  const figuresOf = (channel: string | null, isOne: (row: number) => boolean): ServiceFigures => {
    const durations = durationsOf(set, rowsWhere(set, isOne))
    const complaints = durations.times.length
    const [kept, missed] = slaOf(durations, hours)
    const decided = kept + missed
    return {
      ...{ channel, complaints, resolved: durations.hasEnded.reduce((sum, one) => sum + one, 0) },
      ...{ kept, missed, undecided: complaints - decided },
      withinSla: decided === 0 ? null : kept / decided,
      withinSlaInterval: wilsonInterval(kept, decided),
    }
  }
  return [
    figuresOf(null, () => true),
    ...CHANNELS.map((channel, code) => figuresOf(channel, (row) => set.channel[row] === code)),
  ]
}
