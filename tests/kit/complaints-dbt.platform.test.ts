/** The dbt project of the complaints kit, built by dbt on DuckDB and on a Postgres server, and held to the reference functions. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres, runPipeline } from '../../src/pipeline/index.ts'
import { complaintsJob } from '../../src/systems/complaints/job/complaints-job.ts'
import { supportEtl } from '../cli/command-line.ts'
import { findPrograms, type Server, startServer } from '../postgres-server.ts'
import { dbt, sqlfluff } from '../python-tools.ts'
import { referenceMarts, type TextRows } from '../systems/complaints/marts.ts'

const project = join(import.meta.dirname, '..', '..', 'kit', 'complaints', 'dbt')
const programs = findPrograms()
const STRANGER = '00000000-0000-0000-0000-000000000000'

describe.skipIf(!existsSync(dbt))('the dbt project (uv pip install -r tests/dbt-requirements.txt)', () => {
  const work = mkdtempSync(join(tmpdir(), 'support-etl-dbt-'))
  const [world, lake] = [join(work, 'world'), join(work, 'lake')]

  const runDbt = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const { status, stdout, stderr } = spawnSync(
      dbt,
      [
        '--no-use-colors',
        ...args,
        ...['--project-dir', project, '--profiles-dir', project],
        ...['--target-path', join(work, 'target'), '--log-path', join(work, 'logs')],
      ],
      {
        cwd: work,
        encoding: 'utf8',
        env: {
          ...process.env,
          LAKE: lake,
          DO_NOT_TRACK: '1',
          PYTHONDONTWRITEBYTECODE: '1',
          TZ: 'Asia/Kolkata',
          ...variables,
        },
      },
    )
    return { status, text: `${stdout}${stderr}` }
  }
  const build = (variables: Readonly<Record<string, string>> = {}) => {
    const { status, text } = runDbt(['build'], variables)
    expect(status, text).toBe(0)
  }

  /** Rows of a query, every cell as the warehouse writes it as text. */
  type Query = (sql: string) => Promise<Record<string, unknown>[]>
  const onDuckdb = async <Found>(ask: (query: Query) => Promise<Found>, file = join(lake, 'warehouse.duckdb')) => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      await connection.run(`ATTACH '${file}' AS warehouse (READ_ONLY); USE warehouse;`)
      return await ask(
        async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[],
      )
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
  /** A cell as SQL writes it; its column says what it is. */
  const literal = (cell: string | null): string => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)

  /** Loads rows as text into a table of this session. */
  const loadExpected = async (query: Query, mart: string, names: readonly string[], rows: TextRows) => {
    await query(`CREATE TEMPORARY TABLE expected_${mart} (${names.map((name) => `"${name}" text`)})`)
    for (let at = 0; at < rows.length; at += 500) {
      const values = rows.slice(at, at + 500).map((row) => `(${names.map((name) => literal(row[name] ?? null))})`)
      await query(`INSERT INTO expected_${mart} VALUES ${values}`)
    }
  }
  /** How many rows only the mart has, and how many only the reference functions make: EXCEPT in both directions. */
  const differencesOf = async (query: Query, mart: string, rows: TextRows) => {
    const columns = await query(`SELECT column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'complaints' AND table_name = '${mart}' ORDER BY ordinal_position`)
    const names = columns.map(({ column_name }) => String(column_name))
    // no column of a mart is left out
    expect(names.toSorted(), mart).toEqual(Object.keys(rows[0] ?? {}).toSorted())
    await loadExpected(query, mart, names, rows)
    const typed = columns.map(({ column_name, data_type }) => `CAST("${column_name}" AS ${data_type})`)
    const found = `SELECT ${names.map((name) => `"${name}"`)} FROM complaints.${mart}`
    const expected = `SELECT ${typed} FROM expected_${mart}`
    const only = async (one: string, other: string) =>
      Number((await query(`SELECT count(*) AS rows FROM (${one} EXCEPT ALL ${other}) AS found`))[0]?.rows)
    const counts = [await only(found, expected), await only(expected, found)]
    await query(`DROP TABLE expected_${mart}`)
    return counts
  }
  const expectMarts = async (query: Query) => {
    const marts = await referenceMarts(lake)
    for (const [mart, rows] of Object.entries(marts)) {
      expect([mart, await differencesOf(query, mart, rows)]).toEqual([mart, [0, 0]])
    }
    // and one cell that differs is found, in both directions
    const { dim_agents = [] } = marts
    const changed = dim_agents.map((row, at) => (at === 0 ? { ...row, name: 'Somebody Else' } : row))
    expect(await differencesOf(query, 'dim_agents', changed)).toEqual([1, 1])
  }

  const land = () => {
    const { status, stderr } = supportEtl(['complaints', 'run', '--data', world, '--out', lake])
    expect(status, stderr).toBe(0)
  }

  beforeAll(() => {
    const made = supportEtl([
      'complaints',
      'generate',
      '--out',
      world,
      '--customers',
      '1000',
      '--profile',
      'adversarial',
      '--seed',
      '5',
    ])
    expect(made.status, made.stderr).toBe(0)
    land()
    // agents change: a promotion, and one who leaves
    const sheet = join(world, 'sheet', 'agents.json')
    const { values } = JSON.parse(readFileSync(sheet, 'utf8')) as { values: unknown[][] }
    const promoted = values.map((row, at) => (at === 1 ? [...row.slice(0, 2), 'Senior', 'Maine'] : row))
    writeFileSync(sheet, JSON.stringify({ values: promoted.filter((_, at) => at !== 2) }))
    land()
  }, 120_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  it('builds on DuckDB what the reference functions make, row by row', async () => {
    build()
    await onDuckdb(expectMarts)
    const [counts] = await onDuckdb((query) =>
      query(`SELECT
        (SELECT count(*) FROM complaints.dim_agents WHERE version = 2) AS second_versions,
        (SELECT count(*) FROM complaints.fct_complaints WHERE deliveries > 1) AS followed,
        (SELECT count(*) FROM complaints.fct_complaints WHERE customer_key = '-1') AS strangers`),
    )
    // the world has what the models are made for
    expect(
      Object.values(counts ?? {})
        .map(Number)
        .every((number) => number > 0),
    ).toBe(true)
  }, 180_000)

  it('gives complaints of the Unknown member their customer when the customer arrives', async () => {
    const strangers = (query: Query) =>
      query(`SELECT customer_key, count(*) AS complaints FROM complaints.fct_complaints
        WHERE customer_id = '${STRANGER}' GROUP BY customer_key`)
    const before = await onDuckdb(strangers)
    expect(before.map(({ customer_key }) => customer_key)).toEqual(['-1'])
    appendFileSync(
      join(world, 's3', 'customers', 'customers_dataset.csv'),
      `${STRANGER},Late Comer,F,1990-01-01,2020-01-01,late@gmail.com,"1 Main Street\nBoston, MA 02110"\n`,
    )
    land()
    build()
    expect(await onDuckdb(strangers)).toEqual(before.map((row) => ({ ...row, customer_key: STRANGER })))
  }, 180_000)

  it('stops where a delivery is left out between the lake and the models', () => {
    const broken = join(work, 'broken')
    cpSync(lake, broken, { recursive: true })
    const index = JSON.parse(readFileSync(join(broken, 'current.json'), 'utf8'))
    index.tables.call_logs.files.pop()
    writeFileSync(join(broken, 'current.json'), JSON.stringify(index))
    const counting = ['--select', '+row_reconciliation', '--exclude', 'published_tables_equal_models']
    const { status, text } = runDbt(['build', ...counting], { LAKE: broken })
    expect([status, /FAIL 1 every_row_is_accounted_for/.test(text)], text).toEqual([1, true])
    // what was published has rows that no model has
    const published = runDbt(['build', '--select', '+published_tables_equal_models'], { LAKE: broken })
    expect([published.status, /FAIL 1 published_tables_equal_models/.test(published.text)], published.text).toEqual([
      1,
      true,
    ])
  }, 120_000)

  it('builds where a source has not delivered yet, or none has, and names what a lake lacks', () => {
    const early = join(work, 'early')
    const day = ['--day', '2025-11-21']
    expect(supportEtl(['complaints', 'run', '--data', world, '--out', early, ...day]).status).toBe(0)
    build({ LAKE: early })
    // a lake with customers and agents, before the first day
    const empty = join(work, 'empty')
    expect(supportEtl(['complaints', 'run', '--data', world, '--out', empty, '--day', '2025-12-31']).status).toBe(0)
    build({ LAKE: empty })
    const index = JSON.parse(readFileSync(join(early, 'current.json'), 'utf8'))
    delete index.tables.agent_versions
    writeFileSync(join(early, 'current.json'), JSON.stringify(index))
    const { status, text } = runDbt(['run'], { LAKE: early })
    expect([status, text.includes('current.json has no table agent_versions')], text).toEqual([2, true])
  }, 180_000)

  it('says how old the newest delivery is', () => {
    const { status, text } = runDbt(['source', 'freshness'])
    expect([status, text.match(/ ERROR STALE freshness of lake\.\w+/g)?.length], text).toEqual([1, 3])
  }, 60_000)

  it.skipIf(programs === null)(
    'builds on a Postgres server what the reference functions make',
    async () => {
      let server: Server | undefined
      let client: pg.Client | undefined
      try {
        server = await startServer(programs as string)
        const destinations = [postgres({ url: server.url, schema: 'lake' })]
        await runPipeline(complaintsJob, { data: world, out: lake, format: 'parquet', destinations })
        build({ DBT_TARGET: 'postgres', PGPORT: String(server.port) })
        client = new pg.Client({ connectionString: server.url })
        await client.connect()
        const { query } = { query: client.query.bind(client) }
        await expectMarts(async (sql) => (await query(sql)).rows)
      } finally {
        await client?.end()
        await server?.stop()
      }
    },
    180_000,
  )

  it.each(['duckdb', 'postgres'])(
    'is clean to sqlfluff as %s',
    (dialect) => {
      const lint = ['lint', 'models', 'tests', '--disable-progress-bar', '--dialect', dialect]
      const { status, stdout, stderr } = spawnSync(sqlfluff, lint, { cwd: project, encoding: 'utf8' })
      expect(status, `${stdout}${stderr}`).toBe(0)
    },
    60_000,
  )
})
