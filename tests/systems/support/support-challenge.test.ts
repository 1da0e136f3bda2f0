/** The published exercise, end to end; its files lie beside the project where they are at hand. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { arrowFrame } from '../../../src/format/arrow/arrow.ts'
import { parquetFrame } from '../../../src/format/parquet/parquet.ts'
import {
  checkSource,
  explainFigure,
  planRun,
  type RunOptions,
  readHistory,
  readState,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { columnOf, type Frame } from '../../../src/table/frame.ts'
import { snapshot, testFolders } from '../../pipeline/phone-job.ts'

const data = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'support-challenge')
const folders = testFolders('challenge')
afterAll(folders.remove)

const run = (options: RunOptions) => runPipeline(supportJob, { data, ...options })

const REPORT = `month,contact_center_name,department,total_interactions,total_calls,total_call_duration
2025-01,Atlanta GA SE,Benefits,2,2,22
2025-01,Atlanta GA SE,Operations,1,1,14
2025-01,Atlanta GA SE,Unknown,1,0,0
2025-01,Boston MA NE,Finance,1,0,0
2025-01,Boston MA NE,IT,1,1,19
2025-01,Boston MA NE,Member Services,1,1,2
2025-01,Boston MA NE,Operations,1,1,19
2025-01,Richmond VA E,IT,1,1,13
2025-02,Atlanta GA SE,Member Services,1,1,8
2025-02,Atlanta GA SE,Operations,1,0,0
2025-02,Boston MA NE,Benefits,1,1,8
2025-02,Boston MA NE,Finance,1,0,0
2025-02,Boston MA NE,IT,1,1,17
2025-02,Boston MA NE,Member Services,1,1,2
2025-02,Boston MA NE,Operations,1,1,14
2025-02,Richmond VA E,IT,2,2,23
2025-02,Richmond VA E,Operations,1,1,15
2025-03,Atlanta GA SE,Operations,2,1,10
2025-03,Boston MA NE,Benefits,1,1,14
2025-03,Boston MA NE,Finance,1,1,5
2025-03,Boston MA NE,IT,1,1,19
2025-03,Boston MA NE,Operations,1,1,21
2025-03,Richmond VA E,IT,1,0,0
2025-03,Richmond VA E,Member Services,1,1,11
2025-03,Richmond VA E,Operations,1,0,0
`

const sum = (frame: Frame, name: string) =>
  [...columnOf(frame, name)].reduce<number>((total, value) => total + Number(value), 0)

/** Copies and the files that the last version refers to, by name. */
function versionOf(out: string): Record<string, string> {
  const log = join(out, '.support-etl/log')
  const record = JSON.parse(readFileSync(join(log, readdirSync(log).sort().at(-1) ?? ''), 'utf8'))
  const files = [
    ...Object.values(record.state as Record<string, { snapshot: object }>).map(({ snapshot }) => snapshot),
    ...record.inputs.map(({ stored }: { stored: object }) => stored),
    ...Object.values(record.rollups),
    ...record.published,
    record.quarantine ?? [],
  ].flat()
  return Object.fromEntries(
    (files as { name: string }[]).map(({ name }) => [name, readFileSync(join(out, name), 'latin1')]),
  )
}

describe.skipIf(!existsSync(data))('the support challenge (skipped where ../shared/data is not there)', () => {
  it('gives the 25 rows of the report, and the final state', async () => {
    const out = folders.next()
    const result = await run({ out })
    expect(result.tables).toEqual({ interactions: 28, agents: 10, contact_centers: 3, service_categories: 9 })
    expect(result.quarantined).toBe(0)
    expect(result.notes.filter(({ severity }) => severity === 'warning')).toEqual([])
    expect(readFileSync(join(out, 'support_report.csv'), 'utf8')).toBe(REPORT)
    const report = await (await readState(supportJob, { out })).loadOutput('support_report')
    expect(['total_interactions', 'total_calls', 'total_call_duration'].map((name) => sum(report, name))).toEqual([
      28, 21, 256,
    ])
    expect(readdirSync(out).sort()).toEqual([
      '.support-etl',
      'agents.csv',
      'contact_centers.csv',
      'interactions.csv',
      'service_categories.csv',
      'support_report.csv',
    ])
  })

  it('gives the state after each month', async () => {
    const out = folders.next()
    const counts = async (asOf?: string) => {
      const state = await readState(supportJob, asOf === undefined ? { out } : { out, asOf })
      const tables = ['agents', 'contact_centers', 'service_categories', 'interactions']
      return Promise.all(tables.map(async (name) => (await state.loadTable(name)).rows))
    }
    await run({ out })
    expect(await counts('2025-01')).toEqual([5, 3, 6, 10])
    expect(await counts('2025-02')).toEqual([7, 3, 8, 18])
    expect(await counts('2025-03')).toEqual(await counts())
    const february = await (await readState(supportJob, { out, asOf: '202502' })).loadOutput('support_report')
    expect(sum(february, 'total_interactions')).toBe(18)
    expect([...columnOf(february, 'contact_center_name')]).toContain('Richmond VA MA')
  })

  it('touches no file when run again', async () => {
    const out = folders.next()
    await run({ out })
    const before = snapshot(out)
    expect((await run({ out })).status).toBe('nothing_to_do')
    expect(snapshot(out)).toEqual(before)
  })

  it('is the same month by month, at once and rebuilt, byte for byte', async () => {
    const once = folders.next()
    await run({ out: once })
    const monthly = folders.next()
    for (const month of ['202502', '202503']) await run({ out: monthly, months: [month] })
    expect(versionOf(monthly)).toEqual(versionOf(once))
    await run({ out: monthly, apply: 'rebuild' })
    expect(versionOf(monthly)).toEqual(versionOf(once))
  })

  it('publishes the same in json and parquet, with their types', async () => {
    const out = folders.next()
    await run({ out, format: 'json' })
    const rows = JSON.parse(readFileSync(join(out, 'support_report.json'), 'utf8'))
    expect(rows).toHaveLength(25)
    expect(rows[0]).toEqual({
      month: '2025-01',
      contact_center_name: 'Atlanta GA SE',
      department: 'Benefits',
      total_interactions: 2,
      total_calls: 2,
      total_call_duration: 22,
    })
    await run({ out, format: 'parquet' })
    const interactions = await parquetFrame(readFileSync(join(out, 'interactions.parquet')))
    expect([...interactions.columns.keys()]).toHaveLength(11)
    expect(columnOf(interactions, 'interaction_start')).toMatchObject({ kind: 'timestamp', zone: 'UTC' })
    expect(columnOf(await parquetFrame(readFileSync(join(out, 'agents.parquet'))), 'hire_date').kind).toBe('date')
    const report = await parquetFrame(readFileSync(join(out, 'support_report.parquet')))
    expect(sum(report, 'total_call_duration')).toBe(256)
  })

  it('says which month is missing before a later one alone', async () => {
    const out = folders.next()
    const error = await run({ out, months: ['202503'] }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'month_pending' })
    for (const table of ['interactions', 'agents', 'service_categories']) {
      expect((error as Error).message).toContain(`delta/${table}_delta_202502.csv`)
    }
    expect(existsSync(out)).toBe(false)
  })

  it('refuses a changed file with the remedy, and takes it when rebuilt', async () => {
    const [copy, out] = [folders.next(), folders.next()]
    cpSync(data, copy, { recursive: true })
    await runPipeline(supportJob, { data: copy, out })
    const path = join(copy, 'delta/contact_centers_delta_202503.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace('Richmond VA E', 'Richmond VA S'))
    const before = snapshot(out)
    await expect(runPipeline(supportJob, { data: copy, out })).rejects.toMatchObject({
      code: 'file_changed',
      message: expect.stringContaining("set apply: 'rebuild'"),
    })
    expect(snapshot(out)).toEqual(before)
    await runPipeline(supportJob, { data: copy, out, apply: 'rebuild' })
    expect(readFileSync(join(out, 'support_report.csv'), 'utf8')).toContain('Richmond VA S,IT')
  })

  it('plans without writing', async () => {
    const out = folders.next()
    const plan = await planRun(supportJob, { data, out })
    expect([plan.action, plan.apply.length, plan.refusals]).toEqual(['apply', 11, []])
    expect(existsSync(out)).toBe(false)
  })

  it.each([
    { options: { timeZone: 'EST' }, months: { '2025-01': 9, '2025-02': 10, '2025-03': 9 } },
    { options: { timeZone: 'UTC' }, months: { '2025-01': 9, '2025-02': 9, '2025-03': 10 } },
    { options: { monthFrom: 'timestamp' }, months: { '2025-01': 7, '2025-02': 11, '2025-03': 10 } },
  ])('counts months by $options', async ({ options, months }) => {
    const out = folders.next()
    await run({ out })
    await run({ out, ...options })
    const report = await (await readState(supportJob, { out })).loadOutput('support_report')
    const names = [...columnOf(report, 'month')]
    const totals = [...columnOf(report, 'total_interactions')]
    const counted: Record<string, number> = {}
    for (const [row, month] of names.entries())
      counted[String(month)] = (counted[String(month)] ?? 0) + Number(totals[row])
    expect(counted).toEqual(months)
  })

  it('explains a figure by its rows and lines', async () => {
    const out = folders.next()
    await run({ out })
    const cells = { month: '2025-02', contact_center_name: 'Atlanta GA SE', department: 'Member Services' }
    const found = await explainFigure(supportJob, { data, out, output: 'support_report', cells })
    expect([...columnOf(found.rows, 'interaction_id')]).toEqual(['INT3008'])
    expect(found.origins).toMatchObject([
      {
        file: 'delta/interactions_delta_202503.csv',
        row: 2,
        source: { line: 3, text: expect.stringMatching(/^INT3008,2025-03-01T01:30:00Z,/) },
      },
    ])
    const all = await explainFigure(supportJob, { data, out, output: 'support_report', cells: {} })
    expect(all.rows.rows).toBe(28)
  })

  it('knows the history of an agent who moved', async () => {
    const out = folders.next()
    await run({ out })
    const versions = await readHistory(supportJob, { out, table: 'agents' })
    const rows = [...columnOf(versions, 'agent_id')].flatMap((id, row) => (id === 'AGT003' ? [row] : []))
    const cells = (name: string) => rows.map((row) => columnOf(versions, name).at(row))
    expect([cells('contact_center_id'), cells('valid_from'), cells('valid_to')]).toEqual([
      ['CC002', 'CC003'],
      [null, '2025-02'],
      ['2025-02', null],
    ])
  })

  it('is whole after all of it, and nothing in it is wrong or forbidden', async () => {
    const out = folders.next()
    await run({ out })
    expect((await verifyState(supportJob, { out })).damages).toEqual([])
    const { findings } = await checkSource(supportJob, { data })
    expect(findings.filter(({ severity }) => severity !== 'info' && severity !== 'odd')).toEqual([])
    expect(findings.filter(({ severity }) => severity === 'odd').map(({ code, message }) => [code, message])).toEqual([
      ['orphan_reference', '1 row of interactions with a category_id that is not in service_categories'],
      ['month_differs', '1 interaction would be in another month in the zone UTC'],
      ['month_differs', '2 interactions would be in another month by the column timestamp'],
    ])
  })

  it('keeps cubes with their zone and month column', async () => {
    const out = folders.next()
    await run({ out })
    const cube = readdirSync(join(out, '.support-etl/data')).find((name) => name.startsWith('support_cube-')) ?? ''
    expect(sum(arrowFrame(readFileSync(join(out, '.support-etl/data', cube))), 'interactions')).toBe(28)
    const { metadata } = await (await readState(supportJob, { out })).loadRollup('support_cube')
    expect(metadata).toMatchObject({ time_zone: 'America/New_York', month_from: 'interaction_start' })
  })
})
