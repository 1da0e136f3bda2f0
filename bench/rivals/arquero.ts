/**
 * The job in Arquero, as its documentation teaches it: fromCSV, antijoin and concat, derive, lookup, groupby and rollup.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as aq from 'arquero'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

const KEYS: Record<string, string> = {
  interactions: 'interaction_id',
  agents: 'agent_id',
  contact_centers: 'contact_center_id',
  service_categories: 'category_id',
}
const text = (value: string) => value.trim()
const stamp = (value: string) => (value.trim() === '' ? null : new Date(value))
const number = (value: string) => (value.trim() === '' ? null : Number(value))
// ids stay text and stamps stay UTC only when each column's parser is named
const PARSERS: Record<string, (value: string) => unknown> = {
  interaction_id: text,
  timestamp: stamp,
  interaction_start: stamp,
  agent_resolution_timestamp: stamp,
  interaction_end: stamp,
  call_duration_minutes: number,
  satisfaction_rating: number,
}

function read(path: string): aq.ColumnTable {
  const source = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  const names = (source.slice(0, source.search(/\r?\n/)) || '').split(',').map((name) => name.trim())
  const parse = Object.fromEntries(names.map((name) => [name, PARSERS[name] ?? text]))
  return aq.fromCSV(source, { parse } as never)
}

function apply(base: aq.ColumnTable, delta: aq.ColumnTable, key: string): aq.ColumnTable {
  const last = delta
    .derive({ sequence: () => aq.op.row_number() })
    .groupby(key)
    .filter((row: { sequence: number }) => row.sequence === aq.op.max(row.sequence))
    .ungroup()
  const kept = base.antijoin(last, key)
  const written = last
    .filter((row: { action: string }) => aq.op.lower(row.action) !== 'delete')
    .select(aq.not('action', 'sequence'))
  return kept.concat(written) as aq.ColumnTable
}

const clock = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', year: 'numeric', month: '2-digit' })

function monthOf(instant: Date): string {
  const parts = clock.formatToParts(instant)
  return `${parts.find(({ type }) => type === 'year')?.value}-${parts.find(({ type }) => type === 'month')?.value}`
}

/** Each step on its own, in one fresh process. */
export async function steps(inputs: Inputs): Promise<Pick<Outcome, 'steps' | 'report'>> {
  const timings: Step[] = []
  const tables: Record<string, aq.ColumnTable> = {}
  for (const table of Object.keys(KEYS)) {
    const isTimed = table === 'interactions'
    const path = join(inputs.data, 'initial', `${table}.csv`)
    tables[table] = await measured(isTimed ? timings : [], 'read', () => read(path))
  }
  for (const [index, month] of inputs.months.entries()) {
    for (const [table, key] of Object.entries(KEYS)) {
      const path = join(inputs.data, 'delta', `${table}_delta_${month}.csv`)
      if (!existsSync(path)) continue
      const delta = read(path)
      const isTimed = table === 'interactions'
      tables[table] = await measured(isTimed ? timings : [], index === 0 ? 'apply' : 'apply again', () =>
        apply(tables[table] as never, delta, key),
      )
    }
  }
  const { interactions, contact_centers, service_categories } = tables as Record<string, aq.ColumnTable>
  const dated = await measured(timings, 'month', () =>
    interactions?.derive({
      month: aq.escape((row: { interaction_start: Date | null; timestamp: Date }) =>
        monthOf(row.interaction_start ?? row.timestamp),
      ),
    }),
  )
  const report = await measured(
    timings,
    'report',
    () =>
      (dated as aq.ColumnTable)
        .join_left(contact_centers as aq.ColumnTable, 'contact_center_id')
        .join_left(service_categories as aq.ColumnTable, 'category_id')
        .derive({
          contact_center_name: (row: { contact_center_name: string }) => row.contact_center_name || 'Unknown',
          department: (row: { department: string }) => row.department || 'Unknown',
          is_call: (row: { channel: string }) => aq.op.lower(row.channel) === 'phone',
        })
        .groupby('month', 'contact_center_name', 'department')
        .rollup({
          total_interactions: () => aq.op.count(),
          total_calls: (row: { is_call: boolean }) => aq.op.sum(row.is_call ? 1 : 0),
          total_call_duration: (row: { is_call: boolean; call_duration_minutes: number }) =>
            aq.op.sum(row.is_call ? row.call_duration_minutes : 0),
        })
        .objects() as ReportRow[],
  )
  return { steps: timings, report }
}
