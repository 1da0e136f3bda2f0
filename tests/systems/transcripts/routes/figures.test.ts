import { beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { TRANSCRIPTS_ROUTES } from '../../../../src/systems/transcripts/routes/figures.ts'
import { ask, served } from '../../../server/served.ts'
import { placeOf, put, run, textOf } from '../calls.ts'

const out = memoryStore()
beforeAll(async () => {
  const data = placeOf(120, 3)
  await put(data, 'agents.csv', 'agent_name,team\nAda Wong,Red\nNobody Else,Blue\n')
  await run(data, out)
})

describe('GET /api/v1/transcripts/…', () => {
  it.each([
    ['agents', 'gold_agent_performance'],
    ['teams', 'gold_team_performance'],
    ['days', 'gold_daily_metrics'],
  ])('%s has the rows of the published %s', async (name, output) => {
    const server = await served({ routes: TRANSCRIPTS_ROUTES, places: [out] })
    const { status, body } = await ask(server, `/api/v1/transcripts/${name}?per_page=200`)
    expect(status).toBe(200)
    const names = Object.keys(body.data[0])
    const [header = '', ...lines] = (await textOf(out, `${output}.csv`)).trimEnd().split('\n')
    // when a row was last changed is no figure
    const columns = header.split(',').filter((column) => column !== 'last_updated')
    expect(names).toEqual(columns)
    const published = lines.map((line) => line.split(',').slice(0, columns.length))
    const cell = (value: unknown) => (value === null ? '' : String(value))
    expect(body.data.map((row: Record<string, unknown>) => columns.map((column) => cell(row[column])))).toEqual(
      published,
    )
    expect(body.meta).toMatchObject({ total: lines.length, commit: 1, time_zone: 'UTC' })
    const csv = await ask(server, `/api/v1/transcripts/${name}?per_page=200`, { headers: { accept: 'text/csv' } })
    expect(csv.text.split('\n')[0]).toBe(columns.join(','))
    expect(csv.text.trimEnd().split('\n')).toHaveLength(lines.length + 1)
    expect((await ask(server, `/api/v1/transcripts/${name}?per_page=1&page=2`)).body.data).toEqual(
      body.data.slice(1, 2),
    )
  })

  it('is not found before a run, and refuses what it does not know', async () => {
    const server = await served({ routes: TRANSCRIPTS_ROUTES })
    expect((await ask(server, '/api/v1/transcripts/agents')).status).toBe(404)
    expect((await ask(server, '/api/v1/transcripts/agents?agent=x')).status).toBe(400)
  })
})
