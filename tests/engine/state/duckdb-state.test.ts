/** The monthly job on DuckDB publishes the bytes that it publishes without an engine; more data sets run with the fault tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { exerciseData } from './exercise-data.ts'
import { expectSameState, runTraps, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-duckdb-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the monthly job on DuckDB', () => {
  it.for([['seed-1', () => trapData(1)] as const, ['exercise', exerciseData] as const])(
    'has the state of a run without an engine, month by month (%s)',
    async ([name, traps]) => {
      const out = supportState({ out: join(folder, name), engine: 'duckdb' })
      await runTraps(traps(), out, 'by month')
      await expectSameState(traps(), out)
      await out.close()
    },
  )
})
