/**
 * The job as most people would write it in plain JavaScript: csv-parse, a Map of row objects, Intl for the month.
 * @module
 */
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

type Row = Record<string, string>

async function* rowsOf(path: string): AsyncGenerator<Row> {
  yield* createReadStream(path).pipe(parse({ columns: true, trim: true, bom: true })) as AsyncIterable<Row>
}

async function readTable(path: string, key: string): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  for await (const row of rowsOf(path)) rows.set(row[key] as string, row)
  return rows
}

function applyRows(table: Map<string, Row>, changes: readonly Row[], key: string): void {
  for (const { action, ...row } of changes) {
    if (action?.toLowerCase() === 'delete') table.delete(row[key] as string)
    else table.set(row[key] as string, row as Row)
  }
}

const KEYS: Record<string, string> = {
  interactions: 'interaction_id',
  agents: 'agent_id',
  contact_centers: 'contact_center_id',
  service_categories: 'category_id',
}

const clock = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', year: 'numeric', month: '2-digit' })

function monthOf(stamp: string): string {
  const parts = clock.formatToParts(new Date(stamp))
  return `${parts.find(({ type }) => type === 'year')?.value}-${parts.find(({ type }) => type === 'month')?.value}`
}

function reportOf(tables: Map<string, Map<string, Row>>, months: ReadonlyMap<string, string>): ReportRow[] {
  const groups = new Map<string, { -readonly [Name in keyof ReportRow]: ReportRow[Name] }>()
  for (const [id, row] of tables.get('interactions') ?? []) {
    const month = months.get(id)
    if (month === undefined) continue
    const center = tables.get('contact_centers')?.get(row.contact_center_id as string)
    const category = tables.get('service_categories')?.get(row.category_id as string)
    const contact_center_name = center?.contact_center_name || 'Unknown'
    const department = category?.department || 'Unknown'
    const name = JSON.stringify([month, contact_center_name, department])
    let group = groups.get(name)
    if (group === undefined) {
      group = { month, contact_center_name, department, total_interactions: 0, total_calls: 0, total_call_duration: 0 }
      groups.set(name, group)
    }
    group.total_interactions++
    if (row.channel?.toLowerCase() === 'phone') {
      group.total_calls++
      group.total_call_duration += Number(row.call_duration_minutes)
    }
  }
  return [...groups.values()]
}

/** Each step on its own, in one fresh process. */
export async function steps(inputs: Inputs): Promise<Pick<Outcome, 'steps' | 'report'>> {
  const timings: Step[] = []
  const tables = new Map<string, Map<string, Row>>()
  for (const [table, key] of Object.entries(KEYS)) {
    const path = join(inputs.data, 'initial', `${table}.csv`)
    const isTimed = table === 'interactions'
    tables.set(table, await measured(isTimed ? timings : [], 'read', () => readTable(path, key)))
  }
  for (const [index, month] of inputs.months.entries()) {
    for (const [table, key] of Object.entries(KEYS)) {
      const path = join(inputs.data, 'delta', `${table}_delta_${month}.csv`)
      if (!existsSync(path)) continue
      const changes = await Array.fromAsync(rowsOf(path))
      const isTimed = table === 'interactions'
      await measured(isTimed ? timings : [], index === 0 ? 'apply' : 'apply again', () =>
        applyRows(tables.get(table) ?? new Map(), changes, key),
      )
    }
  }
  const months = new Map<string, string>()
  await measured(timings, 'month', () => {
    for (const [id, row] of tables.get('interactions') ?? []) {
      const stamp = row.interaction_start || row.timestamp
      if (stamp) months.set(id, monthOf(stamp))
    }
  })
  const report = await measured(timings, 'report', () => reportOf(tables, months))
  return { steps: timings, report }
}
