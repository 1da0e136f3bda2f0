/** The same plans on engines that Python brings: ClickHouse in its process, and Sail, which speaks the SQL of Spark. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Dialect, dialectOf, renderQuery } from '../../src/engine/index.ts'
import { python } from '../python-tools.ts'
import {
  expectedReport,
  type ReportCase,
  reportCase,
  reportPlanOf,
  stagedReport,
} from '../systems/support/report-cases.ts'
import { expectedRows, foldCase, planOf, stagedFold } from './fold-cases.ts'
import { stagingStatements } from './staging.ts'

const folder = mkdtempSync(join(tmpdir(), 'engines-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Case {
  readonly statements: readonly string[]
  readonly query: string
}

function answersOf(engine: string, cases: readonly Case[]): unknown[][][] {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, 'python-engines.py')], {
    input: JSON.stringify({ engine, cases }),
    // Sail keeps its tables in the folder in which it starts
    cwd: folder,
    encoding: 'utf8',
    timeout: 150_000,
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(stderr)
  // JSON of Python has −0, that of ClickHouse has not
  return JSON.parse(stdout, (_, value) => (value === 0 ? 0 : value))
}

const inOrder = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort()

const holdsNan = (files: ReportCase['facts']): boolean =>
  files.flat().some(({ row }) => Number.isNaN(row.call_duration_minutes))

const CASES = 40

describe.skipIf(!existsSync(python)).for(['clickhouse', 'spark'])('plans on %s', (name) => {
  const dialect: Dialect = dialectOf(name)

  it('give the rows of the fold, in their order', { timeout: 180_000 }, () => {
    const samples = fc.sample(foldCase, { numRuns: CASES, seed: 11 })
    const cases = samples.map((sample) => ({
      statements: stagingStatements(stagedFold(sample), dialect),
      query: renderQuery(planOf(sample), dialect, [{ column: '_order', isText: false }]),
    }))
    const answers = answersOf(name, cases)
    for (const [at, sample] of samples.entries()) {
      const expected = expectedRows(sample).map(({ id, team, minutes }) => [id, team, minutes === 0 ? 0 : minutes])
      expect(
        answers[at]?.map((row) => row.slice(0, 3)),
        `case ${at}`,
      ).toEqual(expected)
    }
  })

  it('give the support report of the library', { timeout: 180_000 }, () => {
    const all = fc.sample(reportCase, { numRuns: CASES, seed: 12 })
    // Sail 0.7.2 stores the number of the row before where NaN is inserted
    const samples = all.filter(({ facts }) => name !== 'spark' || !holdsNan(facts))
    expect(samples.length).toBeGreaterThan(CASES / 4)
    const cases = samples.map((sample) => ({
      statements: stagedReport(sample).flatMap((table) => [...stagingStatements(table, dialect)]),
      query: renderQuery(reportPlanOf(sample), dialect),
    }))
    const answers = answersOf(name, cases)
    for (const [at, sample] of samples.entries()) {
      const found = (answers[at] ?? []).map(([month, center, department, ...figures]) => [
        ...[month, center, department, ...figures.map(Number)],
      ])
      const expected = expectedReport(sample).map((line) => Object.values(line))
      expect(inOrder(found), `case ${at}`).toEqual(inOrder(expected))
    }
  })
})
