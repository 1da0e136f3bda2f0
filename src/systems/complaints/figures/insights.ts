/**
 * What complaints say: volumes, resolution times, the backlog, the service level, agents and repeat complainers.
 * @module
 */

import { chiSquareTail, independenceTest } from '../../../aggregate/chi-square.ts'
import { logRankTest } from '../../../aggregate/survival.ts'
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../tables.ts'
import { type Comparison, judge, type RawComparison } from './comparison.ts'
import { type ComplaintSet, NO_CODE, rowsWhere } from './complaint-set.ts'
import { type DayFigures, daysOf } from './days.ts'
import {
  durationsOf,
  type ResolutionFigures,
  resolutionOf,
  type ServiceFigures,
  serviceOf,
  slaOf,
} from './resolution.ts'
import { type FlowFigures, flowOf, type WaitingFigures, waitingOf } from './retention.ts'

/** What insights are asked. */
export interface InsightOptions {
  /** Hours within which a complaint is to be resolved. Default 72. */
  readonly slaHours?: number
  /** Customers of the telecom, those without a complaint included; those of the set by default. */
  readonly customers?: number
}

/** How many complaints a channel, category, status or platform has. */
export interface VolumeFigures {
  readonly by: 'channel' | 'category' | 'status' | 'platform'
  readonly name: string
  readonly complaints: number
  readonly share: number
}

/** Open complaints of a category by age in days. */
export interface BacklogFigures {
  readonly category: string
  readonly open: number
  /** Up to 7 days, 30, 90, and older. */
  readonly ages: readonly [week: number, month: number, quarter: number, older: number]
}

/** The load of an agent. */
export interface AgentFigures {
  readonly agent: string
  readonly complaints: number
  readonly resolved: number
}

/** Customers by how often they complained. */
export interface RepeatFigures {
  readonly complainers: number
  /** Customers with two complaints or more. */
  readonly repeaters: number
  /** How many there would be if complaints came from customers at random. */
  readonly expectedRepeaters: number
}

/** Insights, with a verdict on each comparison. */
export interface ComplaintInsights {
  readonly complaints: number
  readonly slaHours: number
  readonly volumes: readonly VolumeFigures[]
  /** The days on which complaints were opened, in order; days without one are left out. */
  readonly days: readonly DayFigures[]
  /** All complaints first, then each channel. */
  readonly service: readonly ServiceFigures[]
  readonly resolution: readonly ResolutionFigures[]
  readonly backlog: readonly BacklogFigures[]
  /** Agents of the sheet, the busiest first. */
  readonly agents: readonly AgentFigures[]
  /** Complaints without an agent, or with one who is in no sheet. */
  readonly ofUnknownAgents: number
  readonly repeats: RepeatFigures
  readonly waiting: WaitingFigures
  readonly flow: FlowFigures
  readonly comparisons: readonly Comparison[]
}

const DAY = 86_400_000
const AGES = [7, 30, 90] as const

function volumesOf(set: ComplaintSet): VolumeFigures[] {
  const count = (by: VolumeFigures['by'], codes: Uint8Array, words: readonly string[]): VolumeFigures[] => {
    const counts = words.map(() => 0)
    for (const code of codes) if (code !== NO_CODE) counts[code] = (counts[code] ?? 0) + 1
    const total = counts.reduce((sum, one) => sum + one, 0)
    return words.map((name, code) => {
      const complaints = counts[code] as number
      return { by, name, complaints, share: total === 0 ? 0 : complaints / total }
    })
  }
  return [
    ...count('channel', set.channel, CHANNELS),
    ...count('category', set.category, CATEGORIES),
    ...count('status', set.status, STATUSES),
    ...count('platform', set.platform, PLATFORMS),
  ]
}

function backlogOf(set: ComplaintSet): BacklogFigures[] {
  return CATEGORIES.map((category, code) => {
    const ages: [number, number, number, number] = [0, 0, 0, 0]
    for (let row = 0; row < set.rows; row++) {
      if (set.category[row] !== code || set.status[row] === 0) continue
      const days = (set.seenAt - (set.openedAt[row] as number)) / DAY
      const bucket = AGES.findIndex((most) => days <= most)
      const place = (bucket < 0 ? 3 : bucket) as 0 | 1 | 2 | 3
      ages[place]++
    }
    return { category, open: ages.reduce((sum, count) => sum + count, 0), ages }
  })
}

function agentsOf(set: ComplaintSet): AgentFigures[] {
  const loads = set.agents.map((agent) => ({ agent, complaints: 0, resolved: 0 }))
  for (let row = 0; row < set.rows; row++) {
    const load = loads[set.agent[row] as number]
    if (load === undefined) continue
    load.complaints++
    if (set.status[row] === 0) load.resolved++
  }
  return loads.sort((a, b) => b.complaints - a.complaints || (a.agent < b.agent ? -1 : 1))
}

/** Complaints of each customer who has some. */
function complaintsOfCustomers({ customer, customers }: ComplaintSet): Int32Array {
  const counts = new Int32Array(customers)
  for (const code of customer) if (code >= 0) counts[code] = (counts[code] as number) + 1
  return counts
}

function repeatsOf(counts: Int32Array, customers: number): RepeatFigures {
  const complaints = counts.reduce((sum, count) => sum + count, 0)
  const mean = customers === 0 ? 0 : complaints / customers
  // a Poisson variable is 2 or more
  const expectedRepeaters = customers * (1 - Math.exp(-mean) * (1 + mean))
  return {
    complainers: counts.length,
    repeaters: counts.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0),
    expectedRepeaters,
  }
}

/** Whether complaints come from some customers more often than chance has it: the variance of counts against their mean. */
function repeatComparison(counts: Int32Array, customers: number): RawComparison {
  const complaints = counts.reduce((sum, count) => sum + count, 0)
  const mean = complaints / Math.max(1, customers)
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, (customers - counts.length) * mean ** 2)
  const degrees = Math.max(1, customers - 1)
  const statistic = mean > 0 ? squares / mean : 0
  return {
    ...{ name: 'complaints_by_customer', question: 'Do some customers complain more often than chance has it?' },
    ...{ test: 'dispersion', statistic, degrees, p: chiSquareTail(statistic, degrees), effect: statistic / degrees },
    // with many customers the distribution is near a normal one, however few complaints each has
    hasEnough: complaints >= 100 && customers >= 100,
  }
}

/** Whether agents have different loads. */
function loadComparison(agents: readonly AgentFigures[]): RawComparison {
  const total = agents.reduce((sum, { complaints }) => sum + complaints, 0)
  const mean = total / Math.max(1, agents.length)
  const degrees = Math.max(1, agents.length - 1)
  const squares = agents.reduce((sum, { complaints }) => sum + (complaints - mean) ** 2, 0)
  const statistic = mean > 0 ? squares / mean : 0
  return {
    ...{ name: 'complaints_by_agent', question: 'Do some agents take more complaints than others?' },
    ...{ test: 'dispersion', statistic, degrees, p: chiSquareTail(statistic, degrees), effect: statistic / degrees },
    hasEnough: agents.length > 1 && mean >= 5,
  }
}

/** Counts of rows by two codes. */
function tableOf(rows: Int32Array, first: Uint8Array, second: Uint8Array, size: readonly [number, number]): number[][] {
  const table = Array.from({ length: size[0] }, () => new Array<number>(size[1]).fill(0))
  for (const row of rows) {
    const cells = table[first[row] as number]
    const column = second[row] as number
    if (cells !== undefined && column < size[1]) cells[column] = (cells[column] as number) + 1
  }
  return table
}

function comparisonsOf(
  set: ComplaintSet,
  insights: Omit<ComplaintInsights, 'comparisons'>,
  customers: number,
): RawComparison[] {
  const all = rowsWhere(set, () => true)
  const chi = (name: string, question: string, counts: readonly (readonly number[])[]): RawComparison => {
    return { name, question, test: 'chi_square', ...independenceTest(counts) }
  }
  const speed = (name: string, question: string, rows: Int32Array, groups: Uint8Array): RawComparison => {
    const groupOf = new Uint8Array(rows.length)
    for (let at = 0; at < rows.length; at++) groupOf[at] = groups[rows[at] as number] as number
    return { name, question, test: 'log_rank', ...logRankTest(durationsOf(set, rows), groupOf) }
  }
  const sla = (groups: Uint8Array, count: number, rows: Int32Array) =>
    Array.from({ length: count }, (_, code) =>
      slaOf(
        durationsOf(
          set,
          rows.filter((row) => groups[row] === code),
        ),
        insights.slaHours,
      ),
    )
  const social = CHANNELS.indexOf('social media')
  const requests = all.filter((row) => set.channel[row] !== CHANNELS.indexOf('call'))
  const posts = all.filter((row) => set.channel[row] === social)
  const [byChannel, byCategory] = [CHANNELS.length, CATEGORIES.length]
  const busy = insights.agents.filter(({ complaints }) => complaints >= 20)
  return [
    chi(
      'category_by_channel',
      'Are complaints of the channels about different things?',
      tableOf(all, set.channel, set.category, [byChannel, byCategory]),
    ),
    chi(
      'status_by_channel',
      'Are complaints of some channels further than others?',
      tableOf(all, set.channel, set.status, [byChannel, STATUSES.length]),
    ),
    chi(
      'status_by_category',
      'Are complaints of some categories further than others?',
      tableOf(all, set.category, set.status, [byCategory, STATUSES.length]),
    ),
    chi(
      'category_by_platform',
      'Are complaints of the platforms about different things?',
      tableOf(posts, set.platform, set.category, [PLATFORMS.length, byCategory]),
    ),
    // a call is resolved while it lasts: its time is of another kind
    speed(
      'resolution_time_by_request_channel',
      'Are web forms resolved at another speed than social media?',
      requests,
      set.channel,
    ),
    speed('resolution_time_by_category', 'Are requests of some categories resolved faster?', requests, set.category),
    speed('resolution_time_by_platform', 'Are complaints of some platforms resolved faster?', posts, set.platform),
    chi(
      'sla_by_category',
      'Do requests of some categories miss the service level more often?',
      sla(set.category, byCategory, requests),
    ),
    chi(
      'sla_by_platform',
      'Do complaints of some platforms miss the service level more often?',
      sla(set.platform, PLATFORMS.length, posts),
    ),
    chi(
      'backlog_age_by_category',
      'Are open complaints of some categories older?',
      insights.backlog.map(({ ages }) => ages),
    ),
    loadComparison(insights.agents),
    chi(
      'resolved_by_agent',
      'Do some agents resolve more of their complaints?',
      busy.map(({ complaints, resolved }) => [resolved, complaints - resolved]),
    ),
    repeatComparison(complaintsOfCustomers(set), customers),
  ]
}

/**
 * Returns what complaints say, with a verdict on each comparison: whether it is more than chance after correction for their number, and
 * how large it is. Complaints that are open count as open until the end of the last delivery day.
 *
 * @throws ContractError invalid_option - `set` is not what `readComplaints` gives, or an option is none
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { runPipeline } from 'support-etl/pipeline'
 * import { complaintsJob, complaintsWorld, complaintInsights, readComplaints } from 'support-etl/complaints'
 *
 * const [data, out] = [memoryStore(), memoryStore()]
 * for (const { name, chunks } of complaintsWorld({ days: 1, customers: 1000 })) await data.write(name, chunks())
 * await runPipeline(complaintsJob, { data, out })
 * const { set, customers } = await readComplaints({ out })
 * const { comparisons } = complaintInsights(set, { customers })
 * comparisons.find(({ name }) => name === 'status_by_category').verdict // 'no_significant_difference'
 */
export function complaintInsights(set: ComplaintSet, options: InsightOptions = {}): ComplaintInsights {
  const isSet = isRecord(set) && typeof set.rows === 'number' && set.openedAt instanceof Float64Array
  refuseUnless(isSet, 'set', set, 'what readComplaints gives')
  refuseUnknown(options, { slaHours: true, customers: true } satisfies OptionNames<InsightOptions>)
  const { slaHours = 72 } = options
  refuseUnless(typeof slaHours === 'number' && slaHours > 0, 'slaHours', slaHours, 'a number of hours above 0')
  const customers = Math.max(options.customers ?? 0, set.customers)
  const figures = {
    ...{ complaints: set.rows, slaHours, volumes: volumesOf(set), days: daysOf(set) },
    ...{ service: serviceOf(set, slaHours), resolution: resolutionOf(set, slaHours) },
    ofUnknownAgents: set.agent.reduce((sum, agent) => sum + (agent < 0 ? 1 : 0), 0),
    ...{ waiting: waitingOf(set, slaHours), flow: flowOf(set) },
    ...{ backlog: backlogOf(set), agents: agentsOf(set), repeats: repeatsOf(complaintsOfCustomers(set), customers) },
  }
  return { ...figures, comparisons: judge(comparisonsOf(set, figures, customers)) }
}
