import { beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { nodeEffects } from '../../../../src/pipeline/effects.ts'
import { readWhole } from '../../../../src/pipeline/state/data-files.ts'
import { frameCallSet } from '../../../../src/systems/calls/figures/call-set.ts'
import { filterFromQuery } from '../../../../src/systems/calls/figures/query.ts'
import { summarizeCallSet } from '../../../../src/systems/calls/figures/summary.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { callsSummaryRoute } from '../../../../src/systems/calls/routes/calls-summary.ts'
import { callLog } from '../../../../src/systems/calls/sample/call-log.ts'
import { ask, served } from '../../../server/served.ts'

const routes = [callsSummaryRoute]
let out: FileStore

beforeAll(async () => {
  out = memoryStore()
  for (const { name, chunks } of callLog({ calls: 1500, seed: 5, days: 40 })) await out.write(name, chunks())
  const file = (name: string) => ({ store: out, name })
  await runCalls({
    calls: file('sample_calls.json'),
    agents: file('agents.csv'),
    output: file('cleaned_calls.parquet'),
    manifest: file('manifest.json'),
  })
})

describe('GET /api/v1/calls/summary', () => {
  it.each([
    '',
    'period=7d',
    'period=2025-06-01..2025-06-20&compare=none',
    'period=7d&compare=year&weekday=Mon&weekday=Tue&hour=09&rating=5&rating=',
    'minutes=2..10&minimum=3',
  ])('has the figures of the curated file: %s', async (query) => {
    const server = await served({ routes, places: [out] })
    const bytes = await readWhole(out, 'cleaned_calls.parquet')
    const set = frameCallSet(await parquetFrame(bytes, { decode: nodeEffects().decodeParquet }))
    const minimumCalls = Number(new URLSearchParams(query).get('minimum') ?? 10)
    const expected = JSON.parse(JSON.stringify(summarizeCallSet(set, filterFromQuery(query), { minimumCalls })))
    const reply = await ask(server, `/api/v1/calls/summary${query === '' ? '' : `?${query}`}`)
    expect([reply.status, reply.body.data]).toEqual([200, expected])
    expect(reply.body.data.kpis.calls).toBeGreaterThan(0)
    expect(reply.body.meta).toMatchObject({ commit: 1, time_zone: expect.stringMatching(/^\w+/) })
  })

  it.each([
    ['period=8d', 'period'],
    ['period=2025-02-30..', 'period'],
    ['compare=never', 'compare'],
    ['weekday=Someday', 'weekday'],
    ['minutes=..', 'minutes'],
    ['minimum=0', 'minimum'],
    ['region=Nowhere', 'region'],
    ['period=7d&period=28d', 'period'],
    ['dimension=x', 'dimension'],
  ])('refuses %s', async (query, name) => {
    const server = await served({ routes, places: [out] })
    const reply = await ask(server, `/api/v1/calls/summary?${query}`)
    expect([reply.status, reply.body.code]).toEqual([400, 'request_invalid'])
    expect(reply.body.faults[0]).toMatchObject({ in: 'query', name: expect.stringContaining(name) })
  })

  it('lists the names that there are', async () => {
    const server = await served({ routes, places: [out] })
    const { body } = await ask(server, '/api/v1/calls/summary?region=Nowhere')
    expect(body.faults[0].allowed.length).toBeGreaterThan(1)
  })
})
