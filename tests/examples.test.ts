import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runPipeline } from '../src/pipeline/run.ts'
import { supportJob } from '../src/systems/support/job.ts'
import { COMPILED } from './cli/command-line.ts'
import { replay, report, sourceFiles } from './systems/support/reference.ts'

const root = join(import.meta.dirname, '..', 'examples')
const sample = join(root, 'data', 'support')

function runExample(path: string, args: readonly string[] = []): string {
  const options = ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning']
  const env = { ...process.env, ...COMPILED, NO_COLOR: '1', FORCE_COLOR: undefined, TZ: 'Pacific/Auckland' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, join(root, path), ...args], {
    encoding: 'utf8',
    env,
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

const expectedOf = (path: string) => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')

describe('the examples', () => {
  const lessons = readdirSync(root).filter((name) => /^\d\d-/.test(name))

  it('are numbered in learning order', () => {
    expect(lessons.map((name) => Number(name.slice(0, 2)))).toEqual(lessons.map((_, i) => i + 1))
    for (const lesson of lessons) expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`(${lesson}/main.ts)`)
  })

  it.each(lessons)('%s prints what it says', (lesson) => {
    expect(runExample(join(lesson, 'main.ts'))).toBe(expectedOf(join(lesson, 'expected.txt')))
  })

  it.each(['q1', 'q2', 'q3'])('%s answers its question from the sample', (question) => {
    expect(runExample(`${question}.ts`)).toBe(expectedOf(join('expected', `${question}.txt`)))
  })

  it('answer from files that are there, too', async () => {
    const out = mkdtempSync(join(tmpdir(), 'support-etl-examples-'))
    afterAll(() => rmSync(out, { recursive: true, force: true }))
    await runPipeline(supportJob, { data: sample, out })
    expect(runExample('q2.ts', ['--out', out])).toBe(expectedOf(join('expected', 'q2.txt')))
    expect(existsSync(join(out, 'support_report.csv'))).toBe(true)
  })
})

describe('the sample', () => {
  const { tables, surprises } = replay(sourceFiles(sample))

  it('is published as a separate program says', async () => {
    const out = mkdtempSync(join(tmpdir(), 'support-etl-sample-'))
    afterAll(() => rmSync(out, { recursive: true, force: true }))
    await runPipeline(supportJob, { data: sample, out, mode: 'strict' })
    const expected = readdirSync(join(sample, 'expected'))
    expect(expected).toHaveLength(5)
    for (const name of expected) {
      expect(readFileSync(join(out, name), 'utf8')).toBe(readFileSync(join(sample, 'expected', name), 'utf8'))
    }
  })

  it('has 68 interactions, 11 agents, 4 contact centers and 8 categories, and only changes that hit', () => {
    expect(Object.values(tables).map(({ size }) => size)).toEqual([68, 11, 4, 8])
    expect(surprises).toEqual([])
  })

  it('has another busiest month when the zone or the column is mistaken', () => {
    const busiest = (options = {}) => {
      const sums = new Map<string, number>()
      for (const [month, , , count] of report(tables, options)) sums.set(month, (sums.get(month) ?? 0) + count)
      return [...sums].sort(([, a], [, b]) => b - a)[0]
    }
    expect(busiest()).toEqual(['2025-02', 23])
    expect(busiest({ timeZone: 'UTC' })).toEqual(['2025-03', 23])
    expect(busiest({ monthFrom: 'timestamp' })).toEqual(['2025-03', 25])
  })

  it('has another longest call when means are averaged', () => {
    const means = new Map<string, number[]>()
    for (const [, center, , , calls, minutes] of report(tables)) {
      if (calls > 0) means.set(center, [...(means.get(center) ?? []), minutes / calls])
    }
    const meanOfMeans = [...means].map(([center, of]) => [center, of.reduce((a, b) => a + b) / of.length] as const)
    expect(meanOfMeans.sort(([, a], [, b]) => b - a)[0]?.[0]).toBe('Columbus OH')
  })
})
