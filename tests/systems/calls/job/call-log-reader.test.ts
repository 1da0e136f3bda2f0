import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { readCallLog } from '../../../../src/systems/calls/job/call-log-reader.ts'
import { readAgents } from '../../../../src/systems/calls/job/calls-files.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { bytesOf, encode, filesIn, line, placeOf } from '../places.ts'

/** A call whose id is a number, as it is written. */
const numbered = (id: string) => line({ call_id: 0 }).replace('"call_id":0', `"call_id":${id}`)

async function idsOf(log: string): Promise<unknown[]> {
  const store = await placeOf(log)
  await runCalls(filesIn(store))
  const { columns } = await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))
  return Array.from(columns.get('call_id') ?? []).sort()
}

describe('a call log whose ids are numbers', () => {
  it.each([
    ['beyond 64 bits', ['18446744073709551614', '18446744073709551615']],
    ['beyond doubles', ['12345678901234567890123', '12345678901234567890124']],
    ['of which one is a double', ['18446744073709551616', '18446744073709552000']],
    ['beside a fraction', ['0.5', '9007199254740992', '9007199254740993']],
    ['of 64 bits', ['1152921504606846976', '1152921504606847000']],
  ])('%s keeps each call and its digits, in lines and in an array', async (_, ids) => {
    expect(await idsOf(ids.map(numbered).join(''))).toEqual(ids)
    expect(await idsOf(`[${ids.map(numbered).join(',')}]`)).toEqual(ids)
  })
})

describe('the lines of a call log', () => {
  it.each(['', '\ufeff'])('count blank ones in front, after %j', (mark) => {
    const { log, refused } = readCallLog(encode(`${mark}\n \n{"call_id"\n${line({ call_id: 'c1' })}`), 'calls.json')
    expect([refused.map((row) => row.line), [...(log.columns.get('_line') ?? [])]]).toEqual([[3], [4]])
  })
})

describe('a call log that is no JSON Lines and no array', () => {
  const calls = [line({ call_id: 'c1' }), line({ call_id: 'c2' })].map((text) => text.trim())
  const good = `${calls.join('\n')}\n`
  const pretty = calls.map((text) => JSON.stringify(JSON.parse(text), null, 2)).join('\n')
  const envelope = `{"entries":[${calls.join(',')}],"total":2}`

  it.each([
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${good}`, 'utf16le')), 'save it as UTF-8'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'unpack it first'],
    [
      'an Excel workbook (.xlsx)',
      encode('PK\u0003\u0004\u0014\0xl/workbook.xml'),
      'export the table as JSON from its source',
    ],
    ['CSV', encode('call_id,agent_id\nc1,A1\nc2,A1\n'), 'export it as JSON'],
    [
      'a JSON text sequence (a byte 0x1e before each object)',
      encode(calls.map((text) => `\u001e${text}\n`).join('')),
      'take out the bytes 0x1e',
    ],
    ['several JSON objects in a row, not one per line', encode(pretty), 'write each object on a line of its own'],
    [
      'several JSON objects in a row, not one per line',
      encode(calls.join('')),
      'write each object on a line of its own',
    ],
    [
      'a JSON object around a list of objects, "entries"',
      encode(envelope),
      'write the list "entries" to a file of its own',
    ],
    [
      'a JSON object around a list of objects, "entries"',
      encode(JSON.stringify(JSON.parse(envelope), null, 1)),
      'write the list "entries" to a file of its own',
    ],
  ])('is told to look like %s, and nothing is written', async (looks, log, advice) => {
    const store = memoryStore({ 'calls.json': log, 'agents.csv': 'agent_id,name,region\nA1,Ada,North\n' })
    const files = { ...filesIn(store), calls: { store, name: 'calls.json' } }
    const message = expect.stringMatching(
      /calls\.json: looks like .+, expected JSON Lines or a JSON array of objects; /,
    )
    await expect(runCalls(files)).rejects.toMatchObject({ name: 'FormatError', message })
    await expect(runCalls(files)).rejects.toThrow(`looks like ${looks}, expected`)
    await expect(runCalls(files)).rejects.toThrow(advice)
    expect((await store.list('')).map(({ name }) => name).sort()).toEqual(['agents.csv', 'calls.json'])
  })

  it('is read when the list is taken out of its envelope', () => {
    const { entries } = JSON.parse(envelope) as { entries: object[] }
    expect(readCallLog(encode(JSON.stringify(entries)), 'calls.json').log.rows).toBe(2)
  })

  it('is read where one call of one line holds a list of its own', () => {
    const one = line({ call_id: 'c1', events: [{ at: 1 }] })
    expect(readCallLog(encode(one), 'calls.json').log.rows).toBe(1)
  })
})

describe('readAgents', () => {
  it.each([
    ['blank lines between rows', 'agent_id,name,region\nA1,Ada,North\n\nA2,"Ben\nB",South\nA3,C,East\n', [2, 4, 6]],
    ['one column, in which a blank line is a row', 'agent_id\nA1\n\nA2\n', [2, 3, 4]],
    ['another delimiter', 'sep=;\nagent_id;name;region\nA1;Ada;North\n', [3]],
  ])('gives the line of each row as the CSV reader counts it: %s', async (_, text, lines) => {
    const agents = await readAgents({ store: memoryStore({ 'agents.csv': text }), name: 'agents.csv' })
    expect([...(agents.columns.get('_line') ?? [])]).toEqual(lines)
  })
})
