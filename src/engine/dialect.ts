/**
 * What a dialect of SQL does in its own way. Everything else is written alike for all of them.
 * @module
 */
import type { ContractKind } from '../table/contract.ts'

/** The names of the dialects, those first that the tests execute. */
export const DIALECT_NAMES = [
  ...(['duckdb', 'postgres', 'spark', 'databricks', 'clickhouse', 'snowflake', 'bigquery', 'redshift'] as const),
  'trino',
] as const

/** The name of a dialect. */
export type DialectName = (typeof DIALECT_NAMES)[number]

/** A dialect: the few things in which an engine differs from the others. */
export interface Dialect {
  readonly name: DialectName
  /** The engine's name for people. */
  readonly title: string
  /** The character around a name; doubled inside of one. */
  readonly quote: '"' | '`'
  /** Whether a backslash in a literal escapes the next character. */
  readonly escapesBackslash: boolean
  /** The type of each kind of column. Timestamps are moments in UTC, without a zone. */
  readonly types: Readonly<Record<ContractKind, string>>
  /** An instant as a literal; the text is `2025-03-01 05:00:00.000`. */
  readonly instant: (text: string) => string
  /** Whether a double is not a number. */
  readonly isNan: (value: string) => string
  /** Text without any of the characters of a literal at its ends. */
  readonly trim: (value: string, characters: string) => string
  /** Puts text in order of its bytes, whatever the order of the database. */
  readonly inByteOrder: (value: string) => string
  /** Makes a table of a query in one statement. */
  readonly createTable: (table: string, query: string) => string
  /** Replaces a table by a query in one statement, or in the statements of one transaction. */
  readonly replaceTable: (table: string, query: string) => readonly string[]
  /** Another spelling for names that the engine, or the format of its tables, keeps for itself. */
  readonly spell?: (name: string) => string
  /** Where a table is, part by part, where a statement has to say more than its name. */
  readonly placeOf?: (table: string) => readonly string[]
  /** A clause at the end of a query, for settings that a result depends on; empty for most. */
  readonly settings: string
}
