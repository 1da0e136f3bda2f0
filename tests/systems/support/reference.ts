/**
 * The support job again, slow and plain: rows as objects, a Map a table, Intl for months. What the library says is held against it.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Row = Record<string, string>
export type Tables = Record<(typeof TABLES)[number], Map<string, Row>>
/** Something that a strict reader would not let pass, or a change that hit nothing. */
export interface Surprise {
  readonly table: string
  readonly month: string
  readonly key: string
  readonly what:
    | 'add of an existing key'
    | 'update of a missing key'
    | 'delete of a missing key'
    | 'second change of a key'
}

export const TABLES = ['interactions', 'agents', 'contact_centers', 'service_categories'] as const

/** Rows of CSV text without line ends in cells; cells and names trimmed. */
export function csvRows(text: string): Row[] {
  const [header = [], ...records] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((cell) => (cell[1] ?? cell[2] ?? '').trim()))
  return records.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])))
}

/** The text of every source file by name (`initial/agents.csv`). */
export function sourceFiles(folder: string): Map<string, string> {
  const names = ['initial', 'delta'].flatMap((part) => readdirSync(join(folder, part)).map((name) => `${part}/${name}`))
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** Applies all deltas up to `until` in order of month. */
export function replay(
  files: ReadonlyMap<string, string>,
  until = '999999',
): { tables: Tables; surprises: Surprise[] } {
  const surprises: Surprise[] = []
  const state = TABLES.map((table) => {
    const rows = new Map<string, Row>()
    const keyed = (row: Row) => Object.values(row)[0] ?? ''
    for (const row of csvRows(files.get(`initial/${table}.csv`) ?? '')) rows.set(keyed(row), row)
    for (const [name, text] of files) {
      const month = name.match(/_delta_(\d{6})\.csv$/)?.[1]
      if (month === undefined || month > until || !name.startsWith(`delta/${table}_delta_`)) continue
      const seen = new Set<string>()
      for (const { action = '', ...row } of csvRows(text)) {
        const key = keyed(row)
        const note = (what: Surprise['what']) => surprises.push({ table, month, key, what })
        if (seen.has(key)) note('second change of a key')
        seen.add(key)
        if (action === 'add' && rows.has(key)) note('add of an existing key')
        if (action === 'update' && !rows.has(key)) note('update of a missing key')
        if (action === 'delete' && !rows.has(key)) note('delete of a missing key')
        if (action === 'delete') rows.delete(key)
        else rows.set(key, row)
      }
    }
    return [table, rows] as const
  })
  // every table of TABLES has its entry
  return { tables: Object.fromEntries(state) as Tables, surprises }
}

export interface ReportOptions {
  readonly timeZone?: string
  readonly monthFrom?: string
}

export type ReportRow = readonly [
  month: string,
  contactCenter: string,
  department: string,
  interactions: number,
  calls: number,
  minutes: number,
]

/** The support report, sorted. */
export function report(
  tables: Tables,
  { timeZone = 'America/New_York', monthFrom = 'interaction_start' }: ReportOptions = {},
): ReportRow[] {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' })
  const groups = new Map<
    string,
    { key: [string, string, string]; interactions: number; calls: number; millionths: number }
  >()
  for (const row of tables.interactions.values()) {
    const key: [string, string, string] = [
      local.format(new Date(row[monthFrom] ?? '')),
      tables.contact_centers.get(row.contact_center_id ?? '')?.contact_center_name || 'Unknown',
      tables.service_categories.get(row.category_id ?? '')?.department || 'Unknown',
    ]
    const group = groups.get(key.join('\0')) ?? { key, interactions: 0, calls: 0, millionths: 0 }
    groups.set(key.join('\0'), group)
    group.interactions++
    if (row.channel?.toLowerCase() !== 'phone') continue
    group.calls++
    group.millionths += Math.round(Number(row.call_duration_minutes) * 1e6)
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, interactions, calls, millionths }]) => [...key, interactions, calls, millionths / 1e6])
}
