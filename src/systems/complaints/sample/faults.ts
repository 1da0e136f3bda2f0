/**
 * What may be wrong with a delivery, and where each such row must end.
 * @module
 */
import type { ErrorCode } from '../../../errors.ts'
import { STATUSES } from '../tables.ts'
import type { Draws } from './draws.ts'
import type { MadeCustomer } from './people.ts'
import type { ComplaintTable, MadeComplaint } from './shapes.ts'

/**
 * Where a row with a fault must end. `duplicate` and `refused`: set aside when it is read. `quarantined`: set aside when it is
 * cleaned. `repaired`: accepted, with a remark. `unknown`: accepted, and its customer or agent is in no dimension. `replaced`: accepted, as a later
 * state of an earlier complaint. `doubtful`: accepted, with a doubt. `kept`: accepted as it is. `collision`: accepted, and reported.
 */
export type End =
  | 'duplicate'
  | 'refused'
  | 'quarantined'
  | 'repaired'
  | 'unknown'
  | 'replaced'
  | 'doubtful'
  | 'kept'
  | 'collision'

interface Fault {
  readonly kind: string
  readonly ends: End
  /** The code of its issue in quarantine. */
  readonly code?: ErrorCode
  /** What `remarks` or `doubts` says of it. */
  readonly remark?: string
  /** Whether the row repeats the one before it. */
  readonly repeats?: true
}

/** Where a row stands. */
interface RowPlace {
  readonly table: ComplaintTable
  readonly row: number
}

/** A fault of a complaint, and how it changes the cells. */
export interface ComplaintFault extends Fault {
  readonly tables?: readonly ComplaintTable[]
  /** The first day of the world that may have it. */
  readonly fromDay?: number
  change(cells: MadeComplaint, place: RowPlace): MadeComplaint
}

/** A fault of a customer, and how it changes the cells. */
export interface CustomerFault extends Fault {
  change(cells: MadeCustomer, row: number): MadeCustomer
}

const REQUESTS = ['raw_social_media', 'raw_web_forms'] as const
const LATER = '2025-12-24 10:00:00'
const EARLIER = '2024-12-24 10:00:00'
/** Digits of a customer who is in no list: customers' ids are random UUIDs, whose 13th digit is 4. */
const STRANGER = '00000000000000000000000000000000'
const STRANGER_ID = '00000000-0000-0000-0000-000000000000'

const set =
  (cells: Partial<MadeComplaint>) =>
  (given: MadeComplaint): MadeComplaint => ({ ...given, ...cells })

function resolved(cells: MadeComplaint): MadeComplaint {
  return { ...cells, status: 'Resolved', end: cells.end === '' ? LATER : cells.end }
}

/** Faults of complaints, in the order in which they are planted. */
export const COMPLAINT_FAULTS: readonly ComplaintFault[] = [
  { kind: 'duplicate', ends: 'duplicate', code: 'base_duplicate_key', repeats: true, change: (cells) => cells },
  {
    ...{ kind: 'duplicate_changed', ends: 'duplicate', code: 'base_duplicate_key', repeats: true },
    change: (cells) => ({ ...cells, agent: '1099' }),
  },
  { kind: 'id_missing', ends: 'refused', code: 'null_key', change: set({ id: '' }) },
  { kind: 'other_day', ends: 'refused', code: 'day_mismatch', change: set({ generatedOn: '2025-01-01' }) },
  { kind: 'category_unknown', ends: 'quarantined', code: 'type_mismatch', change: set({ category: 'Billing' }) },
  { kind: 'category_missing', ends: 'quarantined', code: 'null_value', change: set({ category: '' }) },
  { kind: 'status_unknown', ends: 'quarantined', code: 'type_mismatch', change: set({ status: 'Escalated' }) },
  { kind: 'customer_malformed', ends: 'quarantined', code: 'malformed_text', change: set({ customer: 'n/a' }) },
  { kind: 'customer_mismatch', ends: 'quarantined', code: 'rule_broken', change: set({ customer: STRANGER_ID }) },
  { kind: 'agent_malformed', ends: 'quarantined', code: 'malformed_text', change: set({ agent: 'A-7' }) },
  { kind: 'begin_missing', ends: 'quarantined', code: 'null_value', change: set({ begin: '' }) },
  {
    kind: 'begin_unreadable',
    ends: 'quarantined',
    code: 'timestamp_invalid',
    change: set({ begin: '31/02/2025 25:61' }),
  },
  {
    ...{ kind: 'end_before_begin', ends: 'quarantined', code: 'rule_broken' },
    change: (cells) => ({ ...resolved(cells), end: EARLIER }),
  },
  {
    ...{ kind: 'resolved_without_end', ends: 'quarantined', code: 'rule_broken' },
    change: set({ status: 'Resolved', end: '' }),
  },
  {
    ...{ kind: 'open_with_end', ends: 'quarantined', code: 'rule_broken', tables: REQUESTS },
    change: set({ status: 'Backlog', end: LATER }),
  },
  {
    ...{ kind: 'platform_unknown', ends: 'quarantined', code: 'type_mismatch', tables: ['raw_social_media'] },
    change: set({ platform: 'Myspace' }),
  },
  {
    ...{ kind: 'category_spelling', ends: 'repaired', remark: 'category_spelling' },
    change: (cells) => ({ ...cells, category: ` ${cells.category.toUpperCase().replace(' ', '_')}` }),
  },
  {
    ...{ kind: 'status_spelling', ends: 'repaired', remark: 'resolution_status_spelling' },
    change: (cells) => ({ ...cells, status: `${cells.status.toLowerCase().replace('-', ' ')} ` }),
  },
  {
    ...{ kind: 'customer_missing', ends: 'repaired', remark: 'customer_from_complaint_id' },
    change: set({ customer: '' }),
  },
  {
    ...{ kind: 'customer_spelling', ends: 'repaired', remark: 'customer_id_spelling' },
    change: (cells) => ({ ...cells, customer: cells.customer.toUpperCase().replaceAll('-', '') }),
  },
  {
    ...{ kind: 'agent_spelling', ends: 'repaired', remark: 'agent_id_spelling' },
    change: (cells) => ({ ...cells, agent: `${cells.agent}.0` }),
  },
  {
    ...{ kind: 'customer_unchecked', ends: 'repaired', remark: 'customer_unchecked' },
    change: (cells, { row }) => ({ ...cells, id: `legacy-${cells.generatedOn}-${row}` }),
  },
  {
    ...{ kind: 'orphan_customer', ends: 'unknown' },
    change: (cells) => ({
      ...cells,
      id: cells.id.replace(/([KQX])[0-9a-f]{32}/, `$1${STRANGER}`),
      customer: STRANGER_ID,
    }),
  },
  { kind: 'orphan_agent', ends: 'unknown', change: set({ agent: '2000' }) },
  { kind: 'agent_missing', ends: 'unknown', change: set({ agent: '' }) },
  { kind: 'cell_missing', ends: 'unknown', tables: ['raw_social_media'], change: set({ agent: null }) },
  { kind: 'status_update', ends: 'replaced', fromDay: 1, change: (cells) => ({ ...cells, ...nextState(cells) }) },
]

/** Another state of a complaint: open ones are resolved, resolved ones open again. */
function nextState({ status, end }: MadeComplaint): Pick<MadeComplaint, 'status' | 'end'> {
  if (status !== 'Resolved') return { status: 'Resolved', end: end === '' ? LATER : end }
  return { status: STATUSES[1], end: '' }
}

/** Faults of customers. */
export const CUSTOMER_FAULTS: readonly CustomerFault[] = [
  { kind: 'duplicate', ends: 'duplicate', code: 'base_duplicate_key', repeats: true, change: (cells) => cells },
  {
    ...{ kind: 'id_malformed', ends: 'quarantined', code: 'malformed_text' },
    change: (cells) => ({ ...cells, id: cells.id.slice(0, 20) }),
  },
  {
    kind: 'oman',
    ends: 'kept',
    change: (cells) => ({ ...cells, local: `x.omar.${cells.local}`, domain: 'omantel.net.om' }),
  },
  { kind: 'email_unreadable', ends: 'doubtful', remark: 'email', change: (cells) => ({ ...cells, domain: 'at home' }) },
  {
    kind: 'address_other',
    ends: 'doubtful',
    remark: 'address',
    change: (cells) => ({ ...cells, address: 'c/o Sandra, ZZ' }),
  },
  {
    kind: 'birth_unreadable',
    ends: 'doubtful',
    remark: 'birth_date',
    change: (cells) => ({ ...cells, birthDate: '31.02.1990' }),
  },
  {
    ...{ kind: 'signup_before_birth', ends: 'doubtful', remark: 'signup_date' },
    change: (cells) => ({ ...cells, birthDate: '2001-05-05', signupDate: '2000-01-01' }),
  },
  {
    // another customer has the address that this one gets by repair
    ...{ kind: 'collision', ends: 'collision' },
    change: (cells, row) => ({ ...cells, local: `shared.${row}`, domain: 'gmail.om' }),
  },
]

/** Rows of each kind for a thousand rows. */
const RATE = 0.7

/**
 * Returns which rows have which fault: each kind at least once, spread evenly, and never two in one row. The first row has none.
 * @throws Error - there are too few rows for all kinds
 */
export function plantFaults<Kind extends Fault>(
  draws: Draws,
  kinds: readonly Kind[],
  rows: number,
  salt: number,
): ReadonlyMap<number, Kind> {
  const planted = new Map<number, Kind>()
  for (const [at, kind] of kinds.entries()) {
    const count = Math.max(1, Math.round((rows * RATE) / 1000))
    for (let i = 0; i < count; i++) {
      const place = (i + draws.below(1000, 'fault', salt * 10_000 + at * 100 + (i % 100)) / 1000) / count
      let row = 1 + Math.floor(place * (rows - 1))
      while (planted.has(row)) row = 1 + (row % (rows - 1))
      planted.set(row, kind)
    }
  }
  return planted
}
