import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CallsManifest } from '../../../../src/systems/calls/figures/manifest.ts'
import { emptyFolder, supportEtlHere as supportEtl } from '../../../cli/command-line.ts'

const sample = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'data', 'calls')

/** A folder as a new user has it: the sample under ./data. */
function newUser(): string {
  const cwd = emptyFolder()
  mkdirSync(join(cwd, 'data'))
  for (const name of ['sample_calls.json', 'agents.csv']) copyFileSync(join(sample, name), join(cwd, 'data', name))
  return cwd
}

describe('support-etl calls clean', () => {
  it('works without an option, tells what was refused and why, and does nothing the second time', async () => {
    const cwd = newUser()
    const first = await supportEtl(['calls', 'clean'], { cwd })
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toContain('data/cleaned_calls.parquet is written: 1,192 calls')
    for (const reason of [
      'no JSON object',
      'end before start',
      'end equals start',
      'no call id',
      'start is unreadable',
    ]) {
      expect(first.stdout).toMatch(new RegExp(`${reason} +1  \\d+\\n`))
    }
    const manifest = JSON.parse(readFileSync(join(cwd, 'data', 'manifest.json'), 'utf8')) as CallsManifest
    const file = statSync(join(cwd, 'data', 'cleaned_calls.parquet'))
    expect(manifest).toMatchObject({ path: 'data/cleaned_calls.parquet', file_size: file.size, row_count: 1192 })
    expect(manifest.file_mtime).toBe(file.mtime.toISOString())
    const second = await supportEtl(['calls', 'clean'], { cwd })
    expect(second.stdout).toContain('data/cleaned_calls.parquet is as it was: 1,192 calls')
    expect(statSync(join(cwd, 'data', 'cleaned_calls.parquet')).mtimeMs).toBe(file.mtimeMs)
  })

  it('gives a machine everything as JSON, and the rejects a file', async () => {
    const cwd = newUser()
    const { stdout, status } = await supportEtl(['calls', 'clean', '--rejects', 'rejects.csv', '--json'], { cwd })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'written',
      rejected: 8,
      rejected_by_reason: { end_missing: 1 },
    })
    expect(readFileSync(join(cwd, 'rejects.csv'), 'utf8').trim().split('\n')).toHaveLength(9)
  })

  it('says what to do when the files are not there', async () => {
    const { status, stderr } = await supportEtl(['calls', 'clean'], { cwd: emptyFolder() })
    expect(status).toBe(1)
    expect(stderr).toContain('cannot read data/agents.csv: does not exist')
    expect(stderr).toContain('support-etl calls generate')
  })

  it('refuses a log without a required column, naming column, file and aliases', async () => {
    const cwd = newUser()
    writeFileSync(join(cwd, 'data', 'sample_calls.json'), '{"call_id":"c1"}\n')
    const { status, stderr } = await supportEtl(['calls', 'clean'], { cwd })
    expect(status).toBe(3)
    expect(stderr).toContain('data/sample_calls.json: column "agent_id" is missing; it has "call_id"')
    expect(existsSync(join(cwd, 'data', 'manifest.json'))).toBe(false)
  })

  it('suggests the zone that was meant', async () => {
    const { status, stderr } = await supportEtl(['calls', 'clean', '--time-zone', 'Europe/Berlni'], { cwd: newUser() })
    expect(status).toBe(2)
    expect(stderr).toContain('Europe/Berlin')
  })
})

describe('support-etl calls summary', () => {
  it('gives the same figures for options and for a link from the dashboard', async () => {
    const cwd = newUser()
    await supportEtl(['calls', 'clean'], { cwd })
    const query = 'period=30d&region=North&region=West&rating=5&rating=&minutes=2..10'
    const byLink = await supportEtl(['calls', 'summary', '--query', `?${query}`, '--json'], { cwd })
    const options = ['--period', '30d', '--region', 'North', 'West', '--rating', '5', '', '--minutes', '2..10']
    const byOptions = await supportEtl(['calls', 'summary', ...options, '--json'], { cwd })
    expect(byLink.status).toBe(0)
    expect(byOptions.stdout).toBe(byLink.stdout)
    const summary = JSON.parse(byLink.stdout)
    expect(summary.kpis.calls).toBeGreaterThan(0)
    expect(summary.kpis.calls).toBeLessThan(summary.total_calls)
  })

  it.each(['24h', '7d', '28d', '30d', '90d', '91d'])('takes the period %s', async (period) => {
    const cwd = newUser()
    await supportEtl(['calls', 'clean'], { cwd })
    const { status, stdout } = await supportEtl(['calls', 'summary', '--period', period, '--json'], { cwd })
    expect([status, JSON.parse(stdout).filter]).toEqual([0, { period }])
  })

  it('says in its heading which days are compared, and tells rates in points with their interval', async () => {
    const cwd = newUser()
    await supportEtl(['calls', 'clean'], { cwd })
    const { stdout } = await supportEtl(['calls', 'summary', '--period', '28d'], { cwd })
    const [heading, compared] = stdout.split('\n')
    const summary = JSON.parse((await supportEtl(['calls', 'summary', '--period', '28d', '--json'], { cwd })).stdout)
    const { period, previous_period: before, change } = summary
    expect(heading).toBe(`data/cleaned_calls.parquet: ${summary.kpis.calls} calls from ${period.from} to ${period.to}`)
    expect(compared).toBe(`compared: ${period.from} to ${period.to} with ${before.from} to ${before.to}`)
    expect(stdout).toMatch(/resolution rate +\S+ % +\S+ % +[+−]\d+\.\d points +[+−]\d+\.\d to [+−]\d+\.\d points {2}\w/)
    expect(change.resolution_rate).toMatchObject({ unit: 'points', verdict: expect.any(String) })
    const days = (Date.parse(period.to) - Date.parse(period.from)) / 86_400_000 + 1
    expect([days, period.to < summary.unfinished_day]).toEqual([28, true])
  })

  it('names the day that may not be over, and shows the figures of what is compared beside it', async () => {
    const cwd = newUser()
    await supportEtl(['calls', 'clean'], { cwd })
    const { stdout } = await supportEtl(['calls', 'summary', '--period', '2025-06-24..2025-06-30'], { cwd })
    expect(stdout).toContain(
      'compared: 2025-06-24 to 2025-06-29 with 2025-06-17 to 2025-06-22; 2025-06-30 may not be over and is not compared\n',
    )
    expect(stdout).toMatch(/figure +now +compared +before +change/)
    const alone = (await supportEtl(['calls', 'summary', '--period', '2025-06-28..2025-06-29'], { cwd })).stdout
    expect(alone).toContain('with 2025-06-26 to 2025-06-27; their weekdays differ\n')
    const year = (await supportEtl(['calls', 'summary', '--period', '7d', '--compare', 'year'], { cwd })).stdout
    expect(year).toContain('nothing is compared: the data begins later than the other period\n')
    const wrong = await supportEtl(['calls', 'summary', '--period', '7d', '--compare', 'month'], { cwd })
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('"month" is not previous, year or none')])
  })

  it('says that one call moves the mean, and gives the mean without it', async () => {
    const cwd = emptyFolder()
    mkdirSync(join(cwd, 'data'))
    const start = Date.UTC(2025, 0, 1, 9)
    const minutes = [...Array.from({ length: 60 }, (_, index) => 8 + (index % 5)), 1098]
    const calls = minutes.map((one, index) => ({
      call_id: `C${index}`,
      agent_id: 'A1',
      start_time: new Date(start + index * 3_600_000).toISOString(),
      duration_seconds: one * 60,
      issue_type: 'billing',
      resolution: 'resolved',
    }))
    writeFileSync(join(cwd, 'data', 'sample_calls.json'), JSON.stringify(calls))
    writeFileSync(join(cwd, 'data', 'agents.csv'), 'agent_id,name,region\nA1,Ada,North\n')
    await supportEtl(['calls', 'clean'], { cwd })
    expect((await supportEtl(['calls', 'summary'], { cwd })).stdout).toMatch(
      /average handle time: one call of 1,098 minutes \(C60\) moves it; 10\.00 without that call \(95 % interval 9\.63 to 10\.37\), 27\.84 with it\n/,
    )
    const { odd_calls } = JSON.parse((await supportEtl(['calls', 'summary', '--json'], { cwd })).stdout)
    expect(odd_calls).toMatchObject({
      average_handle_minutes: { call_id: 'C60', value: 1098, mean_without: 10 },
      average_rating: null,
    })
  })

  it('shows – and never NaN where nothing matches', async () => {
    const cwd = newUser()
    await supportEtl(['calls', 'clean'], { cwd })
    const { stdout, status } = await supportEtl(['calls', 'summary', '--region', 'Nowhere'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toMatch(/resolution rate +– /)
    expect(stdout).not.toContain('NaN')
  })

  it('refuses a period that is none', async () => {
    const { status, stderr } = await supportEtl(['calls', 'summary', '--period', 'yesterday'], { cwd: emptyFolder() })
    expect(status).toBe(2)
    expect(stderr).toContain('7d, 28d, 91d, 24h, 30d, 90d, all, or days such as 2025-03-01..2025-03-31')
  })
})

describe('support-etl calls generate', () => {
  it('makes what calls clean takes, and does not overwrite it', async () => {
    const cwd = emptyFolder()
    expect((await supportEtl(['calls', 'generate', '--calls', '1_000', '--seed', '3'], { cwd })).status).toBe(0)
    expect((await supportEtl(['calls', 'clean'], { cwd })).stdout).toContain('data/cleaned_calls.parquet is written')
    const again = await supportEtl(['calls', 'generate'], { cwd })
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('already holds')
  })
})

describe('support-etl calls', () => {
  it('lists its commands', async () => {
    const { stdout } = await supportEtl(['calls', '--help'])
    for (const command of ['clean', 'summary', 'generate']) expect(stdout).toContain(command)
  })
})
