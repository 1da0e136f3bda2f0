/**
 * A contract as a table of Postgres: columns, types and key.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { type ColumnContract, type ContractKind, date, type TableContract } from '../../../table/contract.ts'

/** One column of a table. */
export interface LayoutColumn {
  readonly name: string
  readonly type: string
  readonly contract: ColumnContract
}

/** A table as the database has it: the contract's columns without metadata, as published copies have them. */
export interface TableLayout {
  readonly name: string
  readonly columns: readonly LayoutColumn[]
  /** Empty for a table without a key. */
  readonly key: readonly string[]
  /** Whether its rows are those of days: then the column of the day is the first one, and of the key. */
  readonly hasDays: boolean
  /** Tells this layout from others. */
  readonly text: string
}

/** The column that says which day of a partitioned table a row belongs to. No column of a contract begins with `_`. */
export const DAY_COLUMN = '_day'

/** The table of a destination's own, beside the tables of the commit. */
export const PLACE_TABLE = 'support_etl_place'

const TYPES: Readonly<Record<ContractKind, string>> = {
  text: 'text',
  float64: 'double precision',
  int32: 'integer',
  int64: 'bigint',
  boolean: 'boolean',
  timestamp: 'timestamp with time zone',
  date: 'date',
}

/** Columns that every table of Postgres has. */
const SYSTEM_COLUMNS = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])
/** Postgres cuts longer names off without a word. */
const NAME_BYTES = 63
const MOST_COLUMNS = 1600

/** Returns a name as SQL writes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function refusal(what: string): PipelineError {
  return new PipelineError('destination_refused', `${what}; Postgres cannot have it so: rename it in the contract`)
}

function refuseName(name: string, what: string): void {
  if (new TextEncoder().encode(name).length > NAME_BYTES) {
    throw refusal(`${what} has a name of more than ${NAME_BYTES} bytes`)
  }
  if (name.includes('\0') || !name.isWellFormed())
    throw refusal(`${what} has a name that holds U+0000 or half a letter`)
}

/**
 * Returns the table that a contract becomes; that of a partitioned table has a column with the day.
 * @throws PipelineError destination_refused - a name that Postgres cannot have
 */
export function layoutOf({ name, columns, key }: TableContract, rows: 'whole' | 'days' = 'whole'): TableLayout {
  refuseName(name, `table "${name}"`)
  if (name === PLACE_TABLE) throw refusal(`table "${name}" has the name of the table that says which commit is there`)
  const kept = Object.entries(columns).filter(([, { role }]) => role !== 'metadata')
  const hasDays = rows === 'days'
  if (hasDays) kept.unshift([DAY_COLUMN, date()])
  if (kept.length > MOST_COLUMNS) throw refusal(`table "${name}" has more than ${MOST_COLUMNS} columns`)
  for (const [column] of kept) {
    refuseName(column, `table "${name}": column "${column}"`)
    if (SYSTEM_COLUMNS.has(column)) throw refusal(`table "${name}": column "${column}" has the name of a system column`)
  }
  const layout = kept.map(([column, contract]) => ({ name: column, type: TYPES[contract.kind], contract }))
  // a key is unique within its day
  const own = hasDays && key.length > 0 ? [DAY_COLUMN, ...key] : key
  const text = JSON.stringify([
    layout.map(({ name: column, type }) => [column, type]),
    own,
    ...(hasDays ? ['days'] : []),
  ])
  return { name, columns: layout, key: own, hasDays, text }
}

/** Returns the columns of a table between the brackets of CREATE TABLE. */
export function columnsSql({ columns }: Pick<TableLayout, 'columns'>): string {
  return columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')
}

/** Returns the statements that create the table. Rows of a day are found by the key, or by an index where there is none. */
export function createTableSql(table: string, layout: TableLayout): readonly string[] {
  const { key, hasDays } = layout
  if (key.length > 0) return [`CREATE TABLE ${table} (${columnsSql(layout)}, PRIMARY KEY (${namesSql(key)}))`]
  const create = `CREATE TABLE ${table} (${columnsSql(layout)})`
  return hasDays ? [create, `CREATE INDEX ON ${table} (${quoteName(DAY_COLUMN)})`] : [create]
}

/** Returns names with commas between them, each behind a prefix such as `n.`. */
export function namesSql(names: readonly string[], prefix = ''): string {
  return names.map((name) => `${prefix}${quoteName(name)}`).join(', ')
}
