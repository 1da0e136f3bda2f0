import type { Issue } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'
import type { CsvDialect } from '../dialect.ts'
import type { RecordParser } from './csv-parse-records.ts'
import type { CsvHeader, HeaderOptions } from './header.ts'
import type { CsvNote } from './notes.ts'
import type { RejectedRecord } from './origin.ts'
import type { RowOptions } from './rows.ts'

/** Options of a CSV reader. */
export interface CsvReaderOptions extends CsvDialect, HeaderOptions, RowOptions {
  /** The file's name, for messages and issues. */
  readonly file?: string | undefined
  /** The number of bytes to come, where known: rows are then reserved only once. */
  readonly expectedBytes?: number | undefined
  /**
   * Reads what the fast reader does not recognise (`readByCsvParse`). Without it, such bytes are
   * quote_invalid or invalid_option.
   */
  readonly foreign?: RecordParser | undefined
  /** Fewer bytes than this wait for more; default 64 KiB. */
  readonly windowBytes?: number | undefined
}

/** The result: the rows that fit, and issues for the others. */
export interface CsvReading {
  /**
   * The rows that fit, in file order: the contract's columns in its order, then the others in the
   * file's.
   */
  readonly frame: Frame
  /** What does not fit, ordered by record and column. */
  readonly issues: readonly Issue[]
  /** The records that did not become rows, in file order. */
  readonly rejected: readonly RejectedRecord[]
  /** The 1-based data record of each row; null if row r is always record r + 1. */
  readonly records: Int32Array | null
  /** The line, from 1, on which each row begins; null unless the options keep them. */
  readonly lines: Int32Array | null
  /** How many data records the file has, rejected ones included. */
  readonly recordCount: number
  /** Remarks on the file that its writer may want to know. */
  readonly notes: readonly CsvNote[]
  readonly header: CsvHeader
}
