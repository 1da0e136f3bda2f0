import { describe, expect, it } from 'vitest'
import { date, defineTable, key, metadata, nullable, string } from '../../../src/table/contract.ts'
import { caught, read, rowsOf } from './csv-tables.ts'

const columns = { agent_id: key(string()), full_name: nullable(string()), hire_date: nullable(date()) }
const agents = defineTable('agents', columns)

describe('the header of a CSV file', () => {
  it('may name the columns in any order', () => {
    const { frame } = read('hire_date,agent_id,full_name\n2024-05-01,a,Ada\n', { contract: agents })
    expect(rowsOf(frame)).toEqual([['a', 'Ada', '2024-05-01']])
  })

  it('must have the columns of the contract', () => {
    expect(caught(() => read('agent_id,full_name\na,b\n', { contract: agents, file: 'agents.csv' }))).toMatchObject({
      code: 'column_missing',
      message:
        'agents.csv line 1: column "hire_date" of table "agents" not found; the file has "agent_id", "full_name"; add what is missing, name and cells, or set columnAliases',
      details: { missing: ['hire_date'] },
    })
  })

  it('may lack other columns than the key where that is said, and tells which', () => {
    const { frame, header } = read('agent_id\na\n', { contract: agents, missingColumns: 'omit' })
    expect([[...frame.columns.keys()], header.missing]).toEqual([['agent_id'], ['full_name', 'hire_date']])
    expect(caught(() => read('full_name\na\n', { contract: agents, missingColumns: 'omit' }))).toMatchObject({
      code: 'column_missing',
    })
  })

  it('need not have metadata', () => {
    const contract = defineTable('agents', { ...columns, _file: metadata(string()) })
    expect(read('agent_id,full_name,hire_date\n', { contract }).header.missing).toEqual([])
  })

  it('must not have a name twice', () => {
    expect(caught(() => read('a,b,a\n1,2,3\n'))).toMatchObject({
      code: 'column_duplicate',
      message: 'input line 1: column "a" occurs 2 times; give each column its own name',
    })
  })

  it.each(['Agent_ID', 'agent id', 'AGENTID', 'agent-id'])('asks whether "%s" means agent_id (D12)', (name) => {
    expect(caught(() => read(`${name},full_name,hire_date\n`, { contract: agents }))).toMatchObject({
      code: 'column_renamed',
      message: `input line 1: column "${name}" is unknown; did you mean "agent_id"? Rename it, or set columnAliases: { "${name}": 'agent_id' }`,
    })
  })

  it('asks whether "Action" means the action column (D12)', () => {
    const text = 'agent_id,full_name,hire_date,Action\n'
    expect(caught(() => read(text, { contract: agents, actionColumn: 'action' }))).toMatchObject({
      code: 'column_renamed',
      message:
        'input line 1: column "Action" is unknown; did you mean "action"? Rename it, or set columnAliases: { "Action": \'action\' }',
    })
  })

  it('may use other names that are given as aliases', () => {
    const { frame } = read('Agent,full_name,hire_date\na,b,\n', {
      contract: agents,
      columnAliases: { Agent: 'agent_id' },
    })
    expect(rowsOf(frame)).toEqual([['a', 'b', null]])
  })

  const text = 'agent_id,mood,full_name,hire_date\na,5,x,\nb,,y,\n'
  const withUnknown = (unknownColumns: 'freeze' | 'evolve' | 'discard_value' | 'discard_row') =>
    read(text, { contract: defineTable('agents', columns, { unknownColumns }) })

  it('must not have unknown columns under freeze, and the error names the remedy (D11)', () => {
    expect(caught(() => withUnknown('freeze'))).toMatchObject({
      code: 'column_extra',
      message:
        'input line 1: column "mood" not in table "agents"; add to the contract, or set its unknownColumns to evolve, discard_value or discard_row, or set extraColumns: \'drop\' to leave it out',
    })
  })

  it('adds unknown columns behind the others under evolve', () => {
    const { frame, header } = withUnknown('evolve')
    expect(header.extra).toEqual(['mood'])
    expect([...frame.columns.keys()]).toEqual(['agent_id', 'full_name', 'hire_date', 'mood'])
    expect(rowsOf(frame)).toEqual([
      ['a', 'x', null, 5],
      ['b', 'y', null, null],
    ])
  })

  it('drops unknown columns under discard_value', () => {
    expect(rowsOf(withUnknown('discard_value').frame)).toEqual([
      ['a', 'x', null],
      ['b', 'y', null],
    ])
  })

  it('rejects the rows that have a value in unknown columns under discard_row', () => {
    const { frame, issues } = withUnknown('discard_row')
    expect(rowsOf(frame)).toEqual([['b', 'y', null]])
    expect(issues.map(({ row, code, column, found }) => [row, code, column, found])).toEqual([
      [1, 'column_extra', 'mood', '5'],
    ])
  })

  it.each([
    [';', ';', 'sep=;'],
    ['\t', '\\t', '"sep=" and a tab'],
    ['|', '|', 'sep=|'],
  ])('says so when its names seem to be delimited by %j', (delimiter, shown, line) => {
    const names = ['agent_id', 'full_name', 'hire_date'].join(delimiter)
    expect(caught(() => read(`${names}\n`, { contract: agents }))).toMatchObject({
      code: 'csv_invalid',
      message: `input line 1: the header is one column, and "${shown}" seems to separate its names; set delimiter: '${shown}', or add a first line before it: ${line}`,
    })
  })

  it('may be one name with a semicolon where the delimiter is given', () => {
    expect(read('a;b\n1\n', { delimiter: ',' }).header.names).toEqual(['a;b'])
  })

  it('may have at most 10,000 columns', () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`).join(',')
    expect(read(names(10_000)).header.names).toHaveLength(10_000)
    expect(caught(() => read(names(10_001)))).toMatchObject({ code: 'limit_exceeded' })
  })
})
