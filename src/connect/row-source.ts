/**
 * The contract of a source of rows, such as a database, a sheet or memory.
 * @module
 */
import type { TableContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'

/** A batch of rows, and the watermark that is reached with it. */
export interface RowBatch {
  /** The rows, in the contract's columns, order and kinds. */
  readonly rows: Frame
  /**
   * The watermark to pass to `read` to continue after this batch. It ascends from batch to batch
   * and sorts as text.
   */
  readonly watermark: string
}

/**
 * A source of one table's rows. Reading from a watermark again yields exactly the batches after it.
 */
export interface RowSource {
  /** The source's name in messages. It holds no secret. */
  readonly location: string
  readonly contract: TableContract
  /** Yields the batches after a watermark, in order; null yields all. */
  read(since: string | null): AsyncIterable<RowBatch>
}
