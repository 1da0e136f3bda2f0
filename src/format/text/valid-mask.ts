/**
 * Marks rows without a value while a column is read.
 * @module
 */
import { grown } from '../../table/headroom.ts'

/** Which rows have a value, one byte per row; created at the first null. */
export class ValidMask {
  mask: Uint8Array | null = null
  #capacity = 0

  reserve(capacity: number): void {
    this.#capacity = capacity
    if (this.mask === null || this.mask.length >= capacity) return
    const used = this.mask.length
    this.mask = grown(this.mask, capacity).fill(1, used)
  }

  /** Marks `count` rows from `row` on as having a value. */
  setValid(row: number, count: number): void {
    this.mask?.fill(1, row, row + count)
  }

  setNull(row: number): void {
    this.mask ??= new Uint8Array(this.#capacity).fill(1)
    this.mask[row] = 0
  }

  finish(rows: number): Uint8Array | null {
    if (this.mask === null) return null
    const mask = this.mask.subarray(0, rows)
    return mask.includes(0) ? mask : null
  }
}
