import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysOf, sourcesOf } from '../../../../src/systems/complaints/commands/run.ts'
import type { WorldTruth } from '../../../../src/systems/complaints/sample/world.ts'
import { supportEtlHere as supportEtl } from '../../../cli/command-line.ts'

let cwd = ''
const complaints = (...args: readonly string[]) => supportEtl(['complaints', ...args], { cwd })
const truth = (): WorldTruth => JSON.parse(readFileSync(join(cwd, 'world', 'ground_truth.json'), 'utf8')) as WorldTruth

describe('support-etl complaints', () => {
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'support-etl-complaints-'))
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  it('generates a world, and no second one into the same folder', async () => {
    const args = ['generate', '--customers', '1_000', '--profile', 'adversarial', '--seed', '4']
    expect(await complaints(...args)).toMatchObject({ status: 0, stderr: '' })
    expect(truth().files[0]).toMatchObject({ table: 'raw_customers', file: 's3/customers/customers_dataset.csv' })
    const again = await complaints(...args)
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('choose another folder with --out')])
  })

  it('runs a day, then a range, and counts every row', async () => {
    const first = await complaints('run', '--day', '2025-11-20', '--json')
    expect(first.status).toBe(0)
    const { reconciliation, skipped } = JSON.parse(first.stdout)
    expect(reconciliation).toMatchObject({ isWhole: true, commit: 1 })
    expect(skipped.filter(({ reason }: { reason: string }) => reason === 'not_selected').length).toBeGreaterThan(5)
    expect(first.stderr).toContain('other deliveries wait: ')
    const range = await complaints('run', '--from', '20251121', '--to', '2025-11-23')
    expect([range.status, range.stdout]).toEqual([
      0,
      expect.stringMatching(/^committed version 2 to output\/complaints\n\n/),
    ])
    expect(range.stderr).toContain('table raw_social_media has no file of 2025-11-21')
    for (const { table, day, source, accepted } of truth().files) {
      if (day === null) continue
      const line = new RegExp(
        `${table.slice(4)} +${day} +${source.toLocaleString('en')} .* ${accepted.toLocaleString('en')} +${accepted.toLocaleString('en')}\n`,
      )
      expect(range.stdout).toMatch(line)
    }
  })

  it('exits as it is told where a day has no delivery at all', async () => {
    const told = await complaints('run', '--day', '2025-12-24', '--missing-exit', '99')
    expect([told.status, told.stderr]).toEqual([99, expect.stringContaining('no source has delivered 2025-12-24')])
    expect(told.stdout).toMatch(/^nothing to do: output\/complaints is at version 2\n/)
    // a day that one source lacks is a day
    expect((await complaints('run', '--day', '2025-11-21', '--missing-exit', '99')).status).toBe(0)
  })

  it('refuses a file of another day with status 3, and changes nothing', async () => {
    const folder = join(cwd, 'world', 'refused', 'renamed')
    cpSync(folder, join(cwd, 'world'), { recursive: true })
    const refused = await complaints('run')
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('day_mismatch')])
    rmSync(join(cwd, 'world', 's3', 'call logs', 'call_logs_day_2025-11-24.csv'))
    expect((await complaints('status')).stdout).toMatch(/^output\/complaints: version 2; every row is accounted for\n/)
  })

  it('shows insights, for people and machines', async () => {
    const { stdout, status } = await complaints('insights')
    expect([status, stdout]).toEqual([0, expect.stringContaining('Do some agents take more complaints than others?')])
    const { comparisons, complaints: count } = JSON.parse(
      (await complaints('insights', '--sla', '48', '--json')).stdout,
    )
    expect([comparisons.length, count > 3000]).toEqual([13, true])
  })

  it('is one of the jobs of the program: its place is found by its log', async () => {
    const { stdout } = await supportEtl(['status', '--out', 'output/complaints', '--data', 'world'], { cwd })
    expect(stdout).toContain('job complaints: timeZone UTC; lenient; ')
    expect(stdout).toContain('\npending in world: nothing\n')
    expect(existsSync(join(cwd, 'output', 'complaints', 'current.json'))).toBe(true)
  })
})

describe('the days and places of a command line', () => {
  it('are those that it names', () => {
    expect(daysOf({})).toBeNull()
    expect(daysOf({ day: '20251120' })).toEqual(['2025-11-20'])
    expect(daysOf({ from: '2025-02-27', to: '2025-03-01' })).toEqual(['2025-02-27', '2025-02-28', '2025-03-01'])
  })

  it.each([
    [{ day: 'soon' }, '--day "soon" is no day'],
    [{ day: '2025-11-20', to: '2025-11-21' }, 'either --day, or --from and --to'],
    [{ from: '2025-11-20' }, 'both --from and --to'],
    [{ to: '2025-11-20' }, 'both --from and --to'],
    [{ from: '2025-11-21', to: '2025-11-20' }, 'a day that is not after --to 2025-11-20'],
    [{ from: '1900-01-01', to: '2025-11-20' }, 'a range of at most 3660 days'],
  ])('are refused: %j', (values, message) => {
    expect(() => daysOf(values)).toThrow(message)
  })

  it('of a bucket need the places of the other sources', async () => {
    await expect(sourcesOf({ data: 's3://bucket' })).rejects.toThrow('name --sheet and --forms too')
    await expect(sourcesOf({ data: 's3://bucket', sheet: 'sheet' })).rejects.toThrow('name --forms too')
    const { store, hasDatabase } = await sourcesOf({ data: 's3://bucket/folder', sheet: 'a', forms: 'b' })
    expect([store.location, hasDatabase]).toEqual([expect.stringMatching(/^s3:\/\/bucket\/folder, .*a, .*b$/), false])
  })
})
