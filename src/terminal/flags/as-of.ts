/**
 * The month of `--as-of`, held against the months that were applied.
 * @module
 */
import type { Effects } from '../../pipeline/effects.ts'
import type { Job } from '../../pipeline/job/job.ts'
import { compareMonths, parseMonth } from '../../pipeline/job/month.ts'
import { readState } from '../../pipeline/state/committed-state.ts'
import { optionError } from './option-values.ts'

/**
 * Refuses a month later than the last applied one: no state of that month exists.
 * @throws ContractError invalid_option
 */
export async function refuseUnreached(job: Job, asOf: string, out: string, effects: Partial<Effects>): Promise<void> {
  const month = parseMonth(asOf)
  // a commit is not reached by months
  if (month === null) return
  const { inputs } = await readState(job, { out }, effects)
  const last = inputs
    .map(({ month }) => month)
    .reduce((one, other) => (compareMonths(one, other) < 0 ? other : one), null)
  if (compareMonths(month, last) <= 0) return
  const expected =
    last === null ? 'none, because no delta was applied yet' : `a month up to ${last}, the last one with applied deltas`
  throw optionError('--as-of', asOf, expected)
}
