/**
 * Complaints of one channel and day of a made-up world, row by row, with the faults that are planted in them.
 * @module
 */
import { formatWallTime } from '../../../time/instant.ts'
import { CATEGORIES, PLATFORMS, STATUSES } from '../tables.ts'
import { type Draws, hex } from './draws.ts'
import { COMPLAINT_FAULTS, type ComplaintFault, plantFaults } from './faults.ts'
import { AGENTS, customerDigits, customerName, FIRST_AGENT, uuidOf } from './people.ts'
import type { ComplaintTable, MadeComplaint } from './shapes.ts'

/** What a world's complaints are made of. */
export interface ComplaintPlan {
  readonly draws: Draws
  readonly customers: number
  readonly days: readonly string[]
  readonly isAdversarial: boolean
}

/** A row of a delivery. */
export interface MadeRow {
  readonly cells: MadeComplaint
  readonly fault: ComplaintFault | null
}

/** Complaints a day for each customer, as in the real deliveries. */
const SHARE: Readonly<Record<ComplaintTable, number>> = {
  raw_call_logs: 0.1516,
  raw_social_media: 0.0152,
  raw_web_forms: 0.1116,
}
/** Numbers of complaints: no two tables, days or editions have one in common. */
const TABLE_BASE: Readonly<Record<ComplaintTable, number>> = {
  raw_call_logs: 0,
  raw_social_media: 1_000_000_000,
  raw_web_forms: 2_000_000_000,
}
const DAY_BASE = 4_000_000
const SECOND = 1000
const FIRST_EVENT = Date.UTC(2025, 0, 1)
/** Events of about ten months, in seconds. */
const EVENT_SECONDS = 300 * 86_400

/** The fewest complaints of a day: where faults are planted, each kind is rare among them. */
const LEAST = { faithful: 20, adversarial: 400 } as const

/** How many complaints a day has, before duplicates. */
export function complaintsOn(
  { draws, customers, isAdversarial }: ComplaintPlan,
  table: ComplaintTable,
  day: number,
): number {
  const wave = 0.95 + draws.below(1000, 'size', TABLE_BASE[table] / 1_000_000 + day) / 10_000
  return Math.max(LEAST[isAdversarial ? 'adversarial' : 'faithful'], Math.round(customers * SHARE[table] * wave))
}

function made(
  { draws, customers, days }: ComplaintPlan,
  table: ComplaintTable,
  day: number,
  row: number,
): MadeComplaint {
  const number = TABLE_BASE[table] + day * DAY_BASE + row
  const who = draws.below(customers, 'customer', number)
  const digits = customerDigits(draws, who)
  const [first] = customerName(draws, who)
  const status = draws.of(STATUSES, 'status', number)
  const begin = FIRST_EVENT + draws.below(EVENT_SECONDS, 'opened', number) * SECOND
  const isCall = table === 'raw_call_logs'
  const length = isCall
    ? 60 * (1 + draws.below(15, 'length', number))
    : 3600 + draws.below(30 * 86_400, 'length', number)
  const mark = draws.of(['K', 'Q', 'X'], 'mark', number)
  const tail = `${draws.below(10_000, 'tail', number)}${digits.slice(-9)}${mark}${draws.of(['ak', 'gd', 'wq'], 'tail', number + 1)}`
  const text = (time: number): string => formatWallTime(time).replace('T', ' ').slice(0, 19)
  return {
    id: `${first.slice(0, 3)}${hex(draws.bits('mark', number + 1), 4)}${mark}${digits}${tail}`,
    customer: uuidOf(digits),
    category: draws.of(CATEGORIES, 'category', number),
    agent: String(FIRST_AGENT + draws.below(AGENTS, 'agent', number)),
    status,
    begin: text(begin),
    end: isCall || status === 'Resolved' ? text(begin + length * SECOND) : '',
    platform: draws.of(PLATFORMS, 'platform', number),
    generatedOn: days[day] ?? '',
  }
}

/** How the rows of a day are changed. */
export interface Edition {
  /** Every so-many-th row has another category. */
  readonly changedEach?: number
  /** Rows after the last one. */
  readonly more?: number
}

/** The rows of a day that have faults. */
function faultsOn(plan: ComplaintPlan, table: ComplaintTable, day: number): ReadonlyMap<number, ComplaintFault> {
  if (!plan.isAdversarial) return new Map()
  const kinds = COMPLAINT_FAULTS.filter(
    ({ tables, fromDay = 0 }) => (tables?.includes(table) ?? true) && day >= fromDay,
  )
  const salt = TABLE_BASE[table] / 1_000_000 + day * 100
  return plantFaults(plan.draws, kinds, complaintsOn(plan, table, day), salt)
}

/** Complaints of the first day that have no fault, each once: those that later days update. */
function* updatedComplaints(plan: ComplaintPlan, table: ComplaintTable, day: number): Generator<MadeComplaint> {
  const faults = faultsOn(plan, table, 0)
  const count = complaintsOn(plan, table, 0)
  // every day updates other ones
  for (let row = day % plan.days.length; row < count; row += plan.days.length) {
    if (!faults.has(row)) yield made(plan, table, 0, row)
  }
}

/**
 * Yields the rows of a day in their order. A row with a fault is changed as its kind says; a duplicate follows the row that it
 * repeats, and an update of a complaint of the first day stands in place of a row.
 */
export function* complaintRows(
  plan: ComplaintPlan,
  table: ComplaintTable,
  day: number,
  { changedEach = 0, more = 0 }: Edition = {},
): Generator<MadeRow> {
  const faults = faultsOn(plan, table, day)
  const updated = updatedComplaints(plan, table, day)
  const count = complaintsOn(plan, table, day) + more
  for (let row = 0; row < count; row++) {
    const plain = made(plan, table, day, row)
    const fault = faults.get(row) ?? null
    const place = { table, row }
    if (fault === null) {
      const isChanged = changedEach > 0 && row % changedEach === 0
      yield { cells: isChanged ? { ...plain, category: nextOf(CATEGORIES, plain.category) } : plain, fault }
    } else if (fault.repeats === true) {
      yield { cells: plain, fault: null }
      yield { cells: fault.change(plain, place), fault }
    } else if (fault.kind === 'status_update') {
      const earlier = updated.next().value ?? plain
      yield { cells: { ...fault.change(earlier, place), generatedOn: plain.generatedOn }, fault }
    } else yield { cells: fault.change(plain, place), fault }
  }
}

/** The value behind another one in a list; the first behind the last. */
function nextOf(values: readonly string[], value: string): string {
  return values[(values.indexOf(value) + 1) % values.length] ?? value
}
