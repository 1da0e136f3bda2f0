/**
 * The contract of a place that gives rows, whatever it is: a database, a sheet, memory.
 * @module
 */
import type { TableContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'

/** Rows that came together, and the watermark up to which a reader has read with them. */
export interface RowBatch {
  /** The contract's columns, in its order and kinds. */
  readonly rows: Frame
  /** What to give `read` to go on behind this batch; it rises from batch to batch and sorts as text. */
  readonly watermark: string
}

/** A place that gives rows of one table. Reading again from a watermark gives the batches behind it, and only those. */
export interface RowSource {
  /** How messages call the place; holds no secret. */
  readonly location: string
  readonly contract: TableContract
  /** The batches behind a watermark, in order; null gives all. */
  read(since: string | null): AsyncIterable<RowBatch>
}
