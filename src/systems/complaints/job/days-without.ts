/**
 * Days that no source has delivered.
 * @module
 */
import type { Effects } from '../../../pipeline/effects.ts'
import type { OutOptions } from '../../../pipeline/job/options.ts'
import { readState } from '../../../pipeline/state/committed-state.ts'
import { complaintsJob } from './complaints-job.ts'

/** Returns which of some days no table of days has, in their order. */
export async function daysWithout(
  days: readonly string[],
  query: OutOptions,
  given: Partial<Effects> = {},
): Promise<string[]> {
  const state = await readState(complaintsJob, query, given)
  const daily = ['raw_call_logs', 'raw_social_media', 'raw_web_forms']
  const known = new Set(daily.flatMap((table) => state.partitions(table).map(({ day }) => day)))
  return days.filter((day) => !known.has(day))
}
