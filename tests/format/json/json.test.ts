import { describe, expect, it } from 'vitest'
import { jsonFrame } from '../../../src/format/json/read.ts'
import { type JsonWriteOptions, jsonChunks } from '../../../src/format/json/write.ts'
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
import { date, defineTable, float64, int64, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const written = (frame: Frame, options: JsonWriteOptions = {}) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(joinChunks(jsonChunks(frame, options)))
const rowsOf = ({ rows, columns }: Frame) =>
  Array.from({ length: rows }, (_, row) => Object.fromEntries(Array.from(columns, ([name, c]) => [name, c.at(row)])))
const read = (text: string, options = {}) => rowsOf(jsonFrame(bytes(text), options).frame)
const kindsOf = (text: string, options = {}) =>
  Object.fromEntries(Array.from(jsonFrame(bytes(text), options).frame.columns, ([name, { kind }]) => [name, kind]))

function complaint(text: string, options = {}): { code: string; message: string } {
  try {
    jsonFrame(bytes(text), options)
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return { code, message }
  }
  throw new Error('nothing was thrown')
}

const agents = defineTable('agents', {
  agent_id: key(string()),
  full_name: nullable(string()),
  hired: nullable(date()),
  seen_at: nullable(timestamp()),
  calls: nullable(int64()),
  minutes: nullable(float64()),
})

describe('jsonChunks', () => {
  it('writes one row a line, every name in every row', () => {
    const frame = frameOf([
      ['id', encodeTexts(['a', null])],
      ['code', new DictionaryColumn(Int32Array.of(-1, 0), ['x'])],
    ])
    expect(written(frame)).toBe('[\n{"id":"a","code":null},\n{"id":null,"code":"x"}\n]\n')
    expect(written(frame, { layout: 'lines' })).toBe('{"id":"a","code":null}\n{"id":null,"code":"x"}\n')
  })

  it('writes tables without rows and without columns', () => {
    const empty = frameOf([['id', encodeTexts([])]])
    expect([written(empty), written(empty, { layout: 'lines' })]).toEqual(['[]\n', ''])
    expect(written(frameOf([], 2))).toBe('[\n{},\n{}\n]\n')
    expect(written(frameOf([], 2), { layout: 'lines' })).toBe('{}\n{}\n')
  })

  it('writes the shortest text of each number, −0 with its sign, and what JSON has no digits for as strings', () => {
    const values = [-0, 0, 0.1, 1e21, 5e-324, 1 / 3, 12.5, -0.07, 123456.789, 2 ** 53, 1e-7, Number.NaN, -1 / 0]
    const frame = frameOf([['n', new NumberColumn('float64', Float64Array.from(values))]])
    const texts =
      '-0.0 0 0.1 1e+21 5e-324 0.3333333333333333 12.5 -0.07 123456.789 9007199254740992 1e-7 "NaN" "-Infinity"'
    expect(written(frame, { layout: 'lines' })).toBe(
      texts
        .split(' ')
        .map((text) => `{"n":${text}}\n`)
        .join(''),
    )
  })

  it('writes 64-bit integers as their digits', () => {
    const frame = frameOf([['n', new BigIntColumn('int64', BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n)))]])
    expect(written(frame, { layout: 'lines' })).toBe('{"n":9007199254740993}\n{"n":-9223372036854775808}\n')
  })

  it('writes moments as ISO text with no more digits than they need, walls without Z, days as days', () => {
    const frame = frameOf([
      ['ms', new TimestampColumn(Float64Array.of(0, -1, Number.NaN))],
      ['us', new TimestampColumn(Float64Array.of(1_500_000, 1, -1), { unit: 'us' })],
      ['wall', new TimestampColumn(Float64Array.of(0, 1, 2), { unit: 's', zone: null })],
      ['ns', new TimestampColumn(BigInt64Array.of(-1n, 1_000n, 10n ** 18n), { unit: 'ns' })],
      ['day', new DateColumn(Int32Array.of(0, -719_528, NULL_DAY))],
    ])
    expect(JSON.parse(written(frame))).toEqual([
      {
        ms: '1970-01-01T00:00:00Z',
        us: '1970-01-01T00:00:01.500Z',
        wall: '1970-01-01T00:00:00',
        ns: '1969-12-31T23:59:59.999999999Z',
        day: '1970-01-01',
      },
      {
        ms: '1969-12-31T23:59:59.999Z',
        us: '1970-01-01T00:00:00.000001Z',
        wall: '1970-01-01T00:00:01',
        ns: '1970-01-01T00:00:00.000001Z',
        day: '0000-01-01',
      },
      {
        ms: null,
        us: '1969-12-31T23:59:59.999999Z',
        wall: '1970-01-01T00:00:02',
        ns: '2001-09-09T01:46:40Z',
        day: null,
      },
    ])
  })

  it('escapes what JSON asks for, in names too', () => {
    const text = '"\\\b\t\n\f\r\u0001\u001f\u007fé😀'
    const frame = frameOf([[text, new DictionaryColumn(Int32Array.of(0), [text])]])
    expect(written(frame)).toBe(`[\n${JSON.stringify({ [text]: text })}\n]\n`)
  })

  it('writes lists and objects as they are, and refuses bytes and functions', () => {
    const values = [[1n, [null]], { a: new Date(0), b: -0 }]
    const frame = frameOf([['any', new OpaqueColumn(values)]])
    expect(written(frame, { layout: 'lines' })).toBe(
      '{"any":[1,[null]]}\n{"any":{"a":"1970-01-01T00:00:00.000Z","b":-0.0}}\n',
    )
    for (const value of [Uint8Array.of(1), () => 1]) {
      const refused = frameOf([['any', new OpaqueColumn([value])]])
      expect(() => written(refused)).toThrow(expect.objectContaining({ code: 'unsupported_type' }))
    }
  })

  it('writes a row that is longer than a piece', () => {
    const long = '"'.repeat(300_000)
    const frame = frameOf([
      ['text', encodeTexts(['a', long, 'b'])],
      ['flag', new BooleanColumn(Uint8Array.of(1, 0, 1))],
    ])
    expect(JSON.parse(written(frame))).toEqual(rowsOf(frame))
  })
})

describe('jsonFrame', () => {
  it('reads names in any order, and one that a row lacks is null', () => {
    expect(read('[{"a":1,"b":"x"},{"b":"y","a":2},{"b":"z"},{"c":true}]')).toEqual([
      { a: 1, b: 'x', c: null },
      { a: 2, b: 'y', c: null },
      { a: null, b: 'z', c: null },
      { a: null, b: null, c: true },
    ])
  })

  it('takes __proto__ for a name like any other, nested too', () => {
    const [row] = read('[{"__proto__":1,"nested":{"__proto__":{"polluted":true}}}]')
    expect(Object.keys(row ?? {})).toEqual(['__proto__', 'nested'])
    expect(Object.keys(Object(row).nested)).toEqual(['__proto__'])
    expect(Object(row).nested.polluted).toBe(undefined)
  })

  it('reads every escape, and surrogate pairs as one character', () => {
    expect(read('[{"t":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"},{"t":"é😀"}]')).toEqual([
      { t: '"\\/\b\f\n\r\té😀' },
      { t: 'é😀' },
    ])
  })

  it('reads numbers as doubles, and integers exactly where a double would lose them', () => {
    expect(read('[{"n":-0},{"n":0.1},{"n":123456789012345}]').map(({ n }) => n)).toEqual([-0, 0.1, 123_456_789_012_345])
    expect(kindsOf('[{"n":1},{"n":9007199254740993},{}]')).toEqual({ n: 'int64' })
    expect(read('[{"n":1},{"n":9007199254740993},{}]').map(({ n }) => n)).toEqual([1n, 9007199254740993n, null])
    // such as JavaScript writes 2^53: the double is the integer
    expect(kindsOf('[{"n":9007199254740992}]')).toEqual({ n: 'float64' })
  })

  it.each([
    // beyond 64 bits, and beyond 2^53 beside a fraction, a word or a minus zero
    [['18446744073709551615', '18446744073709551614', '7']],
    [['9007199254740993', '9007199254740992', '0.5']],
    [['9007199254740993', '-0']],
    [['9007199254740993', '"NaN"']],
    [['9007199254740993', '18446744073709551616']],
    [['100000000000000000000', '9007199254740993']],
    [['18446744073709551616']],
    // a fraction or an exponent that no double holds
    [['9007199254740993.0', '1']],
    [['9.007199254740993e15', '1']],
    [['0.12345678901234567891', '1']],
    [['12.3333333333333333']],
    [['1e400', '-1e400', '1']],
    [['1e-400', '0']],
    [['1.1e-323']],
    // two spellings of one double
    [['0.1', '0.10000000000000001']],
    [['0.10000000000000001', '0.1000000000000000056']],
  ])('keeps %j as text: neither a double nor 64 bits hold them', (numbers) => {
    for (const order of [numbers, numbers.toReversed()]) {
      const text = `[${order.map((number) => `{"n":${number}}`).join()}]`
      expect(kindsOf(text)).toEqual({ n: 'text' })
      expect(read(text).map(({ n }) => n)).toEqual(order.map((number) => number.replaceAll('"', '')))
    }
  })

  it('reads numbers as their writer rounded them, in whatever spelling', () => {
    const texts = [
      '0.100000000000000010000',
      '0.10000000000000001',
      '33.333333333333336',
      '12.5000000000000000',
      '1E5',
      '1.0e-7',
      '5e-324',
    ]
    const read17 = read(`[${texts.map((number) => `{"n":${number}}`).join()}]`)
    expect(read17.map(({ n }) => n)).toEqual([0.1, 0.1, 33.333333333333336, 12.5, 1e5, 1e-7, 5e-324])
  })

  it('keeps each number of a column of several kinds as exact as it can', () => {
    const numbers = ['1', '18446744073709551616', '1e400', '0.10000000000000001', '0.5', '9007199254740992']
    const exact = [1, 18446744073709551616n, '1e400', '0.10000000000000001', 0.5, 9007199254740992]
    for (const [cells, expected] of [
      [
        ['true', ...numbers],
        [true, ...exact],
      ],
      [
        [...numbers, 'true'],
        [...exact, true],
      ],
    ] as const) {
      expect(read(`[${cells.map((cell) => `{"n":${cell}}`).join()}]`).map(({ n }) => n)).toEqual(expected)
    }
  })

  it('gives bigints for nested integers beyond 2^53, and refuses other numbers that no double holds, by place', () => {
    const integers = '[18446744073709551616,18446744073709552000,-9007199254740993,1]'
    expect(read(`[{"n":${integers}}]`)).toEqual([
      { n: [18446744073709551616n, 18446744073709552000n, -9007199254740993n, 1] },
    ])
    expect(written(jsonFrame(bytes(`[{"n":${integers}}]`)).frame)).toContain(integers)
    for (const number of ['1e999', '-1e999', '1e-400', '9007199254740993.0', '0.12345678901234567891']) {
      for (const value of [`[${number}]`, `{"a":{"b":${number}}}`]) {
        expect(complaint(`[{"n":1},\n{"n":${value}}]`, { file: 'a.json' })).toEqual({
          code: 'type_mismatch',
          message: expect.stringMatching(
            /^a\.json line 2 column \d+: found "[-\d]", expected a number that a double can hold; put it in quotes to keep its digits$/,
          ),
        })
        expect(read(`[{"n":${value.replace(number, `"${number}"`)}}]`)).toHaveLength(1)
      }
    }
  })

  it('under a contract, refuses by row a number that its kind does not hold, and reads the others', () => {
    const measures = defineTable('measures', {
      id: key(int64()),
      ratio: nullable(float64()),
      name: nullable(string()),
    })
    const rows = [
      '{"id":18446744073709551616,"ratio":0.5,"name":"a"}',
      '{"id":9223372036854775807,"ratio":12.3333333333333333,"name":18446744073709551615}',
      '{"id":1,"ratio":9007199254740993,"name":"b"}',
      '{"id":2,"ratio":9007199254740993.0}',
      '{"id":3,"ratio":1e-400}',
      '{"id":4,"ratio":2,"name":18446744073709551614}',
    ]
    const { frame, issues } = jsonFrame(bytes(rows.join('\n')), { contract: measures, layout: 'lines' })
    expect(issues.map(({ row, column, code, found }) => [row, column, code, found])).toEqual([
      [1, 'id', 'type_mismatch', '18446744073709551616'],
      [3, 'ratio', 'type_mismatch', '9007199254740993'],
      [4, 'ratio', 'type_mismatch', '9007199254740993.0'],
      [5, 'ratio', 'type_mismatch', '1e-400'],
    ])
    expect(rowsOf(frame)).toEqual([
      { id: 9223372036854775807n, ratio: 12.333333333333334, name: '18446744073709551615' },
      { id: 4n, ratio: 2, name: '18446744073709551614' },
    ])
    const keyed = defineTable('keyed', { id: key(float64()) })
    const ids = '{"id":0.1}\n{"id":0.10000000000000001}\n{"id":0.5}\n'
    const read64 = jsonFrame(bytes(ids), { contract: keyed, layout: 'lines' })
    expect(read64.issues.map(({ row, found }) => [row, found])).toEqual([[2, '0.10000000000000001']])
  })

  it('takes a number beyond the range of doubles for none', () => {
    const { issues } = jsonFrame(bytes('[{"agent_id":"a","minutes":1e400}]'), { contract: agents })
    expect(issues).toMatchObject([{ code: 'type_mismatch', column: 'minutes', found: '1e400' }])
  })

  it('reads the words for numbers as numbers where numbers stand, else as text', () => {
    expect(read('[{"n":"NaN"},{"n":1.5},{"n":"-Infinity"}]').map(({ n }) => n)).toEqual([Number.NaN, 1.5, -1 / 0])
    expect(kindsOf('[{"n":"NaN"}]')).toEqual({ n: 'text' })
  })

  it('carries values of several kinds, lists and objects unread', () => {
    const text = '[{"any":1,"list":[1,[true,null]],"flag":true},{"any":"x","list":{"a":9007199254740993},"flag":1}]'
    expect(kindsOf(text)).toEqual({ any: 'opaque', list: 'opaque', flag: 'opaque' })
    expect(read(text)).toEqual([
      { any: 1, list: [1, [true, null]], flag: true },
      { any: 'x', list: { a: 9007199254740993n }, flag: 1 },
    ])
  })

  it('keeps text that repeats as codes and text that does not as bytes', () => {
    const rows = Array.from({ length: 2000 }, (_, row) => ({ id: `id ${row}`, channel: `channel ${row % 3}` }))
    const { frame } = jsonFrame(bytes(JSON.stringify(rows)))
    expect(frame.columns.get('id')).toMatchObject({ kind: 'text', encoding: 'plain' })
    expect(frame.columns.get('channel')).toMatchObject({ kind: 'text', encoding: 'dictionary' })
    expect(rowsOf(frame)).toEqual(rows)
  })

  it('reads JSON Lines, blank lines skipped, any line end, with a byte order mark or without an end', () => {
    expect(read('\ufeff{"a":1}\r\n\n  \n{"a":2}', { layout: 'lines' })).toEqual([{ a: 1 }, { a: 2 }])
    expect(jsonFrame(new Uint8Array(0), { layout: 'lines' }).frame.rows).toBe(0)
  })

  it('types columns by the contract, in its order', () => {
    const text =
      '[{"minutes":"NaN","calls":9007199254740993,"seen_at":"2025-02-28T20:30:00.5-05:00","hired":"2025-02-28","full_name":"","agent_id":"007"},{"agent_id":"b","calls":"12","minutes":-0}]'
    const { frame, issues } = jsonFrame(bytes(text), { contract: agents })
    expect(issues).toEqual([])
    expect(rowsOf(frame)).toEqual([
      {
        agent_id: '007',
        full_name: '',
        hired: '2025-02-28',
        seen_at: new Date('2025-03-01T01:30:00.500Z'),
        calls: 9007199254740993n,
        minutes: Number.NaN,
      },
      { agent_id: 'b', full_name: null, hired: null, seen_at: null, calls: 12n, minutes: -0 },
    ])
    expect([...frame.columns.keys()]).toEqual(Object.keys(agents.columns))
    expect(frame.columns.get('agent_id')).toMatchObject({ encoding: 'plain' })
  })

  it('reads a double as it is written, also past 2^53, and refuses an integer that is none', () => {
    // the shortest digits that give this double back are not its exact value, which ends in 672
    const written = '-34393129047061670'
    const rows = (...minutes: string[]) =>
      bytes(`[${minutes.map((number, at) => `{"agent_id":"a${at}","minutes":${number}}`).join()}]`)
    const { frame, issues } = jsonFrame(rows(written, '1e300', '0.5'), { contract: agents })
    expect(issues).toEqual([])
    expect(rowsOf(frame).map(({ minutes }) => minutes)).toEqual([-34393129047061672, 1e300, 0.5])
    const other = jsonFrame(rows(written, '9007199254740993', '"many"', written), { contract: agents })
    expect(other.issues.map(({ row, found }) => [row, found])).toEqual([
      [2, '9007199254740993'],
      [3, 'many'],
    ])
    expect(rowsOf(other.frame).map(({ minutes }) => minutes)).toEqual([-34393129047061672, -34393129047061672])
  })

  it('leaves out rows that do not fit, with an issue for each value', () => {
    const text =
      '[{"agent_id":"a","calls":1.5},{"agent_id":"b","seen_at":"soon"},{"agent_id":"c","seen_at":"2025-01-01"},{"calls":1}]'
    const { frame, issues } = jsonFrame(bytes(text), { contract: agents, file: 'agents.json' })
    expect(rowsOf(frame).map(({ agent_id, seen_at }) => [agent_id, seen_at])).toEqual([['c', new Date('2025-01-01')]])
    expect(issues.map(({ file, row, column, code, found }) => [file, row, column, code, found])).toEqual([
      ['agents.json', 1, 'calls', 'type_mismatch', '1.5'],
      ['agents.json', 2, 'seen_at', 'type_mismatch', 'soon'],
      ['agents.json', 4, 'agent_id', 'null_key', null],
    ])
  })

  it('gives the contract’s columns to a table without rows', () => {
    expect(kindsOf('[]', { contract: agents })).toMatchObject({ agent_id: 'text', hired: 'date', calls: 'int64' })
  })

  it('refuses names that the contract does not know, and lacks', () => {
    expect(complaint('[{"agent_id":"a","Full_Name":"x"}]', { contract: agents }).code).toBe('column_renamed')
    expect(complaint('[{"agent_id":"a","salary":1}]', { contract: agents }).code).toBe('column_extra')
    expect(complaint('[{"full_name":"a"}]', { contract: agents }).code).toBe('column_missing')
  })

  it.each([
    ['', 'empty_file', 'input is empty; an empty table is []'],
    ['[{"a":1},\n {"a":tru}]', 'json_invalid', 'input line 2 column 7: found "t", expected a value'],
    ['[{"a":1}', 'json_invalid', 'input line 1 column 9: found the end, expected "," or "]"'],
    ['[{"a":1}] 2', 'json_invalid', 'input line 1 column 11: found "2", expected nothing after the array'],
    ['[1]', 'json_invalid', 'input line 1 column 2: found "1", expected an object (row 1)'],
    ['[{"a":1,"a":2}]', 'json_invalid', 'input line 1 column 9: found """, expected a name that occurs only once'],
    [
      '[{"o":{"a":1,"a":2}}]',
      'json_invalid',
      'input line 1 column 14: found """, expected a name that occurs only once',
    ],
    ['[{a:1}]', 'json_invalid', 'input line 1 column 3: found "a", expected a name in quotes'],
    ['[{"a":1,}]', 'json_invalid', 'input line 1 column 9: found "}", expected a name in quotes'],
    ['[{"a":01}]', 'json_invalid', 'input line 1 column 8: found "1", expected no digit after a leading zero'],
    ['[{"a":1.}]', 'json_invalid', 'input line 1 column 9: found "}", expected a digit'],
    ['[{"a":+1}]', 'json_invalid', 'input line 1 column 7: found "+", expected a value'],
    [
      '[{"a":"b\nc"}]',
      'json_invalid',
      'input line 1 column 9: found byte 0x0a, expected no control character in a string',
    ],
    ['[{"a":"\\x"}]', 'json_invalid', 'input line 1 column 9: found "x", expected an escape'],
    [
      '[{"a":"\\ud800"}]',
      'json_invalid',
      'input line 1 column 8: found "\\", expected both halves of a surrogate pair',
    ],
    ['[{"a":"\\u00g0"}]', 'json_invalid', 'input line 1 column 12: found "g", expected four hexadecimal digits'],
    ['[{"a":"b', 'json_invalid', 'input line 1 column 9: found the end, expected a closing quote'],
    ['[{"a":"b\\', 'json_invalid', 'input line 1 column 10: found the end, expected a closing quote'],
    ['[{"a":1}\u0000]', 'json_invalid', 'input line 1 column 9: found byte 0x00, expected "," or "]"'],
    [
      `[{"a":${'['.repeat(65)}`,
      'limit_exceeded',
      'input line 1 column 70: found "[", expected at most 64 levels of nesting',
    ],
    ['"a"', 'json_invalid', 'input line 1 column 1: found """, expected an array of objects'],
  ])('says where %j is no JSON', (text, code, message) => {
    expect(complaint(text)).toEqual({ code, message: expect.stringContaining(message) })
  })

  it('names file and line of a torn line', () => {
    const options = { layout: 'lines', file: 'calls.jsonl' }
    expect(complaint('{"a":1}\n{"a":2,\n{"a":3}\n', options).message).toBe(
      'calls.jsonl line 2 column 8: found the end, expected a name in quotes',
    )
    expect(complaint('{"a":1} {"a":2}\n{"a":3}\n', options).message).toMatch(
      /line 1 column 9: found "\{", expected the end of the line/,
    )
  })

  it('refuses bytes that are no UTF-8', () => {
    const text = bytes('[{"a":"?"}]')
    text[7] = 0xff
    expect(() => jsonFrame(text)).toThrow(expect.objectContaining({ code: 'encoding_invalid' }))
  })

  it('reads columns of nothing but null', () => {
    const frame = frameOf([['nothing', new NullColumn(2)]])
    expect(kindsOf(written(frame))).toEqual({ nothing: 'null' })
  })
})
