/**
 * Tables of a database as CSV files, for sources that deliver a table a day.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ConnectError } from '../../errors.ts'
import type { FileEntry, FileStore } from '../file-store.ts'
import type { Statements } from './database.ts'
import { sqlState } from './statement-error.ts'

/** Which tables are files. */
export interface TableFilesOptions {
  readonly schema: string
  /** How the names of the tables begin. */
  readonly prefix: string
  /** The column by whose text rows are read in pages. It need not be unique. */
  readonly orderBy: string
  /** Rows that one statement reads. A statement that the server ends for its time is tried again with fewer. Default 5,000. */
  readonly pageRows?: number
}

const OPTIONS = {
  ...{ schema: true, prefix: true, orderBy: true, pageRows: true },
} satisfies OptionNames<TableFilesOptions>

/** The server's code for a statement that took too long. */
const TIMED_OUT = '57014'
const FEWEST_ROWS = 50

type Row = Readonly<Record<string, unknown>>

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A cell of CSV: nothing for null, `""` for an empty text; quotes keep outer spaces. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Reads a table in pages, each a statement of its own: a pooler may give each to another connection. */
class PagedTable {
  readonly #database: Pick<Statements, 'query'>
  readonly #table: string
  readonly #columns: readonly string[]
  readonly #order: string
  #pageRows: number

  constructor(
    database: Pick<Statements, 'query'>,
    table: string,
    columns: readonly string[],
    order: string,
    pageRows: number,
  ) {
    this.#database = database
    this.#table = table
    this.#columns = columns
    // the same order on every server
    this.#order = `${quoted(order)}::text COLLATE "C"`
    this.#pageRows = pageRows
  }

  async #page(condition: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const columns = this.#columns.map((name, at) => `${quoted(name)}::text AS c${at}`)
    const select = `SELECT ${columns.join(', ')}, ${this.#order} AS place, ctid::text AS row FROM ${this.#table}`
    while (true) {
      const limit = `ORDER BY ${this.#order}, ctid LIMIT ${this.#pageRows}`
      try {
        return (await this.#database.query(`${select} WHERE ${condition} ${limit}`, values)).rows
      } catch (error) {
        if (sqlState(error) !== TIMED_OUT || this.#pageRows <= FEWEST_ROWS) throw error
        this.#pageRows = Math.max(FEWEST_ROWS, this.#pageRows >> 1)
      }
    }
  }

  /** Rows whose order is not null, page by page, then those whose is. */
  async *pages(): AsyncGenerator<readonly Row[]> {
    let page = await this.#page(`${this.#order} IS NOT NULL`, [])
    while (page.length > 0) {
      yield page
      const last = page.at(-1)
      page = await this.#page(`(${this.#order}, ctid) > ($1::text COLLATE "C", $2::tid)`, [last?.place, last?.row])
    }
    page = await this.#page(`${this.#order} IS NULL`, [])
    while (page.length > 0) {
      yield page
      page = await this.#page(`${this.#order} IS NULL AND ctid > $1::tid`, [page.at(-1)?.row])
    }
  }
}

/**
 * Returns a place that can be read and holds the tables of a schema as CSV files: `NAME.csv` with a header, rows in the order of the
 * text of one column, all cells as text. The columns keep their names. The database does not say when a table last changed, so that a
 * reader compares contents. Closing the database is up to the caller.
 *
 * @throws ConnectError invalid_option - an option is missing or none; not_found - of `read`: there is no such table
 */
export function tableFiles(database: Pick<Statements, 'query'>, options: TableFilesOptions): FileStore {
  refuseUnknown(options, OPTIONS, ConnectError)
  const { schema, prefix, orderBy, pageRows = 5000 } = options
  for (const [name, value] of Object.entries({ schema, prefix, orderBy })) {
    refuseUnless(typeof value === 'string' && value !== '', name, value, 'a name', ConnectError)
  }
  const isCount = Number.isInteger(pageRows) && pageRows >= FEWEST_ROWS
  refuseUnless(isCount, 'pageRows', pageRows, `a whole number of at least ${FEWEST_ROWS}`, ConnectError)
  const tablesLike = async (beginning: string): Promise<string[]> => {
    const text =
      'SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = $1 AND starts_with(table_name::text, $2) ORDER BY table_name::text COLLATE "C"'
    const { rows } = await database.query(text, [schema, beginning])
    return rows.map(({ name }) => String(name))
  }
  const columnsOf = async (table: string): Promise<string[]> => {
    const text =
      'SELECT column_name::text AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position'
    const { rows } = await database.query(text, [schema, table])
    return rows.map(({ name }) => String(name))
  }
  const refuse = async (): Promise<never> => {
    throw new ConnectError('path_invalid', 'tables of a source are only read')
  }
  return {
    location: `the database's schema ${schema}`,
    async list(beginning) {
      const names = await tablesLike(prefix)
      const entries = names.map((name): FileEntry => ({ name: `${name}.csv`, size: 0, version: null, changedAt: null }))
      return entries.filter(({ name }) => name.startsWith(beginning))
    },
    async *read(name) {
      const table = name.replace(/\.csv$/, '')
      const columns = await columnsOf(table)
      if (!name.endsWith('.csv') || !table.startsWith(prefix) || columns.length === 0) {
        throw new ConnectError('not_found', `schema ${schema} has no table for ${name}`)
      }
      if (!columns.includes(orderBy)) {
        throw new ConnectError('not_found', `table ${table} has no column "${orderBy}" to read its rows by`)
      }
      const encoder = new TextEncoder()
      yield encoder.encode(`${columns.map(cellOf).join(',')}\n`)
      const paged = new PagedTable(database, `${quoted(schema)}.${quoted(table)}`, columns, orderBy, pageRows)
      for await (const page of paged.pages()) {
        const lines = page.map((row) => `${columns.map((_, at) => cellOf(row[`c${at}`])).join(',')}\n`)
        yield encoder.encode(lines.join(''))
      }
    },
    write: refuse,
    writeIfAbsent: refuse,
    remove: refuse,
  }
}
