/**
 * The dialects, one line for each difference. Which of them tests execute is said in
 * docs/engines.md.
 * @module
 */
import { refuseUnless } from '../arguments.ts'
import { DIALECT_NAMES, type Dialect, type DialectName } from './dialect.ts'
import { unknownEngine } from './engine-refusals.ts'

const POSTGRES_TYPES = {
  ...{ text: 'TEXT', float64: 'DOUBLE PRECISION', int32: 'INTEGER', int64: 'BIGINT' },
  ...{ boolean: 'BOOLEAN', timestamp: 'TIMESTAMP', date: 'DATE' },
} as const

/** What most of them have in common. */
const COMMON = {
  quote: '"',
  escapesBackslash: false,
  types: POSTGRES_TYPES,
  instant: (text: string) => `TIMESTAMP '${text}'`,
  isNan: (value: string) => `isnan(${value})`,
  trim: (value: string, characters: string) => `TRIM(BOTH ${characters} FROM ${value})`,
  inByteOrder: (value: string) => value,
  createTable: (table: string, query: string) => `CREATE TABLE ${table} AS\n${query}`,
  replaceTable: (table: string, query: string) => [`CREATE OR REPLACE TABLE ${table} AS\n${query}`],
  settings: '',
} as const satisfies Omit<Dialect, 'name' | 'title'>

/** A table of a transaction, for engines without a statement that replaces one. */
const inTransaction = (table: string, query: string): readonly string[] => [
  'BEGIN',
  `DROP TABLE IF EXISTS ${table}`,
  `CREATE TABLE ${table} AS\n${query}`,
  'COMMIT',
]

const duckdb: Dialect = {
  ...COMMON,
  name: 'duckdb',
  title: 'DuckDB',
  types: { ...POSTGRES_TYPES, text: 'VARCHAR', float64: 'DOUBLE' },
  trim: (value, characters) => `TRIM(${value}, ${characters})`,
}

const postgres: Dialect = {
  ...COMMON,
  name: 'postgres',
  title: 'Postgres',
  // not a number equals itself there
  isNan: (value) => `${value} = 'NaN'`,
  inByteOrder: (value) => `${value} COLLATE "C"`,
  replaceTable: inTransaction,
}

const spark: Dialect = {
  ...COMMON,
  name: 'spark',
  title: 'Spark',
  quote: '`',
  escapesBackslash: true,
  types: { ...POSTGRES_TYPES, text: 'STRING', float64: 'DOUBLE', int32: 'INT', timestamp: 'TIMESTAMP_NTZ' },
  instant: (text) => `TIMESTAMP_NTZ '${text}'`,
}

const databricks: Dialect = { ...spark, name: 'databricks', title: 'Databricks SQL' }

const nullable = (type: string): string => `Nullable(${type})`

const clickhouse: Dialect = {
  ...COMMON,
  name: 'clickhouse',
  title: 'ClickHouse',
  quote: '`',
  escapesBackslash: true,
  types: {
    ...{ text: nullable('String'), float64: nullable('Float64'), int32: nullable('Int32'), int64: nullable('Int64') },
    ...{ boolean: nullable('Bool'), timestamp: nullable("DateTime64(3, 'UTC')"), date: nullable('Date32') },
  },
  instant: (text) => `toDateTime64('${text}', 3, 'UTC')`,
  isNan: (value) => `isNaN(${value})`,
  createTable: (table, query) => `CREATE TABLE ${table} ENGINE = MergeTree ORDER BY tuple() AS\n${query}`,
  replaceTable: (table, query) => [`CREATE OR REPLACE TABLE ${table} ENGINE = MergeTree ORDER BY tuple() AS\n${query}`],
  // without it a row that a left join does not find has '' and 0, not null
  settings: '\nSETTINGS join_use_nulls = 1',
}

const snowflake: Dialect = {
  ...COMMON,
  name: 'snowflake',
  title: 'Snowflake',
  escapesBackslash: true,
  types: { ...POSTGRES_TYPES, text: 'VARCHAR', float64: 'DOUBLE', timestamp: 'TIMESTAMP_NTZ' },
  instant: (text) => `'${text}'::TIMESTAMP_NTZ`,
  isNan: (value) => `${value} = 'NaN'::DOUBLE`,
  trim: (value, characters) => `TRIM(${value}, ${characters})`,
}

const bigquery: Dialect = {
  ...COMMON,
  name: 'bigquery',
  title: 'BigQuery',
  quote: '`',
  escapesBackslash: true,
  types: {
    ...{ text: 'STRING', float64: 'FLOAT64', int32: 'INT64', int64: 'INT64' },
    ...{ boolean: 'BOOL', timestamp: 'DATETIME', date: 'DATE' },
  },
  instant: (text) => `DATETIME '${text}'`,
  isNan: (value) => `IS_NAN(${value})`,
  trim: (value, characters) => `TRIM(${value}, ${characters})`,
}

const redshift: Dialect = {
  ...COMMON,
  name: 'redshift',
  title: 'Redshift',
  escapesBackslash: true,
  types: { ...POSTGRES_TYPES, text: 'VARCHAR(65535)' },
  isNan: (value) => `${value} = 'NaN'::DOUBLE PRECISION`,
  trim: (value, characters) => `BTRIM(${value}, ${characters})`,
  replaceTable: inTransaction,
}

const trino: Dialect = {
  ...COMMON,
  name: 'trino',
  title: 'Trino',
  types: { ...POSTGRES_TYPES, text: 'VARCHAR', float64: 'DOUBLE', timestamp: 'TIMESTAMP(3)' },
  isNan: (value) => `is_nan(${value})`,
  trim: (value, characters) => `TRIM(${value}, ${characters})`,
}

const ALL: Readonly<Record<DialectName, Dialect>> = {
  ...{ duckdb, postgres, spark, databricks, clickhouse, snowflake, bigquery, redshift, trino },
}

/**
 * Returns a dialect by its name.
 * @throws EngineError engine_unknown - there is none of this name
 * @throws ContractError invalid_option - it is no name
 * @example
 * import { dialectOf } from 'support-etl/engine'
 *
 * dialectOf('bigquery').quote // '`'
 */
export function dialectOf(name: string): Dialect {
  refuseUnless(typeof name === 'string', 'name', name, `one of ${DIALECT_NAMES.join(', ')}`)
  if (Object.hasOwn(ALL, name)) return ALL[name as DialectName]
  throw unknownEngine(name, DIALECT_NAMES)
}
