/**
 * The complaints as a star: facts and dimensions as the dbt project of the kit makes them. Tests hold the project to these functions.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import type { RowOf } from '../../../table/contract.ts'
import type { agentVersions, callLogs, customers } from '../tables.ts'

/** A cleaned complaint of a delivery. */
type ComplaintState = RowOf<typeof callLogs>
/** A version of an agent. */
type AgentVersion = RowOf<typeof agentVersions>

/** The rows of a lake that marts are made of. */
export interface LakeRows {
  /** Complaints of all channels and deliveries. */
  readonly complaints: readonly RowOf<typeof callLogs>[]
  /** Customers of the newest export. */
  readonly customers: readonly RowOf<typeof customers>[]
  readonly agentVersions: readonly RowOf<typeof agentVersions>[]
}

/** How complaints are looked at. */
export interface MartOptions {
  /** The service level. Default 72. */
  readonly slaHours?: number
}

/** The key of the member of complaints whose customer or agent is not known yet. */
export const UNKNOWN_KEY = '-1'

/** Dimension, one row a version of an agent, and the Unknown member. A version counts from `effective_from` up to, exclusive, `effective_to`. */
export interface AgentDimensionRow {
  /** Id and version, such as `1000.2`. */
  readonly agent_key: string
  readonly agent_id: string | null
  readonly version: number | null
  readonly name: string | null
  readonly experience: string | null
  readonly state: string | null
  /** 1900 for a first version: nobody knows what an agent was before. */
  readonly effective_from: Date
  /** When the next version begins, also where the agent was gone between both; null for the last one. */
  readonly effective_to: Date | null
  readonly is_current: boolean
}

/** Fact, one row a complaint (channel and complaint id), as its latest delivery says. */
export interface ComplaintFactRow {
  /** Channel and complaint id, with a colon between them. */
  readonly complaint_key: string
  readonly complaint_id: string
  readonly channel: string
  readonly platform: string | null
  readonly customer_key: string
  /** The version of the agent when the complaint was opened. */
  readonly agent_key: string
  readonly customer_id: string | null
  readonly agent_id: string | null
  /** The day in UTC. */
  readonly opened_on: string
  readonly category: string
  readonly status: string
  readonly opened_at: Date
  readonly ended_at: Date | null
  readonly resolved_at: Date | null
  readonly delivered_on: string
  /** How many deliveries had the complaint. */
  readonly deliveries: number
  readonly is_resolved: boolean
  /** Whole seconds. */
  readonly resolution_seconds: number | null
  /** Null while the complaint is open and younger than the service level. */
  readonly is_within_sla: boolean | null
  readonly remarks: string | null
}

/** Accumulating snapshot, one row a complaint: the delivery day that first showed each status. */
export interface ComplaintLifecycleRow {
  readonly complaint_key: string
  readonly deliveries: number
  readonly opened_at: Date
  readonly first_delivered_on: string
  readonly last_delivered_on: string
  readonly first_status: string
  readonly last_status: string
  readonly in_progress_on: string | null
  readonly backlog_on: string | null
  readonly blocked_on: string | null
  readonly resolved_on: string | null
  /** A later delivery took a resolution back. */
  readonly is_reopened: boolean
  readonly days_tracked: number
}

/** Facts and dimensions of a lake, each in the order of its key. */
export interface ComplaintMarts {
  readonly dim_agents: readonly AgentDimensionRow[]
  readonly fct_complaints: readonly ComplaintFactRow[]
  readonly fct_complaint_lifecycles: readonly ComplaintLifecycleRow[]
}

const DAY = 86_400_000
const BEGINNING = new Date(Date.UTC(1900, 0, 1))

const seconds = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 1000)
const dayNumber = (day: string): number => Date.parse(day) / DAY
const byKey =
  <Row>(keyOf: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0

function agentDimension(versions: readonly AgentVersion[]): AgentDimensionRow[] {
  const rows: AgentDimensionRow[] = []
  for (const of of Map.groupBy(versions, ({ agent_id }) => agent_id).values()) {
    const ordered = of.toSorted((a, b) => a.version - b.version)
    for (const [at, { valid_from, valid_to, ...cells }] of ordered.entries()) {
      rows.push({
        agent_key: `${cells.agent_id}.${cells.version}`,
        ...cells,
        effective_from: cells.version === 1 ? BEGINNING : valid_from,
        effective_to: ordered[at + 1]?.valid_from ?? null,
        is_current: valid_to === null,
      })
    }
  }
  const unknown = { agent_id: null, version: null, name: 'Unknown', experience: null, state: null }
  rows.push({
    agent_key: UNKNOWN_KEY,
    ...unknown,
    ...{ effective_from: BEGINNING, effective_to: null, is_current: true },
  })
  return rows.sort(byKey(({ agent_key }) => agent_key))
}

/** The states of each complaint, in order of their deliveries. */
function statesByComplaint(complaints: readonly ComplaintState[]): [string, readonly ComplaintState[]][] {
  const states = Map.groupBy(complaints, ({ channel, complaint_id }) => `${channel}:${complaint_id}`)
  return [...states]
    .map(([key, rows]): [string, ComplaintState[]] => [key, rows.toSorted(byKey((row) => row.delivered_on))])
    .sort(byKey(([key]) => key))
}

function lifecycleOf(complaint_key: string, states: readonly ComplaintState[]): ComplaintLifecycleRow {
  const [first, last] = [states[0] as ComplaintState, states.at(-1) as ComplaintState]
  const firstWith = (status: string): string | null => states.find((row) => row.status === status)?.delivered_on ?? null
  const resolved_on = firstWith('Resolved')
  return {
    ...{ complaint_key, deliveries: states.length },
    opened_at: states.reduce((least, { opened_at }) => (opened_at < least ? opened_at : least), first.opened_at),
    ...{ first_delivered_on: first.delivered_on, last_delivered_on: last.delivered_on },
    ...{ first_status: first.status, last_status: last.status },
    ...{ in_progress_on: firstWith('In-Progress'), backlog_on: firstWith('Backlog'), blocked_on: firstWith('Blocked') },
    ...{ resolved_on, is_reopened: resolved_on !== null && last.status !== 'Resolved' },
    days_tracked: dayNumber(last.delivered_on) - dayNumber(first.delivered_on),
  }
}

/** Finds the version of an agent that counts at an instant. */
function versionFinder(agents: readonly AgentDimensionRow[]) {
  const versions = Map.groupBy(agents, ({ agent_id }) => agent_id)
  return (agent_id: string | null, at: Date): string => {
    const found = (agent_id === null ? [] : (versions.get(agent_id) ?? [])).find(
      ({ effective_from, effective_to }) => at >= effective_from && (effective_to === null || at < effective_to),
    )
    return found?.agent_key ?? UNKNOWN_KEY
  }
}

/**
 * Returns a lake's complaints as facts and dimensions. A complaint that several deliveries have is one fact, with the cells of the
 * latest. A customer who is in no export, and an agent who is in no version, is the Unknown member (`-1`) until a later call knows
 * them. Complaints are looked at from the end of the last delivery day: an open one misses the service level when it is older
 * than `slaHours` (72) then. Rows come in the order of their keys.
 *
 * @throws ContractError invalid_option - `lake` has not the three lists, `slaHours` is not above 0
 * @example
 * const opened_at = new Date('2025-11-01T10:00:00Z')
 * const call = { complaint_id: 'A', channel: 'call', platform: null, customer_id: 'c1', agent_id: '7', category: 'Payments' }
 * const complaints = [
 *   { ...call, status: 'Backlog', opened_at, ended_at: null, resolved_at: null, delivered_on: '2025-11-20', remarks: null },
 *   { ...call, status: 'Resolved', opened_at, ended_at: opened_at, resolved_at: opened_at, delivered_on: '2025-11-21', remarks: null },
 * ]
 * const { fct_complaints, fct_complaint_lifecycles } = complaintMarts({ complaints, customers: [], agentVersions: [] })
 * fct_complaints.map(({ complaint_key, status, customer_key }) => [complaint_key, status, customer_key]) // [['call:A', 'Resolved', '-1']]
 * fct_complaint_lifecycles.map(({ backlog_on, resolved_on }) => [backlog_on, resolved_on]) // [['2025-11-20', '2025-11-21']]
 */
export function complaintMarts(lake: LakeRows, options: MartOptions = {}): ComplaintMarts {
  refuseUnknown(options, { slaHours: true } satisfies OptionNames<MartOptions>)
  const { slaHours = 72 } = options
  const lists = [lake?.complaints, lake?.customers, lake?.agentVersions]
  refuseUnless(lists.every(Array.isArray), 'lake', lake, '{ complaints, customers, agentVersions }')
  refuseUnless(typeof slaHours === 'number' && slaHours > 0, 'slaHours', slaHours, 'a number of hours above 0')
  const dim_agents = agentDimension(lake.agentVersions)
  const versionAt = versionFinder(dim_agents)
  const known = new Set(lake.customers.map(({ customer_id }) => customer_id))
  const states = statesByComplaint(lake.complaints)
  const lastDay = lake.complaints.reduce((last, { delivered_on }) => (delivered_on > last ? delivered_on : last), '')
  const seenAt = new Date(Date.parse(lastDay) + DAY)
  const sla = slaHours * 3600
  const fct_complaints = states.map(([complaint_key, rows]): ComplaintFactRow => {
    const latest = rows.at(-1) as ComplaintState
    const { complaint_id, channel, platform, customer_id, agent_id, category, status, remarks } = latest
    const { opened_at, ended_at, resolved_at, delivered_on } = latest
    const resolution_seconds = resolved_at === null ? null : seconds(opened_at, resolved_at)
    const isLate = seconds(opened_at, seenAt) > sla
    return {
      ...{ complaint_key, complaint_id, channel, platform, customer_id, agent_id, category, status, remarks },
      ...{ opened_at, ended_at, resolved_at, delivered_on },
      customer_key: customer_id !== null && known.has(customer_id) ? customer_id : UNKNOWN_KEY,
      agent_key: versionAt(agent_id, opened_at),
      opened_on: opened_at.toISOString().slice(0, 10),
      ...{ deliveries: rows.length, is_resolved: resolved_at !== null, resolution_seconds },
      is_within_sla: resolution_seconds === null ? (isLate ? false : null) : resolution_seconds <= sla,
    }
  })
  return { dim_agents, fct_complaints, fct_complaint_lifecycles: states.map(([key, rows]) => lifecycleOf(key, rows)) }
}
