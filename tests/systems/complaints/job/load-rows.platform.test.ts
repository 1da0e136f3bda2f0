/**
 * A warehouse that is loaded has the rows of the published files, each as often as it is there: after corrected, late and withdrawn
 * days, after loads that were killed at any moment, and after commits whose answer was lost. DuckDB reads the files.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../../src/connect/open.ts'
import { type CurrentIndex, deliverState, postgres, runPipeline } from '../../../../src/pipeline/index.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { MAIN, NODE_OPTIONS } from '../../../cli/command-line.ts'
import { moments } from '../../../moments.ts'
import { findPrograms, suiteServer } from '../../../postgres-server.ts'
import { placeOf, worldOf } from '../worlds.ts'

const programs = findPrograms()
const CUSTOMERS = 's3/customers/customers_dataset.csv'

describe.skipIf(programs === null)('complaints load against the published files (apt-get install postgresql)', () => {
  const suite = suiteServer(programs)
  const { files, truth } = worldOf({ customers: 1000, days: 4, profile: 'adversarial', seed: 11 })
  const later = truth.later.map(({ folder }) => folder)
  const [, , gone = ''] = truth.days
  let lake = ''
  beforeEach(() => {
    lake = mkdtempSync(join(tmpdir(), 'support-etl-load-rows-'))
  })
  afterEach(async () => {
    rmSync(lake, { recursive: true, force: true })
    const { rows } = await suite.database.query("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(lake|published_)'")
    for (const { nspname } of rows) await suite.database.query(`DROP SCHEMA ${String(nspname)} CASCADE`)
  })
  const duck = DuckDBInstance.create(':memory:').then((instance) => instance.connect())
  afterAll(async () => (await duck).closeSync())

  /** Copies what the index of the lake lists into a schema of its own, without the destination's code. */
  async function publish(): Promise<number> {
    const reader = await duck
    await reader.run("SET TimeZone = 'UTC'")
    const { commit, tables } = JSON.parse(readFileSync(join(lake, 'current.json'), 'utf8')) as CurrentIndex
    const schema = `published_${commit}`
    await suite.database.query(`CREATE SCHEMA ${schema}`)
    for (const [name, { files: listed }] of Object.entries(tables)) {
      if (listed.length === 0) continue
      await suite.database.query(`CREATE TABLE ${schema}.${name} (LIKE lake.${name})`)
      for (const { path, day } of listed) {
        const found = await reader.runAndReadAll(
          `SELECT to_json(t)::text FROM read_parquet('${join(lake, path)}') AS t`,
        )
        const rows = found.getRows().map(([row]) => ({ ...JSON.parse(String(row)), _day: day ?? '-infinity' }))
        await suite.database.query(
          `INSERT INTO ${schema}.${name} SELECT * FROM json_populate_recordset(NULL::lake.${name}, $1::json)`,
          [JSON.stringify(rows)],
        )
      }
    }
    return commit
  }

  /** Returns the number of the commit that the warehouse has, and the tables with rows that its files have not, or the other way. */
  async function compared(): Promise<{ readonly commit: number; readonly differences: readonly string[] }> {
    const [place] = (await suite.database.query('SELECT number FROM lake.support_etl_place')).rows
    const commit = Number(place?.number)
    const { rows } = await suite.database.query('SELECT tablename FROM pg_tables WHERE schemaname = $1', [
      `published_${commit}`,
    ])
    expect(rows.length).toBeGreaterThan(8)
    const differences: string[] = []
    for (const { tablename } of rows) {
      const [here, there] = [`lake.${String(tablename)}`, `published_${commit}.${String(tablename)}`]
      const found = await suite.database.query(
        `(SELECT * FROM ${here} EXCEPT ALL SELECT * FROM ${there})
          UNION ALL (SELECT * FROM ${there} EXCEPT ALL SELECT * FROM ${here})`,
      )
      if (found.count > 0) differences.push(`${String(tablename)}: ${found.count} rows`)
    }
    return { commit, differences }
  }

  /** What arrives, one after the other: the place, and the days that are withdrawn. */
  function* arrivals() {
    const text = new TextDecoder().decode(files.get(CUSTOMERS))
    const fewer = new Map(files).set(
      CUSTOMERS,
      new TextEncoder().encode(text.trimEnd().split('\n').slice(0, -2).join('\n')),
    )
    const without = new Map(
      [...fewer].filter(([name]) => !name.includes(gone) && !name.includes(gone.replaceAll('-', '_'))),
    )
    yield { what: 'the first delivery', data: placeOf(files), withdraw: [] }
    yield { what: 'a corrected day', data: placeOf(files, 'later/corrected'), withdraw: [] }
    yield { what: 'a late day', data: placeOf(files, ...later), withdraw: [] }
    yield { what: 'other customers', data: placeOf(fewer, ...later), withdraw: [] }
    yield { what: 'a withdrawn day', data: placeOf(without, ...later), withdraw: [gone] }
    yield { what: 'a day that comes again', data: placeOf(fewer, ...later), withdraw: [] }
  }
  const land = async ({ data, withdraw }: { data: ReturnType<typeof placeOf>; withdraw: readonly string[] }) => {
    const losses = withdraw.length > 0 ? { withdraw, acceptWithdrawals: Object.keys(complaintsJob.tables) } : {}
    const out = openStore(lake)
    const { status } = await runPipeline(complaintsJob, { data, out, format: 'parquet', publish: ['all'], ...losses })
    expect(status).toBe('committed')
  }

  it('finds no row in one of them alone after loads that were killed at any moment', async () => {
    /** Runs the command, killed after so many milliseconds; says whether it ended by itself, and when. */
    const load = async (patience: number) => {
      const args = ['complaints', 'load', '--out', lake, '--warehouse', suite.server.url]
      const begun = performance.now()
      const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, ...args], { stdio: 'ignore' })
      const alarm = setTimeout(() => child.kill('SIGKILL'), patience)
      const [status, signal] = await once(child, 'exit')
      clearTimeout(alarm)
      expect(signal ?? status).toSatisfy((end: unknown) => end === 'SIGKILL' || end === 0)
      return { isWhole: signal === null, span: performance.now() - begun }
    }
    const next = moments(5)
    let [span, killed, commits] = [0, 0, 0]
    for (const { what, ...arrival } of arrivals()) {
      await land(arrival)
      if (span > 0) {
        commits = await publish()
        // twice in a row; less than half of the time is the start of the process
        for (let time = 0; time < 2; time++) {
          if (!(await load((0.3 + 0.7 * next()) * span)).isWhole) killed++
          const { commit, differences } = await compared()
          expect([commits - 1, commits], what).toContain(commit)
          expect(differences, `${what}, killed`).toEqual([])
        }
      }
      const whole = await load(240_000)
      expect(whole.isWhole).toBe(true)
      // the first load makes the tables that the rows are compared in
      if (span === 0) commits = await publish()
      span = whole.span
      expect(await compared(), what).toEqual({ commit: commits, differences: [] })
    }
    expect([commits, killed]).toEqual([6, expect.toSatisfy((times: number) => times > 4)])
  }, 600_000)

  it('finds no row in one of them alone when the answer to each COMMIT is lost', async () => {
    let commits = 0
    for (const { what, ...arrival } of arrivals()) {
      await land(arrival)
      suite.proxy.cutAtCommit(commits % 2 === 0 ? 'answered' : 'sent')
      const destinations = [postgres({ url: suite.proxiedUrl, schema: 'lake' })]
      const [delivery] = await deliverState(complaintsJob, { out: lake, destinations })
      commits = await publish()
      expect(delivery?.commit, what).toBe(commits)
      expect(suite.proxy.cuts(), what).toBe(commits)
      expect(await compared(), what).toEqual({ commit: commits, differences: [] })
    }
    expect(commits).toBe(6)
  }, 240_000)

  it('would find a row that is missing, doubled or other', async () => {
    for (const arrival of arrivals()) {
      await land(arrival)
      break
    }
    await deliverState(complaintsJob, {
      out: lake,
      destinations: [postgres({ url: suite.server.url, schema: 'lake' })],
    })
    await publish()
    const spoilt = async (statement: string) => {
      await suite.database.query(statement)
      return (await compared()).differences
    }
    const some = '(SELECT min(ctid) FROM lake.call_logs)'
    expect(await spoilt(`UPDATE lake.call_logs SET remarks = 'other' WHERE ctid = ${some}`)).toEqual([
      'call_logs: 2 rows',
    ])
    expect(await spoilt(`DELETE FROM lake.call_logs WHERE remarks = 'other'`)).toEqual(['call_logs: 1 rows'])
    await suite.database.query('ALTER TABLE lake.customers DROP CONSTRAINT customers_pkey')
    expect(await spoilt('INSERT INTO lake.customers SELECT * FROM lake.customers LIMIT 1')).toEqual(
      expect.arrayContaining(['customers: 1 rows']),
    )
  }, 120_000)
})
