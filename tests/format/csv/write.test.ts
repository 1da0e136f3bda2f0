import { describe, expect, it } from 'vitest'
import { csvChunks } from '../../../src/format/csv/write/write.ts'
import { joinChunks } from '../../../src/table/chunks.ts'
import {
  BigIntColumn,
  BooleanColumn,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { defineTable, float64, key, string } from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { caught, written } from './csv-tables.ts'

const text = (...values: (string | null)[]) => encodeTexts(values)
const coded = (...values: (string | null)[]) => {
  const distinct = [...new Set(values.filter((value) => value !== null))]
  return new DictionaryColumn(
    Int32Array.from(values, (value) => (value === null ? -1 : distinct.indexOf(value))),
    distinct,
  )
}
const instants = (...values: number[]) => new TimestampColumn(Float64Array.from(values))

describe('csvChunks', () => {
  it('writes decimals, clock times and durations of Arrow as they are, lists as JSON', () => {
    const decimal = { typeId: 7, precision: 38, scale: 2, bitWidth: 128 }
    const list = { typeId: 12, children: [{ name: 'item', type: decimal, nullable: true }] }
    const frame = frameOf([
      ['amount', new OpaqueColumn(['12345678901234567890.12', null], decimal)],
      ['length', new OpaqueColumn(['PT12M30S', '-PT1S'], { typeId: 18, unit: 0 })],
      ['parts', new OpaqueColumn([['12.50'], []], list)],
    ])
    const text = new TextDecoder().decode(joinChunks(csvChunks(frame)))
    expect(text).toBe('amount,length,parts\n12345678901234567890.12,PT12M30S,"[""12.50""]"\n,-PT1S,[]\n')
  })

  it('writes a header, LF and a final line end, in UTF-8', () => {
    expect(written(frameOf([['id', text('a', 'é😀')]]))).toBe('id\na\né😀\n')
  })

  it('writes the header alone for no rows', () => {
    expect(
      written(
        frameOf([
          ['a', text()],
          ['b', coded()],
        ]),
      ),
    ).toBe('a,b\n')
  })

  it.each([
    ['bytes', text],
    ['codes', coded],
  ])('quotes text that would not read back as it is (%s)', (_, column) => {
    const cells = [
      'plain',
      'a,b',
      'say "hi"',
      'two\nlines',
      'cr\r',
      ' outer',
      'outer ',
      '\u00a0wide',
      '',
      null,
      'inner space',
    ]
    expect(
      written(
        frameOf([
          ['t', column(...cells)],
          ['u', column(...cells.map(() => 'x'))],
        ]),
      ),
    ).toBe(
      't,u\nplain,x\n"a,b",x\n"say ""hi""",x\n"two\nlines",x\n"cr\r",x\n" outer",x\n"outer ",x\n"\u00a0wide",x\n"",x\n,x\ninner space,x\n',
    )
  })

  it('quotes names as it quotes text', () => {
    expect(
      written(
        frameOf([
          ['a,b', text('x')],
          ['', text('y')],
        ]),
      ),
    ).toBe('"a,b",""\nx,y\n')
  })

  it('writes instants with Z and only the fraction they have, in any year', () => {
    const column = instants(
      Date.UTC(2025, 0, 31, 14, 30),
      Date.UTC(1969, 11, 31, 23, 59, 59, 999),
      Number.NaN,
      Date.UTC(2024, 1, 29, 0, 0, 0, 7),
      -62_167_219_200_000,
      253_402_300_799_000,
      253_402_300_800_000,
    )
    expect(written(frameOf([['at', column]])).split('\n')).toEqual([
      'at',
      '2025-01-31T14:30:00Z',
      '1969-12-31T23:59:59.999Z',
      '',
      '2024-02-29T00:00:00.007Z',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '+010000-01-01T00:00:00Z',
      '',
    ])
  })

  it('writes wall times without Z, seconds and microseconds by what they count', () => {
    const wall = new TimestampColumn(Float64Array.of(1_738_333_800_000), { zone: null })
    const seconds = new TimestampColumn(Float64Array.of(1_738_333_800), { unit: 's' })
    const micros = new TimestampColumn(Float64Array.of(1_738_333_800_000_001), { unit: 'us' })
    expect(
      written(
        frameOf([
          ['w', wall],
          ['s', seconds],
          ['us', micros],
        ]),
      ),
    ).toBe('w,s,us\n2025-01-31T14:30:00,2025-01-31T14:30:00Z,2025-01-31T14:30:00.000001Z\n')
  })

  it('writes the shortest text of each number', () => {
    const values = [0, -0, 14, 0.1, -2.5, 1e21, 5e-324, 1 / 3, Number.NaN, Number.NEGATIVE_INFINITY, 9007199254740991]
    const column = new NumberColumn('float64', Float64Array.from(values))
    expect(written(frameOf([['n', column]]))).toBe(
      'n\n0\n-0\n14\n0.1\n-2.5\n1e+21\n5e-324\n0.3333333333333333\nNaN\n-Infinity\n9007199254740991\n',
    )
  })

  it('writes the other kinds, and null as an empty cell of each', () => {
    const valid = Uint8Array.of(1, 0)
    const frame = frameOf([
      ['n', new NumberColumn('int32', Int32Array.of(-5, 7), valid)],
      ['l', new BigIntColumn('int64', BigInt64Array.of(9007199254740993n, 1n), valid)],
      ['b', new BooleanColumn(Uint8Array.of(1, 0), valid)],
      ['d', new DateColumn(Int32Array.of(19_782, NULL_DAY))],
      ['o', new OpaqueColumn([[1, 'x'], null])],
      ['z', new NullColumn(2)],
    ])
    expect(written(frame)).toBe('n,l,b,d,o,z\n-5,9007199254740993,true,2024-02-29,"[1,""x""]",\n,,,,,\n')
  })

  it('puts the columns of a contract first, in its order', () => {
    const contract = defineTable('t', { id: key(string()), share: float64() })
    const frame = frameOf([
      ['share', new NumberColumn('float64', Float64Array.of(1))],
      ['more', text('x')],
      ['id', text('a')],
    ])
    expect(written(frame, { contract })).toBe('id,share,more\na,1,x\n')
  })

  it('writes another delimiter', () => {
    expect(
      written(
        frameOf([
          ['a', text('x;y', 'x,y')],
          ['b', text('1', '2')],
        ]),
        { delimiter: ';' },
      ),
    ).toBe('a;b\n"x;y";1\nx,y;2\n')
    for (const delimiter of ['||', '', '1', 'e', '-', '.', ':', '"', '\n', 'é']) {
      const error = caught(() => written(frameOf([['a', text('x')]]), { delimiter }))
      expect(error, delimiter).toMatchObject({ code: 'invalid_option' })
    }
  })

  it('disarms text that a spreadsheet would run, where that is asked', () => {
    const frame = frameOf([
      ['t', text('=1+1', '+1', '-1', '@x', 'a=1', '\tx')],
      ['n', new NumberColumn('float64', Float64Array.of(-1, -1, -1, -1, -1, -1))],
    ])
    expect(written(frame, { formulas: 'escape' })).toBe(
      't,n\n"\'=1+1",-1\n"\'+1",-1\n"\'-1",-1\n"\'@x",-1\na=1,-1\n"\'\tx",-1\n',
    )
    expect(written(frame)).toContain('\n=1+1,-1\n')
  })

  it('gives pieces of about 256 KiB, made as they are taken', () => {
    const rows = 100_000
    const frame = frameOf([
      [
        'n',
        new NumberColumn(
          'float64',
          Float64Array.from({ length: rows }, (_, row) => row),
        ),
      ],
      ['t', coded(...Array(rows).fill('some text'))],
    ])
    const sizes = Array.from(csvChunks(frame), ({ length }) => length)
    expect(Math.max(...sizes)).toBeLessThan(400 * 1024)
    expect(sizes.length).toBeLessThan(12)
    expect(written(frame).split('\n').length).toBe(rows + 2)
  })

  it('gives the same bytes for the same rows, however their text is coded', () => {
    const values = ['x', null, 'y', 'x', '']
    expect(written(frameOf([['t', coded(...values)]]))).toBe(written(frameOf([['t', text(...values)]])))
  })

  it('has no form for a table without columns', () => {
    expect(caught(() => written(frameOf([])))).toMatchObject({ code: 'unsupported_table' })
  })
})
