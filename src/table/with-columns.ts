/**
 * What a table's type says of columns that were added to it.
 * @module
 */
import type { DataType, Table } from './arrow/arrow.ts'

/**
 * The type of a table with columns added or replaced: an Arrow table with typed columns has them too, of any other table
 * the columns are no part of the type.
 */
export type WithColumns<T, Names extends string> =
  T extends Table<infer Columns>
    ? string extends keyof Columns
      ? T
      : Table<{ [Name in keyof Columns | Names]: Name extends Names ? DataType : Columns[Name & keyof Columns] }>
    : T
