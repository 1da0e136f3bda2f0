/**
 * A hash index over key bytes: open addressing in typed arrays, groups numbered by first appearance.
 * @module
 */
import { type KeyBytes, keyFormsDiffer } from './key.ts'

const viewOf = ({ bytes }: KeyBytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The last 0 to 3 bytes of a key shorter than a word. */
function shortWord(view: DataView, begin: number, length: number): number {
  if (length === 0) return 0
  // first, middle and last byte are all there is, each at least once
  return view.getUint8(begin) | (view.getUint8(begin + (length >> 1)) << 8) | (view.getUint8(begin + length - 1) << 16)
}

/** A 32-bit hash of the bytes, a word at a time; the last word may overlap the one before it. */
function hashBytes(view: DataView, begin: number, end: number): number {
  const length = end - begin
  let hash = Math.imul(length, 0x9e3779b1)
  if (length < 4) hash ^= shortWord(view, begin, length)
  else {
    const last = end - 4
    for (let at = begin; at < last; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x85ebca6b)
      hash = (hash << 13) | (hash >>> 19)
    }
    hash ^= view.getInt32(last, true)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Whether `length` bytes of the two are equal. */
function equalBytes(left: DataView, leftBegin: number, right: DataView, rightBegin: number, length: number): boolean {
  if (length < 4) return shortWord(left, leftBegin, length) === shortWord(right, rightBegin, length)
  const last = length - 4
  for (let at = 0; at < last; at += 4) {
    if (left.getInt32(leftBegin + at, true) !== right.getInt32(rightBegin + at, true)) return false
  }
  return left.getInt32(leftBegin + last, true) === right.getInt32(rightBegin + last, true)
}

/** Bits of the filter a key: with 16, one of 16 keys that are not in the index passes. */
const FILTER_BITS = 16

function powerOfTwo(least: number): number {
  let size = 16
  while (size < least) size *= 2
  return size
}

/**
 * The distinct keys of one side, to be found from another. Build it from the smaller side: 100,000 keys and a million
 * probes of which a tenth hit take about 30 ms. Groups count from 0 in order of first appearance.
 *
 * @example
 * const index = KeyIndex.of(keyBytes(delta, ['agent_id'])) // keys AGT002, AGT009, AGT002
 * index.groups // 2
 * index.groupOf // Int32Array [0, 1, 0]
 * index.findAll(keyBytes(base, ['agent_id'])) // of AGT001, AGT002: Int32Array [-1, 0]
 */
export class KeyIndex {
  /** How many distinct keys there are. */
  readonly groups: number
  /** The group of each row of the side it was built from. */
  readonly groupOf: Int32Array
  /** The first row of each group, ascending. */
  readonly firstRows: Int32Array
  readonly #keys: KeyBytes
  readonly #view: DataView
  /** Pairs of hash and group + 1; 0 is an empty slot. */
  readonly #slots: Int32Array
  readonly #filter: Int32Array

  private constructor(keys: KeyBytes) {
    const rows = keys.offsets.length - 1
    const { offsets } = keys
    const view = viewOf(keys)
    const slots = new Int32Array(powerOfTwo(rows * 1.5) * 2)
    const last = slots.length / 2 - 1
    const filter = new Int32Array(powerOfTwo((rows * FILTER_BITS) / 32))
    const filterLast = filter.length - 1
    const groupOf = new Int32Array(rows)
    const firstRows = new Int32Array(rows)
    let groups = 0
    for (let row = 0; row < rows; row++) {
      const begin = offsets[row] as number
      const end = offsets[row + 1] as number
      const hash = hashBytes(view, begin, end)
      let slot = hash & last
      let group = -1
      for (;;) {
        group = (slots[2 * slot + 1] as number) - 1
        if (group < 0) break
        if (slots[2 * slot] === hash) {
          const first = firstRows[group] as number
          const from = offsets[first] as number
          const length = (offsets[first + 1] as number) - from
          if (length === end - begin && equalBytes(view, from, view, begin, length)) break
        }
        slot = (slot + 1) & last
      }
      if (group < 0) {
        group = groups++
        slots[2 * slot] = hash
        slots[2 * slot + 1] = groups
        firstRows[group] = row
        // the filter takes other bits of the hash than the slots do
        const word = (hash >>> 5) & filterLast
        filter[word] = (filter[word] as number) | (1 << (hash >>> 27))
      }
      groupOf[row] = group
    }
    this.#keys = keys
    this.#view = view
    this.#slots = slots
    this.#filter = filter
    this.groups = groups
    this.groupOf = groupOf
    this.firstRows = firstRows.subarray(0, groups)
  }

  /** Returns the index of one side's keys; bad rows are indexed by bytes that mean nothing, so refuse them first. */
  static of(keys: KeyBytes): KeyIndex {
    return new KeyIndex(keys)
  }

  /**
   * Returns the group of a row of another side, −1 when its key is not in the index.
   * @throws ContractError key_type - one side's key is one text column and the other's is not
   */
  find(keys: KeyBytes, row: number): number {
    this.#refuseOtherForm(keys)
    const [begin, end] = [keys.offsets[row] as number, keys.offsets[row + 1] as number]
    const view = viewOf(keys)
    return this.#groupAt(view, begin, end, hashBytes(view, begin, end))
  }

  /**
   * Returns the group of every row of another side, −1 where its key is not in the index.
   * @throws ContractError key_type - one side's key is one text column and the other's is not
   */
  findAll(keys: KeyBytes): Int32Array {
    const found = new Int32Array(keys.offsets.length - 1).fill(-1)
    this.#visitFound(keys, (row, group) => {
      found[row] = group
    })
    return found
  }

  /**
   * Returns the rows of another side whose keys are in the index, ascending.
   * @throws ContractError key_type - one side's key is one text column and the other's is not
   */
  foundRows(keys: KeyBytes): Int32Array {
    const rows: number[] = []
    this.#visitFound(keys, (row) => {
      rows.push(row)
    })
    return Int32Array.from(rows)
  }

  /**
   * Returns the last row of another side that has each group's key, −1 where none has.
   * @throws ContractError key_type - one side's key is one text column and the other's is not
   */
  lastRows(keys: KeyBytes): Int32Array {
    const rows = new Int32Array(this.groups).fill(-1)
    this.#visitFound(keys, (row, group) => {
      rows[group] = row
    })
    return rows
  }

  /** Passes over another side once. Most of its rows are told apart by the filter alone, so that is what the loop does. */
  #visitFound(keys: KeyBytes, visit: (row: number, group: number) => void): void {
    this.#refuseOtherForm(keys)
    const { offsets } = keys
    const rows = offsets.length - 1
    const view = viewOf(keys)
    const filter = this.#filter
    const filterLast = filter.length - 1
    let begin = offsets[0] as number
    for (let row = 0; row < rows; row++) {
      const end = offsets[row + 1] as number
      const hash = hashBytes(view, begin, end)
      if ((((filter[(hash >>> 5) & filterLast] as number) >>> (hash >>> 27)) & 1) === 1) {
        const group = this.#groupAt(view, begin, end, hash)
        if (group >= 0) visit(row, group)
      }
      begin = end
    }
  }

  #groupAt(view: DataView, begin: number, end: number, hash: number): number {
    const slots = this.#slots
    const last = slots.length / 2 - 1
    const { offsets } = this.#keys
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const group = (slots[2 * slot + 1] as number) - 1
      if (group < 0) return -1
      if (slots[2 * slot] !== hash) continue
      const first = this.firstRows[group] as number
      const from = offsets[first] as number
      const length = (offsets[first + 1] as number) - from
      if (length === end - begin && equalBytes(this.#view, from, view, begin, length)) return group
    }
  }

  #refuseOtherForm(keys: KeyBytes): void {
    if (keys.form !== this.#keys.form) throw keyFormsDiffer()
  }
}
