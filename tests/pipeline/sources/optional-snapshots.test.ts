/** A snapshot that may be missing, and a job that says what it publishes. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { csv, defineJob, json, objects, readStatus, runPipeline, snapshots } from '../../../src/pipeline/index.ts'
import { defineTable, key, nullable, string } from '../../../src/table/contract.ts'

const calls = defineTable('calls', { call_id: key(string()), agent: string() })
const agents = defineTable('agents', { agent: key(string()), team: nullable(string()) })

const jobOf = (published?: readonly string[]) =>
  defineJob({
    name: 'calls',
    ...(published !== undefined && { published }),
    tables: {
      calls: { contract: calls, source: objects({ prefix: 'calls/', name: '{call_id}.json', format: json() }) },
      agents: {
        contract: agents,
        source: snapshots({ file: 'agents.csv', format: csv(), whereMissing: 'empty' }),
      },
    },
    outputs: { team_list: { contract: agents, reads: ['agents'], build: (state) => state.table('agents') } },
  })
const job = jobOf(['team_list'])

const LIST = new TextEncoder().encode('agent,team\nAda,Claims\n')
const withCall = () => memoryStore({ 'calls/C1.json': '{ "call_id": "C1", "agent": "Ada" }' })

describe('a snapshot that may be missing', () => {
  it('is an empty table until the file comes, and then as if it had been there from the start', async () => {
    const [data, out, clean] = [withCall(), memoryStore(), memoryStore()]
    expect((await runPipeline(job, { data, out })).tables).toEqual({ calls: 1, agents: 0 })
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
    await data.write('agents.csv', [LIST])
    expect((await runPipeline(job, { data, out })).tables).toEqual({ calls: 1, agents: 1 })
    await runPipeline(job, { data, out: clean })
    const [found, expected] = await Promise.all([out, clean].map((place) => readStatus({ out: place })))
    expect(found?.tables).toEqual(expected?.tables)
  })

  it('is not emptied without a word when the file goes, and is when a run accepts that', async () => {
    const [data, out] = [withCall(), memoryStore()]
    await data.write('agents.csv', [LIST])
    await runPipeline(job, { data, out })
    await data.remove('agents.csv')
    await expect(runPipeline(job, { data, out })).rejects.toThrow(
      /has no agents\.csv, from which table agents was made; nothing was changed\. Is it the right place\? Bring the file back, or set acceptWithdrawals/,
    )
    expect((await readStatus({ out })).tables.agents).toBe(1)
    const { tables } = await runPipeline(job, { data, out, acceptWithdrawals: ['agents'] })
    expect(tables.agents).toBe(0)
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
  })

  it('does not make a place without any input one with inputs', async () => {
    await expect(runPipeline(job, { data: memoryStore(), out: memoryStore() })).rejects.toMatchObject({
      code: 'no_input',
    })
  })

  it('is refused under another word', () => {
    expect(() => snapshots({ file: 'agents.csv', format: csv(), whereMissing: 'ignore' as never })).toThrow(
      /whereMissing/,
    )
  })
})

describe('what a job publishes', () => {
  it('is what it says, until a run says otherwise', async () => {
    const [data, out] = [withCall(), memoryStore()]
    const names = async (publish?: readonly string[]) =>
      (await runPipeline(job, { data, out, ...(publish !== undefined && { publish }) })).published.map(
        ({ name }) => name,
      )
    expect(await names()).toEqual(['team_list.csv'])
    expect(await names(['all'])).toEqual(['team_list.csv', 'calls.csv', 'agents.csv'])
    // as the last run
    expect(await names()).toEqual(['team_list.csv', 'calls.csv', 'agents.csv'])
  })

  it('is refused where the job does not make it', () => {
    expect(() => jobOf(['teams'])).toThrow(
      'job "calls" publishes "teams", which it does not make; there is team_list, calls, agents',
    )
  })
})
