/**
 * The formats of the three files: CSV with the sources' names for columns, and what only this system knows of their cells.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import { ContractError, FormatError, type Issue } from '../../../errors.ts'
import type { CsvDialect } from '../../../format/csv/dialect.ts'
import { csv } from '../../../pipeline/sources/csv-format.ts'
import type { FileReading, FileToRead, ReadingNote, SourceFormat } from '../../../pipeline/sources/formats.ts'
import { DictionaryColumn, type NumberColumn, type TimestampColumn } from '../../../table/column.ts'
import { columnOf, type Frame, withColumns } from '../../../table/frame.ts'
import { markedRows, pickAt, takeRows } from '../../../table/take.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { DAY_FIRST, isMonthFirst, MONTH_FIRST, showsDayFirst } from '../clean/date-order.ts'
import { MONTH_FORM, monthOf } from '../clean/source-month.ts'

const STARTED = 'started_on'
const CUSTOMER = 'customer_id'
/** Columns of interactions that only some exports have. */
const OPTIONAL = ['topic', 'sentiment']

const CUSTOMERS: CsvDialect = {
  columnAliases: { Customer_Id: CUSTOMER, Occupation: 'occupation', Type: 'type' },
}

const INTERACTIONS: CsvDialect = {
  columnAliases: {
    ...{ date_start: STARTED, 'Date Start': STARTED },
    ...{ event: 'channel', interaction: 'channel', Interaction: 'channel' },
    ...{ customers: CUSTOMER, Customers: CUSTOMER },
  },
  timestamps: { form: DAY_FIRST },
}

const PRODUCTS: CsvDialect = { columnAliases: { date: 'month', Date: 'month', Product: 'product' } }

/** A reading without the rows that these issues are about. */
function withIssues(reading: FileReading, bad: Uint8Array, issues: readonly Issue[]): FileReading {
  if (issues.length === 0) return reading
  const kept = markedRows(bad.map((mark) => 1 - mark))
  return {
    ...reading,
    frame: takeRows(reading.frame, kept),
    records: pickAt(reading.records, kept),
    issues: [...reading.issues, ...issues],
  }
}

/** Sets rows aside whose customer id no customer can have: the API knows ids from 1 on. */
function refuseNoIds(reading: FileReading, file: string): FileReading {
  // the contract says int32
  const { values } = columnOf(reading.frame, CUSTOMER) as NumberColumn
  const bad = new Uint8Array(reading.frame.rows)
  const issues: Issue[] = []
  for (let row = 0; row < bad.length; row++) {
    const id = values[row] as number
    if (id >= 1) continue
    bad[row] = 1
    const where = { file, row: reading.records[row] as number, column: CUSTOMER }
    issues.push({ code: 'type_mismatch', ...where, found: String(id), expected: 'a whole number from 1 on' })
  }
  return withIssues(reading, bad, issues)
}

/** Refuses a file that lacks a column, and adds those that it may lack, as nulls. */
function withOptional(frame: Frame, { contract, file }: FileToRead): Frame {
  const lacking = Object.keys(contract.columns).filter((name) => !frame.columns.has(name))
  const needed = lacking.filter((name) => !OPTIONAL.includes(name))
  if (needed.length > 0) {
    const names = needed.map((name) => `"${name}"`).join(', ')
    throw new ContractError('column_missing', `${file}: column ${names} of table "${contract.name}" not found`, {
      advice: ['add what is missing, name and cells'],
      details: { table: contract.name, missing: needed },
    })
  }
  return withColumns(
    frame,
    lacking.map((name) => [name, new DictionaryColumn(new Int32Array(frame.rows).fill(-1), [])] as const),
  )
}

/** Refuses a file that has a date in the other order: then no date that reads both ways can be trusted. */
function refuseMonthFirst({ issues }: FileReading, file: string): void {
  const against = issues.find(({ column, found }) => column === STARTED && found !== null && isMonthFirst(found))
  if (against === undefined) return
  throw new FormatError(
    'date_order',
    `${file} row ${against.row}, column ${STARTED}: the date is written as ${MONTH_FIRST}, but the file is declared as ${DAY_FIRST}; the file was not applied`,
    {
      advice: ['write all dates of the file day first, such as 31/01/2020 09:00'],
      details: { row: against.row, column: STARTED, found: against.found, expected: DAY_FIRST },
    },
  )
}

/** The warning about a file none of whose dates shows in which order it is written. */
function orderNotes({ frame }: FileReading, file: string): ReadingNote[] {
  // the contract says timestamp, in seconds
  const { values } = columnOf(frame, STARTED) as TimestampColumn
  if (values.length === 0 || showsDayFirst(values as Float64Array)) return []
  const message = `${file}, column ${STARTED}: every date reads both as ${DAY_FIRST} and as ${MONTH_FIRST}; it was read as declared, day first. Look whether the months are right`
  return [{ code: 'date_order', severity: 'warning', message }]
}

function declared(format: SourceFormat, read: SourceFormat['read'], more: object): SourceFormat {
  return { kind: 'csv', declaration: { ...format.declaration, ...more }, read }
}

/** Returns the format of the customers file. */
export function customersFormat(): SourceFormat {
  const format = csv(CUSTOMERS)
  return declared(format, async (given) => refuseNoIds(await format.read(given), given.file), { customer_id: 'from 1' })
}

/**
 * Returns the format of the interactions file: wall times are day first. A date that is only one when it is read month first
 * refuses the whole file; a file whose dates all read both ways is told.
 */
export function interactionsFormat(): SourceFormat {
  const format = csv(INTERACTIONS)
  const read: SourceFormat['read'] = async (given) => {
    const found = await format.read({ ...given, missingColumns: 'omit' })
    const frame = withOptional(found.frame, given)
    const reading = { ...found, frame }
    refuseMonthFirst(reading, given.file)
    return { ...refuseNoIds(reading, given.file), notes: orderNotes(reading, given.file) }
  }
  return declared(format, read, { customer_id: 'from 1', optional: OPTIONAL })
}

/** Returns the format of the products file, whose months are `MM-yyyy`. */
export function productsFormat(): SourceFormat {
  const format = csv(PRODUCTS)
  const read: SourceFormat['read'] = async (given) => {
    const found = await format.read(given)
    const written = textOf(found.frame, 'month')
    const months = written.values.map(monthOf)
    const bad = Uint8Array.from(written.codes, (code) => (months[code] === null ? 1 : 0))
    const issues = Array.from(markedRows(bad), (row): Issue => {
      const where = { file: given.file, row: found.records[row] as number, column: 'month' }
      return { code: 'type_mismatch', ...where, found: written.at(row), expected: `a month such as ${MONTH_FORM}` }
    })
    const month = encodeTexts(Array.from(written.codes, (code) => months[code] ?? ''))
    return withIssues({ ...found, frame: withColumns(found.frame, [['month', month]]) }, bad, issues)
  }
  return declared(format, read, { months: MONTH_FORM })
}
