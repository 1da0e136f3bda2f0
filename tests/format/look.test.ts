import { gunzipSync, gzipSync } from 'node:zlib'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import {
  readArrow,
  readCsv,
  readJson,
  readJsonLines,
  readParquet,
  writeArrow,
  writeParquet,
} from '../../src/format/index.ts'
import { jsonRecords } from '../../src/format/json/records.ts'
import { lookAt } from '../../src/format/look.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const utf16 = (text: string, mark = '\ufeff') => new Uint8Array(Buffer.from(mark + text, 'utf16le'))
const lookOf = (text: string) => {
  const { kind, list } = lookAt(encode(text))
  return list === null ? kind : `${kind} ${list}`
}

const rows = [
  { id: 'c1', minutes: 1 },
  { id: 'c2', minutes: 2 },
]
const lines = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`
const pretty = JSON.stringify(rows[0], null, 2)
const sequence = rows.map((row) => `\u001e${JSON.stringify(row)}\n`).join('')
const csv = 'id,minutes\nc1,1\nc2,2\n'
const workbook = latin1('PK\x03\x04\x14\0\0\0[Content_Types].xml')

/** Readers, each with a call that never throws but gives the message. */
const readers = {
  CSV: async (bytes: Uint8Array) => readCsv(bytes, undefined, { file: 'f' }),
  JSON: async (bytes: Uint8Array) => readJson(bytes, undefined, { file: 'f' }),
  'JSON Lines': async (bytes: Uint8Array) => readJsonLines(bytes, undefined, { file: 'f' }),
  records: async (bytes: Uint8Array) => jsonRecords(bytes, { file: 'f' }),
  Parquet: async (bytes: Uint8Array) => readParquet(bytes, undefined, { file: 'f' }),
  Arrow: async (bytes: Uint8Array) => readArrow(bytes, undefined, { file: 'f' }),
}
async function refusal(reader: keyof typeof readers, bytes: Uint8Array): Promise<string> {
  try {
    await readers[reader](bytes)
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message}`
  }
  return 'read'
}

describe('lookAt', () => {
  it.each([
    ['json-array', JSON.stringify(rows)],
    ['json-array', '\ufeff[\n  {\n"a"'],
    ['json-lines', lines],
    ['json-lines', '{"a":{"b":[1,"}\\"{"]}}\n{"a":tr'],
    ['json-lines', '{"a":1}'],
    ['json-lines', '{"events":[{"a":1}]}\n{"events":[{"a":2}]}\n'],
    ['json-lines entries', '{"entries":[{"a":1}],"total":1}'],
    ['json-lines entries', '{"total":1,"entries":[{"a":1},{"a":'],
    ['json-lines data.calls', '{"meta":{"tags":["x"]},"data":{"calls":[{"a":1}]}}'],
    ['json-object entries', JSON.stringify({ entries: rows, total: 2 }, null, 1)],
    ['json-object', pretty],
    ['json-object', '{\n "a": 1,\n "b'],
    ['json-concatenated', '{"a":1}{"a":2}'],
    ['json-concatenated', '{"a":1} {"a":2} {"a":3}\n'],
    ['json-concatenated', `${pretty}\n${pretty}\n`],
    ['json-concatenated', `${pretty}${pretty}`],
    ['json-sequence', sequence],
    ['csv', csv],
    ['csv', 'id;minutes\r\nc1;1,5\r\n'],
    ['csv', '"a,b",c\n"1,2",3\n'],
    ['markup', '<?xml version="1.0"?><rows/>'],
    ['markup', '\n<!DOCTYPE html>\n<html>'],
    ['unknown', ''],
    ['unknown', 'id\nc1\n'],
    ['unknown', 'Dear all,\nplease find the calls below\n'],
    // one bad line of a log, not another kind of file
    ['unknown', `{"a":1,\n${lines}`],
    ['unknown', `{"a":1,"b":"x\n${lines}`],
    ['unknown', `{"a":1\n${lines}`],
    ['unknown', `{"a":1} {"a":2}\n${lines}`],
    ['unknown', `{"a":1,\n"b":2}\n${lines}`],
    ['unknown', `"agent":"A1","minutes":1}\n${lines}`],
    ['unknown', `agent,minutes\n${lines}`],
    ['unknown', '[2025-01-01] started, ok\n[2025-01-01] ended\n'],
    ['unknown', `${'{"a":'.repeat(70)}1`],
  ])('sees %s in %j', (kind, text) => {
    expect(lookOf(text)).toBe(kind)
  })

  it('sees UTF-16 with and without its mark, in either order of bytes', () => {
    const swapped = (bytes: Uint8Array) => new Uint8Array(Buffer.from(bytes).swap16())
    for (const bytes of [utf16(csv), utf16(csv, ''), utf16(lines, ''), swapped(utf16(csv)), swapped(utf16(csv, ''))]) {
      expect(lookAt(bytes)).toMatchObject({ kind: 'utf-16', looks: 'UTF-16' })
    }
    expect(lookAt(encode('"\0\0\0\0",b\n'))).toMatchObject({ kind: 'csv' })
  })
})

describe('a reader that is given another format', () => {
  const files: Record<string, [Uint8Array, string]> = {
    gzip: [new Uint8Array(gzipSync(lines)), 'gzip'],
    workbook: [workbook, 'an Excel workbook (.xlsx)'],
    UTF16: [utf16(lines), 'UTF-16'],
    PDF: [latin1('%PDF-1.7\n'), 'a PDF document'],
    HTML: [encode('<!doctype html>\n<html>\n'), 'an HTML page'],
    sequence: [encode(sequence), 'a JSON text sequence (a byte 0x1e before each object)'],
    concatenated: [encode(rows.map((row) => JSON.stringify(row)).join('')), 'several JSON objects in a row'],
    pretty: [encode(`${pretty}\n${pretty}\n`), 'several JSON objects in a row'],
    object: [encode(pretty), 'one JSON object over several lines'],
    envelope: [
      encode(JSON.stringify({ entries: rows, total: 2 }, null, 1)),
      'a JSON object around a list of objects, "entries"',
    ],
  }
  const codes = {
    CSV: ['csv_invalid', 'CSV in UTF-8'],
    JSON: ['json_invalid', 'a JSON array of objects'],
    'JSON Lines': ['json_invalid', 'JSON Lines'],
    records: ['json_invalid', 'JSON Lines or a JSON array of objects'],
    Parquet: ['parquet_invalid', 'Parquet'],
    Arrow: ['arrow_invalid', 'Arrow'],
  } as const
  const cases = Object.entries(files).flatMap(([name, [bytes, looks]]) =>
    (Object.keys(readers) as (keyof typeof readers)[]).map((reader) => [reader, name, bytes, looks] as const),
  )

  it.each(cases)('names it: %s given %s', async (reader, name, bytes, looks) => {
    const [textCode, expected] = codes[reader]
    const isBinaryReader = reader === 'Parquet' || reader === 'Arrow'
    const isForeign = ['gzip', 'workbook', 'UTF16', 'PDF'].includes(name)
    const code = isForeign && !isBinaryReader ? 'encoding_invalid' : textCode
    const said = await refusal(reader, bytes)
    expect(said).toContain(`${code}: f: looks like ${looks}`)
    expect(said).toContain(`, expected ${expected}; `)
  })

  it('is told which reader reads what it was given', async () => {
    const frame = table({ id: ['c1'] })
    const parquet = await writeParquet(frame)
    expect(await refusal('JSON', encode(csv))).toContain(
      'looks like CSV, expected a JSON array of objects; export it as JSON; a program reads it with readCsv',
    )
    expect(await refusal('Parquet', encode(csv))).toContain('a program reads it with readCsv')
    expect(await refusal('Arrow', parquet)).toContain(
      'looks like Parquet, expected Arrow; export it as Arrow; a program reads it with readParquet',
    )
    expect(await refusal('Parquet', writeArrow(frame))).toContain('a program reads it with readArrow')
    expect(await refusal('Parquet', encode(JSON.stringify(rows)))).toContain('a program reads it with readJson')
    expect(await refusal('CSV', encode(lines))).toContain('a program reads it with readJsonLines')
    expect(await refusal('JSON', encode(lines))).toContain(
      'read it with readJsonLines, or write all objects into one list',
    )
    expect(await refusal('JSON Lines', encode(JSON.stringify(rows)))).toContain(
      'read it with readJson, or write each object on a line',
    )
  })

  it('is read when the advice is followed', () => {
    const objects = lines.trim().split('\n')
    const { entries } = JSON.parse(JSON.stringify({ entries: rows, total: 2 })) as { entries: object[] }
    const saved = new TextDecoder('utf-16le').decode(utf16(lines))
    for (const text of [sequence.replaceAll('\u001e', ''), saved, `${objects.join('\n')}\n`]) {
      expect(readJsonLines(encode(text)).objects()).toEqual(rows)
      expect(jsonRecords(encode(text)).frame.rows).toBe(2)
    }
    for (const text of [`[${objects.join(',')}]`, JSON.stringify(entries)]) {
      expect(readJson(encode(text)).objects()).toEqual(rows)
      expect(jsonRecords(encode(text)).frame.rows).toBe(2)
    }
    expect(readJsonLines(new Uint8Array(gunzipSync(gzipSync(lines)))).objects()).toEqual(rows)
  })

  it('reads what it should all the same: one object around a list is a row of JSON Lines', () => {
    expect(readJsonLines(encode('{"entries":[{"a":1}],"total":1}')).objects()).toEqual([
      { entries: [{ a: 1 }], total: 1 },
    ])
  })

  it('says of damage in its own format what it always said', async () => {
    const parquet = await writeParquet(table({ id: ['c1'] }))
    expect(await refusal('Parquet', parquet.subarray(0, parquet.length - 1))).toContain(
      'it does not begin and end with PAR1',
    )
    expect(await refusal('Parquet', encode('nothing'))).toContain('it does not begin and end with PAR1')
    expect(await refusal('Arrow', writeArrow(table({ id: ['c1'] })).subarray(0, 100))).toContain(
      'is not a readable Arrow file',
    )
    expect(await refusal('JSON', encode('[{"a":1'))).toContain('f line 1 column 8')
    expect(await refusal('JSON Lines', encode(`{"a":1,\n${lines}`))).toContain('f line 1 column 8')
    expect(jsonRecords(encode(`{"a":1,\n${lines}`)).refused).toHaveLength(1)
  })
})
