import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { folderStore } from '../../../../src/connect/files/folder-store.ts'
import { writeParquet } from '../../../../src/format/parquet/table.ts'
import { type CallsRunOptions, runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { bytesOf, encode, filesIn, line, placeOf, temporaryFolder } from '../places.ts'

const good = Array.from({ length: 50 }, (_, at) => line({ call_id: `c${at}` })).join('')
const lines = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at))
const PUBLISHED = ['cleaned_calls.parquet', 'manifest.json'] as const

/** A place in which 50 good calls are published. */
async function published(): Promise<FileStore> {
  const store = await placeOf(good)
  await runCalls(filesIn(store))
  return store
}

const contentOf = (store: FileStore) => Promise.all(PUBLISHED.map((name) => bytesOf(store, name)))

/** Expects that a log, or an agents list, is refused and that what is published keeps every byte, appended or not. */
async function expectRefused(
  file: 'sample_calls.json' | 'agents.csv',
  text: string,
  expected: object,
  options: CallsRunOptions = {},
): Promise<void> {
  for (const existing of ['replace', 'append'] as const) {
    const store = await published()
    const before = await contentOf(store)
    await store.write(file, [encode(text)])
    await expect(runCalls(filesIn(store), { ...options, existing })).rejects.toMatchObject(expected)
    expect(await contentOf(store)).toEqual(before)
  }
}

describe('a log that can hardly be read', () => {
  it.each([
    [
      'a comma behind each line',
      good.replaceAll('}\n', '},\n').replace(/,\n$/, '\n'),
      /: 49 of 50 rows cannot be used/,
    ],
    ['NaN', good.replaceAll('}\n', ',"rating":NaN}\n'), /: none of its 50 rows can be used/],
    [
      'unreadable ends',
      lines(50, (at) => line({ call_id: at, end_time: 'n/a' })).join(''),
      /: none of its 50 rows can be used/,
    ],
  ])('leaves what is published: %s', async (_, log, message) => {
    await expectRefused('sample_calls.json', log, { code: 'too_many_quarantined', message })
  })

  it('leaves what is published where it is an envelope, and names the list inside', async () => {
    const envelope = `{"entries":[\n${good.replaceAll('}\n', '},\n').replace(/,\n$/, '\n')}]}\n`
    await expectRefused('sample_calls.json', envelope, { code: 'json_invalid', message: /"entries"/ })
  })

  it('says the commonest reasons first, with their lines, and what to do', async () => {
    const rows = [
      ...lines(5, (at) => line({ call_id: `a${at}`, end_time: 'n/a' })),
      ...lines(8, (at) => line({ call_id: `b${at}`, end_time: undefined })),
      '{"call_id"\n',
      ...lines(6, () => line({})),
      ...lines(20, (at) => line({ call_id: `c${at}` })),
    ]
    const store = await placeOf(rows.join(''))
    await expect(runCalls(filesIn(store))).rejects.toMatchObject({
      message:
        'memory/sample_calls.json: 20 of 40 rows cannot be used, more than 5 %: 8 without an ISO 8601 timestamp, or a duration in seconds (end_missing; lines 6, 7, 8, 9, 10, 11 and 2 more), 6 without a call id (call_id_missing; lines 15, 16, 17, 18, 19, 20), 5 without an ISO 8601 timestamp, or a duration in seconds (end_unreadable; lines 1, 2, 3, 4, 5), and other reasons. Nothing was published; correct the file, or set rejects to list all refused rows, or set maxQuarantined: 0.5 to leave them out and publish the others',
      details: { rows: 40, rejected: 20 },
    })
  })

  it.each([
    { bad: 5, rows: 6, stops: false },
    { bad: 6, rows: 6, stops: true },
    { bad: 6, rows: 119, stops: true },
    { bad: 6, rows: 120, stops: false },
    { bad: 6, rows: 12, share: 0.5, stops: false },
    { bad: 7, rows: 12, share: 0.5, stops: true },
    { bad: 6, rows: 1000, share: 0, stops: true },
    { bad: 6, rows: 6, share: 1, stops: false },
  ])('is one with more than 5 rows and more than the share: %j', async ({ bad, rows, share, stops }) => {
    const log = lines(rows, (at) => line({ call_id: at, ...(at < bad ? { end_time: '' } : {}) }))
    const store = await placeOf(log.join(''))
    const run = runCalls(filesIn(store), share === undefined ? {} : { maxQuarantined: share })
    if (stops) await expect(run).rejects.toMatchObject({ code: 'too_many_quarantined' })
    else expect((await run).summary).toMatchObject({ rejected: bad, kept: rows - bad })
  })

  it('does not empty what is published, however few its rows are', async () => {
    const store = await published()
    const before = await contentOf(store)
    await store.write('sample_calls.json', [encode(line({ call_id: 'c1', end_time: 'n/a' }))])
    const run = runCalls(filesIn(store))
    await expect(run).rejects.toMatchObject({
      code: 'too_many_quarantined',
      message: expect.stringContaining('its only row cannot be used'),
    })
    await expect(run).rejects.toThrow(
      'or remove memory/cleaned_calls.parquet, which keeps its 50 calls, if they are to go',
    )
    expect(await contentOf(store)).toEqual(before)
    await store.remove('cleaned_calls.parquet')
    expect((await runCalls(filesIn(store))).manifest.row_count).toBe(0)
  })

  it('has its refused rows written all the same', async () => {
    const store = await placeOf(good.replaceAll('}\n', '}}\n'))
    const rejects = { store, name: 'rejects.jsonl' }
    await expect(runCalls({ ...filesIn(store), rejects })).rejects.toMatchObject({ code: 'too_many_quarantined' })
    expect(new TextDecoder().decode(await bytesOf(store, 'rejects.jsonl')).match(/json_invalid/g)).toHaveLength(50)
  })

  it.each(['', '[]', '\n \n'])('may be empty: %j', async (log) => {
    await expectRefused('sample_calls.json', log, { code: 'empty_file' })
  })

  it.each([-0.1, 1.5, Number.NaN])('is not measured by a share of %d', async (maxQuarantined) => {
    const run = runCalls(filesIn(await placeOf(good)), { maxQuarantined })
    await expect(run).rejects.toMatchObject({ code: 'invalid_option', message: /maxQuarantined is / })
  })
})

describe('an agents list that can hardly be read', () => {
  it.each([
    ['only a header', 'agent_id,name,region\n', { code: 'empty_file', message: /has no agent/ }],
    ['no ids', 'agent_id,name,region\n,Ada,North\n ,Ben,South\n', { code: 'empty_file', message: /has no agent/ }],
    ['no bytes', '', { code: 'empty_file' }],
    ['no column for ids', 'agent,name,region\nA1,Ada,North\n', { code: 'column_missing' }],
    [
      'too few ids',
      `agent_id,name,region\nA1,Ada,North\n${',Ben,South\n'.repeat(7)}`,
      {
        code: 'too_many_quarantined',
        message:
          /agents\.csv: 7 of 8 rows have no agent_id, more than 5 %: lines 3, 4, 5, 6, 7, 8 and 1 more\. Nothing was published/,
      },
    ],
    ['an agent twice', 'agent_id,name,region\nA1,Ada,N\nA1,Ben,S\n', { code: 'dimension_duplicate_key' }],
  ])('leaves what is published: %s', async (_, agents, expected) => {
    await expectRefused('agents.csv', agents, expected)
  })

  it('may be the wrong one: a run says so when it finds no agent of any call', async () => {
    const store = await placeOf(good, 'agent_id,name,region\nX1,Ada,North\n')
    const warnings: string[] = []
    const logger = { debug() {}, info() {}, warn: (message: string) => warnings.push(message) }
    expect((await runCalls(filesIn(store), {}, { logger })).summary.unknown_agents).toBe(50)
    expect(warnings).toEqual([expect.stringContaining('no agent of any call is in memory/agents.csv')])
  })
})

describe('files that do not fit together', () => {
  it('are not one file twice', async () => {
    const store = await placeOf(good)
    const files = filesIn(store)
    const pairs = [
      { ...files, output: files.calls },
      { ...files, manifest: files.output },
      { ...files, rejects: files.agents },
      { ...files, rejects: files.manifest },
    ]
    for (const pair of pairs) {
      await expect(runCalls(pair)).rejects.toMatchObject({ code: 'path_invalid', message: /are the same file/ })
    }
    const folder = temporaryFolder()
    const [calls, output] = ['a', 'a'].map((name) => ({ store: folderStore(folder), name }))
    await expect(runCalls({ ...files, calls: calls as never, output: output as never })).rejects.toMatchObject({
      code: 'path_invalid',
    })
  })

  it('do not take the manifest of another curated file', async () => {
    const store = await published()
    const before = await contentOf(store)
    const output = { store, name: 'other.parquet' }
    await expect(runCalls({ ...filesIn(store), output })).rejects.toMatchObject({
      code: 'path_invalid',
      message:
        'memory/manifest.json is the manifest of memory/cleaned_calls.parquet, not of memory/other.parquet; name another file as the manifest',
    })
    expect(await contentOf(store)).toEqual(before)
    const manifest = { store, name: 'other.json' }
    expect((await runCalls({ ...filesIn(store), output, manifest })).outcome).toBe('written')
  })

  it('may have been moved together: the manifest is written again, for the new place', async () => {
    const store = await published()
    const moved = await placeOf(good)
    const bytes = await bytesOf(store, 'cleaned_calls.parquet')
    await moved.write('moved.parquet', [bytes])
    await moved.write('manifest.json', [await bytesOf(store, 'manifest.json')])
    const { outcome, manifest } = await runCalls({ ...filesIn(moved), output: { store: moved, name: 'moved.parquet' } })
    expect([outcome, manifest.path]).toEqual(['written', 'memory/moved.parquet'])
    expect(await bytesOf(moved, 'moved.parquet')).toEqual(bytes)
  })

  it('do not add calls to a file of another kind', async () => {
    const store = await placeOf(good)
    await store.write('cleaned_calls.parquet', [encode('PAR1 and then nothing')])
    await expect(runCalls(filesIn(store), { existing: 'append' })).rejects.toMatchObject({
      code: 'parquet_invalid',
      message: /restore it, or clean all logs into a new one$/,
    })
  })

  it('do not add calls to a table of something else', async () => {
    const store = await placeOf(good)
    const other = await writeParquet(table({ call_id: ['c1'], price: [1] }))
    await store.write('cleaned_calls.parquet', [other])
    await expect(runCalls(filesIn(store), { existing: 'append' })).rejects.toMatchObject({
      code: 'column_missing',
      message: /cleaned_calls\.parquet has no column "agent_id": it is no file of curated calls/,
    })
    expect(await bytesOf(store, 'cleaned_calls.parquet')).toEqual(Buffer.from(other))
  })
})
