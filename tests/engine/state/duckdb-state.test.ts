/** The monthly job on DuckDB publishes the bytes that it publishes without an engine; more data sets run with the fault tests. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { expectSameState, runTraps, supportState } from './same-state.ts'
import { type TrapData, trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-duckdb-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const options = { timeZone: 'America/New_York', monthFrom: 'interaction_start', format: 'csv' } as const

/** The files of a folder with `initial` and `delta`, as a data set. */
function dataIn(place: string): TrapData {
  const names = ['initial', 'delta'].flatMap((part) => readdirSync(join(place, part)).map((name) => `${part}/${name}`))
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(place, name), 'utf8')]))
  const months = new Set(names.flatMap((name) => /_delta_(\d{6})\.csv$/.exec(name)?.[1] ?? []))
  return { files, months: [...months].sort(), options }
}

/** The data that the exercise was published with, where it lies beside the checkout; else the sample. */
const exercise = join(import.meta.dirname, '../../../../shared/data/support-challenge')
const sample = join(import.meta.dirname, '../../../examples/data/support')

describe('the monthly job on DuckDB', () => {
  it.for([
    ['seed-1', () => trapData(1)] as const,
    ['exercise', () => dataIn(existsSync(exercise) ? exercise : sample)] as const,
  ])('has the state of a run without an engine, month by month (%s)', async ([name, traps]) => {
    const out = supportState({ out: join(folder, name), engine: 'duckdb' })
    await runTraps(traps(), out, 'by month')
    await expectSameState(traps(), out)
    await out.close()
  })
})
