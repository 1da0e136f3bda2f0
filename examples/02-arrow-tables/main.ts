/**
 * The same functions take Arrow tables and return Arrow tables, without copying columns into rows.
 * Here they turn instants in UTC into local time and local month.
 */
import { tableFromIPC } from 'apache-arrow'
import { table } from 'arquero'
import { convertTimeZone, localMonth } from 'support-etl'
import { writeArrow } from 'support-etl/format'

const interactions = table({
  interaction_id: ['0201', '0301', '0303'],
  interaction_start: ['2025-02-01T02:10:00Z', '2025-03-01T01:20:00Z', '2025-03-03T15:05:00Z'].map((at) => new Date(at)),
})

// an Arrow table, as from a file, another library or a database
const arrow = tableFromIPC(writeArrow(interactions))

const local = convertTimeZone(arrow, 'interaction_start', 'America/New_York', { suffix: '_local' })
const months = localMonth(local, 'interaction_start', 'America/New_York')
console.log(String(months.schema))

// two of the three began a month earlier in local time than in UTC
for (const name of ['interaction_id', 'month']) console.log(name, [...(months.getChild(name) ?? [])].join(' '))
