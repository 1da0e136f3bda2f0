/**
 * The same functions take Arrow tables and give Arrow tables: columns go in and out without being copied into rows.
 * Here: instants in UTC become local time, and the month in which people worked.
 */
import { tableFromIPC } from 'apache-arrow'
import { table } from 'arquero'
import { convertTimeZone, localMonth } from 'support-etl'
import { writeArrow } from 'support-etl/format'

const interactions = table({
  interaction_id: ['0201', '0301', '0303'],
  interaction_start: ['2025-02-01T02:10:00Z', '2025-03-01T01:20:00Z', '2025-03-03T15:05:00Z'].map((at) => new Date(at)),
})

// an Arrow table as it comes from a file, another library or a database
const arrow = tableFromIPC(writeArrow(interactions))

const local = convertTimeZone(arrow, 'interaction_start', 'America/New_York', { suffix: '_local' })
const months = localMonth(local, 'interaction_start', 'America/New_York')
console.log(String(months.schema))

// two of the three began a month earlier than their UTC stamps say
for (const name of ['interaction_id', 'month']) console.log(name, [...(months.getChild(name) ?? [])].join(' '))
