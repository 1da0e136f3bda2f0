/** A file that is made of batches has the bytes of one that is made of all rows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrowChunks } from '../../../src/format/arrow/arrow.ts'
import { type Spool, SpooledArrow } from '../../../src/format/arrow/write/spooled.ts'
import { joinChunks } from '../../../src/table/chunks.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { defineTable, key, nullable, string } from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { takeRows } from '../../../src/table/take.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

/** A spool that reads back in pieces of another size than was written. */
function memorySpool(): Spool {
  let bytes = new Uint8Array(0)
  return {
    get size() {
      return bytes.length
    },
    append(more) {
      bytes = joinChunks([bytes, more])
    },
    *pieces() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
    },
  }
}

const contract = defineTable('halls', { id: key(string()), note: nullable(string()) })

/** All kinds of columns; a null where the pick is 0. */
function frameFrom(picks: readonly number[]): Frame {
  const valid = Uint8Array.from(picks, (pick) => Math.min(pick, 1))
  const texts = ['', 'north', 'süd', '東京', '😀']
  const columns: [string, Column][] = [
    ['id', encodeTexts(picks.map((pick, row) => `${texts[pick % 5]}${row}`))],
    [
      'note',
      new DictionaryColumn(
        Int32Array.from(picks, (pick) => (pick % 7) - 1),
        ['x', ...texts],
      ),
    ],
    ['plain', encodeTexts(picks.map((pick) => (pick === 0 ? null : texts[pick % 5])))],
    [
      'double',
      new NumberColumn(
        'float64',
        Float64Array.from(picks, (pick) => (pick === 3 ? Number.NaN : -pick)),
        valid,
      ),
    ],
    ['whole', new NumberColumn('int32', Int32Array.from(picks), valid)],
    ['long', new BigIntColumn('int64', BigInt64Array.from(picks, BigInt), valid)],
    [
      'flag',
      new BooleanColumn(
        Uint8Array.from(picks, (pick) => pick % 2),
        valid,
      ),
    ],
    ['day', new DateColumn(Int32Array.from(picks, (pick) => (pick === 0 ? NULL_DAY : pick)))],
    ['at', new TimestampColumn(Float64Array.from(picks, (pick) => (pick === 0 ? Number.NaN : pick * 1e11)))],
    [
      'nanos',
      new TimestampColumn(
        BigInt64Array.from(picks, (pick) => (pick === 0 ? NULL_NANOSECONDS : BigInt(pick))),
        { unit: 'ns' },
      ),
    ],
  ]
  return frameOf(columns, picks.length)
}

function spooled(frame: Frame, size: number): Uint8Array {
  const file = new SpooledArrow(contract, memorySpool)
  for (let from = 0; from === 0 || from < frame.rows; from += size) {
    const rows = Math.min(size, frame.rows - from)
    file.add(
      takeRows(
        frame,
        Int32Array.from({ length: rows }, (_, row) => from + row),
      ),
    )
  }
  return joinChunks(file.chunks())
}

const whole = (frame: Frame): Uint8Array => joinChunks(arrowChunks(frame, { contract }))

describe('SpooledArrow', () => {
  it('gives the bytes of all rows together, whatever its batches are', () => {
    const picks = fc.array(fc.nat({ max: 9 }), { maxLength: 70 })
    fc.assert(
      fc.property(picks, fc.constantFrom(8, 16, 32), (found, size) => {
        const frame = frameFrom(found)
        expect(Buffer.from(spooled(frame, size)).equals(whole(frame))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('knows nulls that come late, and columns without one', () => {
    const late = frameFrom([...Array.from({ length: 40 }, () => 4), 0])
    expect(Buffer.from(spooled(late, 8)).equals(whole(late))).toBe(true)
    const none = frameFrom(Array.from({ length: 41 }, (_, row) => 1 + (row % 4)))
    expect(Buffer.from(spooled(none, 16)).equals(whole(none))).toBe(true)
  })

  it('refuses a batch whose bits would not be joined byte by byte', () => {
    const file = new SpooledArrow(contract, memorySpool)
    file.add(frameFrom([1, 2, 3]))
    expect(() => file.add(frameFrom([1]))).toThrow('a batch came after 3 rows, which is no multiple of 8')
  })
})
