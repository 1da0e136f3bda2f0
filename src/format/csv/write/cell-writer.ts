/**
 * Writes one column, a block of rows at a time: first the size of each cell, then the cells, each where its row has come to.
 * A cell's size counts the byte that ends it.
 */
export interface CellWriter {
  /** Adds the size of each row's cell to `sizes`. */
  measure(from: number, rows: number, sizes: Int32Array): void
  /** Writes each row's cell, closed by `stop`, at `ends[row]`, which moves behind it. */
  write(from: number, rows: number, target: Uint8Array, view: DataView, ends: Int32Array, stop: number): void
}
