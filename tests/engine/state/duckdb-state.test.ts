/** The monthly job on DuckDB publishes the bytes that it publishes without an engine; the other seeds run with the fault tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expectSameState, runTraps, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-duckdb-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const SEEDS = Array.from({ length: isFull ? 25 : 2 }, (_, at) => at + 1)

describe('the monthly job on DuckDB', () => {
  it.for(SEEDS)('has the state of a run without an engine, month by month (seed %i)', async (seed) => {
    const traps = trapData(seed)
    const out = supportState({ out: join(folder, `${seed}-months`), engine: 'duckdb' })
    await runTraps(traps, out, 'by month')
    await expectSameState(traps, out)
    await out.close()
  })

  it.for(SEEDS)('has it too where all months come at once (seed %i)', async (seed) => {
    const traps = trapData(seed)
    const out = supportState({ out: join(folder, `${seed}-once`), engine: 'duckdb' })
    await runTraps(traps, out, 'at once')
    await expectSameState(traps, out)
    await out.close()
  })

  it('has data sets with every trap', () => {
    const all = SEEDS.map((seed) => Object.values(trapData(seed).files).join('\n')).join('\n')
    for (const trap of ['東京', 'update ', 'tombstone', 'yesterday', '2025-03-09T07:00Z']) expect(all).toContain(trap)
  })
})
