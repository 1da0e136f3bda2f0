/**
 * The files of a made-up world in the forms of the real sources, generated while they are read.
 * @module
 */

import { type ComplaintPlan, complaintRows, type Edition } from './made-complaints.ts'
import { type CustomerPlan, customerRows } from './made-customers.ts'
import type { ComplaintTable, MadeComplaint } from './shapes.ts'

const CHUNK = 1 << 18

/** Text as bytes, in chunks. */
export function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let waiting = ''
  for (const text of texts) {
    waiting += text
    if (waiting.length < CHUNK) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  if (waiting !== '') yield encoder.encode(waiting)
}

/** A cell of CSV; `""` stands for an empty text, as the real exports have it, and quotes keep outer spaces. */
function cell(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\n`

/** The name of a day's file of each table, below the folder of the world. */
export function deliveryName(table: ComplaintTable, day: string): string {
  if (table === 'raw_call_logs') return `s3/call logs/call_logs_day_${day}.csv`
  if (table === 'raw_social_media') return `s3/social_medias/media_complaint_day_${day}.json`
  return `web_forms/web_form_request_${day.replaceAll('-', '_')}.csv`
}

/** The leftover index of a row: it has gaps. */
const leftover = ({ draws }: ComplaintPlan, row: number): string => String(row * 3 + draws.below(3, 'gap', row))

function* csvDay(plan: ComplaintPlan, table: ComplaintTable, day: number, edition?: Edition): Generator<string> {
  const isCalls = table === 'raw_call_logs'
  yield isCalls
    ? ',call ID,customeR iD,COMPLAINT_catego ry,agent ID,call_start_time,call_end_time,resolutionstatus,callLogsGenerationDate\n'
    : 'Column1,request_id,customeR iD,COMPLAINT_catego ry,agent ID,resolutionstatus,request_date,resolution_date,webFormGenerationDate\n'
  let row = 0
  for (const { cells } of complaintRows(plan, table, day, edition)) {
    const { id, customer, category, agent, begin, end, status, generatedOn } = cells
    const first = [leftover(plan, row++), id, customer, category, agent ?? '']
    yield line([...first, ...(isCalls ? [begin, end, status] : [status, begin, end]), generatedOn])
  }
}

const SOCIAL_COLUMNS: readonly (readonly [name: string, cell: (cells: MadeComplaint) => string | number | null])[] = [
  ['complaint_id', ({ id }) => (id === '' ? null : id)],
  ['customeR iD', ({ customer }) => customer],
  ['COMPLAINT_catego ry', ({ category }) => category],
  ['agent ID', ({ agent }) => (agent !== null && /^\d+$/.test(agent) ? Number(agent) : agent)],
  ['resolutionstatus', ({ status }) => status],
  ['request_date', ({ begin }) => begin],
  ['resolution_date', ({ end }) => end],
  ['media_channel', ({ platform }) => platform],
  ['MediaComplaintGenerationDate', ({ generatedOn }) => generatedOn],
]

/** One document, column after column: row label to cell. A cell that is null by its fault is left out. */
function* jsonDay(plan: ComplaintPlan, table: ComplaintTable, day: number, edition?: Edition): Generator<string> {
  const rows = Array.from(complaintRows(plan, table, day, edition))
  for (const [at, [name, cellOf]] of SOCIAL_COLUMNS.entries()) {
    yield `${at === 0 ? '{' : ','}${JSON.stringify(name)}:{`
    let isFirst = true
    for (const [row, { cells }] of rows.entries()) {
      const value = cellOf(cells)
      if (value === null && name === 'agent ID') continue
      yield `${isFirst ? '' : ','}"${leftover(plan, row)}":${JSON.stringify(value)}`
      isFirst = false
    }
    yield '}'
  }
  yield '}'
}

/** The text of a day's file, in pieces. */
export function dayText(plan: ComplaintPlan, table: ComplaintTable, day: number, edition?: Edition): Generator<string> {
  return table === 'raw_social_media' ? jsonDay(plan, table, day, edition) : csvDay(plan, table, day, edition)
}

/** The text of the customers' export, row by row. */
export function* customersText(plan: CustomerPlan): Generator<string> {
  yield 'customer_id,name,Gender,DATE of biRTH,signup_date,email,address\n'
  for (const { cells } of customerRows(plan)) {
    const { id, name, gender, birthDate, signupDate, local, domain, address } = cells
    yield line([id, name, gender, birthDate, signupDate, `${local}@${domain}`, address])
  }
}
