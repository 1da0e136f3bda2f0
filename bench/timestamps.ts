/**
 * What timestamps in a declared form cost against ISO 8601: the parser alone, and a whole CSV file with two of them. Medians of
 * several rounds in one process, the forms in turn; each form gives the instants that ISO gives.
 *
 *   node --conditions=support-etl-source bench/timestamps.ts [--rows 200000] [--rounds 21]
 */
import { parseArgs } from 'node:util'
import { csvReader } from '../src/format/csv/read/reader.ts'
import { defineTable, key, string, timestamp } from '../src/table/contract.ts'
import { TimestampReading } from '../src/time/read-stamp.ts'
import { compileTimestampForm } from '../src/time/timestamp-form.ts'

const two = (value: number): string => String(value).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const half = (at: Date): string => (at.getUTCHours() < 12 ? 'AM' : 'PM')
const hour = (at: Date): number => at.getUTCHours() % 12 || 12

/** Each form with what writes an instant of whole minutes in it. */
const FORMS: Readonly<Record<string, (at: Date) => string>> = {
  iso: (at) => at.toISOString().slice(0, 16),
  'dd/MM/yyyy HH:mm': (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${clock(at)}`,
  'd/M/yyyy H:mm': (at) => `${day(at)} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  'M/d/yyyy h:mm a': (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${hour(at)}:${two(at.getUTCMinutes())} ${half(at)}`,
  'MM/dd/yyyy hh:mm:ss a': (at) =>
    `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()} ${two(hour(at))}:${two(at.getUTCMinutes())}:00 ${half(at)}`,
  'dd-MMM-yyyy HH:mm:ss': (at) =>
    `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${clock(at)}:00`,
  'd.M.yy H:mm': (at) =>
    `${at.getUTCDate()}.${at.getUTCMonth() + 1}.${at.getUTCFullYear() % 100} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  'dd.MM.yyyy HH:mm:ss.SSS': (at) =>
    `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${at.toISOString().slice(11, 23)}`,
  'd/M/yyyy H:mm:ss.SSS': (at) => `${day(at)} ${at.getUTCHours()}:${at.toISOString().slice(14, 23)}`,
  'dd/MM/yyyy HH:mm X': (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${clock(at)} +00:00`,
}

function clock(at: Date): string {
  return at.toISOString().slice(11, 16)
}

function day(at: Date): string {
  return `${at.getUTCDate()}/${at.getUTCMonth() + 1}/${at.getUTCFullYear()}`
}

/** Calls of a day, a few minutes apart, as an export has them. */
const instantOf = (row: number): Date => new Date(1_700_000_040_000 + row * 180_000 + (row % 7) * 3_600_000)

interface Cells {
  readonly form: string
  readonly view: DataView
  readonly offsets: Int32Array
  readonly file: Uint8Array
}

function cellsOf(form: string, rows: number): Cells {
  const write = FORMS[form] as (at: Date) => string
  const texts = Array.from({ length: rows }, (_, row) => write(instantOf(row)))
  const bytes = new TextEncoder().encode(`${texts.join('\n')}\n`)
  const offsets = new Int32Array(rows + 1)
  for (let row = 0; row < rows; row++) offsets[row + 1] = (offsets[row] as number) + (texts[row] as string).length + 1
  const lines = texts.map((text, row) => `K${row},${text},${texts[(row + 1) % rows]}\n`)
  const file = new TextEncoder().encode(`id,started_at,ended_at\n${lines.join('')}`)
  return { form, view: new DataView(bytes.buffer), offsets, file }
}

const calls = defineTable('calls', { id: key(string()), started_at: timestamp(), ended_at: timestamp() })

function parseAll({ form, view, offsets }: Cells): number {
  const { parse } = compileTimestampForm(form)
  const reading = new TimestampReading()
  let sum = 0
  for (let row = 0; row + 1 < offsets.length; row++) {
    const isRead = parse(view, offsets[row] as number, (offsets[row + 1] as number) - 1, reading)
    if (!isRead) throw new Error(`${form}: row ${row} is not read`)
    sum += reading.milliseconds / 60_000
  }
  return sum
}

function readAll({ form, file }: Cells): number {
  const reader = csvReader({
    contract: calls,
    expectedBytes: file.length,
    ...(form !== 'iso' && { timestamps: { form } }),
  })
  reader.push(file)
  const { frame, issues } = reader.end()
  const [issue] = issues
  if (issue !== undefined) throw new Error(`${form}: row ${issue.row} is not read`)
  return frame.rows
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The median time of each form in one kind of work, the forms in turn. */
function measure(all: readonly Cells[], rounds: number, work: (cells: Cells) => number): ReadonlyMap<string, number> {
  const times = new Map(all.map(({ form }) => [form, [] as number[]]))
  const answers = new Set<number>()
  // the first rounds compile
  for (let round = -3; round < rounds; round++) {
    for (const cells of all) {
      const begin = process.cpuUsage()
      answers.add(work(cells))
      const { user } = process.cpuUsage(begin)
      if (round >= 0) times.get(cells.form)?.push(user / 1000)
    }
  }
  if (answers.size !== 1) throw new Error('the forms do not give the same instants')
  return new Map(Array.from(times, ([form, own]) => [form, median(own)]))
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '21' } },
})
const [rows, rounds] = [Number(values.rows), Number(values.rounds)]
const all = Object.keys(FORMS).map((form) => cellsOf(form, rows))
const parsed = measure(all, rounds, parseAll)
const read = measure(all, rounds, readAll)
const ratio = (times: ReadonlyMap<string, number>, form: string) =>
  ((times.get(form) ?? Number.NaN) / (times.get('iso') ?? Number.NaN)).toFixed(2)
console.log(`${rows} timestamps, medians of ${rounds} rounds: CPU time, and its ratio to ISO\n`)
console.log(
  `${'form'.padEnd(26)}${'parser'.padStart(10)}${'ratio'.padStart(8)}${'file'.padStart(12)}${'ratio'.padStart(8)}`,
)
for (const form of Object.keys(FORMS)) {
  const cells = [`${parsed.get(form)?.toFixed(1)} ms`.padStart(10), ratio(parsed, form).padStart(8)]
  cells.push(`${read.get(form)?.toFixed(1)} ms`.padStart(12), ratio(read, form).padStart(8))
  console.log(form.padEnd(26) + cells.join(''))
}
