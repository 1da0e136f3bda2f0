/**
 * Rows as the text format of COPY.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { type Column, TimestampColumn } from '../../../table/column.ts'
import { convertColumn } from '../../../table/convert/convert.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { civilFromDays } from '../../../time/instant.ts'
import type { LayoutColumn, TableLayout } from './table-layout.ts'

/** Returns the text of a row's cell. */
type CellText = (row: number) => string

const NULL = '\\N'
/** Bytes are handed on in pieces of about so many characters. */
const CHUNK = 64 * 1024

const DAY_MICROSECONDS = 86_400_000_000n
/** The first and last day of Postgres' dates: 4714-11-24 BC and 5874897-12-31, in days since 1970-01-01. */
const DATES = { first: -2_440_588, last: 2_145_042_905, text: '4714-11-24 BC to 5874897-12-31' }
/** Its timestamps end with the year 294276. */
const INSTANTS = { first: -2_440_588, last: 106_762_939, text: '4714-11-24 BC to 294276-12-31' }

/** The rows that a cell is one of: those of a table, or of one day of it. */
interface RowsName {
  readonly table: string
  readonly day: string | null
  /** How many rows came before the first one. */
  readonly before: number
}

function refuseCell({ table, day, before }: RowsName, column: string, at: number, what: string): PipelineError {
  const row = before + at + 1
  const where = `table "${table}"${day === null ? '' : ` day ${day}`} row ${row}`
  return new PipelineError(
    'destination_refused',
    `${where}: column "${column}" ${what}; repair the value at its source`,
    { details: { table, ...(day !== null && { day }), column, row } },
  )
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeText(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (letter) => ESCAPES[letter] as string) : text
}

/** `0044-03-15 BC`, for Postgres knows no year 0. */
function dayText(days: number): { readonly day: string; readonly era: string } {
  const { year, month, day } = civilFromDays(days)
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  const [m, d] = [String(month).padStart(2, '0'), String(day).padStart(2, '0')]
  return { day: `${shown}-${m}-${d}`, era: year > 0 ? '' : ' BC' }
}

function microsecondsOf(column: TimestampColumn, row: number): bigint {
  const value = column.values[row] as number | bigint
  if (column.unit === 's') return BigInt(value) * 1_000_000n
  if (column.unit === 'ms') return BigInt(value) * 1000n
  return column.unit === 'us' ? BigInt(value) : (value as bigint) / 1000n
}

function instantText(microseconds: bigint): { readonly days: number; text(): string } {
  const rest = ((microseconds % DAY_MICROSECONDS) + DAY_MICROSECONDS) % DAY_MICROSECONDS
  const days = Number((microseconds - rest) / DAY_MICROSECONDS)
  return {
    days,
    text() {
      const { day, era } = dayText(days)
      const second = Math.floor(Number(rest) / 1_000_000)
      const two = (value: number): string => String(value).padStart(2, '0')
      const time = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
      return `${day} ${time}.${String(Number(rest) % 1_000_000).padStart(6, '0')}+00${era}`
    },
  }
}

function textCells(column: Column, refuse: (row: number, what: string) => PipelineError): CellText {
  const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
  const escaped = (text: string, row: number): string => {
    if (isStorable(text)) return escapeText(text)
    throw refuse(row, 'holds U+0000 or half a surrogate pair, which Postgres has no text for')
  }
  if (column.kind !== 'text' || column.encoding === 'plain') return (row) => escaped(String(column.at(row)), row)
  // a text of the dictionary is looked at once
  const known: (string | undefined)[] = []
  return (row) => {
    const code = column.codes[row] as number
    known[code] ??= escaped(column.values[code] as string, row)
    return known[code]
  }
}

function cellsOf(column: Column, rows: RowsName, { name, contract }: LayoutColumn): CellText {
  const refuse = (row: number, what: string) => refuseCell(rows, name, row, what)
  const within = (row: number, days: number, { first, last, text }: typeof DATES): void => {
    if (days < first || days > last) throw refuse(row, `is outside of what Postgres has: ${text}`)
  }
  switch (contract.kind) {
    case 'text':
      return textCells(column, refuse)
    case 'boolean':
      return (row) => (column.at(row) === true ? 't' : 'f')
    case 'date':
      return (row) => {
        if (column.kind !== 'date') throw refuse(row, 'is no date')
        const days = column.values[row] as number
        within(row, days, DATES)
        const { day, era } = dayText(days)
        return `${day}${era}`
      }
    case 'timestamp':
      return (row) => {
        if (!(column instanceof TimestampColumn)) throw refuse(row, 'is no timestamp')
        const instant = instantText(microsecondsOf(column, row))
        within(row, instant.days, INSTANTS)
        return instant.text()
      }
    default:
      // NaN, Infinity and -Infinity are spelt alike in both; JavaScript writes -0 as 0
      return (row) => (Object.is(column.at(row), -0) ? '-0' : String(column.at(row)))
  }
}

/** Returns a column in the kind of its contract. @throws PipelineError destination_refused - a cell does not fit it */
function fit(frame: Frame, rows: RowsName, { name, contract }: LayoutColumn): Column {
  const { column, misfits } = convertColumn(columnOf(frame, name), contract)
  const [first] = misfits
  if (first === undefined) return column
  throw refuseCell(rows, name, first, `holds a value that is no ${contract.kind}`)
}

/** What is copied beside the columns of a frame. */
export interface CopiedBeside {
  /** The day of the rows, where the table has days: it fills the first column. */
  readonly day?: string | null
  /** Further columns, behind those of the layout, as they are. */
  readonly extra?: readonly CellText[]
  /** How many rows were copied before these: messages number the rows of all. */
  readonly before?: number
}

/**
 * Returns the rows of a frame as COPY reads them, in the columns of the layout. Floats keep every digit, NaN and infinities;
 * instants are in UTC.
 * @throws PipelineError destination_refused - a value that Postgres cannot hold; names table, day, row and column
 */
export function* copyRows(
  frame: Frame,
  { name: table, columns, hasDays }: Pick<TableLayout, 'name' | 'columns' | 'hasDays'>,
  { day = null, extra = [], before = 0 }: CopiedBeside = {},
): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  const rows = { table, day, before }
  const cells = columns.slice(hasDays ? 1 : 0).map((column) => {
    const values = fit(frame, rows, column)
    const text = cellsOf(values, rows, column)
    return (row: number) => (values.isNull(row) ? NULL : text(row))
  })
  const all: readonly CellText[] = [...(hasDays ? [() => day ?? NULL] : []), ...cells, ...extra]
  let chunk = ''
  for (let row = 0; row < frame.rows; row++) {
    for (let at = 0; at < all.length; at++) chunk += (at === 0 ? '' : '\t') + (all[at] as CellText)(row)
    chunk += '\n'
    if (chunk.length < CHUNK) continue
    yield encoder.encode(chunk)
    chunk = ''
  }
  if (chunk !== '') yield encoder.encode(chunk)
}
