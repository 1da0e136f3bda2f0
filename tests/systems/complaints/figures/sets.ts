/** Complaints made at random, with effects where a test plants them. */
import { chance } from '../../../../src/sample/extract-bytes.ts'
import type { ComplaintSet } from '../../../../src/systems/complaints/figures/complaint-set.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../../../../src/systems/complaints/tables.ts'

const DAY = 86_400_000
export const CUSTOMERS = 4000
const AGENTS = 40

/** A complaint's codes, as a test changes them. */
export interface Drawn {
  readonly channel: number
  platform: number
  category: number
  status: number
  agent: number
  customer: number
  /** Hours until it is resolved. */
  hours: number
  /** Days since it was made, when it is seen. */
  age: number
}

/** A set of complaints in which nothing depends on anything else, but for what `plant` changes. */
export function randomSet(
  seed: number,
  plant: (drawn: Drawn, share: (purpose: number) => number) => void = () => {},
  rows = 4000,
): ComplaintSet {
  const drawn = Array.from({ length: rows }, (_, row) => {
    const share = (purpose: number): number => chance(seed, 900 + purpose, row) / 4_294_967_296
    const below = (count: number, purpose: number): number => Math.floor(share(purpose) * count)
    const channel = below(CHANNELS.length, 0)
    const one: Drawn = {
      ...{ channel, platform: channel === 1 ? below(PLATFORMS.length, 1) : 255, category: below(CATEGORIES.length, 2) },
      ...{ status: below(STATUSES.length, 3), agent: below(AGENTS, 4), customer: below(CUSTOMERS, 5) },
      ...{ hours: 1 + share(6) * 240, age: share(7) * 120 },
    }
    plant(one, (purpose) => share(50 + purpose))
    return one
  })
  const seenAt = Date.UTC(2025, 10, 24)
  const codes = (name: 'channel' | 'platform' | 'category' | 'status') => Uint8Array.from(drawn, (one) => one[name])
  const isResolved = ({ status, hours, age }: Drawn): boolean => status === 0 && hours <= age * 24
  const opened = Float64Array.from(drawn, ({ age }) => seenAt - age * DAY)
  return {
    ...{ rows, channel: codes('channel'), platform: codes('platform'), category: codes('category') },
    // what is not over yet is not resolved
    status: Uint8Array.from(drawn, (one) => (one.status === 0 && !isResolved(one) ? 1 : one.status)),
    agent: Int32Array.from(drawn, ({ agent }) => agent),
    agents: Array.from({ length: AGENTS }, (_, at) => String(1000 + at)),
    ...{ customer: Int32Array.from(drawn, ({ customer }) => customer), customers: CUSTOMERS },
    ...{ openedAt: opened, seenAt },
    resolvedAt: Float64Array.from(drawn, (one, row) =>
      isResolved(one) ? (opened[row] as number) + one.hours * 3_600_000 : Number.NaN,
    ),
  }
}
