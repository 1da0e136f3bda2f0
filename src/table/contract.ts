/**
 * Table contracts: the columns of a table, their kinds, and the key.
 * @module
 */
import { isRecord, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import type { TimeUnit } from './column.ts'

/** The kind of a contract's column. */
export type ContractKind = 'text' | 'float64' | 'int32' | 'int64' | 'boolean' | 'timestamp' | 'date'
/**
 * A column's role: part of the key, a reference to another table, a measure, an attribute,
 * metadata of the row, or the time of a change that the pipeline recorded.
 */
export type ColumnRole = 'key' | 'reference' | 'measure' | 'attribute' | 'metadata' | 'recorded'

/**
 * One column of a contract: a frozen plain value made by {@link string}, {@link float64} and their
 * siblings.
 */
export interface ColumnContract<
  Kind extends ContractKind = ContractKind,
  Role extends ColumnRole = ColumnRole,
  Nullable extends boolean = boolean,
> {
  readonly kind: Kind
  readonly role: Role
  readonly isNullable: Nullable
  /** The table that a reference points to. */
  readonly references: string | null
  /** `dictionary` for text that repeats, `plain` for distinct text. */
  readonly encoding: 'dictionary' | 'plain'
  /** The unit of a timestamp. */
  readonly unit: Exclude<TimeUnit, 'ns'>
  /** What a recorded column records; only recorded columns have it. */
  readonly records?: RecordedChange
}

/** The change of a row whose time a recorded column holds. */
export type RecordedChange = 'created' | 'updated'

/** What a reader or a check does with a column that the contract does not know. */
export type UnknownColumns = 'freeze' | 'evolve' | 'discard_value' | 'discard_row'

/** A contract's columns by name, in their order. */
export type ColumnContracts = Readonly<Record<string, ColumnContract>>

/** A table's contract: a frozen plain value that drives readers, checks, writers and row types. */
export interface TableContract<Columns extends ColumnContracts = ColumnContracts> {
  readonly name: string
  readonly columns: Columns
  /** The names of the key columns, in the contract's order. */
  readonly key: readonly string[]
  readonly unknownColumns: UnknownColumns
}

/** The JavaScript type of each kind of column. */
export interface ValueOf {
  text: string
  float64: number
  int32: number
  int64: bigint
  boolean: boolean
  timestamp: Date
  date: string
}

/**
 * The type of one row of a contract: `RowOf<typeof interactions>`. Timestamps are Dates, calendar
 * days text `YYYY-MM-DD`.
 */
export type RowOf<Contract extends TableContract> = {
  -readonly [Name in keyof Contract['columns']]:
    | ValueOf[Contract['columns'][Name]['kind']]
    | (Contract['columns'][Name]['isNullable'] extends true ? null : never)
}

function refuseNoColumn(column: unknown, name: string): void {
  refuseUnless(
    isRecord(column) && typeof column.kind === 'string',
    name,
    column,
    'a column such as string() or key(string())',
  )
}

/** Throws for a value that is not a table contract. @throws ContractError invalid_option */
export function refuseNoContract(contract: unknown): void {
  const isFit = isRecord(contract) && isRecord(contract.columns) && Array.isArray(contract.key)
  refuseUnless(isFit, 'contract', contract, 'what defineTable gives')
}

function columnContract<Kind extends ContractKind>(
  kind: Kind,
  encoding: 'dictionary' | 'plain' = 'dictionary',
  unit: Exclude<TimeUnit, 'ns'> = 'ms',
): ColumnContract<Kind, 'attribute', false> {
  return Object.freeze({ kind, role: 'attribute', isNullable: false, references: null, encoding, unit })
}

/**
 * Text. `dictionary` (default) suits text that repeats, `plain` distinct text such as notes.
 *
 * @example
 * string({ encoding: 'plain' }).encoding // 'plain'
 */
export function string(options: { readonly encoding?: 'dictionary' | 'plain' } = {}) {
  refuseUnknown(options, { encoding: true })
  return columnContract('text', options.encoding ?? 'dictionary')
}
/**
 * A double.
 *
 * @example
 * float64().kind // 'float64'
 */
export function float64() {
  return columnContract('float64')
}
/**
 * A 32-bit integer.
 *
 * @example
 * int32().kind // 'int32'
 */
export function int32() {
  return columnContract('int32')
}
/**
 * A 64-bit integer, a bigint in JavaScript.
 *
 * @example
 * int64().kind // 'int64'
 */
export function int64() {
  return columnContract('int64')
}
/**
 * true or false.
 *
 * @example
 * boolean().isNullable // false
 */
export function boolean() {
  return columnContract('boolean')
}
/**
 * An instant in UTC; milliseconds by default. Text without a zone counts as UTC.
 *
 * @example
 * timestamp({ unit: 's' }).unit // 's'
 */
export function timestamp(options: { readonly unit?: 's' | 'ms' | 'us' } = {}) {
  refuseUnknown(options, { unit: true })
  return columnContract('timestamp', 'dictionary', options.unit ?? 'ms')
}
/**
 * A calendar day.
 *
 * @example
 * date().kind // 'date'
 */
export function date() {
  return columnContract('date')
}

/**
 * A part of the natural key: never null, stored as bytes.
 *
 * @example
 * key(string()).role // 'key'
 */
export function key<Kind extends ContractKind>(column: ColumnContract<Kind>): ColumnContract<Kind, 'key', false> {
  refuseNoColumn(column, 'column')
  return Object.freeze({ ...column, role: 'key', isNullable: false, encoding: 'plain' })
}
/**
 * A column with another table's key.
 *
 * @example
 * reference('agents', string()).references // 'agents'
 */
export function reference<Kind extends ContractKind, Nullable extends boolean>(
  table: string,
  column: ColumnContract<Kind, ColumnRole, Nullable>,
): ColumnContract<Kind, 'reference', Nullable> {
  refuseUnless(typeof table === 'string', 'table', table, 'the name of a table')
  refuseNoColumn(column, 'column')
  return Object.freeze({ ...column, role: 'reference', references: table })
}
/**
 * A number to sum or average.
 *
 * @example
 * measure(float64()).role // 'measure'
 */
export function measure<Kind extends 'float64' | 'int32' | 'int64', Nullable extends boolean>(
  column: ColumnContract<Kind, ColumnRole, Nullable>,
): ColumnContract<Kind, 'measure', Nullable> {
  refuseNoColumn(column, 'column')
  return Object.freeze({ ...column, role: 'measure' })
}
/**
 * A column about the change that supplied the row, not about the row itself. It is never compared.
 * Its name begins with `_`.
 *
 * @example
 * metadata(string()).role // 'metadata'
 */
export function metadata<Kind extends ContractKind, Nullable extends boolean>(
  column: ColumnContract<Kind, ColumnRole, Nullable>,
): ColumnContract<Kind, 'metadata', Nullable> {
  refuseNoColumn(column, 'column')
  return Object.freeze({ ...column, role: 'metadata' })
}
/**
 * The time of a change of the row, which the pipeline records. `created` is when the row first
 * appeared, `updated` when one of its other cells last changed, each as the time of the commit that
 * brought the change. A row that vanishes and returns is new. Derived tables may have such columns,
 * and tables of objects or snapshots with a key. Neither their function nor their files make them.
 * The column is never compared.
 *
 * @throws ContractError invalid_option - it is neither `created` nor `updated`
 * @example
 * const { kind, role } = recorded('created')
 * kind // 'timestamp'
 * role // 'recorded'
 */
export function recorded(records: RecordedChange): ColumnContract<'timestamp', 'recorded', false> {
  const isChange = records === 'created' || records === 'updated'
  refuseUnless(isChange, 'records', records, 'created or updated')
  return Object.freeze({ ...columnContract('timestamp'), role: 'recorded', records })
}
/**
 * The same column, with null allowed.
 *
 * @example
 * nullable(float64()).isNullable // true
 */
export function nullable<Kind extends ContractKind, Role extends Exclude<ColumnRole, 'key'>>(
  column: ColumnContract<Kind, Role>,
): ColumnContract<Kind, Role, true> {
  refuseNoColumn(column, 'column')
  return Object.freeze({ ...column, isNullable: true })
}

/**
 * Returns a table contract: a frozen plain value whose row type is inferred from its columns.
 *
 * @throws ContractError invalid_contract - no columns, an unusable table name, or a name that
 * begins with `_` although the column is not metadata
 * @example
 * const agents = defineTable('agents', {
 *   agent_id: key(string()),
 *   full_name: nullable(string()),
 *   hire_date: nullable(date()),
 * })
 * agents.key // ['agent_id']
 */
export function defineTable<const Columns extends ColumnContracts>(
  name: string,
  columns: Columns,
  options: { readonly unknownColumns?: UnknownColumns } = {},
): TableContract<Columns> {
  refuseUnless(typeof name === 'string', 'name', name, 'the name of the table')
  if (!/^[a-z][a-z0-9_]*$/i.test(name)) {
    throw new ContractError(
      'invalid_contract',
      `table name "${name}" must be letters, digits and _, and begin with a letter`,
    )
  }
  refuseUnless(isRecord(columns), 'columns', columns, 'an object of column name to contract: { id: key(string()) }')
  refuseUnknown(options, { unknownColumns: true })
  const entries = Object.entries(columns)
  if (entries.length === 0) throw new ContractError('invalid_contract', `table "${name}" has no columns`)
  for (const [column, contract] of entries) {
    refuseNoColumn(contract, `column "${column}" of table "${name}"`)
    const { role } = contract
    if (column.trim() !== column || column === '') {
      throw new ContractError(
        'invalid_contract',
        `table "${name}": column name "${column}" is blank or has outer spaces`,
      )
    }
    if (column.startsWith('_') !== (role === 'metadata') && column !== '__proto__') {
      throw new ContractError(
        'invalid_contract',
        `table "${name}": column "${column}": names that begin with _ are metadata(), and only those`,
      )
    }
  }
  return Object.freeze({
    name,
    columns: Object.freeze({ ...columns }),
    key: Object.freeze(entries.filter(([, { role }]) => role === 'key').map(([column]) => column)),
    unknownColumns: options.unknownColumns ?? 'freeze',
  })
}
