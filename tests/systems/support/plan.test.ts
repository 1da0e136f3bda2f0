/** The script of the monthly report, statement by statement, on the engines that run in this process. */
import { expect, it } from 'vitest'
import { reportScript } from '../../../src/systems/support/plan.ts'
import { contactCenters, interactions, serviceCategories } from '../../../src/systems/support/tables.ts'
import { supportEtlHere as supportEtl } from '../../cli/command-line.ts'
import { duckdbEngine, embeddedPostgresEngine } from '../../engine/engines.ts'
import { stagingStatements } from '../../engine/staging.ts'

const MONTHS = { timeZone: 'America/New_York', monthFrom: 'interaction_start' }
const RANGE = { ...MONTHS, first: Date.UTC(2025, 0, 31), last: Date.UTC(2025, 3, 2) }

it.each([
  ['DuckDB', duckdbEngine],
  ['PGlite', embeddedPostgresEngine],
] as const)(
  'runs on %s, statement by statement, and twice',
  async (_, open) => {
    const engine = await open()
    try {
      const [staging, tables, report] = reportScript(engine.dialect, RANGE)
      for (const statement of staging?.statements ?? []) await engine.execute(statement)
      const call = {
        ...{ interaction_id: 'I1', interaction_start: Date.UTC(2025, 2, 1, 1, 30), timestamp: Date.UTC(2025, 2, 2) },
        ...{ channel: 'Phone ', contact_center_id: 'C1', category_id: 'K9', call_duration_minutes: 8.25 },
      }
      const staged = [
        { contract: interactions, row: call },
        { contract: contactCenters, row: { contact_center_id: 'C1', contact_center_name: 'Harbor' } },
        { contract: serviceCategories, row: { category_id: 'K1', department: 'Care' } },
      ]
      for (const { contract, row } of staged) {
        const files = [[{ action: 'add', row } as const]]
        for (const statement of stagingStatements({ name: `staged_${contract.name}`, contract, files }, engine.dialect))
          await engine.execute(statement)
      }
      for (let time = 0; time < 2; time++) {
        for (const statement of tables?.statements ?? []) await engine.execute(statement)
        expect(await engine.query(report?.statements[0] ?? '')).toEqual([
          {
            ...{ month: '2025-02', contact_center_name: 'Harbor', department: 'Unknown' },
            ...{ total_interactions: 1, total_calls: 1, total_call_duration: 8.25 },
          },
        ])
      }
    } finally {
      await engine.close()
    }
  },
  60_000,
)

it('is printed by the command, for one engine, and refused for another word', async () => {
  const { status, stdout } = await supportEtl(['plan', '--engine', 'duckdb', '--from', '2025-01', '--to', '2025-03'])
  expect([status, stdout]).toEqual([0, expect.stringContaining('CREATE OR REPLACE TABLE "interactions" AS')])
  expect(stdout).toContain("'2025-03'")
  expect((await supportEtl(['plan', '--engine', 'oracle'])).status).toBe(2)
  const turned = await supportEtl(['plan', '--engine', 'trino', '--from', '2025-03', '--to', '2025-01'])
  expect([turned.status, turned.stderr]).toEqual([2, expect.stringContaining('a month that is not before 2025-03')])
})
