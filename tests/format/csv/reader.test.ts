import { describe, expect, it } from 'vitest'
import { csvReader } from '../../../src/format/csv/read/reader.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { bytesOf, read, rowsOf, textRows } from './csv-tables.ts'

describe('csvReader', () => {
  it('reads LF, CRLF and CR line ends, mixed or not', () => {
    expect(textRows('a,b\n1,2\r\n3,4\r5,6\n')).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ])
  })

  it('does not ask for a final line end', () => {
    expect(textRows('a,b\n1,2\n3,4')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it('passes over a BOM', () => {
    expect(read('\ufeffa,b\n1,2\n').header.names).toEqual(['a', 'b'])
  })

  it('reads quoted cells with delimiters, doubled quotes and line ends as they are', () => {
    expect(textRows('a,b\n"x, y","say ""hi"""\n"two\r\nlines", "  spaces stay  " \n')).toEqual([
      ['x, y', 'say "hi"'],
      ['two\r\nlines', '  spaces stay  '],
    ])
  })

  it('trims white space around unquoted cells and names, whatever its alphabet', () => {
    const { frame, header } = read(' a ,\tb\n delete ,\u00a0x y\u3000\n', { types: 'text' })
    expect(header.names).toEqual(['a', 'b'])
    expect(rowsOf(frame)).toEqual([['delete', 'x y']])
  })

  it('tells a missing cell from an empty text', () => {
    expect(textRows('a,b,c\n,"", \n')).toEqual([[null, '', null]])
  })

  it('skips blank lines, before the header too', () => {
    expect(textRows('\n \na,b\n\n1,2\n  \t\n\n3,4\n\n')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it('reads a blank line in a file of one column as a row without value', () => {
    expect(textRows('a\n1\n\n \n"" \n2\n')).toEqual([['1'], [null], [null], [''], ['2']])
  })

  it('gives no rows for a header alone', () => {
    const { frame, recordCount } = read('a,b')
    expect([frame.rows, recordCount, [...frame.columns.keys()]]).toEqual([0, 0, ['a', 'b']])
  })

  it('reads another delimiter, and text without quotes', () => {
    expect(textRows('a;b\n"1;2";3\n', { delimiter: ';' })).toEqual([['1;2', '3']])
    expect(textRows('a\tb\n"1"\t 3"\n', { delimiter: '\t', quote: null })).toEqual([['"1"', '3"']])
    expect(textRows("a,b\n'1,2',3\n", { quote: "'" })).toEqual([['1,2', '3']])
  })

  it('reads a file without a header line under given names', () => {
    expect(textRows('1,2\n3,4\n', { header: ['a', 'b'] })).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it('keeps a NUL inside quotes', () => {
    expect(textRows('a\n"x\0y"\n"x"\n"\0"\n')).toEqual([['x\0y'], ['x'], ['\0']])
  })

  it('keeps columns called __proto__ and constructor', () => {
    const { frame } = read('__proto__,constructor\n1,2\n', { types: 'text' })
    expect([...frame.columns.keys()]).toEqual(['__proto__', 'constructor'])
    expect(rowsOf(frame)).toEqual([['1', '2']])
  })

  it('leaves the bytes it was given alone and reads them before they are overwritten', () => {
    const chunk = bytesOf('a,b\n1,x\n2,y\n3,')
    const before = chunk.slice()
    const reader = csvReader({ types: 'text', windowBytes: 4 })
    reader.push(chunk)
    expect(chunk).toEqual(before)
    chunk.fill(0x39)
    reader.push(bytesOf('z\n'))
    expect(rowsOf(reader.end().frame)).toEqual([
      ['1', 'x'],
      ['2', 'y'],
      ['3', 'z'],
    ])
  })
})

const everything = defineTable('everything', {
  id: key(string()),
  name: nullable(string()),
  share: nullable(float64()),
  small: nullable(int32()),
  large: nullable(int64()),
  flag: nullable(boolean()),
  at: nullable(timestamp()),
  day: nullable(date()),
})

describe('csvReader with a contract', () => {
  it('types every kind, in the order of the contract', () => {
    const text = [
      'day,id,at,flag,large,small,share,name',
      '2024-02-29,007,2025-01-31T14:30:00Z,TRUE,9007199254740993,5.0,-0,Ada',
      ',"",,,,,,',
      '1969-12-31,x,1969-12-31 23:59:59.5+01:00,false,-1,-2147483648,1e-3,""',
      '',
    ].join('\n')
    const { frame, issues } = read(text, { contract: everything })
    expect([...frame.columns.keys()]).toEqual(Object.keys(everything.columns))
    expect(rowsOf(frame)).toEqual([
      ['007', 'Ada', -0, 5, 9007199254740993n, true, new Date('2025-01-31T14:30:00Z'), '2024-02-29'],
      ['x', '', 0.001, -2147483648, -1n, false, new Date('1969-12-31T22:59:59.500Z'), '1969-12-31'],
    ])
    expect(issues.map(({ row, code, column }) => [row, code, column])).toEqual([[2, 'null_key', 'id']])
  })

  it('gives null for a quoted empty cell of any kind but text', () => {
    const { frame } = read('id,name,share,small,large,flag,at,day\nx,"","","","","","",""\n', { contract: everything })
    expect(rowsOf(frame)).toEqual([['x', '', null, null, null, null, null, null]])
  })

  it('gives an issue for each cell that does not fit, with what was found and expected, and leaves the row out', () => {
    const text = 'id,name,share,small,large,flag,at,day\na,,"1,5",2.5,x,yes,2025-13-01T00:00:00Z,2023-02-29\nb,,,,,,,\n'
    const { frame, issues, rejected, records, recordCount } = read(text, { contract: everything, file: 'f.csv' })
    const decimal = 'a decimal number (the cell looks like a decimal comma: write 14.5, not 14,5)'
    expect(issues).toEqual([
      { code: 'type_mismatch', file: 'f.csv', row: 1, column: 'share', found: '1,5', expected: decimal },
      {
        code: 'type_mismatch',
        file: 'f.csv',
        row: 1,
        column: 'small',
        found: '2.5',
        expected: 'an integer from -2147483648 to 2147483647',
      },
      { code: 'type_mismatch', file: 'f.csv', row: 1, column: 'large', found: 'x', expected: 'a 64-bit integer' },
      { code: 'type_mismatch', file: 'f.csv', row: 1, column: 'flag', found: 'yes', expected: 'true or false' },
      {
        code: 'type_mismatch',
        file: 'f.csv',
        row: 1,
        column: 'at',
        found: '2025-13-01T00:00:00Z',
        expected: 'a timestamp such as 2025-01-31T14:30:00Z, no finer than milliseconds',
      },
      {
        code: 'type_mismatch',
        file: 'f.csv',
        row: 1,
        column: 'day',
        found: '2023-02-29',
        expected: 'a day such as 2025-01-31',
      },
    ])
    expect(rejected).toEqual([{ row: 1, line: 2, text: 'a,,"1,5",2.5,x,yes,2025-13-01T00:00:00Z,2023-02-29' }])
    expect([frame.rows, frame.columns.get('id')?.at(0), Array.from(records ?? []), recordCount]).toEqual([
      1,
      'b',
      [2],
      2,
    ])
  })

  const strict = defineTable('strict', { id: key(string()), name: string(), share: float64() })

  it('gives an issue where null is not allowed, and another code for a key', () => {
    const { issues } = read('id,name,share\na,,1\n,x,2\n"",y,3\nb,z,\n', { contract: strict })
    expect(issues.map(({ row, code, column, found, expected }) => [row, code, column, found, expected])).toEqual([
      [1, 'null_value', 'name', null, 'a value'],
      [2, 'null_key', 'id', null, 'a value'],
      [3, 'null_key', 'id', '', 'a value'],
      [4, 'null_value', 'share', null, 'a value'],
    ])
  })

  it('gives an issue for a record of another length, and goes on', () => {
    const { frame, issues, rejected, records } = read('id,name,share\na,x\nb,y,2\nc,z,3,4\n\nd,"w\n",5\ne,v,6\n', {
      contract: strict,
    })
    expect(issues.map(({ row, code, column, found, expected }) => [row, code, column, found, expected])).toEqual([
      [1, 'record_length', null, '2 cells', '3 cells'],
      [3, 'record_length', null, '4 cells', '3 cells'],
    ])
    expect(rejected).toEqual([
      { row: 1, line: 2, text: 'a,x' },
      { row: 3, line: 4, text: 'c,z,3,4' },
    ])
    expect(rowsOf(frame)).toEqual([
      ['b', 'y', 2],
      ['d', 'w\n', 5],
      ['e', 'v', 6],
    ])
    expect(Array.from(records ?? [])).toEqual([2, 4, 5])
  })

  it('says on which line a record begins, behind embedded line ends and blank lines', () => {
    const { rejected } = read('id,name,share\na,"1\n2\r\n3",1\n\nb,x,?\r\nc,"\n",??\n', { contract: strict })
    expect(rejected).toEqual([
      { row: 2, line: 6, text: 'b,x,?' },
      { row: 3, line: 7, text: 'c,"\n",??' },
    ])
  })

  it('cuts what it found after 200 characters; the record has it whole', () => {
    const long = 'x'.repeat(300)
    const { issues, rejected } = read(`id,name,share\na,b,${long}\n`, { contract: strict })
    expect(issues[0]?.found).toBe(`${'x'.repeat(200)}…`)
    expect(rejected[0]?.text).toBe(`a,b,${long}`)
  })
})

describe('csvReader of a delta', () => {
  const contract = defineTable('agents', { agent_id: key(string()), full_name: string(), hire_date: date() })
  const isDelete = (action: string) => action === 'delete'
  const options = { contract, actionColumn: 'action', isDelete }

  it('does not look at the other cells of a delete, though the action comes last (D27)', () => {
    const { frame, issues } = read(
      'agent_id,full_name,hire_date,action\na,,soon,delete \nb,,2024-01-01,update\n',
      options,
    )
    expect(rowsOf(frame)).toEqual([['a', null, null, 'delete']])
    expect(issues.map(({ row, code, column }) => [row, code, column])).toEqual([[2, 'null_value', 'full_name']])
  })

  it('looks at the key of a delete all the same', () => {
    const { issues } = read('agent_id,full_name,hire_date,action\n,,,delete\n', options)
    expect(issues.map(({ row, code, column }) => [row, code, column])).toEqual([[1, 'null_key', 'agent_id']])
  })

  it('takes no part of a delete of another length: which cell is which is not known', () => {
    const { issues } = read('agent_id,full_name,hire_date,action\na,delete\n', options)
    expect(issues.map(({ code }) => code)).toEqual(['record_length'])
  })

  it('reads a delta without an action column as it is', () => {
    const { frame, header } = read('agent_id,full_name,hire_date\na,b,2024-01-01\n', options)
    expect([[...frame.columns.keys()], header.extra]).toEqual([['agent_id', 'full_name', 'hire_date'], []])
  })
})
