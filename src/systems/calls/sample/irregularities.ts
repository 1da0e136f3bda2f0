/**
 * Chooses the irregular calls of a made-up log: evenly spread, each kind at least once.
 * @module
 */
import { share } from '../../../sample/chance.ts'
import { STREAM } from './traits.ts'

/** What can be wrong with a line of the log, or odd about a call. */
export const IRREGULARITIES = [
  'json_invalid',
  'call_id_missing',
  'start_missing',
  'start_unreadable',
  'end_missing',
  'end_unreadable',
  'end_equals_start',
  'end_before_start',
  'replaced',
  'duration_outlier',
  'agent_overlap',
  'rating_out_of_range',
] as const
export type Irregularity = (typeof IRREGULARITIES)[number]

/** Calls of each kind per million. */
const RATES: Readonly<Record<Irregularity, number>> = {
  json_invalid: 300,
  call_id_missing: 400,
  start_missing: 500,
  start_unreadable: 600,
  end_missing: 900,
  end_unreadable: 600,
  end_equals_start: 300,
  end_before_start: 400,
  replaced: 3000,
  duration_outlier: 300,
  agent_overlap: 500,
  rating_out_of_range: 400,
}

/**
 * Returns the irregular calls, by their number, with their kind; regular calls are not in the map.
 */
export function irregularCalls(seed: number, calls: number): Map<number, Irregularity> {
  const planned = new Map<number, Irregularity>()
  for (const [kind, irregularity] of IRREGULARITIES.entries()) {
    const count = Math.max(1, Math.round((calls * RATES[irregularity]) / 1e6))
    for (let i = 0; i < count; i++) {
      const at = (i + share(seed, STREAM.irregular, kind * 1_000_003 + i)) / count
      let number = Math.floor(at * calls)
      while (planned.has(number)) number = (number + 1) % calls
      planned.set(number, irregularity)
    }
  }
  return planned
}
