/**
 * Traits of a made-up call center as functions of a seed: agents, issues, customers, and when they
 * call.
 * @module
 */
import { cumulate, share } from '../../../sample/chance.ts'
import { chance } from '../../../sample/extract-bytes.ts'

/**
 * Streams of random numbers: each purpose has its own, so that a new one does not change the
 * others.
 */
export const STREAM = {
  agent: 301,
  name: 302,
  day: 303,
  agentOfCall: 304,
  time: 305,
  issue: 306,
  duration: 307,
  outcome: 308,
  rated: 309,
  rating: 310,
  customer: 311,
  repeat: 312,
  irregular: 313,
  fraction: 314,
} as const

/**
 * What customers call about: how often, the median duration, and how hard the issue is to solve.
 */
export const ISSUES = [
  { name: 'Billing', weight: 28, seconds: 300, ease: 0.86 },
  { name: 'Outage', weight: 17, seconds: 220, ease: 0.7 },
  { name: 'Technical', weight: 22, seconds: 540, ease: 0.62 },
  { name: 'Account', weight: 15, seconds: 240, ease: 0.9 },
  { name: 'Delivery', weight: 11, seconds: 270, ease: 0.78 },
  { name: 'Cancellation', weight: 7, seconds: 420, ease: 0.55 },
] as const
export const ISSUE_WEIGHTS = cumulate(ISSUES.map(({ weight }) => weight))

const REGIONS = ['North', 'South', 'East', 'West'] as const
const FIRST =
  'Ada Ben Cleo Dan Elif Finn Gita Hugo Ines Jun Kofi Lena Milo Nora Omar Pia Quinn Rosa Sami Tess Uma Vito Wren Yara'.split(
    ' ',
  )
const LAST =
  'Abbott Brook Castell Dorn Eriksen Falk Grover Haddad Iyer Jansen Kovac Lund Mori Novak Okafor Prior Quist Reyes Sato Tran'.split(
    ' ',
  )

/** One agent: `skill` changes the chance to solve a call, `pace` its length. */
export interface Agent {
  readonly agent_id: string
  readonly name: string
  readonly region: string
  readonly skill: number
  readonly pace: number
  /** Whether the agents list has the agent. */
  readonly isListed: boolean
}

/** The agents of a center; the last one in every forty is missing from the list. */
export function agentsOf(seed: number, count: number): Agent[] {
  return Array.from({ length: count }, (_, index) => ({
    agent_id: `A${String(index + 1).padStart(3, '0')}`,
    name: `${FIRST[(index * 7 + chance(seed, STREAM.name, 0)) % FIRST.length]} ${LAST[(index * 3 + Math.floor(index / LAST.length)) % LAST.length]}`,
    region: REGIONS[chance(seed, STREAM.agent, index) % REGIONS.length] as string,
    skill: share(seed, STREAM.agent, index + 1_000_000) * 0.3 - 0.17,
    pace: 0.8 + share(seed, STREAM.agent, index + 2_000_000) * 0.45,
    isListed: index % 40 !== (count < 40 ? count - 1 : 39),
  }))
}

/** How calls are spread over a day (07–20 h) and a week (Monday first). */
export const HOUR_WEIGHTS = cumulate([2, 5, 9, 12, 11, 8, 7, 9, 10, 9, 7, 4, 3, 2])
export const FIRST_HOUR = 7
export const WEEKDAY_WEIGHTS = [1.25, 1.1, 1.0, 0.98, 0.92, 0.42, 0.28] as const

/**
 * Factors of the median duration at even steps of share: skewed, but never as far out as an
 * anomaly.
 */
const SPREAD = [0.12, 0.37, 0.48, 0.58, 0.67, 0.76, 0.85, 0.92, 1, 1.1, 1.22, 1.36, 1.5, 1.75, 2.15, 2.8, 5.5]

/**
 * The duration of a call in whole seconds. It uses only sums and products, so that every machine
 * makes the same bytes.
 */
export function durationOf(seconds: number, at: number): number {
  const place = at * (SPREAD.length - 1)
  const step = Math.floor(place)
  const low = SPREAD[step] as number
  const high = SPREAD[Math.min(step + 1, SPREAD.length - 1)] as number
  return Math.max(5, Math.round(seconds * (low + (high - low) * (place - step))))
}
