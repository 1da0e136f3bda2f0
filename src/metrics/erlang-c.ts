/**
 * How many agents a queue needs, and how long its callers wait, after Erlang C.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'

/** The load of a queue. Calls come at random and independently, handle times scatter exponentially, and nobody hangs up. */
export interface QueueLoad {
  /** Calls that come in an interval, on average. */
  readonly calls: number
  /** The length of the interval in minutes. */
  readonly intervalMinutes: number
  /** The average handle time in seconds: talk, hold and after-call work. */
  readonly handleSeconds: number
}

/** A queue with agents. */
export interface StaffedQueue extends QueueLoad {
  /** Agents who are at work all the time. */
  readonly agents: number
  /** Seconds within which a call is to be answered. */
  readonly targetSeconds: number
}

/** What callers and agents get. */
export interface QueueService {
  /** The load in erlangs: the agents that it would keep busy if calls came one after the other. */
  readonly erlangs: number
  /** The share of callers who wait at all. */
  readonly waitProbability: number
  /** The share of callers who are answered within the target. */
  readonly serviceLevel: number
  /** The average wait of all callers in seconds, those who do not wait included; null where the queue grows without end. */
  readonly averageWaitSeconds: number | null
  /** The share of their time for which agents are busy; 1 where the queue grows without end. */
  readonly occupancy: number
}

/** What a queue has to reach. */
export interface StaffingGoal extends QueueLoad {
  readonly targetSeconds: number
  /** The least share of callers who are answered within the target, such as 0.8. */
  readonly serviceLevel: number
  /** The most that agents may be busy, such as 0.85; no limit by default. */
  readonly mostOccupancy?: number
}

const LOAD = { calls: true, intervalMinutes: true, handleSeconds: true } satisfies OptionNames<QueueLoad>
const QUEUE = { ...LOAD, agents: true, targetSeconds: true } satisfies OptionNames<StaffedQueue>
const GOAL = {
  ...LOAD,
  ...{ targetSeconds: true, serviceLevel: true, mostOccupancy: true },
} satisfies OptionNames<StaffingGoal>

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0

function erlangsOf({ calls, intervalMinutes, handleSeconds }: QueueLoad): number {
  refuseUnless(isCount(calls), 'calls', calls, 'a number from 0')
  refuseUnless(isPositive(intervalMinutes), 'intervalMinutes', intervalMinutes, 'minutes, more than 0')
  refuseUnless(isPositive(handleSeconds), 'handleSeconds', handleSeconds, 'seconds, more than 0')
  return (calls * handleSeconds) / (intervalMinutes * 60)
}

/** The share of calls that a system without a queue would turn away (Erlang B), for one agent more than `before` is of. */
function nextBlocking(before: number, erlangs: number, agents: number): number {
  return (erlangs * before) / (agents + erlangs * before)
}

/** The share of callers who wait, from the share that would be turned away. */
function waitOf(blocking: number, erlangs: number, agents: number): number {
  return agents <= erlangs ? 1 : blocking / (1 - (erlangs / agents) * (1 - blocking))
}

function serviceOf(
  waitProbability: number,
  erlangs: number,
  { agents, handleSeconds, targetSeconds }: Pick<StaffedQueue, 'agents' | 'handleSeconds' | 'targetSeconds'>,
): QueueService {
  if (agents <= erlangs) {
    return { erlangs, waitProbability: 1, serviceLevel: 0, averageWaitSeconds: null, occupancy: 1 }
  }
  const free = agents - erlangs
  return {
    erlangs,
    waitProbability,
    serviceLevel: 1 - waitProbability * Math.exp((-free * targetSeconds) / handleSeconds),
    averageWaitSeconds: (waitProbability * handleSeconds) / free,
    occupancy: erlangs / agents,
  }
}

/**
 * Returns what callers and agents get with a number of agents. Where the load is not less than the agents, the queue grows
 * without end: everybody waits. Takes time in proportion to the agents, and is exact to the last digits for any number of them,
 * because it never forms a factorial.
 *
 * Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
 * exchanges", 1917.
 * @throws ContractError invalid_option - a number cannot be
 * @example
 * import { erlangC } from 'support-etl/metrics'
 *
 * const queue = { calls: 100, intervalMinutes: 30, handleSeconds: 180 }
 * const { erlangs, serviceLevel } = erlangC({ ...queue, agents: 14, targetSeconds: 20 })
 * erlangs // 10
 * serviceLevel.toFixed(5) // '0.88835'
 */
export function erlangC(queue: StaffedQueue): QueueService {
  refuseUnknown(queue, QUEUE)
  const { agents, targetSeconds } = queue
  const erlangs = erlangsOf(queue)
  refuseUnless(Number.isInteger(agents) && agents >= 1, 'agents', agents, 'a whole number from 1')
  refuseUnless(isCount(targetSeconds), 'targetSeconds', targetSeconds, 'seconds, from 0')
  let blocking = 1
  for (let agent = 1; agent <= agents; agent++) blocking = nextBlocking(blocking, erlangs, agent)
  return serviceOf(waitOf(blocking, erlangs, agents), erlangs, queue)
}

/**
 * Returns the fewest agents that reach a goal, and what callers and agents then get.
 *
 * @throws ContractError invalid_option - a number cannot be
 * @example
 * import { agentsNeeded } from 'support-etl/metrics'
 *
 * const queue = { calls: 100, intervalMinutes: 30, handleSeconds: 180 }
 * agentsNeeded({ ...queue, targetSeconds: 20, serviceLevel: 0.8 }).agents // 14
 */
export function agentsNeeded(goal: StaffingGoal): QueueService & { readonly agents: number } {
  refuseUnknown(goal, GOAL)
  const { targetSeconds, serviceLevel: least, mostOccupancy = 1, handleSeconds } = goal
  const erlangs = erlangsOf(goal)
  refuseUnless(isCount(targetSeconds), 'targetSeconds', targetSeconds, 'seconds, from 0')
  refuseUnless(least >= 0 && least < 1, 'serviceLevel', least, 'a share from 0, less than 1')
  refuseUnless(
    mostOccupancy > 0 && mostOccupancy <= 1,
    'mostOccupancy',
    mostOccupancy,
    'a share of more than 0, up to 1',
  )
  let blocking = 1
  for (let agents = 1; ; agents++) {
    blocking = nextBlocking(blocking, erlangs, agents)
    // with more agents than the load, and a growing number of them, every goal is reached
    if (agents <= erlangs) continue
    const service = serviceOf(waitOf(blocking, erlangs, agents), erlangs, { agents, handleSeconds, targetSeconds })
    if (service.serviceLevel >= least && service.occupancy <= mostOccupancy) return { agents, ...service }
  }
}
