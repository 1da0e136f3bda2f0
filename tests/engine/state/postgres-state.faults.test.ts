/** The monthly job on the embedded Postgres publishes the bytes that it publishes without an engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { expectSameState, runTraps, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-pglite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the monthly job on the embedded Postgres', { timeout: 300_000 }, () => {
  it.for([1, 2])('has the state of a run without an engine, month by month (seed %i)', async (seed) => {
    const traps = trapData(seed)
    const out = supportState({
      out: join(folder, `${seed}`),
      engine: 'postgres',
      url: `pglite:${folder}/${seed}-database`,
    })
    await runTraps(traps, out, 'by month')
    await expectSameState(traps, out)
    await out.close()
  })
})
