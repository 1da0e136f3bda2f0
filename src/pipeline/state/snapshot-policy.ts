/**
 * Decides when a table is written out whole. A snapshot costs a write of the table; without one, every reader folds more deltas.
 * @module
 */

/** What one delta brought: its rows, and how many the table had after it. */
export interface DeltaSize {
  readonly rows: number
  readonly rowsOut: number
}

/** A snapshot follows when the deltas since the last have this share of its rows. */
const SHARE = 0.5

/**
 * Returns the delta, counted from 0, after which the table was last written whole; −1 for none since the snapshot of
 * `snapshotRows` rows. It depends on the deltas alone and not on the runs that brought them, so that one run for all months
 * and one a month leave the same files.
 */
export function lastSnapshot(snapshotRows: number, deltas: readonly DeltaSize[]): number {
  let [last, rows, pending] = [-1, snapshotRows, 0]
  for (const [at, delta] of deltas.entries()) {
    pending += delta.rows
    if (pending < rows * SHARE || pending === 0) continue
    last = at
    rows = delta.rowsOut
    pending = 0
  }
  return last
}
