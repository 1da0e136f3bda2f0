/**
 * What RFC 8259 says is JSON, what it says is not, and what it leaves to the reader: each kind of case that parsers are known
 * to get wrong, in a cell of a row, since a table's document is an array of objects.
 */
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../../src/errors.ts'
import { jsonFrame } from '../../../src/format/json/read.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const utf8 = (text: string) => new TextEncoder().encode(text)

/** Bytes as Latin-1 in a string, so that cases may hold any byte. */
function read(latin1: string): unknown {
  const { frame } = jsonFrame(bytesOf(latin1))
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, column.at(row)])),
  )
}
const inCell = (value: string) => `[{"v":${value}}]`
const inList = (value: string) => `[{"v":[${value}]}]`

function codeOf(latin1: string): string {
  try {
    read(latin1)
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError)
    return (error as FormatError).code
  }
  return 'read'
}

const ACCEPTED = [
  // numbers
  ...[
    '0',
    '-0',
    '-1',
    '123',
    '20e1',
    '0e1',
    '0e+1',
    '1E22',
    '1E-2',
    '1E+2',
    '123e45',
    '123.456e78',
    '-0.1',
    '1.5',
    '123.456789',
  ],
  `-0.${'0'.repeat(78)}1`,
  // strings: escapes, control characters as escapes, UTF-8 of every length, what looks like comments or code
  ...[
    '""',
    '" "',
    '"\\u0000"',
    '"\\u0012"',
    '"\\""',
    '"\\\\"',
    '"\\/"',
    '"\\b\\f\\n\\r\\t"',
    '"\\\\a"',
    '"\\u0022"',
    '"\\u005C"',
  ],
  ...[
    '"\\u0060\\u012a\\u12AB"',
    '"\\uD801\\udc37"',
    '"\\ud83d\\ude39\\ud83d\\udc8d"',
    '"\\uDBFF\\uDFFF"',
    '"\\uFFFE"',
    '"\\uFDD0"',
  ],
  ...[
    '"a/*b*/c/*d//e"',
    '"new\\u000Aline"',
    '"\\u200B"',
    '"\\u2064"',
    '"\x7f"',
    '"a\\u00E4b"',
    '"\\uA66D"',
    '" \\t\\n"',
  ],
  ...['é', '𝄞', '\u2028\u2029', '\u0800', '\uffff', '\u{10ffff}', '€㈳'].map(
    (text) => `"${String.fromCharCode(...utf8(text))}"`,
  ),
  // words, lists, objects, white space
  ...[
    'true',
    'false',
    'null',
    '[]',
    '{}',
    '[[]   ]',
    '[null, 1, "1", {}]',
    '[1,null,null,null,2]',
    '[ 1]',
    '[1 ]',
    '[\n4\n]',
    ' 1 ',
  ],
  ...[
    '{"a":[]}',
    '{"":0}',
    '{"a\\u0000b": 1}',
    '{ "min": -1.0e+28, "max": 1.0e+28 }',
    '{"x":[{"id": "x"}], "y":{}}',
    '{\n"a": "b"\n}',
  ],
  `${'['.repeat(60)}${']'.repeat(60)}`,
]

const REFUSED = [
  // numbers
  ...[
    '-',
    '+1',
    '++1',
    '-01',
    '012',
    '-012',
    '1.',
    '.1',
    '-.1',
    '1.e1',
    '.e1',
    '0e',
    '0e+',
    '1e',
    '1eE2',
    '1e+-2',
    '1.0e',
    '1.0e-',
  ],
  ...[
    '0.1.2',
    '0.e1',
    '1+2',
    '1 000.0',
    '0x1',
    '0x42',
    '1_000',
    'NaN',
    '-NaN',
    'Inf',
    'Infinity',
    '-Infinity',
    '-1.0.',
    '- 1',
    '1a',
    '-1x',
  ],
  ...['1ea', '1e\xe5', '0\xe5', '\xef\xbc\x91', '1-2', '2..3', '-2.', '9.e+', '1.5H-308'],
  // strings
  ...[
    '"',
    '"a',
    "'a'",
    '"\\x00"',
    '"\\a"',
    '"\\\\\\"',
    '"\\"',
    '"\\u"',
    '"\\u1"',
    '"\\u00A"',
    '"\\u00"',
    '"\\uD834\\uDd"',
    '"\\ud800\\u1"',
  ],
  ...[
    '"\\uD800\\u1x"',
    '"\\\t"',
    '"\t"',
    '"\n"',
    '"a\x00a"',
    '"\x1f"',
    'a',
    '\\n',
    '\\u0020"a"',
    '"\\\xe5"',
    '"\\u\xe5"',
    '"a"b',
    '"a" 1',
  ],
  // bytes that are not UTF-8
  ...[
    '"\xff"',
    '"\x80"',
    '"\xe9"',
    '"\xc0\xaf"',
    '"\xe0\xff"',
    '"\xe6\x97\xa5\xd1\x88\xfa"',
    '"\xed\xa0\x80"',
    '"\xf4\xbf\xbf\xbf"',
  ],
  ...['"\xfc\x80\x80\x80\x80\x80"', '"\xf0\x80\x80\xaf"', '"\xe2\x82"', '\xff', '\xe5'],
  // words
  ...['tru', 'fals', 'nul', 'True', 'TRUE', 'nil', 'undefined', 'truefalse', 'nulll', '*'],
  // lists
  ...[
    '[',
    ']',
    '[1',
    '[1,',
    '[1,,2]',
    '[,1]',
    '[,]',
    '[1,]',
    '[1:2]',
    '[1 2]',
    '[3[4]]',
    '["": 1]',
    '[1,\n1\n,1',
    '[{',
    '["a',
    '[1]]',
    '[1}',
    '[}',
  ],
  // objects
  ...[
    '{',
    '}',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '{"a":1,,"b":2}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a" b}',
    '{a:1}',
    "{'a':1}",
    '{1:1}',
    '{9999E9999:1}',
  ],
  ...[
    '{"a"::1}',
    '{"a":"b",{}}',
    '{"a":}',
    '{null:1}',
    '{"a":1 "b"}',
    '{"a":"a" 123}',
    '{"x", null}',
    '{"x"::"b"}',
    '{"a":"b"}#',
    '{"a":"b"}/**/',
  ],
  ...[
    '{"a":/*c*/"b"}',
    '{"a":"b"}//',
    '<null>',
    '<.>',
    '\f',
    '\x0b',
    '\xa0',
    '\u00e2\u0081\u00a0',
    '{}}',
    '{"a":"b",',
    '[\x00]',
    '{[: "x"}',
  ],
]

describe('JSON in a cell', () => {
  it.each(ACCEPTED)('reads %j', (value) => {
    for (const document of [inCell(value), inList(value)]) expect(codeOf(document)).toBe('read')
    const text = new TextDecoder().decode(bytesOf(inList(value)))
    expect(read(inList(value))).toEqual(JSON.parse(text))
  })

  it.each(REFUSED)('refuses %j', (value) => {
    for (const document of [inCell(value), inList(value)]) {
      expect(['json_invalid', 'encoding_invalid']).toContain(codeOf(document))
    }
  })
})

describe('a JSON document', () => {
  it.each([
    ['read', '[]'],
    ['read', ' \n\r\t[ ] \n'],
    ['read', '[{}]'],
    ['read', '\xef\xbb\xbf[{}]'],
    ['empty_file', ''],
    ...[
      ' ',
      '\xef\xbb\xbf',
      '\xef\xbb{}',
      '[',
      ']',
      '[1]',
      '[][]',
      '[{}]x',
      '[{}]]',
      '[{}] #',
      '{}',
      '{"a":1}',
      '1',
      '"a"',
      'null',
    ].map((text) => ['json_invalid', text]),
    ...[
      '[{},]',
      '[,{}]',
      '[{}{}]',
      '[{} , , {}]',
      '[{}',
      '[{"a":"b"}',
      '[{}\x00]',
      '\f[]',
      '[\xe2\x81\xa0]',
      '(',
      '*',
      '<a/>',
      '[undefined]',
    ].map((text) => ['json_invalid', text]),
    ['encoding_invalid', '\xff\xfe[\0]\0'],
    ['encoding_invalid', '\xfe\xff\0[\0]'],
    ['encoding_invalid', '\0[\0{\0}\0]'],
    ['limit_exceeded', `[{"v":${'['.repeat(500)}${']'.repeat(500)}}]`],
    ['limit_exceeded', `[{"v":${'['.repeat(100_000)}`],
    ['limit_exceeded', `[{"v":${'[{"":'.repeat(50_000)}`],
    ['json_invalid', '['.repeat(100_000)],
  ])('%s: %j', (code, text) => {
    expect(codeOf(text as string)).toBe(code)
  })
})

describe('what RFC 8259 leaves to the reader', () => {
  it.each([
    // numbers beyond doubles: text as a column, refused in a list; integers are exact in both
    ['1e400', 'type_mismatch', '1e400'],
    ['-123123e100000', 'type_mismatch', '-123123e100000'],
    [
      '0.4e00669999999999999999999999999999999999969999999006',
      'type_mismatch',
      '0.4e00669999999999999999999999999999999999969999999006',
    ],
    ['123.456e-789', 'type_mismatch', '123.456e-789'],
    ['100000000000000000000', 'read', 100000000000000000000],
    ['-123123123123123123123123123123', 'read', '-123123123123123123123123123123'],
  ])('keeps the digits of %s', (number, inListCode, value) => {
    expect(read(inCell(number))).toEqual([{ v: value }])
    expect(codeOf(inList(number))).toBe(inListCode)
  })

  it.each([
    '\\uDADA',
    '\\uD888\\u1234',
    '\\ud800',
    '\\uDd1ea',
    '\\uDFAA',
    '\\ud800\\n',
    '\\ud800abc',
    '\\uDd1e\\uD834',
  ])('refuses half a surrogate pair, %s, in a value and in a name', (text) => {
    expect(codeOf(inCell(`"${text}"`))).toBe('json_invalid')
    expect(codeOf(`[{"${text}":1}]`)).toBe('json_invalid')
  })

  it('refuses a name that an object has twice, with equal values too', () => {
    for (const object of ['{"a":1,"a":2}', '{"a":1,"a":1}', '{"a":1,"\\u0061":2}']) {
      expect([codeOf(`[${object}]`), codeOf(inCell(object))]).toEqual(['json_invalid', 'json_invalid'])
    }
  })
})
