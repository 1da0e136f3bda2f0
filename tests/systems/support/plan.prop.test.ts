/** The support report as SQL gives the figures of the report that the library builds, on every engine that runs in this process. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderQuery } from '../../../src/engine/index.ts'
import { duckdbEngine, type EngineRow, embeddedPostgresEngine, stage, type TestEngine } from '../../engine/engines.ts'
import { expectedReport, reportCase, reportPlanOf, stagedReport } from './report-cases.ts'

const byLine = (one: EngineRow, other: EngineRow): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)

const ENGINES = { DuckDB: { open: duckdbEngine, numRuns: 60 }, PGlite: { open: embeddedPostgresEngine, numRuns: 20 } }

describe.for(Object.entries(ENGINES))('the support report as SQL, on %s', ([, { open, numRuns }]) => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await open()
  }, 60_000)
  afterAll(() => engine.close())

  it('has the lines and the figures of the library, whatever the changes', async () => {
    await fc.assert(
      fc.asyncProperty(reportCase, async (sample) => {
        for (const table of stagedReport(sample)) await stage(engine, table)
        const found = await engine.query(renderQuery(reportPlanOf(sample), engine.dialect))
        expect(found.toSorted(byLine)).toEqual(expectedReport(sample).toSorted(byLine))
      }),
      { numRuns },
    )
  }, 120_000)
})
