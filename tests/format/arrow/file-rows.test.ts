import { tableFromArrays, tableToIPC } from '@uwdata/flechette'
import { tableToIPC as arrowToIPC, type RecordBatch, Table, tableFromJSON } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrowChunks, describedFrame } from '../../../src/format/arrow/arrow.ts'
import { type FileRows, fileRows } from '../../../src/format/arrow/read/file-rows.ts'
import { Damage } from '../../../src/format/arrow/read/flat-reader.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  type DictionaryColumn,
  NULL_DAY,
  NullColumn,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { type Frame, frameOf, selectColumns } from '../../../src/table/frame.ts'
import { lazyRows } from '../../../src/table/lazy-rows.ts'
import { takeRows } from '../../../src/table/take.ts'
import { codeTexts, encodeTexts } from '../../../src/table/utf8.ts'

const cells = (frame: Frame) => Array.from(frame.columns, ([name, column]) => [name, column.kind, Array.from(column)])

/** A table of every kind of column that a state may have; place 0 of each value is null. */
function tableOf(places: readonly number[]): Frame {
  const numbers = (kind: 'float64' | 'int32', array: Float64Array | Int32Array) =>
    new NumberColumn(kind, array, places.includes(0) ? Uint8Array.from(places, (place) => (place === 0 ? 0 : 1)) : null)
  const texts = places.map((place) => (place === 0 ? null : `t${place}ä`))
  const columns: Record<string, Column> = {
    plain: encodeTexts(texts),
    coded: codeTexts(texts, texts.length),
    stamp: new TimestampColumn(Float64Array.from(places, (place) => (place === 0 ? Number.NaN : (place - 2) * 1.7e12))),
    day: new DateColumn(Int32Array.from(places, (place) => (place === 0 ? NULL_DAY : place))),
    minutes: numbers(
      'float64',
      Float64Array.from(places, (place) => place / 2),
    ),
    record: numbers('int32', Int32Array.from(places)),
    long: new BigIntColumn('int64', BigInt64Array.from(places, BigInt)),
    flag: new BooleanColumn(Uint8Array.from(places, (place) => place & 1)),
  }
  return frameOf(Object.entries(columns), places.length)
}

function bytesOf(frame: Frame): Uint8Array {
  return new Uint8Array(Buffer.concat([...arrowChunks(frame)]))
}

/** The bytes as a file that counts how much of it is read. */
function fileOf(bytes: Uint8Array) {
  const counted = { read: 0, open: 0, opened: 0 }
  const read = (at: number, into: Uint8Array): void => {
    if (at < 0 || at + into.length > bytes.length) throw new RangeError('read behind the end')
    counted.read += into.length
    into.set(bytes.subarray(at, at + into.length))
  }
  const open = () => {
    counted.open++
    counted.opened++
    return {
      size: bytes.length,
      read,
      readLater: async (at: number, into: Uint8Array) => read(at, into),
      close: () => void counted.open--,
    }
  }
  return { open, counted }
}

function rowsOf(bytes: Uint8Array): FileRows {
  const rows = fileRows(fileOf(bytes).open)
  if (rows === null) throw new Error('no rows')
  return rows
}

describe('rows in a file', () => {
  it('are those of reading all of it, whichever are asked for, in whichever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 20 }),
        fc.array(fc.nat(100)),
        fc.boolean(),
        async (places, picks, ascend) => {
          const bytes = bytesOf(tableOf(places))
          const { frame } = describedFrame(bytes)
          const wanted = places.length === 0 ? [] : picks.map((pick) => pick % places.length)
          const rows = Int32Array.from(ascend ? [...new Set(wanted)].sort((a, b) => a - b) : wanted)
          const lazy = rowsOf(bytes)
          expect(lazy.rows).toBe(places.length)
          expect(cells(lazy.at(rows))).toEqual(cells(takeRows(frame, rows)))
          expect(cells(lazy.columns(['minutes', 'plain']))).toEqual(cells(selectColumns(frame, ['minutes', 'plain'])))
          expect(cells(lazy.at(rows))).toEqual(cells(takeRows(frame, rows)))
          expect(cells(lazy.all())).toEqual(cells(frame))
          expect(cells(await rowsOf(bytes).load())).toEqual(cells(frame))
          expect(cells(await lazy.load(['flag', 'coded']))).toEqual(cells(selectColumns(frame, ['flag', 'coded'])))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('bring the words about the table with them', () => {
    const frame = tableOf([1, 2])
    const bytes = new Uint8Array(Buffer.concat([...arrowChunks(frame, { metadata: { zone: 'UTC', äö: 'ü' } })]))
    expect([...rowsOf(bytes).metadata]).toEqual([
      ['zone', 'UTC'],
      ['äö', 'ü'],
    ])
  })

  it('are read through a window that is passed over what nobody wants', () => {
    const rows = 1_000_000
    const frame = frameOf(
      [
        [
          'wide',
          new NumberColumn(
            'float64',
            Float64Array.from({ length: rows }, (_, row) => row / 2),
          ),
        ],
        [
          'narrow',
          new NumberColumn(
            'int32',
            Int32Array.from({ length: rows }, (_, row) => -row),
          ),
        ],
      ],
      rows,
    )
    const { open, counted } = fileOf(bytesOf(frame))
    const lazy = fileRows(open)
    const picks = Int32Array.from([0, 1, 4000, 140_000, 500_000, 504_095, 999_999])
    expect(cells(lazy?.at(picks) as Frame)).toEqual(cells(takeRows(frame, picks)))
    // 12 bytes for each row between two that are near each other
    expect(counted.read).toBeLessThan(12 * (4001 + 1 + 4096 + 1) + 4096)
    expect([counted.open, counted.opened]).toEqual([0, 2])
    const every = Int32Array.from({ length: rows / 3 }, (_, at) => at * 3)
    const third = lazy?.at(every) as Frame
    expect(third.columns.get('wide')?.at(333_332)).toBe(999_996 / 2)
    expect(third.columns.get('narrow')?.at(333_332)).toBe(-999_996)
  })

  it('have only the columns that are meant, and no row is a kind without anything read', async () => {
    const frame = frameOf([...tableOf([1, 2, 0, 3]).columns, ['none', new NullColumn(4)]], 4)
    const { open, counted } = fileOf(bytesOf(frame))
    const lazy = fileRows(open) as FileRows
    const directory = counted.read
    const noRows = new Int32Array(0)
    expect(cells(lazy.at(noRows))).toEqual(cells(takeRows(frame, noRows)))
    expect(counted.read).toBe(directory)
    const rows = Int32Array.of(1, 3)
    const isMeant = (name: string) => name !== 'plain' && name !== 'stamp'
    const some = frameOf([...takeRows(frame, rows).columns].filter(([name]) => isMeant(name)))
    expect(cells(lazy.at(rows, isMeant))).toEqual(cells(some))
    expect(cells(lazyRows(frame).at(rows, isMeant))).toEqual(cells(some))
    expect([lazy.at(rows, () => false).rows, lazyRows(frame).at(rows, () => false).rows]).toEqual([2, 2])
    // a column that was read whole is not read again
    await lazy.load(['plain'])
    const { read } = counted
    expect(cells(lazy.columns(['plain']))).toEqual(cells(selectColumns(frame, ['plain'])))
    expect(counted.read).toBe(read)
  })

  it('are not given before every stretch of them is read, nor is the file closed under one', async () => {
    const bytes = bytesOf(tableOf([1, 2, 3]))
    const { open, counted } = fileOf(bytes)
    const [started, ended] = [[] as number[], [] as number[]]
    const slowly = () => {
      const file = open()
      const readLater = async (at: number, into: Uint8Array) => {
        started.push(at)
        // the first that is begun ends last, and the second fails
        const turn = started.length
        await new Promise((resolve) => setTimeout(resolve, 20 / turn))
        expect(counted.open).toBe(1)
        if (turn === 2) throw new Damage('a bad stretch')
        file.read(at, into)
        ended.push(at)
      }
      return { ...file, readLater }
    }
    const lazy = fileRows(slowly) as FileRows
    await expect(lazy.load()).rejects.toThrow('a bad stretch')
    expect([started.length - ended.length, counted.open]).toEqual([1, 0])
    expect(ended.at(-1)).toBe(started[0])
  })

  it('may all be null, in a column that has nothing in the file', () => {
    const nulls = frameOf([['none', new NullColumn(100_000)]], 100_000)
    const lazy = rowsOf(bytesOf(nulls))
    expect(lazy.all().columns.get('none')?.kind).toBe('null')
    expect(lazy.at(Int32Array.of(5, 7)).columns.get('none')?.length).toBe(2)
  })

  it('have memory of their own, with room behind it', () => {
    const bytes = bytesOf(tableOf([1, 2, 3, 1]))
    const { columns } = rowsOf(bytes).all()
    for (const name of ['minutes', 'record', 'stamp', 'long']) {
      const { values } = columns.get(name) as NumberColumn
      expect(values.buffer.byteLength).toBeGreaterThan(values.byteLength)
    }
    const { codes } = columns.get('coded') as DictionaryColumn
    codes.fill(-1)
    expect(cells(rowsOf(bytes).all())).toEqual(cells(describedFrame(bytes).frame))
  })
})

describe('a file that is no table of ours', () => {
  it('is left to those who read it whole: a stream, several batches, other types', () => {
    const frame = tableOf([1, 2])
    const stream = new Uint8Array(Buffer.concat([...arrowChunks(frame, { container: 'stream' })]))
    expect(fileRows(fileOf(stream).open)).toBeNull()
    expect(fileRows(fileOf(new Uint8Array(0)).open)).toBeNull()
    const lists = tableToIPC(tableFromArrays({ list: [[1], [2]] }), { format: 'file' })
    expect(fileRows(fileOf(lists as Uint8Array).open)).toBeNull()
    const fine = frameOf([['at', new TimestampColumn(Float64Array.of(1), { unit: 'us' })]], 1)
    expect(fileRows(fileOf(bytesOf(fine)).open)).toBeNull()
    const batches = [1, 2].map((id) => tableFromJSON([{ id }]).batches[0] as RecordBatch)
    expect(fileRows(fileOf(arrowToIPC(new Table(batches), 'file')).open)).toBeNull()
  })

  it('is refused wherever it is cut off, and never read behind its end', () => {
    const bytes = bytesOf(tableOf([0, 1, 2, 3]))
    for (let size = 0; size < 6; size++) expect(fileRows(fileOf(bytes.slice(0, size)).open)).toBeNull()
    for (let size = 6; size < bytes.length; size++) {
      expect(() => fileRows(fileOf(bytes.slice(0, size)).open), `${size} bytes`).toThrow(Damage)
    }
  })

  it('is refused, or is another table, where a bit is flipped: nothing worse', () => {
    const bytes = bytesOf(tableOf([0, 1, 2, 3]))
    const picks = Int32Array.from([1, 3])
    let refused = 0
    for (let byte = 0; byte < bytes.length; byte++) {
      const bit = byte * 8 + (byte % 8)
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      const { open, counted } = fileOf(flipped)
      try {
        const lazy = fileRows(open)
        if (lazy === null) continue
        cells(lazy.at(picks))
        // a name may be another, but no column is lost
        expect(lazy.all().columns.size).toBe(8)
        cells(lazy.all())
      } catch (error) {
        expect(error, `bit ${bit}`).toBeInstanceOf(Damage)
        refused++
      }
      expect(counted.open).toBe(0)
    }
    expect(refused).toBeGreaterThan(bytes.length / 8)
  })

  it('is refused where its directory has fewer columns than its rows', () => {
    const bytes = bytesOf(tableOf([1, 2]))
    const view = new DataView(bytes.buffer)
    const count = 8
    let refused = 0
    for (let at = bytes.length - 10; at >= 0; at--) {
      if (view.getInt32(at, true) !== count) continue
      for (const fewer of [count - 1, 0]) {
        view.setInt32(at, fewer, true)
        try {
          expect(rowsOf(bytes).all().columns.size).toBe(count)
        } catch (error) {
          expect(error).toBeInstanceOf(Damage)
          if ((error as Damage).message === 'more arrays than the schema says') refused++
        }
      }
      view.setInt32(at, count, true)
    }
    expect(refused).toBeGreaterThan(0)
  })

  it('says what is wrong: a code without a value, text that is no UTF-8', () => {
    const frame = tableOf([1, 2, 3])
    const bytes = bytesOf(frame)
    const at = Buffer.from(bytes).lastIndexOf(Buffer.from(Int32Array.of(0, 1, 2).buffer))
    const coded = bytes.slice()
    coded[at + 4] = 9
    expect(() => rowsOf(coded).all()).toThrow('a code without a value in its dictionary')
    expect(() => rowsOf(coded).at(Int32Array.of(1))).toThrow('a code without a value in its dictionary')
    expect(cells(rowsOf(coded).at(Int32Array.of(0)))).toEqual(cells(takeRows(frame, Int32Array.of(0))))
    const text = bytes.slice()
    text[Buffer.from(bytes).lastIndexOf('t2ä') + 2] = 0xff
    expect(() => rowsOf(text).all()).toThrow('column "plain" row 2')
  })
})
