/**
 * What a made-up world holds, and where each planted fault must end.
 * @module
 */
import type { ErrorCode } from '../../../errors.ts'
import { repairedDomain } from './email-truth.ts'
import type { End } from './faults.ts'
import { type ComplaintPlan, complaintRows, type Edition } from './made-complaints.ts'
import { customerRows } from './made-customers.ts'
import type { ComplaintTable } from './shapes.ts'
import { deliveryName } from './source-files.ts'

/** What becomes of the rows of a file. `source` = `accepted` + `duplicate` + `refused` + `quarantined`. */
export interface FileTruth {
  readonly table: string
  /** The delivery day; null for the customers. */
  readonly day: string | null
  readonly file: string
  readonly source: number
  readonly duplicate: number
  readonly refused: number
  readonly quarantined: number
  readonly accepted: number
}

/** One planted fault. */
export interface PlantedFault {
  readonly file: string
  /** The data record, from 1. */
  readonly row: number
  readonly kind: string
  readonly ends: End
  readonly code?: ErrorCode
  readonly remark?: string
  /** The complaint or customer. */
  readonly key: string
}

/** A file and the faults in it. */
export interface FileFacts {
  readonly file: FileTruth
  readonly faults: readonly PlantedFault[]
}

/** Counts rows by where they end. */
class Facts {
  readonly faults: PlantedFault[] = []
  readonly counts = { duplicate: 0, refused: 0, quarantined: 0, accepted: 0 }
  source = 0

  add(file: string, key: string, fault: { kind: string; ends: End; code?: ErrorCode; remark?: string } | null): void {
    this.source++
    const { ends = 'kept' } = fault ?? {}
    const isSetAside = ends === 'duplicate' || ends === 'refused' || ends === 'quarantined'
    this.counts[isSetAside ? ends : 'accepted']++
    if (fault === null) return
    const { kind, code, remark } = fault
    const known = { ...(code !== undefined && { code }), ...(remark !== undefined && { remark }) }
    this.faults.push({ file, row: this.source, kind, ends, ...known, key })
  }
}

/** Returns what becomes of a day's file. */
export function dayTruth(plan: ComplaintPlan, table: ComplaintTable, day: number, edition?: Edition): FileFacts {
  const facts = new Facts()
  const date = plan.days[day] ?? ''
  const file = deliveryName(table, date)
  for (const { cells, fault } of complaintRows(plan, table, day, edition)) facts.add(file, cells.id, fault)
  return { file: { table, day: date, file, source: facts.source, ...facts.counts }, faults: facts.faults }
}

/** What becomes of the customers. */
export interface CustomerFacts extends FileFacts {
  /** Accepted customers by the rule of their e-mail address. */
  readonly emailRules: Readonly<Record<string, number>>
  /** Accepted customers by the region of their address; `none` where it has no state. */
  readonly regions: Readonly<Record<string, number>>
}

const CUSTOMERS = 's3/customers/customers_dataset.csv'
const TERRITORIES = new Set(['PR', 'GU', 'VI', 'MP', 'AS', 'PW', 'FM'])

function regionOf(address: string): string {
  const [, state = ''] = / ([A-Z]{2}) \d{5}$/.exec(address) ?? []
  if (state === '') return 'none'
  if (state.startsWith('A') && /\n[AFD]PO /.test(address)) return 'military'
  return TERRITORIES.has(state) ? 'territory' : state === 'DC' ? 'district' : 'state'
}

/** Returns what becomes of the customers' export. */
export function customersTruth(plan: Parameters<typeof customerRows>[0]): CustomerFacts {
  const facts = new Facts()
  const [emailRules, regions]: Record<string, number>[] = [{}, {}]
  const count = (counts: Record<string, number> | undefined, name: string): void => {
    if (counts !== undefined) counts[name] = (counts[name] ?? 0) + 1
  }
  for (const { cells, fault } of customerRows(plan)) {
    const before = facts.counts.accepted
    facts.add(CUSTOMERS, cells.id, fault)
    if (facts.counts.accepted === before) continue
    count(emailRules, repairedDomain(cells.domain))
    count(regions, regionOf(cells.address))
  }
  const file = { table: 'raw_customers', day: null, file: CUSTOMERS, source: facts.source, ...facts.counts }
  return { file, faults: facts.faults, emailRules: emailRules ?? {}, regions: regions ?? {} }
}
