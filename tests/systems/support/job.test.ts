import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import { checkSource, explainFigure, runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { columnOf } from '../../../src/table/frame.ts'
import { testFolders, textOf } from '../../pipeline/phone-job.ts'

const sample = join(import.meta.dirname, '..', '..', '..', 'examples', 'data', 'support')
const folders = testFolders('support')
afterAll(folders.remove)

const INTERACTIONS =
  'interaction_id,timestamp,channel,category_id,agent_id,contact_center_id,interaction_start,agent_resolution_timestamp,interaction_end,call_duration_minutes,satisfaction_rating'

/** A small operation with the given interactions. */
function sourceOf(interactions: readonly string[]) {
  return memoryStore({
    'initial/interactions.csv': [INTERACTIONS, ...interactions, ''].join('\n'),
    'initial/agents.csv':
      'agent_id,full_name,contact_center_id,hire_date,category_id\nA1,Ada Moss,C1,2020-02-29,K1\nA2,Bo Reed,C7,,\n',
    'initial/contact_centers.csv': 'contact_center_id,contact_center_name,location\nC1,Harbor,Bay\nC2,,Hill\n',
    'initial/service_categories.csv': 'category_id,category_name,department\nK1,Billing,Care\n',
  })
}

describe('supportJob', () => {
  it('gives of the sample what stands beside it', async () => {
    const out = folders.next()
    const result = await runPipeline(supportJob, { data: sample, out })
    for (const name of readdirSync(join(sample, 'expected'))) {
      expect(readFileSync(join(out, name), 'utf8'), name).toBe(readFileSync(join(sample, 'expected', name), 'utf8'))
    }
    expect(result.published.map(({ name }) => name).sort()).toEqual(readdirSync(join(sample, 'expected')).sort())
  })

  it('gives the same of the sample whatever the time zone of the process', async () => {
    const before = process.env.TZ
    const reports: string[] = []
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Europe/London']) {
      process.env.TZ = zone
      const out = folders.next()
      await runPipeline(supportJob, { data: sample, out })
      const store = folderStore(out)
      const texts = (await store.list('')).filter(({ name }) => !name.includes('/log/'))
      reports.push(JSON.stringify(await Promise.all(texts.map(async ({ name }) => [name, await textOf(store, name)]))))
    }
    process.env.TZ = before
    expect(new Set(reports).size).toBe(1)
  })

  it('shows Unknown for references to nothing and names that are blank, and is brought forward by deltas alone', async () => {
    const data = sourceOf([
      'I1,2025-02-01T12:00Z,phone,K1,A1,C1,2025-02-01T12:00Z,,,5,',
      'I2,2025-02-01T12:00Z,PHONE ,K9,A1,C2,2025-02-01T12:00Z,,,7,',
      'I3,2025-02-01T12:00Z,web,,A1,,2025-02-01T12:00Z,,,9,',
    ])
    const out = memoryStore()
    await runPipeline(supportJob, { data, out })
    const header = 'month,contact_center_name,department,total_interactions,total_calls,total_call_duration'
    expect(await textOf(out, 'support_report.csv')).toBe(
      `${header}\n2025-02,Harbor,Care,1,1,5\n2025-02,Unknown,Unknown,2,1,7\n`,
    )
    await data.write('delta/service_categories_delta_202503.csv', [
      Buffer.from('category_id,category_name,department,action\nK9,New,Sales,add\n'),
    ])
    await data.write('delta/interactions_delta_202503.csv', [
      Buffer.from(`${INTERACTIONS},action\nI1,,,,,,,,,,,delete\n`),
    ])
    await runPipeline(supportJob, { data, out })
    expect(await textOf(out, 'support_report.csv')).toBe(
      `${header}\n2025-02,Unknown,Sales,1,1,7\n2025-02,Unknown,Unknown,1,0,0\n`,
    )
  })

  it('refuses a zone and a month column that do not exist, before anything is read', async () => {
    const [data, out] = [memoryStore(), memoryStore()]
    await expect(runPipeline(supportJob, { data, out, timeZone: 'America/Bostn' })).rejects.toMatchObject({
      code: 'time_zone_unknown',
    })
    await expect(runPipeline(supportJob, { data, out, monthFrom: 'channel' })).rejects.toThrow(
      'monthFrom "channel" is not a timestamp of interactions; choose one of timestamp, interaction_start, agent_resolution_timestamp, interaction_end',
    )
  })

  it('explains figures of unknown members too', async () => {
    const data = sourceOf(['I1,2025-02-01T12:00Z,phone,K9,A1,C2,2025-02-01T12:00Z,,,5,', 'I2,,phone,K9,A1,C2,,,,5,'])
    const out = memoryStore()
    await runPipeline(supportJob, { data, out })
    const cells = { month: '2025-02', contact_center_name: 'Unknown', department: 'Unknown' }
    const { rows } = await explainFigure(supportJob, { data, out, output: 'support_report', cells })
    expect([...columnOf(rows, 'interaction_id')]).toEqual(['I1'])
  })
})

describe('what is odd in a support state', () => {
  const odd = async (...interactions: string[]) => {
    const { findings } = await checkSource(supportJob, { data: sourceOf(interactions) })
    const own = findings.filter(({ severity, file }) => severity === 'odd' && file !== 'initial/agents.csv')
    return own.map(({ code, column, row, found }) => [code, column, row, found])
  }
  const plain = 'I0,2025-02-01T12:00Z,phone,K1,A1,C1,2025-02-01T12:00Z,2025-02-01T12:04Z,2025-02-01T12:05Z,5,4'

  it('is nothing in a plain call', async () => {
    expect(await odd(plain)).toEqual([])
  })

  it.each([
    [
      'references to nothing',
      'I1,2025-02-01T12:00Z,phone,K7,A1,C1,2025-02-01T12:00Z,,,5,',
      ['orphan_reference', 'category_id', 2, 'K7'],
    ],
    [
      'minutes of what is no call',
      'I1,2025-02-01T12:00Z,web,K1,A1,C1,2025-02-01T12:00Z,,,5,',
      ['duration_without_call', 'call_duration_minutes', 2, '5'],
    ],
    [
      'ratings outside 1 to 5',
      'I1,2025-02-01T12:00Z,web,K1,A1,C1,2025-02-01T12:00Z,,,0,5.5',
      ['rating_out_of_range', 'satisfaction_rating', 2, '5.5'],
    ],
    [
      'ratings below 1',
      'I1,2025-02-01T12:00Z,web,K1,A1,C1,2025-02-01T12:00Z,,,0,0',
      ['rating_out_of_range', 'satisfaction_rating', 2, '0'],
    ],
    [
      'durations that are not the time from start to end',
      'I1,2025-02-01T12:00Z,phone,K1,A1,C1,2025-02-01T12:00Z,,2025-02-01T12:05Z,6,',
      ['duration_differs', 'call_duration_minutes', 2, '6'],
    ],
    ['no month', 'I1,,web,K1,A1,C1,,,,,', ['month_missing', 'interaction_start', 2, null]],
    [
      'another month by UTC',
      'I1,2025-03-01T04:59Z,web,K1,A1,C1,2025-03-01T04:59Z,,,,',
      ['month_differs', 'interaction_start', null, null],
    ],
    [
      'another month by EST',
      'I1,2025-04-01T04:30Z,web,K1,A1,C1,2025-04-01T04:30Z,,,,',
      ['month_differs', 'interaction_start', null, null],
    ],
    [
      'another month by timestamp',
      'I1,2025-03-05T12:00Z,web,K1,A1,C1,2025-02-05T12:00Z,,,,',
      ['month_differs', 'timestamp', null, null],
    ],
  ])('is: %s', async (_, interaction, expected) => {
    expect(await odd(plain, interaction)).toEqual([expected])
  })

  it('is told in words that count the rows', async () => {
    const rows = [
      'I1,2025-02-01T12:00Z,web,K1,A1,C1,2025-02-01T12:00Z,,2025-02-01T11:59Z,5,9',
      'I2,2025-02-01T12:00Z,phone,K1,A1,C1,2025-02-01T12:00Z,,2025-02-01T12:05Z,6,9',
    ]
    const { findings } = await checkSource(supportJob, { data: sourceOf([plain, ...rows]) })
    const own = findings.filter(({ file }) => file !== 'initial/agents.csv').map(({ message }) => message)
    expect(own).toEqual([
      expect.stringMatching(/^1 interaction .*duration/),
      expect.stringMatching(/^1 interaction .*before/),
      expect.stringMatching(/^1 call .*duration/),
      expect.stringMatching(/^2 interactions .*rating/),
    ])
  })

  it('is: an end before the start', async () => {
    const found = await odd(plain, 'I1,2025-02-01T12:00Z,web,K1,A1,C1,2025-02-01T12:00Z,,2025-02-01T11:59Z,0,')
    expect(found).toMatchObject([['end_before_start', 'interaction_end', 2, expect.anything()]])
  })

  it('is: an agent of a center that is not there', async () => {
    const { findings } = await checkSource(supportJob, { data: sourceOf([plain]) })
    expect(findings.map(({ code, file, row, message }) => [code, file, row, message])).toEqual([
      [
        'orphan_reference',
        'initial/agents.csv',
        2,
        '1 row of agents with a contact_center_id that is not in contact_centers',
      ],
    ])
  })
})
