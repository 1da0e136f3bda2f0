/** A lake loaded into a Postgres server: one commit at a time for readers, nothing twice, and whole after any kill. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../../src/connect/open.ts'
import type { Database } from '../../../../src/connect/postgres/database.ts'
import { connectServer } from '../../../../src/connect/postgres/server.ts'
import { type CurrentIndex, runPipeline } from '../../../../src/pipeline/index.ts'
import { chance } from '../../../../src/sample/extract-bytes.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { MAIN, NODE_OPTIONS, supportEtl } from '../../../cli/command-line.ts'
import { findPrograms, type Server, startServer } from '../../../postgres-server.ts'
import { placeOf, worldOf } from '../worlds.ts'

const programs = findPrograms()
const TABLES = ['customers', 'call_logs', 'social_media', 'web_forms', 'raw_call_logs', 'complaint_volumes'] as const

describe.skipIf(programs === null)('complaints load on a server (apt-get install postgresql)', () => {
  const lake = mkdtempSync(join(tmpdir(), 'support-etl-load-'))
  const { files, truth } = worldOf({ customers: 4000, days: 4, profile: 'adversarial', seed: 4 })
  const later = truth.later.map(({ folder }) => folder)
  let server: Server
  let database: Database
  const land = (folders: readonly string[], days?: readonly string[]) =>
    runPipeline(complaintsJob, {
      ...{ data: placeOf(files, ...folders), out: openStore(lake), format: 'parquet' },
      ...(days !== undefined && { days }),
    })
  const load = () => supportEtl(['complaints', 'load', '--out', lake, '--warehouse', server.url, '--json'])
  /** Rows of each table by what the index of the lake says. */
  const indexed = (): Record<string, number> => {
    const { tables } = JSON.parse(readFileSync(join(lake, 'current.json'), 'utf8')) as CurrentIndex
    return Object.fromEntries(TABLES.map((name) => [name, tables[name]?.rows ?? 0]))
  }
  /** Rows of each table in one statement: what one reader sees at once. */
  const counted = async (reader: Database): Promise<Record<string, number>> => {
    const columns = TABLES.map((name) => `(SELECT count(*) FROM lake.${name})::int AS ${name}`)
    const [row] = (await reader.query(`SELECT ${columns}`)).rows
    return Object.fromEntries(TABLES.map((name) => [name, Number(row?.[name])]))
  }
  beforeAll(async () => {
    server = await startServer(programs ?? '')
    database = await connectServer(server.url)
    await land([], [truth.days[0] ?? ''])
  }, 120_000)
  afterAll(async () => {
    await database?.close()
    await server?.stop()
    rmSync(lake, { recursive: true, force: true })
  })

  it('brings what the commit lists, and changes nothing the second time', async () => {
    const first = load()
    expect(first.status, first.stderr).toBe(0)
    expect(await counted(database)).toEqual(indexed())
    const before = await database.query(
      `SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname`,
    )
    expect(JSON.parse(load().stdout)).toMatchObject({ status: 'current', rows: {} })
    const after = await database.query(
      `SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname`,
    )
    expect(after.rows).toEqual(before.rows)
  }, 120_000)

  it('shows readers the commit before or the new one, and is whole after it was killed at any time', async () => {
    const states = [indexed()]
    await land([])
    await land(later)
    states.push(indexed())
    expect(states[1]).not.toEqual(states[0])
    const reader = await connectServer(server.url)
    let isOver = false
    let looks = 0
    const reading = (async () => {
      while (!isOver) {
        expect(states).toContainEqual(await counted(reader))
        looks++
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })()
    try {
      for (let kill = 0; kill < 6; kill++) {
        const args = ['complaints', 'load', '--out', lake, '--warehouse', server.url]
        const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, ...args], { stdio: 'ignore' })
        const ended = once(child, 'exit')
        const wait = 300 + (chance(7, 1, kill) % 2500)
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, wait))])
        child.kill('SIGKILL')
        await ended
      }
      const last = load()
      expect(last.status, last.stderr).toBe(0)
    } finally {
      isOver = true
    }
    await reading
    await reader.close()
    expect(looks).toBeGreaterThan(10)
    expect(await counted(database)).toEqual(states[1])
    // the rows are those of a fresh load
    const rows = async (schema: string) =>
      (
        await database.query(
          `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${schema}.call_logs AS t`,
        )
      ).rows
    const fresh = supportEtl([
      ...['complaints', 'load', '--out', lake, '--warehouse', server.url],
      ...['--schema', 'fresh'],
    ])
    expect(fresh.status, fresh.stderr).toBe(0)
    expect(await rows('lake')).toEqual(await rows('fresh'))
  }, 240_000)
})
