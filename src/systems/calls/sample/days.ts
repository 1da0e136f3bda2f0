/**
 * The calls of a made-up call center, day by day: who called whom, when, about what, and how it ended.
 * @module
 */
import { pick, share } from '../../../sample/chance.ts'
import {
  type Agent,
  durationOf,
  FIRST_HOUR,
  HOUR_WEIGHTS,
  ISSUE_WEIGHTS,
  ISSUES,
  STREAM,
  WEEKDAY_WEIGHTS,
} from './traits.ts'

/** One call as it happened. Times are epoch seconds. */
export interface MadeCall {
  readonly number: number
  readonly agent: Agent
  readonly customer: number
  readonly start: number
  readonly seconds: number
  readonly issue: string
  readonly resolution: 'resolved' | 'escalated' | 'unresolved'
  readonly rating: number | null
}

export interface CenterPlan {
  readonly seed: number
  readonly calls: number
  /** The first day, as days since 1970-01-01, and the number of days. */
  readonly firstDay: number
  readonly days: number
  readonly agents: readonly Agent[]
}

const DAY = 86_400
/** Seconds an agent needs between two calls. */
const PAUSE = 15

/**
 * Calls per day: they vary by weekday, grow slowly and have a bad day now and then; their sum is
 * exactly the planned number.
 */
export function callsPerDay({ seed, calls, firstDay, days }: CenterPlan): number[] {
  const weights = Array.from({ length: days }, (_, day) => {
    const weekday = (((firstDay + day + 3) % 7) + 7) % 7
    const isBad = share(seed, STREAM.day, day + 10_000) < 0.025
    const growth = 0.85 + (0.3 * day) / Math.max(1, days - 1)
    const noise = 0.88 + 0.24 * share(seed, STREAM.day, day)
    return (WEEKDAY_WEIGHTS[weekday] as number) * growth * noise * (isBad ? 1.7 : 1)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let [sum, given] = [0, 0]
  return weights.map((weight) => {
    sum += weight
    const upToHere = Math.round((calls * sum) / total)
    const today = upToHere - given
    given = upToHere
    return today
  })
}

/** Customers whose issue is unsolved and who may call again. */
class Waiting {
  readonly #customers: number[] = []

  add(customer: number): void {
    this.#customers.push(customer)
    if (this.#customers.length > 200) this.#customers.shift()
  }

  take(at: number): number | undefined {
    const index = Math.floor(at * this.#customers.length)
    return this.#customers.splice(index, 1)[0]
  }
}

function ratingOf(seed: number, number: number, resolution: MadeCall['resolution'], multiple: number): number | null {
  if (share(seed, STREAM.rated, number) >= 0.38) return null
  const mood = resolution === 'resolved' ? 4.3 : resolution === 'escalated' ? 2.9 : 2.2
  const wait = Math.min(1.2, Math.max(0, multiple - 1) * 0.4)
  const stars = mood - wait + (share(seed, STREAM.rating, number) - 0.5) * 2.6
  return Math.min(5, Math.max(1, Math.round(stars)))
}

/**
 * Yields the calls day by day, ordered by start within a day. No agent has two calls at once. Only
 * the current day is kept, so any number of calls can be generated.
 */
export function* callDays(plan: CenterPlan): Generator<MadeCall[]> {
  const { seed, agents } = plan
  const waiting = new Waiting()
  const customers = Math.max(20, Math.round(plan.calls * 0.55))
  let number = 0
  for (const [index, count] of callsPerDay(plan).entries()) {
    const midnight = (plan.firstDay + index) * DAY
    const starts = Array.from({ length: count }, (_, i) => startOf(seed, number + i)).sort((a, b) => a - b)
    /** When each agent is free again. */
    const free = new Float64Array(agents.length)
    const today: MadeCall[] = []
    for (const [i, start] of starts.entries()) {
      const one = number + i
      const agentIndex = freeAgent(free, midnight + start, wantedAgent(plan, one))
      const agent = agents[agentIndex] as Agent
      const issue = ISSUES[pick(ISSUE_WEIGHTS, share(seed, STREAM.issue, one))] ?? ISSUES[0]
      const spread = share(seed, STREAM.duration, one)
      const seconds = durationOf(issue.seconds * agent.pace, spread)
      const luck = share(seed, STREAM.outcome, one) - agent.skill
      const resolution = luck < issue.ease ? 'resolved' : luck < issue.ease + 0.12 ? 'escalated' : 'unresolved'
      const again =
        share(seed, STREAM.repeat, one) < 0.16 ? waiting.take(share(seed, STREAM.repeat, one + 0x4000_0000)) : undefined
      const customer = again ?? Math.floor(share(seed, STREAM.customer, one) * customers)
      if (resolution !== 'resolved') waiting.add(customer)
      const begins = Math.max(midnight + start, free[agentIndex] as number)
      free[agentIndex] = begins + seconds + PAUSE
      const rating = ratingOf(seed, one, resolution, seconds / issue.seconds)
      today.push({ number: one, agent, customer, start: begins, seconds, issue: issue.name, resolution, rating })
    }
    number += count
    yield today.sort((a, b) => a.start - b.start || a.number - b.number)
  }
}

function startOf(seed: number, number: number): number {
  const hour = FIRST_HOUR + pick(HOUR_WEIGHTS, share(seed, STREAM.time, number))
  return hour * 3600 + Math.floor(share(seed, STREAM.time, number + 0x4000_0000) * 3600)
}

/** Agents missing from the list are new, or temporary: they take a fifth of the others' calls. */
function wantedAgent({ seed, agents }: CenterPlan, number: number): number {
  const index = Math.floor(share(seed, STREAM.agentOfCall, number) * agents.length)
  const isTaken = agents[index]?.isListed !== false || share(seed, STREAM.agentOfCall, number + 0x4000_0000) < 0.2
  return isTaken ? index : (index + 1) % agents.length
}

/** The first free agent from `from` on, else the agent who is free first. */
function freeAgent(free: Float64Array, at: number, from: number): number {
  let soonest = from
  for (let step = 0; step < free.length; step++) {
    const index = (from + step) % free.length
    if ((free[index] as number) <= at) return index
    if ((free[index] as number) < (free[soonest] as number)) soonest = index
  }
  return soonest
}
