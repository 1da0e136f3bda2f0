/**
 * How a table's type changes when columns are added.
 * @module
 */
import type { DataType, Table } from './arrow/arrow.ts'

/**
 * The type of a table with columns added or replaced. An Arrow table with typed columns gets them
 * in its type; the types of other tables do not list columns.
 */
export type WithColumns<T, Names extends string> =
  T extends Table<infer Columns>
    ? string extends keyof Columns
      ? T
      : Table<{ [Name in keyof Columns | Names]: Name extends Names ? DataType : Columns[Name & keyof Columns] }>
    : T
