/**
 * The newest figures of the calls: those of the last four whole weeks.
 * @module
 */
import type { CallSet } from './call-set.ts'
import { windowDays } from './filter.ts'
import { type CallKpis, callKpis } from './kpis.ts'
import { selectCalls } from './selection.ts'

/** Key figures with the days that they are of, both inclusive. */
export interface CallsGlance {
  readonly from: string
  readonly to: string
  readonly kpis: CallKpis
}

/** Returns the figures of the 28 days before the newest one; null without calls. */
export function glanceAtCalls(set: CallSet): CallsGlance | null {
  if (set.rows === 0) return null
  const selection = selectCalls(set, { period: '28d' })
  const { current } = selection.windows
  if (current === null) return null
  const [from, to] = windowDays(current)
  return { from, to, kpis: callKpis(selection).current }
}
