/** The fold as SQL gives what the plain model of deltas gives, on every engine that runs in this process. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldPlan, ORDER, renderQuery } from '../../src/engine/index.ts'
import { duckdbEngine, embeddedPostgresEngine, stage, type TestEngine } from './engines.ts'
import { expectedRows, foldCase, planOf, shifts, stagedFold } from './fold-cases.ts'

const ENGINES = { DuckDB: { open: duckdbEngine, numRuns: 150 }, PGlite: { open: embeddedPostgresEngine, numRuns: 40 } }

describe.for(Object.entries(ENGINES))('the fold as SQL, on %s', ([, { open, numRuns }]) => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await open()
  }, 60_000)
  afterAll(() => engine.close())

  it('gives the rows and the order of the model, whatever the changes, lacking columns and policies', async () => {
    await fc.assert(
      fc.asyncProperty(foldCase, async (sample) => {
        await stage(engine, stagedFold(sample))
        const query = renderQuery(planOf(sample), engine.dialect, [{ column: ORDER, isText: false }])
        const rows = await engine.query(query)
        expect(rows.map(({ [ORDER]: _, ...row }) => row)).toEqual(expectedRows(sample))
      }),
      { numRuns },
    )
  }, 120_000)
})

describe('foldPlan', () => {
  it('refuses a policy that has no plan, by name', () => {
    expect(() => foldPlan(shifts, { staged: 'staged', delta: { addExisting: 'ignore' } })).toThrow(
      expect.objectContaining({ code: 'engine_cannot', message: expect.stringContaining('addExisting "ignore"') }),
    )
    expect(() => foldPlan(shifts, { staged: 'staged', delta: { sequenceBy: 'minutes' } })).toThrow(
      expect.objectContaining({ code: 'engine_cannot' }),
    )
  })
})
