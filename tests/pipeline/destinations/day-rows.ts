/**
 * A job whose tables have days, histories of its files, and what a database that follows it has to hold: said by the files alone.
 * @module
 */
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { csv, defineJob, eachRow, type Job, partitions, refuseRow } from '../../../src/pipeline/index.ts'
import type { RunOptions } from '../../../src/pipeline/job/options.ts'
import { DictionaryColumn, NumberColumn } from '../../../src/table/column.ts'
import { defineTable, float64, int32, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'

const readings = defineTable('readings', {
  reading_id: key(string()),
  machine: nullable(string()),
  hours: nullable(int32()),
  read_at: nullable(timestamp()),
})
const shares = defineTable('shares', { reading_id: key(string()), share: float64() })
/** Without a key: equal rows count. */
const events = defineTable('events', { event: nullable(string()) })
const prices = defineTable('prices', { part: key(string()), price: nullable(float64()) })

const days = (prefix: string, counts: 'all' | 'newest' = 'all') =>
  partitions({ prefix, name: '{day}.csv', format: csv(), counts })

/** Of `prices` only the newest day counts; hours below 0 have no share. */
export const dayJob: Job = defineJob({
  name: 'deliveries',
  tables: {
    readings: { contract: readings, source: days('readings/') },
    events: { contract: events, source: days('events/') },
    prices: { contract: prices, source: days('prices/', 'newest') },
  },
  derived: {
    shares: {
      from: 'readings',
      contract: shares,
      rows: eachRow(readings, shares, ({ reading_id, hours }) =>
        hours !== null && hours < 0
          ? refuseRow({ code: 'type_mismatch', column: 'hours', expected: '0 or more' })
          : { reading_id, share: (hours ?? 0) / 8 },
      ),
    },
  },
  outputs: {
    counts: {
      contract: defineTable('counts', { day: key(string()), readings: int32() }),
      reads: ['readings'],
      build(state) {
        const parts = state.partitions('readings')
        const names = parts.map(({ day }) => day)
        return frameOf([
          ['day', new DictionaryColumn(Int32Array.from(names.keys()), names)],
          [
            'readings',
            new NumberColumn(
              'int32',
              Int32Array.from(parts, ({ rows }) => rows),
            ),
          ],
        ])
      },
    },
  },
})

/** The lines of a day's file below its heading, by table and day. */
export type DayFiles = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

const HEADS: Readonly<Record<string, string>> = {
  readings: 'reading_id,machine,hours,read_at',
  events: 'event',
  prices: 'part,price',
}

/** The files as a source. */
export function daySource(files: DayFiles) {
  const entries = Object.entries(files).flatMap(([table, byDay]) =>
    Object.entries(byDay).map(
      ([day, lines]) => [`${table}/${day}.csv`, `${[HEADS[table], ...lines].join('\n')}\n`] as const,
    ),
  )
  return memoryStore(Object.fromEntries(entries))
}

/** What a run of the files is given: days that were there before are removed, and losses are meant. */
export function dayRun(
  files: DayFiles,
  before: DayFiles = {},
): Pick<RunOptions, 'data' | 'withdraw' | 'acceptWithdrawals'> {
  const withdraw = Object.entries(before).flatMap(([table, byDay]) =>
    Object.keys(byDay).filter((day) => files[table]?.[day] === undefined),
  )
  return { data: daySource(files), acceptWithdrawals: Object.keys(HEADS), ...(withdraw.length > 0 && { withdraw }) }
}

type Rows = Readonly<Record<string, readonly string[]>>

const cell = (text: string | undefined) => (text === undefined || text === '' ? 'null' : text)

/** The rows of every table as sorted text, told from the files. */
export function rowsOfFiles(files: DayFiles): Rows {
  const all = (table: string) =>
    Object.entries(files[table] ?? {}).flatMap(([day, lines]) => lines.map((line) => [day, line.split(',')] as const))
  const newest = Object.keys(files.prices ?? {})
    .sort()
    .at(-1)
  const rows = {
    readings: all('readings').map(([day, [id, machine, hours, at]]) =>
      [day, id, cell(machine), cell(hours), cell(at)].join('|'),
    ),
    shares: all('readings').flatMap(([day, [id, , hours]]) =>
      Number(hours) < 0 ? [] : [[day, id, String(Number(hours ?? 0) / 8)].join('|')],
    ),
    events: all('events').map(([day, [event]]) => [day, cell(event)].join('|')),
    prices: all('prices')
      .filter(([day]) => day === newest)
      .map(([day, [part, price]]) => [day, part, cell(price)].join('|')),
    counts: Object.entries(files.readings ?? {}).map(([day, lines]) => `${day}|${lines.length}`),
  }
  return Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.sort()]))
}

const SELECTED: Readonly<Record<string, string>> = {
  readings: `_day::text, reading_id, machine, hours::text, to_char(read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  shares: '_day::text, reading_id, share::text',
  events: '_day::text, event',
  prices: '_day::text, part, price::text',
  counts: 'day, readings::text',
}

/** The number of the commit that a database says it has, and its rows as the same text; null before the first delivery. */
export async function dayRows(
  database: Pick<Database, 'query'>,
): Promise<{ readonly number: number; readonly rows: Rows } | null> {
  const there = await database.query("SELECT to_regclass('public.counts')::text AS name")
  if (there.rows[0]?.name === null) return null
  const parts = Object.entries(SELECTED).map(
    ([table, cells]) =>
      `SELECT '${table}' AS name, array_to_string(ARRAY[${cells}], '|', 'null') AS row FROM public.${table}`,
  )
  // one statement: one snapshot
  const { rows: found } = await database.query(
    `SELECT '' AS name, number::text AS row FROM public.support_etl_place UNION ALL ${parts.join(' UNION ALL ')}`,
  )
  const rows: Record<string, string[]> = Object.fromEntries(Object.keys(SELECTED).map((name) => [name, []]))
  let number = 0
  for (const { name, row } of found) {
    if (name === '') number = Number(row)
    else rows[String(name)]?.push(String(row))
  }
  for (const list of Object.values(rows)) list.sort()
  return { number, rows }
}

/** Four states of the files, each a commit: new days, a changed and a late day, a withdrawn one, a newer full export. */
export const DAY_HISTORY: readonly DayFiles[] = (() => {
  const at = (day: string) => `${day}T10:00:00Z`
  const first = {
    readings: {
      '2025-03-01': [`a,M1,8,${at('2025-03-01')}`, 'b,,4,', 'c,M2,-1,'],
      '2025-03-02': [`a,M1,1,${at('2025-03-02')}`, 'd,M3,,'],
    },
    events: { '2025-03-01': ['open', 'open', 'shut'], '2025-03-02': ['open'] },
    prices: { '2025-03-01': ['P1,1.5', 'P2,'] },
  }
  const second = {
    ...first,
    readings: {
      ...first.readings,
      // b went, a changed, e is new
      '2025-03-01': [`a,M1,9,${at('2025-03-01')}`, 'c,M2,-1,', 'e,M9,2,'],
      '2025-03-03': ['f,M1,3,'],
    },
    events: { ...first.events, '2025-03-01': ['open', 'shut', 'shut', 'x'], '2025-02-27': ['late', 'late'] },
    prices: { ...first.prices, '2025-03-03': ['P1,2.5', 'P3,9'] },
  }
  const { '2025-03-02': readingsGone, ...fewerReadings } = second.readings
  const { '2025-03-02': eventsGone, ...fewerEvents } = second.events
  const third = { ...second, readings: fewerReadings, events: fewerEvents }
  const fourth = { ...third, readings: { ...third.readings, '2025-03-02': ['a,M1,1,', 'z,Z,16,'] } }
  return [first, second, third, fourth]
})()
