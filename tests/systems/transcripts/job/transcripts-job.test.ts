import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { checkSource, explainFigure, findRowDependence, readState } from '../../../../src/pipeline/index.ts'
import { transcriptsJob, transcriptsJobOf } from '../../../../src/systems/transcripts/job/transcripts-job.ts'
import type { Frame } from '../../../../src/table/frame.ts'
import { callFile, placeOf, publishedIn, put, run, textOf } from '../calls.ts'

const objectsOf = (frame: Frame) =>
  Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, column.at(row)])),
  )

const SALE =
  'Agent: Shall I add the extended warranty for $29.99? Customer: Yes please, add it. You have been so helpful!'
const REFUSAL =
  "Agent: Would you like the premium plan for $15? Customer: No thanks. I'm really disappointed with all this."

describe('the transcripts job', () => {
  it('brings a call through all layers', async () => {
    const [data, out] = [memoryStore({ 'bronze/C1.json': callFile('C1', SALE) }), memoryStore()]
    const { tables, published } = await run(data, out)
    expect(tables).toEqual({
      ...{ bronze_calls: 1, agents: 0, silver_call_records: 1, call_findings: 1, gold_call_analytics: 1 },
    })
    expect(published.map(({ output }) => output).sort()).toEqual([
      ...['gold_agent_performance', 'gold_call_analytics', 'gold_call_evidence', 'gold_call_upsells'],
      ...['gold_daily_metrics', 'gold_team_performance', 'silver_call_records'],
    ])
    const state = await readState(transcriptsJob, { out })
    expect(objectsOf(await state.loadTable('gold_call_analytics'))).toMatchObject([
      { call_id: 'C1', is_conversion: true, upsell_amount: 29.99, sentiment_score: 'positive' },
    ])
    expect(objectsOf(await state.loadOutput('gold_agent_performance'))).toMatchObject([
      {
        ...{ agent_name: 'Ada Wong', total_calls: 1, total_conversions: 1, conversion_rate: 100 },
        ...{ total_upsell_amount: 29.99, last_updated: new Date('2025-10-01T00:00:00Z') },
      },
    ])
    expect(objectsOf(await state.loadOutput('gold_daily_metrics'))).toMatchObject([
      { metric_date: '2025-09-01', total_calls: 1, total_upsell_amount: 29.99, positive_calls: 1 },
    ])
  })

  it('has functions of one row alone', async () => {
    const [data, out] = [placeOf(60), memoryStore()]
    await run(data, out)
    const state = await readState(transcriptsJob, { out })
    for (const [name, { from }] of Object.entries(transcriptsJob.derived)) {
      const found = findRowDependence(transcriptsJob, name, await state.loadTable(from))
      expect(found, name).toBeNull()
    }
  })

  it('shows evidence that stands in the clean text, word by word', async () => {
    const [data, out] = [placeOf(80), memoryStore()]
    await run(data, out)
    const state = await readState(transcriptsJob, { out })
    const calls = objectsOf(await state.loadTable('silver_call_records'))
    const textOfCall = new Map(calls.map(({ call_id, transcript_text }) => [call_id, String(transcript_text)]))
    for (const output of ['gold_call_evidence', 'gold_call_upsells']) {
      const found = objectsOf(await state.loadOutput(output))
      expect(found.length).toBeGreaterThan(10)
      const wrong = found.filter(({ call_id, text_offset, matched_text }) => {
        const at = Number(text_offset)
        return textOfCall.get(call_id)?.slice(at, at + String(matched_text).length) !== matched_text
      })
      expect(wrong).toEqual([])
    }
  })

  it('traces each agent, team and day to the calls that are counted', async () => {
    const [data, out] = [placeOf(80), memoryStore()]
    await put(data, 'agents.csv', "agent_name,team\nMei Tanaka,North\nSiobhan O'Brien,North\nOmar Haddad,\n")
    await run(data, out, { timeZone: 'America/New_York' })
    const state = await readState(transcriptsJob, { out })
    for (const [output, key] of [
      ['gold_agent_performance', 'agent_name'],
      ['gold_team_performance', 'team'],
      ['gold_daily_metrics', 'metric_date'],
    ] as const) {
      const rows = objectsOf(await state.loadOutput(output))
      expect(rows.reduce((sum, { total_calls }) => sum + Number(total_calls), 0)).toBe(80)
      for (const row of rows.slice(0, 4)) {
        const { rows: counted } = await explainFigure(transcriptsJob, {
          out,
          data,
          output,
          cells: { [key]: String(row[key]) },
        })
        expect(counted.rows, `${output} ${row[key]}`).toBe(row.total_calls)
      }
    }
    const teams = objectsOf(await state.loadOutput('gold_team_performance'))
    expect(teams.map(({ team, total_agents }) => [team, total_agents])).toEqual([
      ['North', 2],
      ['Unknown', 10],
    ])
  })

  it('puts calls into days of the zone, and moves them when a run chooses another one', async () => {
    const call = callFile('C1', SALE, { timestamp: '2025-09-01T23:30:00-04:00' })
    const [data, out] = [memoryStore({ 'bronze/C1.json': call }), memoryStore()]
    const days = async () => (await textOf(out, 'gold_daily_metrics.csv')).split('\n')[1]?.split(',')[0]
    await run(data, out)
    expect(await days()).toBe('2025-09-02')
    await run(data, out, { timeZone: 'America/New_York' })
    expect(await days()).toBe('2025-09-01')
  })

  it('masks personal details in every layer that is published, and in the evidence', async () => {
    const words = `${SALE} Customer: My card is 4111 1111 1111 1111, mail ann@example.com.`
    const [data, out] = [memoryStore({ 'bronze/C1.json': callFile('C1', words) }), memoryStore()]
    await run(data, out, { personalDetails: 'mask' })
    for (const { name } of (await out.list('')).filter(({ name }) => name.endsWith('.csv'))) {
      expect(await textOf(out, name), name).not.toMatch(/4111|ann@example/)
    }
    expect(await textOf(out, 'silver_call_records.csv')).toContain('My card is [card], mail [email].')
  })

  it('reads by the other profile when a run chooses it, without a flag', async () => {
    // in classic a refusal with these words is a sale
    const [data, out] = [
      memoryStore({ 'bronze/C1.json': callFile('C1', "Customer: Don't sign me up.") }),
      memoryStore(),
    ]
    const conversion = async () => (await textOf(out, 'gold_call_analytics.csv')).split('\n')[1]?.split(',')[3]
    await run(data, out)
    expect(await conversion()).toBe('false')
    expect((await run(data, out, { profile: 'classic' })).status).toBe('committed')
    expect(await conversion()).toBe('true')
  })

  it('records when a call came and last changed, and when an agent’s figures did', async () => {
    const data = memoryStore({ 'bronze/C1.json': callFile('C1', SALE), 'bronze/C2.json': callFile('C2', SALE) })
    const out = memoryStore()
    await run(data, out)
    await put(data, 'bronze/C2.json', callFile('C2', REFUSAL))
    await run(data, out)
    const times = (await textOf(out, 'silver_call_records.csv')).trim().split('\n').slice(1)
    expect(times.map((line) => line.split(',').slice(-2))).toEqual([
      ['2025-10-01T00:00:00Z', '2025-10-01T00:00:00Z'],
      ['2025-10-01T00:00:00Z', '2025-10-01T00:01:00Z'],
    ])
    expect(await textOf(out, 'gold_agent_performance.csv')).toMatch(/^Ada Wong,2,1,50,.*,2025-10-01T00:01:00Z$/m)
  })

  it('takes other rules as other steps', async () => {
    const [data, out] = [memoryStore({ 'bronze/C1.json': callFile('C1', SALE) }), memoryStore()]
    await run(data, out)
    const { defaultRules } = await import('../../../../src/systems/transcripts/figures/rules/rule-pack.ts')
    const silent = { ...defaultRules, name: 'none', mood: { ...defaultRules.mood, rules: [] } }
    const { status } = await run(data, out, {}, transcriptsJobOf({ rules: silent }))
    expect(status).toBe('committed')
    expect(await textOf(out, 'gold_call_analytics.csv')).toMatch(/,neutral,/)
  })

  it('tells what is odd before a run: times, words, speakers and agents', async () => {
    const data = memoryStore({
      'agents.csv': 'agent_name,team\nGrace Okafor,North\n',
      'bronze/C1.json': callFile('C1', SALE, { timestamp: 'yesterday' }),
      'bronze/C2.json': callFile('C2', '  '),
      'bronze/C3.json': callFile('C3', 'somebody said something'),
      'bronze/C4.json': callFile('C4', SALE, { agent_name: ' ' }),
    })
    const { findings } = await checkSource(transcriptsJob, { data })
    const odd = findings.filter(({ severity }) => severity === 'odd').map(({ code, file }) => [code, file])
    expect(odd).toEqual([
      ['call_timestamp', 'bronze/C1.json'],
      ['call_transcript_text', 'bronze/C2.json'],
      ['speakers_missing', 'bronze/C3.json'],
      ['agent_missing', 'bronze/C4.json'],
      ['agent_not_listed', 'bronze/C3.json'],
    ])
  })

  it('only says that a list of agents is not there', async () => {
    const data = memoryStore({ 'bronze/C1.json': callFile('C1', SALE) })
    const { findings } = await checkSource(transcriptsJob, { data })
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['file_missing', 'info']])
  })

  it('is the same in batches of any size', async () => {
    const data = placeOf(25)
    const all = await Promise.all(
      [1, 7, 2000].map(async (batchSize) => {
        const out = memoryStore()
        await run(data, out, {}, transcriptsJobOf({ batchSize }))
        return publishedIn(out)
      }),
    )
    expect(all[1]).toEqual(all[0])
    expect(all[2]).toEqual(all[0])
  })
})
