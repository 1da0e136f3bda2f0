/**
 * A connection to an engine: what a run needs of DuckDB, Postgres or a cluster, and nothing that only one of them has.
 * @module
 */
import type { ColumnContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'
import type { Dialect } from './dialect.ts'

/**
 * The columns of rows that come or go, by name, in their order. The contract of a column says its kind, its unit and its
 * encoding; timestamps are instants in UTC.
 */
export type RowColumns = Readonly<Record<string, Pick<ColumnContract, 'kind' | 'unit' | 'encoding'>>>

/** An open connection. Its calls run one after the other. */
export interface EngineConnection {
  /** The SQL that it speaks. */
  readonly dialect: Dialect
  /** The engine and the place in it, for messages. It holds no password. */
  readonly location: string
  /**
   * What happens at once. `transaction`: all statements between `BEGIN` and `COMMIT`, or none of them, those that create tables
   * included. `statement`: each statement by itself, so that a run writes tables of its own, and its ledger row last.
   */
  readonly atomicity: 'transaction' | 'statement'
  /** Runs one statement, such as one that creates a table. @throws ConnectError - the engine refuses, or is gone */
  exec(statement: string): Promise<void>
  /**
   * Runs a query and gives its rows in batches, in the order of the query. The columns of the query are those of `columns`, in
   * their order, and each cell is in the kind that is named there.
   *
   * @throws ConnectError - the engine refuses, or is gone
   */
  query(statement: string, columns: RowColumns): AsyncIterable<Frame>
  /**
   * Appends rows to a table that has these columns, in their order. The frame has each of them in the kind that is named. `before`
   * is how many rows of the same input were appended before: messages number the rows of the input.
   *
   * @throws ConnectError - the engine refuses, or is gone
   * @throws EngineError engine_cannot - a cell is no value of the engine; the message names its row and column
   */
  append(table: string, rows: Frame, columns: RowColumns, before?: number): Promise<void>
  /** How many rows the statement that runs has read, and how many it will read; absent, or null, where the engine does not say. */
  progress?(): { readonly rows: number; readonly total: number } | null
  /** Never fails. */
  close(): Promise<void>
}
