/** The marts of a lake as text, made by the reference functions: what a warehouse must hold. */
import { readState } from '../../../src/pipeline/index.ts'
import { type ComplaintMarts, complaintMarts } from '../../../src/systems/complaints/figures/marts.ts'
import { complaintsJob } from '../../../src/systems/complaints/job/complaints-job.ts'
import {
  type agentVersions,
  callLogs,
  customers,
  socialMedia,
  webForms,
} from '../../../src/systems/complaints/tables.ts'
import type { RowOf, TableContract } from '../../../src/table/contract.ts'
import { selectColumns } from '../../../src/table/frame.ts'
import { objectsOf } from './worlds.ts'

/** Cells as text, each row sorted by the name of its columns; null is null. */
export type TextRows = readonly Readonly<Record<string, string | null>>[]

type Row = Readonly<Record<string, unknown>>

/** An instant as warehouses write one in UTC, without zeros at the end of a fraction. */
const instantText = (at: Date): string =>
  at
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '')

function cellText(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null
  return cell instanceof Date ? instantText(cell) : String(cell)
}

/** Rows as text in a fixed order, so that equal sets of rows are equal lists. */
export function textRows(rows: readonly object[]): TextRows {
  const texts = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row as Row)
        .map(([name, cell]) => [name, cellText(cell)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  )
  const keys = new Map(texts.map((row) => [row, JSON.stringify(row)]))
  return texts.toSorted((a, b) => ((keys.get(a) as string) < (keys.get(b) as string) ? -1 : 1))
}

const add = (sum: number, value: number): number => sum + value
const count = (rows: readonly object[], name: string, cell: unknown): number =>
  rows.filter((row) => (row as Row)[name] === cell).length

/** The counts that aggregates have in common. */
function measuresOf(facts: ComplaintMarts['fct_complaints']) {
  return {
    complaints: facts.length,
    resolved: count(facts, 'is_resolved', true),
    kept_sla: count(facts, 'is_within_sla', true),
    missed_sla: count(facts, 'is_within_sla', false),
    resolution_seconds: facts.map(({ resolution_seconds }) => resolution_seconds ?? 0).reduce(add, 0),
  }
}

const DAY = 86_400_000
const daysBetween = (earlier: string | null, later: string): number | null =>
  earlier === null ? null : (Date.parse(later) - Date.parse(earlier)) / DAY

/** The marts of a lake, by name. */
export async function referenceMarts(out: string): Promise<Record<string, TextRows>> {
  const state = await readState(complaintsJob, { out })
  const rowsOf = async <Contract extends TableContract>({ name, columns }: Contract): Promise<RowOf<Contract>[]> => {
    const rows: object[] = []
    for (const day of state.partitions(name)) {
      rows.push(...objectsOf(selectColumns(await day.load(), Object.keys(columns))))
    }
    // the table holds what its contract says
    return rows as RowOf<Contract>[]
  }
  const complaints = [...(await rowsOf(callLogs)), ...(await rowsOf(socialMedia)), ...(await rowsOf(webForms))]
  const listed = await rowsOf(customers)
  const versions = objectsOf(await state.loadOutput('agent_versions')) as RowOf<typeof agentVersions>[]
  const marts = complaintMarts({ complaints, customers: listed, agentVersions: versions })
  const facts = marts.fct_complaints
  const daily = Map.groupBy(facts, ({ opened_on, channel, category }) => JSON.stringify([opened_on, channel, category]))
  const byAgent = Map.groupBy(facts, ({ agent_key }) => agent_key)
  const byCustomer = Map.groupBy(facts, ({ customer_key }) => customer_key)
  const lastDay = complaints.map(({ delivered_on }) => delivered_on).reduce((a, b) => (a > b ? a : b))
  const observed_on = new Date(Date.parse(lastDay) + DAY).toISOString().slice(0, 10)
  const years = facts.map(({ opened_on }) => opened_on.slice(0, 4)).sort()
  const firstDay = Date.parse(`${years[0]}-01-01`)
  const days = (Date.parse(`${lastDay.slice(0, 4)}-12-31`) - firstDay) / DAY + 1
  const nobody = Object.fromEntries(Object.keys(customers.columns).map((name) => [name, null]))
  return {
    dim_agents: textRows(marts.dim_agents),
    dim_customers: textRows([
      ...listed.map((row) => ({
        ...{ customer_key: row.customer_id, ...row, email_domain: row.email?.split('@')[1] || null },
        is_email_repaired: row.email_rule === null ? null : ['domain_case', 'domain_typo'].includes(row.email_rule),
        has_doubts: row.doubts !== null,
      })),
      {
        ...{ ...nobody, customer_key: '-1', name: 'Unknown' },
        ...{ email_domain: null, is_email_repaired: false, has_doubts: false },
      },
    ]),
    dim_date: textRows(Array.from({ length: days }, (_, at) => dateRow(firstDay + at * DAY))),
    fct_complaints: textRows(facts),
    fct_complaint_lifecycles: textRows(marts.fct_complaint_lifecycles),
    agg_complaints_daily: textRows(
      [...daily].map(([key, rows]) => {
        const [opened_on, channel, category] = JSON.parse(key) as [string, string, string]
        return { opened_on, channel, category, ...measuresOf(rows) }
      }),
    ),
    agg_agents: textRows(
      marts.dim_agents.map(({ agent_key }) => ({ agent_key, ...measuresOf(byAgent.get(agent_key) ?? []) })),
    ),
    ml_customer_features: textRows(
      listed.map(({ customer_id, gender, state: place, region, birth_date, signup_date }) => {
        const mine = byCustomer.get(customer_id) ?? []
        const opened = mine.map(({ opened_on }) => opened_on).sort()
        const { complaints: all, resolved, missed_sla, resolution_seconds } = measuresOf(mine)
        return {
          ...{ customer_key: customer_id, observed_on, gender, state: place, region },
          ...{ age_days: daysBetween(birth_date, observed_on), tenure_days: daysBetween(signup_date, observed_on) },
          ...{ complaints: all, open_complaints: all - resolved, missed_sla, resolution_seconds },
          calls: count(mine, 'channel', 'call'),
          social_media: count(mine, 'channel', 'social media'),
          web_forms: count(mine, 'channel', 'web form'),
          technician_support: count(mine, 'category', 'Technician Support'),
          network_failure: count(mine, 'category', 'Network Failure'),
          router_delivery: count(mine, 'category', 'Router Delivery'),
          payments: count(mine, 'category', 'Payments'),
          days_since_first: daysBetween(opened[0] ?? null, observed_on),
          days_since_last: daysBetween(opened.at(-1) ?? null, observed_on),
        }
      }),
    ),
  }
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** A day of the calendar, computed with the Date of JavaScript. */
function dateRow(at: number) {
  const date = new Date(at)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const iso_weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay()
  const monday = at - (iso_weekday - 1) * DAY
  // a week belongs to the year of its Thursday
  const iso_year = new Date(monday + 3 * DAY).getUTCFullYear()
  const quarter = Math.floor(month / 3)
  return {
    ...{ date_key: isoDay(at), year_number: year, quarter_number: quarter + 1, month_number: month + 1 },
    ...{ day_number: date.getUTCDate(), iso_year, iso_weekday, is_weekend: iso_weekday >= 6 },
    iso_week: Math.floor((monday + 3 * DAY - Date.UTC(iso_year, 0, 1)) / (7 * DAY)) + 1,
    day_of_year: (at - Date.UTC(year, 0, 1)) / DAY + 1,
    ...{ week_start: isoDay(monday), month_start: isoDay(Date.UTC(year, month, 1)) },
    ...{ month_end: isoDay(Date.UTC(year, month + 1, 0)), quarter_start: isoDay(Date.UTC(year, 3 * quarter, 1)) },
    month_key: isoDay(at).slice(0, 7),
  }
}
