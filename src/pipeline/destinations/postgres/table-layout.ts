/**
 * A contract as a table of Postgres: columns, types and key.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { PipelineError } from '../../../errors.ts'
import { type ColumnContract, type ContractKind, date, type TableContract } from '../../../table/contract.ts'

/** One column of a table. */
export interface LayoutColumn {
  readonly name: string
  readonly type: string
  readonly contract: ColumnContract
}

/** What a table of the database has beside what its contract says. */
export interface TableDetails {
  /** The types of columns where the usual one of their kind is too wide: `numeric(10,2)` or `varchar(255)`. */
  readonly types?: Readonly<Record<string, string>>
  /** Indexes, each by the names of its columns. */
  readonly indexes?: readonly (readonly string[])[]
  /** Columns whose values are keys of another table: column to table. Where that table is not delivered, nothing is checked. */
  readonly foreignKeys?: Readonly<Record<string, string>>
}

/** A column that holds keys of another table. */
export interface ForeignKey {
  readonly column: string
  readonly table: string
  readonly key: string
}

/** A table as the database has it: the contract's columns without metadata, as published copies have them. */
export interface TableLayout {
  readonly name: string
  readonly columns: readonly LayoutColumn[]
  /** Empty for a table without a key. */
  readonly key: readonly string[]
  /** Whether its rows are those of days: then the column of the day is the first one, and of the key. */
  readonly hasDays: boolean
  readonly indexes: readonly (readonly string[])[]
  readonly foreignKeys: readonly ForeignKey[]
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

/** The details of tables by name. */
export type DetailsByTable = Readonly<Record<string, TableDetails>>

const TYPE = /^(?:numeric\(\d{1,3}, ?\d{1,3}\)|varchar\(\d{1,5}\))$/

/** Refuses details that are not what they must be. @throws PipelineError invalid_option */
export function refuseDetails(details: DetailsByTable): void {
  refuseUnless(isRecord(details), 'details', details, 'an object with a table a name', PipelineError)
  for (const [table, of] of Object.entries(details)) {
    const place = `details.${table}`
    refuseUnless(isRecord(of), place, of, 'an object with types, indexes or foreignKeys', PipelineError)
    refuseUnknown(
      of,
      { types: true, indexes: true, foreignKeys: true } satisfies OptionNames<TableDetails>,
      PipelineError,
    )
    const { types = {}, indexes = [], foreignKeys = {} } = of
    for (const [column, type] of Object.entries(types)) {
      const isType = typeof type === 'string' && TYPE.test(type)
      refuseUnless(isType, `${place}.types.${column}`, type, 'numeric(P,S) or varchar(N)', PipelineError)
    }
    const isIndex = (names: unknown): boolean => Array.isArray(names) && names.length > 0
    const areIndexes = Array.isArray(indexes) && indexes.every(isIndex)
    refuseUnless(areIndexes, `${place}.indexes`, indexes, 'lists of names of columns', PipelineError)
    refuseUnless(
      isRecord(foreignKeys),
      `${place}.foreignKeys`,
      foreignKeys,
      'an object: column to table',
      PipelineError,
    )
  }
}

/** Refuses details that name a column which the table does not have. */
function refuseUnknownColumns(
  name: string,
  { types = {}, indexes = [], foreignKeys = {} }: TableDetails,
  known: ReadonlySet<string>,
) {
  const named = [...Object.keys(types), ...indexes.flat(), ...Object.keys(foreignKeys)]
  const unknown = named.find((column) => !known.has(column))
  if (unknown === undefined) return
  throw new PipelineError(
    'invalid_option',
    `details.${name} names the column "${unknown}", which the table does not have; it has ${[...known].join(', ')}`,
  )
}

/** The columns that refer to a table with a key of one column, which is delivered too. */
function foreignKeysOf({ foreignKeys = {} }: TableDetails, delivered: readonly TableContract[]): ForeignKey[] {
  return Object.entries(foreignKeys).flatMap(([column, table]) => {
    const key = delivered.find(({ name }) => name === table)?.key
    if (key === undefined) return []
    const [only, second] = key
    if (only !== undefined && second === undefined) return [{ column, table, key: only }]
    throw new PipelineError(
      'invalid_option',
      `details: the foreign key of "${column}" refers to "${table}", whose key has ${key.length} columns; it needs one`,
    )
  })
}

/** What a layout depends on beside the contract. */
export interface LayoutOptions {
  /** `days` for a partitioned table, which has a column with the day; `whole` by default. */
  readonly rows?: 'whole' | 'days'
  readonly details?: TableDetails | undefined
  /** The contracts of all tables that the database gets. */
  readonly delivered?: readonly TableContract[]
}

/**
 * Returns the table that a contract becomes; that of a partitioned table has a column with the day.
 * @throws PipelineError destination_refused - a name that Postgres cannot have; invalid_option - details of another table
 */
export function layoutOf(
  { name, columns, key }: TableContract,
  { rows = 'whole', details = {}, delivered = [] }: LayoutOptions = {},
): TableLayout {
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
  refuseUnknownColumns(name, details, new Set(kept.map(([column]) => column)))
  const { types = {}, indexes = [] } = details
  const layout = kept.map(([column, contract]) => {
    return { name: column, type: types[column] ?? TYPES[contract.kind], contract }
  })
  const foreignKeys = foreignKeysOf(details, delivered)
  // a key is unique within its day
  const own = hasDays && key.length > 0 ? [DAY_COLUMN, ...key] : key
  const text = layoutText({ columns: layout, key: own, hasDays, indexes, foreignKeys })
  return { name, columns: layout, key: own, hasDays, indexes, foreignKeys, text }
}

function layoutText({ columns, key, hasDays, indexes, foreignKeys }: Omit<TableLayout, 'name' | 'text'>): string {
  const own = [columns.map(({ name, type }) => [name, type]), key]
  const kind = hasDays ? 'days' : 'whole'
  if (indexes.length + foreignKeys.length > 0) return JSON.stringify([...own, kind, indexes, foreignKeys])
  return JSON.stringify(hasDays ? [...own, kind] : own)
}

/** The foreign keys of a layout that a database has, by its text. */
export function foreignKeysIn(text: string): readonly ForeignKey[] {
  const [, , , , foreignKeys = []] = JSON.parse(text) as [unknown, unknown, unknown?, unknown?, ForeignKey[]?]
  return foreignKeys
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

/** Returns the statements that create the indexes of a table. */
export function createIndexesSql(table: string, { indexes }: TableLayout): readonly string[] {
  return indexes.map((names) => `CREATE INDEX ON ${table} (${namesSql(names)})`)
}

/** Returns names with commas between them, each behind a prefix such as `n.`. */
export function namesSql(names: readonly string[], prefix = ''): string {
  return names.map((name) => `${prefix}${quoteName(name)}`).join(', ')
}
