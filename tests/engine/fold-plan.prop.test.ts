/** The fold as SQL gives what the plain model of deltas gives, on every engine that runs in this process. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldPlan, ORDER, renderQuery } from '../../src/engine/index.ts'
import { defineTable, float64, key, nullable, string } from '../../src/table/contract.ts'
import { anyChanges, anyRows, COLUMNS, without } from '../transform/delta-frames.ts'
import { applyChanges, type Change, type Rows } from '../transform/delta-model.ts'
import { duckdbEngine, embeddedPostgresEngine, stage, type TestEngine } from './engines.ts'

const shifts = defineTable('shifts', {
  id: key(string()),
  team: nullable(string()),
  minutes: nullable(float64()),
})

interface File {
  readonly changes: readonly Change[]
  /** A column that the file does not have. */
  readonly lacks: 'team' | 'minutes' | null
}

const file: fc.Arbitrary<File> = fc
  .record({ changes: anyChanges, lacks: fc.constantFrom(null, null, 'team', 'minutes') })
  .map(({ changes, lacks }) => ({ changes: lacks === null ? changes : without(changes, lacks), lacks }))

const policies = fc.constantFrom({}, { update: 'patch' }, { nulls: 'keep' }, { nulls: { keep: ['team'] } } as const)

/** The rows after all files, by the model. */
function expected(base: Rows, files: readonly File[], { update, nulls }: { update?: string; nulls?: unknown }): Rows {
  const isKept = (name: string): boolean =>
    update === 'patch' || nulls === 'keep' || (typeof nulls === 'object' && name === 'team')
  let rows = base
  for (const { changes } of files) {
    const patched = changes.map(({ action, row }): Change => {
      if (action !== 'update') return { action, row }
      return {
        action,
        row: Object.fromEntries(Object.entries(row).filter(([name, cell]) => cell !== null || !isKept(name))),
      }
    })
    rows = applyChanges(rows, patched, COLUMNS).rows
  }
  return rows
}

const ENGINES = { DuckDB: { open: duckdbEngine, numRuns: 150 }, PGlite: { open: embeddedPostgresEngine, numRuns: 40 } }

describe.for(Object.entries(ENGINES))('the fold as SQL, on %s', ([, { open, numRuns }]) => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await open()
  }, 60_000)
  afterAll(() => engine.close())

  it('gives the rows and the order of the model, whatever the changes, lacking columns and policies', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.array(file, { maxLength: 4 }), policies, async (base, files, delta) => {
        const extract = base.map((row) => ({ action: 'add', row }) as const)
        await stage(engine, {
          name: 'staged',
          contract: shifts,
          files: [extract, ...files.map(({ changes }) => changes)],
        })
        const filesWithout = (name: string): number[] =>
          files.flatMap(({ lacks }, place) => (lacks === name ? [place + 1] : []))
        const lacking = { team: filesWithout('team'), minutes: filesWithout('minutes') }
        const plan = foldPlan(shifts, { staged: 'staged', delta: delta as never, lacking })
        const rows = await engine.query(renderQuery(plan, engine.dialect, [{ column: ORDER, isText: false }]))
        expect(rows.map(({ [ORDER]: _, ...row }) => row)).toEqual(expected(base, files, delta))
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
