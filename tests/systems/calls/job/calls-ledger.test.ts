/** Calls as a job: a ledger of logs that is adopted, appended to, replayed, explained and killed. */
import { createHash } from 'node:crypto'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { folderStore } from '../../../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { explainFigure } from '../../../../src/pipeline/audit/explain.ts'
import { readStatus } from '../../../../src/pipeline/audit/status.ts'
import { verifyState } from '../../../../src/pipeline/audit/verify.ts'
import { nodeEffects } from '../../../../src/pipeline/effects.ts'
import { collectGarbage } from '../../../../src/pipeline/gc.ts'
import { defineJob } from '../../../../src/pipeline/job/define-job.ts'
import { readHead } from '../../../../src/pipeline/log/commit-log.ts'
import { runPipeline } from '../../../../src/pipeline/run.ts'
import { readState } from '../../../../src/pipeline/state/committed-state.ts'
import { callsJob } from '../../../../src/systems/calls/job/calls-job.ts'
import { type CallsEffects, type CallsRunOptions, runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { columnOf } from '../../../../src/table/frame.ts'
import { Death, mortal } from '../../../pipeline/mortal.ts'
import { bytesOf, encode, filesIn, line, manifestIn, placeOf, sample } from '../places.ts'

const OUTPUT = 'cleaned_calls.parquet'
/** A run that was killed in this process left its lock. */
const gone: Partial<CallsEffects> = { isRunning: () => 'gone' }
const append: CallsRunOptions = { existing: 'append' }

async function clean(store: FileStore, log: string, options: CallsRunOptions = {}) {
  await store.write('sample_calls.json', [encode(log)])
  return runCalls(filesIn(store), options, gone)
}

async function piecesIn(store: FileStore) {
  const head = await readHead(store, nodeEffects())
  return (head?.record.inputs ?? []).filter(({ table }) => table === 'calls').map(({ name }) => name)
}

/** Takes away what only a ledger keeps: what is left is what a version without one wrote. */
async function forgetLedger(store: FileStore): Promise<void> {
  for (const { name } of await store.list('.support-etl/')) await store.remove(name)
}

/** The bytes that cleaning all logs at once publishes. */
async function atOnce(...logs: readonly string[]): Promise<Uint8Array> {
  const store = await placeOf(logs.join(''))
  await runCalls(filesIn(store))
  return bytesOf(store, OUTPUT)
}

const LOGS = [
  line({ call_id: 'c1', agent_id: 'A2' }) + line({ call_id: 'c2' }),
  line({ call_id: 'c2', resolution: 'escalated' }) + line({ call_id: 'c3', start_time: '2024-12-31T10:00:00Z' }),
  `${line({ call_id: 'c1', rating: 4 })}{"call_id"\n`,
] as const

describe('the files of the calls job', () => {
  it('have the bytes of before there was a ledger', async () => {
    const store = memoryStore()
    const files = { ...filesIn(store, folderStore(sample)), rejects: { store, name: 'rejects.csv' } }
    await runCalls(files, { timeZone: 'Europe/Zurich' })
    const hashOf = async (name: string) =>
      createHash('sha256')
        .update(await bytesOf(store, name))
        .digest('hex')
    expect([await hashOf(OUTPUT), await hashOf('rejects.csv')]).toEqual([
      '5b9122df4e99e2071fefa35b530d91e4cdf885d2b14692b6bdade66ca36d57d0',
      '1914cd6fad5398054714cf3056d19a1321761cc748e5772f50f16a60c84b1aaf',
    ])
    expect(await manifestIn(store)).toMatchObject({
      content_hash: '2abbd3e44617e2b60fc0c23990f6a72a4e1312d3a30fec8f2a17476af908ef6a',
      row_count: 1192,
      time_zone: 'Europe/Zurich',
    })
  })
})

describe('a ledger of call logs', () => {
  it('is replayed from its pieces to the same bytes, without their files', async () => {
    const store = await placeOf('')
    for (const log of LOGS) await clean(store, log, append)
    const before = await bytesOf(store, OUTPUT)
    expect(before).toEqual(await atOnce(...LOGS))
    const data = memoryStore({ 'agents.csv': 'agent_id,name,region\nA1,Ada,North\nA2,Ben,South\n' })
    const rebuilt = await runPipeline(callsJob, { data, out: store, apply: 'rebuild' })
    expect([rebuilt.status, rebuilt.tables.calls]).toEqual(['committed', 3])
    expect(await bytesOf(store, OUTPUT)).toEqual(before)
    const curated = await (await readState(callsJob, { out: store })).loadOutput('curated')
    expect([...columnOf(curated, 'agent_name')]).toEqual(['Ada', 'Ada', 'Ada'])
  })

  it('tells a late agents list of all calls, old ones too', async () => {
    const store = await placeOf('', 'agent_id,name,region\nA1,Ada,North\n')
    expect((await clean(store, LOGS[0])).summary.unknown_agents).toBe(1)
    await store.write('agents.csv', [encode('agent_id,name,region\nA1,Ada,North\nA2,Ben,South\n')])
    const { outcome, summary } = await clean(store, LOGS[0], append)
    expect([outcome, summary.unknown_agents, summary.kept]).toEqual(['written', 0, 2])
    expect(await bytesOf(store, OUTPUT)).toEqual(await atOnce(LOGS[0]))
  })

  it('begins with a curated file of before, and ends in the bytes of all logs', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    await clean(store, LOGS[1], append)
    await forgetLedger(store)
    const warnings: string[] = []
    const logger = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
    await store.write('sample_calls.json', [encode(LOGS[2])])
    const { summary } = await runCalls(filesIn(store), append, { ...gone, logger })
    expect(await bytesOf(store, OUTPUT)).toEqual(await atOnce(...LOGS))
    expect([summary.kept, summary.replaced, warnings]).toEqual([3, 1, []])
    expect(await piecesIn(store)).toEqual([`log/(published) ${OUTPUT}`, 'log/sample_calls.json'])
    expect((await runCalls(filesIn(store), append)).outcome).toBe('unchanged')
  })

  it('warns of a curated file that is not what its manifest tells, and adds to it', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    await forgetLedger(store)
    await store.remove('manifest.json')
    const warnings: string[] = []
    const logger = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
    await store.write('sample_calls.json', [encode(LOGS[1])])
    await runCalls(filesIn(store), append, { ...gone, logger })
    expect(warnings).toEqual([
      'memory/cleaned_calls.parquet is not what memory/manifest.json tells of it; its calls are added to as they are',
    ])
    expect(await bytesOf(store, OUTPUT)).toEqual(await atOnce(LOGS[0], LOGS[1]))
  })

  it('is begun anew without append, and holds one piece then', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    await clean(store, LOGS[1], append)
    expect(await piecesIn(store)).toHaveLength(2)
    await clean(store, LOGS[1])
    expect(await piecesIn(store)).toHaveLength(1)
    expect(await bytesOf(store, OUTPUT)).toEqual(await atOnce(LOGS[1]))
  })

  it('does not add a log again that it holds', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    await clean(store, LOGS[1], append)
    const { outcome, summary } = await clean(store, LOGS[0], append)
    expect([outcome, summary.kept, summary.replaced]).toEqual(['unchanged', 3, 2])
    expect(await piecesIn(store)).toHaveLength(2)
  })

  it('is of one curated file: another one in the folder keeps its bytes, and is added to all the same', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    const first = await bytesOf(store, OUTPUT)
    await store.write('sample_calls.json', [encode(LOGS[1])])
    const other = { ...filesIn(store), output: { store, name: 'b.parquet' }, manifest: { store, name: 'b.json' } }
    expect((await runCalls(other, append)).summary).toMatchObject({ kept: 2, replaced: 0 })
    expect(await bytesOf(store, OUTPUT)).toEqual(first)
    await clean(store, LOGS[2], append)
    expect(await bytesOf(store, OUTPUT)).toEqual(await atOnce(LOGS[0], LOGS[2]))
    expect(await bytesOf(store, 'b.parquet')).toEqual(await atOnce(LOGS[1]))
  })

  it('does not share a folder with the state of another job', async () => {
    const store = await placeOf(LOGS[0])
    const data = memoryStore({ 'agents.csv': 'agent_id,name,region\nA1,Ada,North\n' })
    const { call_agents } = callsJob.tables
    if (call_agents === undefined) throw new Error('the job has agents')
    const other = defineJob({
      ...callsJob,
      name: 'other',
      tables: { call_agents },
      outputs: {},
    })
    await runPipeline(other, { data, out: store, publish: ['call_agents'] })
    await expect(runCalls(filesIn(store))).rejects.toThrow(
      'memory holds the state of job "other", and a folder holds that of one job; name an output in another folder',
    )
  })

  it('is verified, told of and collected like that of any job', async () => {
    const store = await placeOf('')
    for (const log of LOGS) await clean(store, log, append)
    const { job, tables, quarantined, copies, options } = await readStatus({ out: store })
    expect([job, tables, quarantined]).toEqual(['calls', { call_agents: 2, calls: 3 }, 1])
    expect(copies).toEqual([{ name: OUTPUT, rows: 3, state: 'intact' }])
    expect(options).toMatchObject({ timeZone: 'UTC', names: { curated: OUTPUT } })
    const bytes = await bytesOf(store, OUTPUT)
    await store.remove(OUTPUT)
    expect(await verifyState(callsJob, { out: store, repair: 'copies' })).toMatchObject({ repaired: [OUTPUT] })
    expect(await bytesOf(store, OUTPUT)).toEqual(bytes)
    await collectGarbage({ out: store, graceDays: 0, keepVersions: 1, action: 'remove' })
    expect((await verifyState(callsJob, { out: store })).damages).toEqual([])
  })

  it('shows which lines of which log are behind a figure', async () => {
    const store = await placeOf('')
    await clean(store, LOGS[0])
    await clean(store, `\n{"call_id"\n${LOGS[1]}`, append)
    const data = memoryStore({ 'log/sample_calls.json': await bytesOf(store, 'sample_calls.json') })
    const figure = { output: 'curated', cells: { call_date: '2025-01-01', region: 'North' } }
    const { origins, rows, unread } = await explainFigure(callsJob, { data, out: store, ...figure })
    expect([rows.rows, unread]).toEqual([1, []])
    expect(origins).toEqual([
      {
        file: 'log/sample_calls.json (piece 2)',
        row: 2,
        source: { line: 3, text: line({ call_id: 'c2', resolution: 'escalated' }).trim() },
        stored: null,
      },
    ])
  })

  it('ends where one clean run ends, wherever a run was killed', async () => {
    const [expected, hash] = await (async () => {
      const store = await placeOf('')
      await clean(store, LOGS[0])
      const { manifest } = await clean(store, LOGS[1], append)
      return [await bytesOf(store, OUTPUT), manifest.content_hash]
    })()
    let deaths = 0
    for (let last = 0; ; last++) {
      const store = await placeOf('')
      await clean(store, LOGS[0])
      await store.write('sample_calls.json', [encode(LOGS[1])])
      const dying = mortal(store, last)
      const killed = await runCalls({ ...filesIn(dying), calls: filesIn(store).calls }, append, gone).catch(
        (error) => error,
      )
      if (killed instanceof Death) deaths++
      else if (killed instanceof Error) throw killed
      await runCalls(filesIn(store), append, gone)
      expect(await bytesOf(store, OUTPUT), `killed before call ${last}`).toEqual(expected)
      expect(await manifestIn(store)).toMatchObject({ content_hash: hash, row_count: 3 })
      expect(await piecesIn(store)).toHaveLength(2)
      expect((await verifyState(callsJob, { out: store })).damages).toEqual([])
      if (!(killed instanceof Death)) break
    }
    expect(deaths).toBeGreaterThan(20)
  })

  const call = fc.record({
    call_id: fc.constantFrom('c1', 'c2', 'c3', 'é', '_x'),
    agent_id: fc.constantFrom('A1', 'A2', 'A9', null),
    start_time: fc.constantFrom('2025-01-01T10:00:00Z', '2025-01-01T09:00:00-05:00', 'n/a', '2024-12-31T23:59:59Z'),
    end_time: fc.constantFrom('2025-01-02T10:00:00Z', '2025-01-01T10:00:30.5Z'),
    issue_type: fc.constantFrom('billing', 'outage', null),
    rating: fc.constantFrom(1, 3.5, null, undefined),
  })
  const logs = fc.array(
    fc.array(call, { minLength: 1, maxLength: 6 }).map((rows) => rows.map(line).join('')),
    {
      minLength: 1,
      maxLength: 4,
    },
  )

  test.prop([logs], { numRuns: 25 })('appended log by log has the bytes of all logs cleaned at once', async (parts) => {
    // a log that the ledger holds is not added again
    const distinct = [...new Set(parts)]
    const store = await placeOf('')
    const lenient = { ...append, maxQuarantined: 1 }
    for (const log of distinct) await clean(store, log, lenient)
    const whole = await placeOf(distinct.join(''))
    await runCalls(filesIn(whole), { maxQuarantined: 1 })
    expect(await bytesOf(store, OUTPUT)).toEqual(await bytesOf(whole, OUTPUT))
  })
})
