import type { Issue } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'
import type { CsvDialect } from '../dialect.ts'
import type { ForeignReader } from './csv-parse-records.ts'
import type { CsvHeader, HeaderOptions } from './header.ts'
import type { CsvNote } from './notes.ts'
import type { RejectedRecord, RowOptions } from './rows.ts'

/** What a CSV reader is told beside the bytes. */
export interface CsvReaderOptions extends CsvDialect, HeaderOptions, RowOptions {
  /** The file's name, for messages and issues. */
  readonly file?: string | undefined
  /** The column names of a file whose first line is a record. */
  readonly header?: readonly string[] | undefined
  /** How many bytes will come in all, where that is known: room is made once. */
  readonly expectedBytes?: number | undefined
  /** Reads what the fast reader does not recognise (`readByCsvParse`). Without it that is quote_invalid or invalid_option. */
  readonly foreign?: ForeignReader | undefined
  /** Fewer bytes than this wait for more; default 64 KiB. */
  readonly windowBytes?: number | undefined
}

/** What was read: rows that fit, issues of those that do not. */
export interface CsvReading {
  /** The rows that fit, in file order: the contract's columns in its order, then the others in the file's. */
  readonly frame: Frame
  /** What did not fit, in order of records and columns. */
  readonly issues: readonly Issue[]
  /** The records that are no rows, in file order. */
  readonly rejected: readonly RejectedRecord[]
  /** The 1-based data record of each row; null where row r is record r + 1. */
  readonly records: Int32Array | null
  /** The line, from 1, on which each row begins; null unless the options keep them. */
  readonly lines: Int32Array | null
  /** How many data records the file has, rejected ones included. */
  readonly recordCount: number
  /** What was read as it is meant, and is worth knowing. */
  readonly notes: readonly CsvNote[]
  readonly header: CsvHeader
}
