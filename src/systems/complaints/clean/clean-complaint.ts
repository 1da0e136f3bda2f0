/**
 * A complaint of any channel: its words, ids and times, checked against each other.
 * @module
 */
import type { ErrorCode } from '../../../errors.ts'
import type { RowOf } from '../../../table/contract.ts'
import type { Zone } from '../../../time/zone.ts'
import {
  CATEGORIES,
  type Channel,
  type callLogs,
  PLATFORMS,
  type rawCallLogs,
  type rawSocialMedia,
  type rawWebForms,
  STATUSES,
} from '../tables.ts'
import { customerId, customerIn, isErased } from './customer-ids.ts'
import { type FindWord, trimmed, wordsOf } from './known-words.ts'
import { readTime } from './wall-times.ts'

/** Why a row is refused. */
export interface RowProblem {
  readonly code: ErrorCode
  readonly column: string
  readonly found?: string
  readonly expected: string
}

/** A row that is refused, with all that is wrong with it. */
export interface RefusedComplaint {
  readonly problems: readonly [RowProblem, ...RowProblem[]]
}

/** A complaint as cleaning makes it; its table is that of its channel. */
export type Complaint = RowOf<typeof callLogs>

type RawComplaint = Pick<
  RowOf<typeof rawWebForms>,
  'complaint_id' | 'customer_id' | 'category' | 'agent_id' | 'resolution_status' | 'generated_on'
>

const categoryOf = wordsOf(CATEGORIES, { 'Technical Support': 'Technician Support', Payment: 'Payments' })
const statusOf = wordsOf(STATUSES, { 'In Prog': 'In-Progress', Backlogged: 'Backlog' })
const platformOf = wordsOf(PLATFORMS, { X: 'Twitter' })

/** Collects what is wrong with a row, and what was repaired. */
class Findings {
  readonly problems: RowProblem[] = []
  readonly remarks: string[] = []

  refuse(code: ErrorCode, column: string, expected: string, found?: string): null {
    this.problems.push({ code, column, expected, ...(found !== undefined && { found }) })
    return null
  }

  /** The word of a closed list that a cell means. */
  word<Word extends string>(cell: string | null, column: string, find: FindWord<Word>, words: readonly Word[]) {
    const text = trimmed(cell)
    if (text === null) return this.refuse('null_value', column, `one of ${words.join(', ')}`)
    const word = find(text)
    if (word === null) return this.refuse('type_mismatch', column, `one of ${words.join(', ')}`, text)
    if (word !== cell) this.remarks.push(`${column}_spelling`)
    return word
  }

  time(cell: string | null, column: string, zone: Zone): number | null {
    const read = readTime(cell, zone)
    if (read.kind === 'missing') return null
    if (read.kind === 'instant') {
      if (read.isTwice) this.remarks.push(`${column}_comes_twice`)
      return read.instant
    }
    const expected =
      read.kind === 'gap' ? `a time that clocks in ${zone.name} show` : 'a time such as 2025-03-01 14:30:00'
    return this.refuse('timestamp_invalid', column, expected, cell?.trim() ?? '')
  }

  /** The customer, who stands in the complaint id as well. */
  customer({ complaint_id, customer_id }: RawComplaint): string | null {
    const embedded = customerIn(complaint_id)
    const text = trimmed(customer_id)
    if (text === null) {
      if (embedded !== null) this.remarks.push('customer_from_complaint_id')
      return embedded
    }
    if (isErased(text)) {
      this.remarks.push('customer_erased')
      return null
    }
    const id = customerId(text)
    if (id === null) return this.refuse('malformed_text', 'customer_id', 'a UUID', text)
    if (embedded === null) this.remarks.push('customer_unchecked')
    else if (embedded !== id) {
      return this.refuse('rule_broken', 'customer_id', 'the customer whose digits stand in complaint_id', text)
    }
    if (id !== customer_id) this.remarks.push('customer_id_spelling')
    return id
  }

  agent(cell: string | null): string | null {
    const text = trimmed(cell)
    if (text === null) return null
    // a column of numbers with gaps comes as 1004.0
    const [, digits] = /^(\d{1,9})(?:\.0)?$/.exec(text) ?? []
    if (digits === undefined) return this.refuse('malformed_text', 'agent_id', 'a number such as 1004', text)
    if (digits !== cell) this.remarks.push('agent_id_spelling')
    return digits
  }
}

/** What channels say in their own columns. */
interface OwnCells {
  readonly channel: Channel
  readonly platform: string | null
  readonly openedAt: number | null
  readonly endedAt: number | null
  readonly resolvedAt: number | null
}

const at = (instant: number | null): Date | null => (instant === null ? null : new Date(instant))

function complaintOf(raw: RawComplaint, found: Findings, own: (status: string | null) => OwnCells) {
  const category = found.word(raw.category, 'category', categoryOf, CATEGORIES)
  const status = found.word(raw.resolution_status, 'resolution_status', statusOf, STATUSES)
  const customer_id = found.customer(raw)
  const agent_id = found.agent(raw.agent_id)
  const { channel, platform, openedAt, endedAt, resolvedAt } = own(status)
  const day = raw.generated_on?.trim().replace(/^(\d{4})[-_]?(\d{2})[-_]?(\d{2})$/, '$1-$2-$3') ?? ''
  const [first, ...others] = found.problems
  if (first !== undefined) return { problems: [first, ...others] } as const
  // without problems nothing that is needed is missing
  if (category === null || status === null || openedAt === null)
    throw new Error('a needed cell is missing without a problem')
  const remarks = found.remarks.length === 0 ? null : found.remarks.join(' ')
  return {
    ...{ complaint_id: raw.complaint_id, channel, platform, customer_id, agent_id, category, status },
    ...{
      opened_at: new Date(openedAt),
      ended_at: at(endedAt),
      resolved_at: at(resolvedAt),
      delivered_on: day,
      remarks,
    },
  }
}

/** When something began: it must be there. */
function beginOf(cell: string | null, column: string, zone: Zone, found: Findings): number | null {
  const before = found.problems.length
  const begin = found.time(cell, column, zone)
  if (begin === null && found.problems.length === before)
    found.refuse('null_value', column, 'when the complaint was made')
  return begin
}

/**
 * Returns a call as a complaint. A call whose status is Resolved is resolved at its end; a call that ends before it starts, or that is
 * resolved without an end, is refused. Times are those of clocks in `zone`.
 */
export function cleanCall(raw: RowOf<typeof rawCallLogs>, zone: Zone): Complaint | RefusedComplaint {
  const found = new Findings()
  return complaintOf(raw, found, (status) => {
    const openedAt = beginOf(raw.call_start_time, 'call_start_time', zone, found)
    const before = found.problems.length
    const endedAt = found.time(raw.call_end_time, 'call_end_time', zone)
    if (endedAt !== null && openedAt !== null && endedAt < openedAt) {
      found.refuse('rule_broken', 'call_end_time', 'an end that is not before the start', raw.call_end_time ?? '')
    }
    const isResolved = status === 'Resolved'
    if (isResolved && endedAt === null && found.problems.length === before) {
      found.refuse('rule_broken', 'call_end_time', 'an end, for the call is resolved')
    }
    return { channel: 'call', platform: null, openedAt, endedAt, resolvedAt: isResolved ? endedAt : null }
  })
}

/** The resolution of a request: there where the status says so, and not before the request. */
function resolutionOf(
  cell: string | null,
  status: string | null,
  openedAt: number | null,
  zone: Zone,
  found: Findings,
) {
  const before = found.problems.length
  const resolvedAt = found.time(cell, 'resolution_date', zone)
  if (found.problems.length > before) return null
  const refuse = (expected: string): null =>
    found.refuse('rule_broken', 'resolution_date', expected, cell?.trim() ?? '')
  if (status === 'Resolved' && resolvedAt === null) return refuse('a date, for the status is Resolved')
  if (status !== null && status !== 'Resolved' && resolvedAt !== null)
    return refuse(`no date, for the status is ${status}`)
  if (resolvedAt !== null && openedAt !== null && resolvedAt < openedAt)
    return refuse('a date that is not before the request')
  return resolvedAt
}

/** Returns a web form as a complaint. It has a resolution date where, and only where, its status is Resolved. */
export function cleanWebForm(raw: RowOf<typeof rawWebForms>, zone: Zone): Complaint | RefusedComplaint {
  const found = new Findings()
  return complaintOf(raw, found, (status) => {
    const openedAt = beginOf(raw.request_date, 'request_date', zone, found)
    const resolvedAt = resolutionOf(raw.resolution_date, status, openedAt, zone, found)
    return { channel: 'web form', platform: null, openedAt, endedAt: null, resolvedAt }
  })
}

/** Returns a complaint on social media; the rules are those of web forms, and the platform must be known. */
export function cleanSocialMedia(raw: RowOf<typeof rawSocialMedia>, zone: Zone): Complaint | RefusedComplaint {
  const found = new Findings()
  return complaintOf(raw, found, (status) => {
    const openedAt = beginOf(raw.request_date, 'request_date', zone, found)
    const resolvedAt = resolutionOf(raw.resolution_date, status, openedAt, zone, found)
    const platform = found.word(raw.media_channel, 'media_channel', platformOf, PLATFORMS)
    return { channel: 'social media', platform, openedAt, endedAt: null, resolvedAt }
  })
}
