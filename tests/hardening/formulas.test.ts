/** Text that a spreadsheet would run as a formula is kept in copies that programs read back, and escaped on request. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/index.ts'
import { type RunOptions, readState, readStatus, runPipeline, verifyState } from '../../src/pipeline/index.ts'
import { columnOf } from '../../src/table/frame.ts'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl } from '../cli/command-line.ts'
import { contentOf, phoneJob, sourceOf, textOf } from '../pipeline/phone-job.ts'

/** One for each first character, in quotes where CSV needs them. */
const HOSTILE = ['=1+1', '+49 30', '-5 °C', '@SUM(A1)', '\tx', '\rx']
const data = sourceOf({
  teams: ['t1,Red', ...HOSTILE.map((text, at) => `h${at},"${text}"`)],
  calls: ['c1,2025-01-02T10:00Z,t1,-5', 'c2,2025-01-03T10:00Z,h0,5'],
})
const KEPT = `team_id,team_name\nt1,Red\nh0,=1+1\nh1,+49 30\nh2,-5 °C\nh3,@SUM(A1)\nh4,"\tx"\nh5,"\rx"\n`
const ESCAPED = `team_id,team_name\nt1,Red\n${HOSTILE.map((text, at) => `h${at},"'${text}"\n`).join('')}`

describe('formulas in published copies', () => {
  const out = memoryStore()
  const run = (options: RunOptions = {}) => runPipeline(phoneJob, { data, out, ...options })

  it('stand as they are by default, so that a copy reads back as its table', async () => {
    await run()
    expect(await textOf(out, 'teams.csv')).toBe(KEPT)
    expect((await readStatus({ out })).options).not.toHaveProperty('formulas')
  })

  it('are escaped in every copy when that is asked for, numbers left alone, as a version of its own', async () => {
    await run()
    expect(await run({ formulas: 'escape' })).toMatchObject({ status: 'committed', commit: 2, applied: [] })
    expect(await textOf(out, 'teams.csv')).toBe(ESCAPED)
    expect(await textOf(out, 'call_report.csv')).toContain(`"'=1+1",1`)
    expect(await textOf(out, 'calls.csv')).toContain('c1,2025-01-02T10:00:00Z,t1,-5\n')
  })

  it('stay escaped, as the last commit says', async () => {
    expect(await run()).toMatchObject({ status: 'nothing_to_do' })
    await out.remove('teams.csv')
    expect(await run()).toMatchObject({ status: 'republished' })
    expect(await textOf(out, 'teams.csv')).toBe(ESCAPED)
    await out.write('teams.csv', [new TextEncoder().encode(KEPT)])
    expect((await verifyState(phoneJob, { out, repair: 'copies' })).repaired).toEqual(['teams.csv'])
    expect(await textOf(out, 'teams.csv')).toBe(ESCAPED)
  })

  it('never change the state', async () => {
    const names = await (await readState(phoneJob, { out })).loadTable('teams')
    expect([...columnOf(names, 'team_name')]).toEqual(['Red', ...HOSTILE])
    const plain = memoryStore()
    await runPipeline(phoneJob, { data, out: plain })
    const stateOf = async (store: typeof out) =>
      Object.entries(await contentOf(store)).filter(([name]) => name.startsWith('.support-etl/data/'))
    expect(await stateOf(out)).toEqual(await stateOf(plain))
  })

  it('are kept again when that is asked for', async () => {
    expect(await run({ formulas: 'keep' })).toMatchObject({ status: 'committed', commit: 3 })
    expect(await textOf(out, 'teams.csv')).toBe(KEPT)
    expect(await textOf(out, 'call_report.csv')).toContain('=1+1,1')
  })

  it('are text like any other in JSON', async () => {
    await run({ format: 'json', formulas: 'escape' })
    expect(await textOf(out, 'teams.json')).toContain('"team_name":"=1+1"')
  })

  it('are asked for by a word that is known', async () => {
    const wrong = { formulas: 'remove' } as unknown as RunOptions
    await expect(run(wrong)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('keep, escape'),
    })
  })
})

describe('support-etl run and report', () => {
  it('take --formulas, and report does as the copies do unless it is told', async () => {
    const cwd = emptyFolder()
    cpSync(SAMPLE, join(cwd, 'data'), { recursive: true })
    const centers = join(cwd, 'data', 'initial', 'contact_centers.csv')
    writeFileSync(centers, readFileSync(centers, 'utf8').replaceAll('Portland ME', '=1+1'))
    expect(await supportEtl(['run', '--out', 'out', '--formulas', 'escape'], { cwd })).toMatchObject({ status: 0 })
    const report = (...more: string[]) => supportEtl(['report', '--out', 'out', '--format', 'csv', ...more], { cwd })
    const [told, kept, escaped] = [
      await report(),
      await report('--formulas', 'keep'),
      await report('--formulas', 'escape'),
    ]
    expect(escaped.stdout).toContain(`,"'=1+1",`)
    expect(kept.stdout).toContain(',=1+1,')
    expect(told.stdout).toBe(escaped.stdout)
    expect(readFileSync(join(cwd, 'out', 'support_report.csv'), 'utf8')).toBe(escaped.stdout)
    expect((await report('--formulas', 'drop')).status).toBe(2)
  })
})
