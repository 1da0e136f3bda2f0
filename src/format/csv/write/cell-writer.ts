/**
 * Writes one column, a block of rows at a time: first it measures each cell, then it writes each
 * at its row's position. A cell's size includes the byte that ends it.
 */
export interface CellWriter {
  /** Adds the size of each row's cell to `sizes`. */
  measure(from: number, rows: number, sizes: Int32Array): void
  /** Writes each row's cell, closed by `stop`, at `ends[row]`, and moves that position past it. */
  write(from: number, rows: number, target: Uint8Array, view: DataView, ends: Int32Array, stop: number): void
}
