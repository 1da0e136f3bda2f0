/**
 * A hash index over key bytes: open addressing in typed arrays. Groups are numbered by first
 * appearance.
 * @module
 */
import { grown } from '../headroom.ts'
import { type KeyBytes, keyFormsDiffer } from './key.ts'

const viewOf = ({ bytes }: KeyBytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Packs a key of 0 to 3 bytes into one word. */
function shortWord(view: DataView, begin: number, length: number): number {
  if (length === 0) return 0
  // first, middle and last byte cover all bytes, each at least once
  return view.getUint8(begin) | (view.getUint8(begin + (length >> 1)) << 8) | (view.getUint8(begin + length - 1) << 16)
}

/**
 * Returns a 32-bit hash of the bytes, a word at a time. The last word may overlap the one before
 * it.
 */
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

/** Whether `length` bytes of both are equal. */
function equalBytes(left: DataView, leftBegin: number, right: DataView, rightBegin: number, length: number): boolean {
  if (length < 4) return shortWord(left, leftBegin, length) === shortWord(right, rightBegin, length)
  const last = length - 4
  for (let at = 0; at < last; at += 4) {
    if (left.getInt32(leftBegin + at, true) !== right.getInt32(rightBegin + at, true)) return false
  }
  return left.getInt32(leftBegin + last, true) === right.getInt32(rightBegin + last, true)
}

/** Filter bits per key. Each key sets two bits of one word, so about 1 % of foreign keys pass. */
const FILTER_BITS = 16

/** The rows filtered in one batch, before they are looked up. */
const PASSED_ROWS = 4096

/**
 * Lists the rows whose hash passes the filter, and returns how many. Without a branch, because the
 * outcome is unpredictable.
 */
function passFilter(
  filter: Int32Array,
  view: DataView,
  offsets: Int32Array,
  from: number,
  to: number,
  passed: Int32Array,
): number {
  const last = filter.length - 1
  let count = 0
  let begin = offsets[from] as number
  for (let row = from; row < to; row++) {
    const end = offsets[row + 1] as number
    const hash = hashBytes(view, begin, end)
    passed[count] = row
    const word = filter[(hash >>> 5) & last] as number
    count += (word >>> (hash >>> 27)) & (word >>> hash) & 1
    begin = end
  }
  return count
}

function powerOfTwo(least: number): number {
  let size = 16
  while (size < least) size *= 2
  return size
}

/**
 * An index of one side's distinct keys, to look up another side's rows. Build it from the smaller
 * side: 100,000 keys and a million probes, a tenth of them hits, take about 30 ms. Groups count
 * from 0 in order of first appearance.
 *
 * @example
 * const index = KeyIndex.of(keyBytes(delta, ['agent_id'])) // keys AGT002, AGT009, AGT002
 * index.groups // 2
 * index.groupOf // Int32Array [0, 1, 0]
 * index.findAll(keyBytes(base, ['agent_id'])) // of AGT001, AGT002: Int32Array [-1, 0]
 */
export class KeyIndex {
  /** The number of distinct keys. */
  readonly groups: number
  /** The group of each row of the indexed side. */
  readonly groupOf: Int32Array
  /** The first row of each group, ascending. */
  readonly firstRows: Int32Array
  readonly #keys: KeyBytes
  /**
   * The size of every key in bytes if all are equal, as most ids are; 0 otherwise. With it,
   * positions need no offsets.
   */
  readonly #width: number
  readonly #view: DataView
  /** Group + 1 in the low bits (`#groupMask`), bits of the hash above them; 0 is an empty slot. */
  readonly #slots: Int32Array
  readonly #groupMask: number
  readonly #filter: Int32Array

  private constructor(keys: KeyBytes) {
    const rows = keys.offsets.length - 1
    const { offsets } = keys
    const view = viewOf(keys)
    const slots = new Int32Array(powerOfTwo(rows * 1.5))
    const last = slots.length - 1
    const groupMask = powerOfTwo(rows + 1) - 1
    const filter = new Int32Array(powerOfTwo((rows * FILTER_BITS) / 32))
    const filterLast = filter.length - 1
    const width = rows === 0 ? 0 : (offsets[1] as number) - (offsets[0] as number)
    let hasWidth = true
    const groupOf = new Int32Array(rows)
    const firstRows = new Int32Array(rows)
    let groups = 0
    for (let row = 0; row < rows; row++) {
      const begin = offsets[row] as number
      const end = offsets[row + 1] as number
      if (end - begin !== width) hasWidth = false
      const hash = hashBytes(view, begin, end)
      let slot = hash & last
      let group = -1
      for (;;) {
        const held = slots[slot] as number
        group = (held & groupMask) - 1
        if (group < 0) break
        if (((held ^ hash) & ~groupMask) === 0) {
          const first = firstRows[group] as number
          const from = offsets[first] as number
          const length = (offsets[first + 1] as number) - from
          if (length === end - begin && equalBytes(view, from, view, begin, length)) break
        }
        slot = (slot + 1) & last
      }
      if (group < 0) {
        group = groups++
        slots[slot] = (hash & ~groupMask) | groups
        firstRows[group] = row
        // the filter uses other bits of the hash than the slots
        const word = (hash >>> 5) & filterLast
        filter[word] = (filter[word] as number) | (1 << (hash >>> 27)) | (1 << hash)
      }
      groupOf[row] = group
    }
    this.#keys = keys
    this.#width = hasWidth ? width : 0
    this.#view = view
    this.#slots = slots
    this.#groupMask = groupMask
    this.#filter = filter
    this.groups = groups
    this.groupOf = groupOf
    this.firstRows = firstRows.subarray(0, groups)
  }

  /**
   * Returns the index of one side's keys. Refuse bad rows first: their bytes are indexed but mean
   * nothing.
   */
  static of(keys: KeyBytes): KeyIndex {
    return new KeyIndex(keys)
  }

  /**
   * Returns the group of one row of another side, −1 when its key is not in the index.
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
    const all = new Int32Array(keys.offsets.length - 1).fill(-1)
    const { rows, groups } = this.found(keys)
    for (let i = 0; i < rows.length; i++) all[rows[i] as number] = groups[i] as number
    return all
  }

  /**
   * Returns the rows of another side whose keys are in the index, ascending, and the group of each.
   * @throws ContractError key_type - one side's key is one text column and the other's is not
   */
  found(keys: KeyBytes): { readonly rows: Int32Array; readonly groups: Int32Array } {
    this.#refuseOtherForm(keys)
    const count = keys.offsets.length - 1
    const view = viewOf(keys)
    const passed = new Int32Array(Math.min(count, PASSED_ROWS))
    // if the other side's keys are unique, at most one row per group is found
    let rows = new Int32Array(Math.min(count, this.groups))
    let groups = new Int32Array(rows.length)
    let found = 0
    for (let from = 0; from < count; from += PASSED_ROWS) {
      const to = Math.min(count, from + PASSED_ROWS)
      const passing = passed.subarray(0, passFilter(this.#filter, view, keys.offsets, from, to, passed))
      if (found + passing.length > rows.length) {
        const size = Math.min(count, 2 * (found + passing.length))
        rows = grown(rows, size)
        groups = grown(groups, size)
      }
      found = this.#lookUp(view, keys.offsets, passing, rows, groups, found)
    }
    return { rows: rows.subarray(0, found), groups: groups.subarray(0, found) }
  }

  /**
   * Writes the rows whose keys are in the index, and their groups, from position `at` on. Returns
   * the end.
   */
  #lookUp(
    view: DataView,
    offsets: Int32Array,
    passing: Int32Array,
    rows: Int32Array,
    groups: Int32Array,
    at: number,
  ): number {
    let end = at
    for (let i = 0; i < passing.length; i++) {
      const row = passing[i] as number
      const from = offsets[row] as number
      const to = offsets[row + 1] as number
      const group = this.#groupAt(view, from, to, hashBytes(view, from, to))
      if (group < 0) continue
      rows[end] = row
      groups[end++] = group
    }
    return end
  }

  #groupAt(view: DataView, begin: number, end: number, hash: number): number {
    const slots = this.#slots
    const groupMask = this.#groupMask
    const last = slots.length - 1
    const { offsets } = this.#keys
    const width = this.#width
    const isUnique = this.groups === this.groupOf.length
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const held = slots[slot] as number
      const group = (held & groupMask) - 1
      if (group < 0) return -1
      if (((held ^ hash) & ~groupMask) !== 0) continue
      const first = isUnique ? group : (this.firstRows[group] as number)
      const from = width > 0 ? (offsets[0] as number) + first * width : (offsets[first] as number)
      const length = width > 0 ? width : (offsets[first + 1] as number) - from
      if (length === end - begin && equalBytes(this.#view, from, view, begin, length)) return group
    }
  }

  #refuseOtherForm(keys: KeyBytes): void {
    if (keys.form !== this.#keys.form) throw keyFormsDiffer()
  }
}
