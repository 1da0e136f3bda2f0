/**
 * A preset: how the files of one product are written, as a declaration.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import type { CsvDialect } from '../csv/dialect.ts'
import type { JsonDialect } from '../json/dialect.ts'

/** How the files of one product are written. */
export interface Preset {
  /** What it is of, for people. */
  readonly title: string
  /** Where the product's maker says so. */
  readonly source: string
  readonly format: 'csv' | 'json' | 'json_lines'
  /** The options that read such a file. */
  readonly dialect: CsvDialect & JsonDialect
  /** What the rows are; null for a preset of a way of writing, which any table may have. */
  readonly contract: TableContract | null
  /** The column whose greater value wins where a record is delivered again; null where none is. */
  readonly sequenceBy: string | null
}
