/**
 * The formats of the three files: CSV with the sources' names for columns, and what only this system knows of their cells.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import { ContractError, FormatError, type Issue } from '../../../errors.ts'
import type { CsvDialect } from '../../../format/csv/dialect.ts'
import { type CsvFormat, csv } from '../../../pipeline/sources/formats/csv-format.ts'
import type { FileReading, FileToRead, ReadingNote, SourceFormat } from '../../../pipeline/sources/formats/formats.ts'
import type { NamedFile } from '../../../pipeline/sources/formats/named-formats.ts'
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

/** A format of CSV files with something of its own, which a declaration of how they are written leaves as it is. */
function ownFormat(
  format: CsvFormat,
  readOf: (format: CsvFormat) => SourceFormat['read'],
  more: Readonly<Record<string, unknown>>,
): SourceFormat {
  const { declaration, declarationOf, editRecords, findRecords } = format
  const known = new Map<unknown, Readonly<Record<string, unknown>>>()
  const withMore = (own: Readonly<Record<string, unknown>>) => {
    const made = known.get(own) ?? { ...own, ...more }
    known.set(own, made)
    return made
  }
  return {
    kind: 'csv',
    declaration: withMore(declaration),
    ...(declarationOf !== undefined && { declarationOf: (file: NamedFile) => withMore(declarationOf(file)) }),
    ...(editRecords !== undefined && { editRecords }),
    ...(findRecords !== undefined && { findRecords }),
    read: readOf(format),
    declarable: { usual: format, kinds: ['csv'], as: (other) => ownFormat(other as CsvFormat, readOf, more) },
  }
}

/** Returns the format of the customers file. */
export function customersFormat(): SourceFormat {
  const readOf = (format: CsvFormat): SourceFormat['read'] => {
    return async (given) => refuseNoIds(await format.read(given), given.file)
  }
  return ownFormat(csv(CUSTOMERS), readOf, { customer_id: 'from 1' })
}

/** Whether a file's wall times have the form that this system expects, and no other one is declared. */
function isDayFirst(format: CsvFormat, { file, month = null }: FileToRead): boolean {
  return format.dialectOf({ name: file, month }).timestamps?.form === DAY_FIRST
}

/**
 * Returns the format of the interactions file: wall times are day first. A date that is only one when it is read month first
 * refuses the whole file; a file whose dates all read both ways is told. Neither is so where another form is declared.
 */
export function interactionsFormat(): SourceFormat {
  const readOf = (format: CsvFormat): SourceFormat['read'] => {
    return async (given) => {
      const found = await format.read({ ...given, missingColumns: 'omit' })
      const reading = { ...found, frame: withOptional(found.frame, given) }
      const sure = refuseNoIds(reading, given.file)
      if (!isDayFirst(format, given)) return sure
      refuseMonthFirst(reading, given.file)
      return { ...sure, notes: [...(sure.notes ?? []), ...orderNotes(reading, given.file)] }
    }
  }
  return ownFormat(csv(INTERACTIONS), readOf, { customer_id: 'from 1', optional: OPTIONAL })
}

/** Returns the format of the products file, whose months are `MM-yyyy`. */
export function productsFormat(): SourceFormat {
  const readOf = (format: CsvFormat): SourceFormat['read'] => {
    return async (given) => {
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
  }
  return ownFormat(csv(PRODUCTS), readOf, { months: MONTH_FORM })
}
