import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { folderStore } from '../../../../src/connect/files/folder-store.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { callKpis } from '../../../../src/systems/calls/figures/kpis.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { selectCalls } from '../../../../src/systems/calls/figures/selection.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { curatedCalls } from '../../../../src/systems/calls/tables.ts'
import { filesIn, sample, temporaryFolder } from '../places.ts'

describe('the curated Parquet', () => {
  const TYPES = [
    ['call_id', 'VARCHAR'],
    ['agent_id', 'VARCHAR'],
    ['agent_name', 'VARCHAR'],
    ['region', 'VARCHAR'],
    ['customer_id', 'VARCHAR'],
    ['start_time', 'TIMESTAMP WITH TIME ZONE'],
    ['end_time', 'TIMESTAMP WITH TIME ZONE'],
    ['call_duration_minutes', 'DOUBLE'],
    ['issue_type', 'VARCHAR'],
    ['resolution', 'VARCHAR'],
    ['rating', 'DOUBLE'],
    ['call_date', 'DATE'],
    ['hour_of_day', 'INTEGER'],
  ]

  it('is read by DuckDB with the types and figures that it has here', async () => {
    const folder = temporaryFolder()
    await runCalls(filesIn(folderStore(folder), folderStore(sample)))
    const path = join(folder, 'cleaned_calls.parquet')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    await connection.run("SET TimeZone='UTC'")
    const described = await ask(`DESCRIBE SELECT * FROM '${path}'`)
    expect(described.map(([name, type]) => [name, type])).toEqual(TYPES)
    expect(TYPES.map(([name]) => name)).toEqual(Object.keys(curatedCalls.columns))
    const [row] = await ask(`
      SELECT count(*)::INT, sum((lower(resolution) = 'resolved')::INT)::INT, avg(rating),
             quantile_cont(call_duration_minutes, 0.5), quantile_cont(call_duration_minutes, 0.9),
             sum((call_date <> start_time::DATE OR hour_of_day <> date_part('hour', start_time))::INT)::INT,
             max(abs(call_duration_minutes - date_diff('microsecond', start_time, end_time) / 6e7))
      FROM '${path}'`)
    const set = callSet(await parquetFrame(readFileSync(path)))
    const { current } = callKpis(selectCalls(set))
    expect(row?.slice(0, 2)).toEqual([current.calls, current.resolved])
    expect(row?.[2]).toBeCloseTo(current.average_rating ?? Number.NaN, 9)
    expect(row?.[3]).toBeCloseTo(current.median_minutes ?? Number.NaN, 9)
    expect(row?.[4]).toBeCloseTo(current.p90_minutes ?? Number.NaN, 9)
    expect(row?.[5]).toBe(0)
    expect(row?.[6]).toBeLessThanOrEqual(0.005 + 1e-9)
    connection.closeSync()
  })
})
