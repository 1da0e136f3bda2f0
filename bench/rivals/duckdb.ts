/**
 * The whole job in DuckDB with two threads, as a data engineer would write it: typed CSV reader, MERGE, one report query.
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

const FACT = {
  interaction_id: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  channel: 'VARCHAR',
  category_id: 'VARCHAR',
  agent_id: 'VARCHAR',
  contact_center_id: 'VARCHAR',
  interaction_start: 'TIMESTAMP',
  agent_resolution_timestamp: 'TIMESTAMP',
  interaction_end: 'TIMESTAMP',
  call_duration_minutes: 'DOUBLE',
  satisfaction_rating: 'DOUBLE',
}
const TABLES: Record<string, Record<string, string>> = {
  interactions: FACT,
  agents: {
    agent_id: 'VARCHAR',
    full_name: 'VARCHAR',
    contact_center_id: 'VARCHAR',
    hire_date: 'DATE',
    category_id: 'VARCHAR',
  },
  contact_centers: { contact_center_id: 'VARCHAR', contact_center_name: 'VARCHAR', location: 'VARCHAR' },
  service_categories: { category_id: 'VARCHAR', category_name: 'VARCHAR', department: 'VARCHAR' },
}

function readCsv(path: string, columns: Record<string, string>): string {
  const types = Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`)
  return `read_csv('${path}', header = true, nullstr = ['', ' '], columns = { ${types.join(', ')} })`
}

/** The cells of a table as text that may have outer spaces, and the rest in their types; `cast` where all came as text. */
function cells(columns: Record<string, string>, cast: 'typed' | 'text'): string {
  return Object.entries(columns)
    .map(([name, type]) => {
      if (type === 'VARCHAR') return `trim("${name}") AS "${name}"`
      return cast === 'typed' ? `"${name}"` : `try_cast(trim("${name}") AS ${type}) AS "${name}"`
    })
    .join(', ')
}

/** A delta's rows, typed and numbered. They are read as text, because the other cells of a delete row may hold anything. */
async function readDelta(connection: DuckDBConnection, table: string, path: string): Promise<void> {
  const columns = TABLES[table] as Record<string, string>
  const text = Object.fromEntries([...Object.keys(columns), 'action'].map((name) => [name, 'VARCHAR']))
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE changes AS
    SELECT ${cells(columns, 'text')}, "action", row_number() OVER () AS seq FROM ${readCsv(path, text)}`)
}

/** The delta's changes, of several of a key the last. */
const lastChanges = (key: string) => `
  SELECT * EXCLUDE ("action", seq), lower(trim("action")) AS change FROM changes
  QUALIFY row_number() OVER (PARTITION BY "${key}" ORDER BY seq DESC) = 1`

type Apply = (connection: DuckDBConnection, table: string) => Promise<void>

/** Applies a delta in place. */
async function merge(connection: DuckDBConnection, table: string): Promise<void> {
  const [key = '', ...names] = Object.keys(TABLES[table] as Record<string, string>)
  await connection.run(`
    MERGE INTO ${table} AS t USING (${lastChanges(key)}) AS d ON t."${key}" = d."${key}"
    WHEN MATCHED AND d.change = 'delete' THEN DELETE
    WHEN MATCHED THEN UPDATE SET ${names.map((name) => `"${name}" = d."${name}"`).join(', ')}
    WHEN NOT MATCHED AND d.change <> 'delete' THEN INSERT (${[key, ...names].map((name) => `"${name}"`).join(', ')})
      VALUES (${[key, ...names].map((name) => `d."${name}"`).join(', ')})`)
}

/** Writes the table after a delta as a new one, and keeps the one before. */
async function rewrite(connection: DuckDBConnection, table: string): Promise<void> {
  const [key = ''] = Object.keys(TABLES[table] as Record<string, string>)
  await connection.run(`
    CREATE TABLE after_delta AS
    WITH d AS MATERIALIZED (${lastChanges(key)})
    SELECT * FROM ${table} ANTI JOIN d USING ("${key}")
    UNION ALL SELECT * EXCLUDE (change) FROM d WHERE change <> 'delete'`)
}

/** Gives what {@link rewrite} wrote the table's name. */
async function replaceTable(connection: DuckDBConnection, table: string): Promise<void> {
  await connection.run(`DROP TABLE ${table}; ALTER TABLE after_delta RENAME TO ${table}`)
}

const LOCAL_MONTH = (column: string) => `date_trunc('month', timezone('America/New_York', timezone('UTC', ${column})))`

// counted at the grain of ids and joined afterwards, which is DuckDB's fastest form of this report
const REPORT = `
  SELECT strftime(month, '%Y-%m') AS month,
    coalesce(nullif(contact_center_name, ''), 'Unknown') AS contact_center_name,
    coalesce(nullif(department, ''), 'Unknown') AS department,
    sum(n)::INTEGER AS total_interactions, sum(calls)::INTEGER AS total_calls, round(sum(minutes), 6) AS total_call_duration
  FROM (
    SELECT ${LOCAL_MONTH('coalesce(interaction_start, "timestamp")')} AS month, contact_center_id, category_id,
      count(*) AS n, count(*) FILTER (lower(channel) = 'phone') AS calls,
      coalesce(sum(call_duration_minutes) FILTER (lower(channel) = 'phone'), 0) AS minutes
    FROM interactions GROUP BY ALL
  )
  LEFT JOIN contact_centers USING (contact_center_id)
  LEFT JOIN service_categories USING (category_id)
  WHERE month IS NOT NULL
  GROUP BY ALL ORDER BY ALL`

async function open(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  return connection
}

async function readExtract(connection: DuckDBConnection, table: string, inputs: Inputs): Promise<void> {
  const columns = TABLES[table] as Record<string, string>
  const source = readCsv(join(inputs.data, 'initial', `${table}.csv`), columns)
  // the fact's text has no outer spaces, so trimming it would only slow DuckDB down
  const selected = table === 'interactions' ? '*' : cells(columns, 'typed')
  await connection.run(`CREATE TABLE ${table} AS SELECT ${selected} FROM ${source}`)
}

function deltaPath(inputs: Inputs, table: string, month: string): string | null {
  const path = join(inputs.data, 'delta', `${table}_delta_${month}.csv`)
  return existsSync(path) ? path : null
}

async function readReport(connection: DuckDBConnection): Promise<ReportRow[]> {
  const result = await connection.runAndReadAll(REPORT)
  // the query's columns are the row's
  return result.getRowObjectsJson() as unknown as ReportRow[]
}

type Steps = Pick<Outcome, 'steps' | 'report'>

/** Each step on its own, in one fresh process: both deltas timed. */
export const steps = (inputs: Inputs): Promise<Steps> => stepsBy(merge, inputs)

/** The step that is otherwise where the table before is kept. */
export async function stepsKept(inputs: Inputs): Promise<Steps> {
  const { steps: timings, report } = await stepsBy(rewrite, inputs)
  return { steps: timings.filter(({ name }) => name.startsWith('apply')), report }
}

async function stepsBy(apply: Apply, inputs: Inputs): Promise<Steps> {
  const connection = await open()
  const timings: Step[] = []
  await measured(timings, 'read', () => readExtract(connection, 'interactions', inputs))
  for (const table of Object.keys(TABLES).slice(1)) await readExtract(connection, table, inputs)
  for (const [index, month] of inputs.months.entries()) {
    for (const table of Object.keys(TABLES)) {
      const path = deltaPath(inputs, table, month)
      if (path === null) continue
      await readDelta(connection, table, path)
      const isTimed = table === 'interactions'
      await measured(isTimed ? timings : [], index === 0 ? 'apply' : 'apply again', () => apply(connection, table))
      if (apply === rewrite) await replaceTable(connection, table)
    }
  }
  await measured(timings, 'month', () =>
    connection.run(`CREATE TEMP TABLE months AS SELECT ${LOCAL_MONTH('interaction_start')} AS month FROM interactions`),
  )
  const report = await measured(timings, 'report', () => readReport(connection))
  return { steps: timings, report }
}

/** The whole job: extracts and deltas in, the five files that `support-etl run` publishes out. */
export async function job(inputs: Inputs): Promise<Pick<Outcome, 'steps' | 'report'>> {
  const connection = await open()
  mkdirSync(inputs.out, { recursive: true })
  for (const table of Object.keys(TABLES)) await readExtract(connection, table, inputs)
  for (const month of inputs.months) {
    for (const table of Object.keys(TABLES)) {
      const path = deltaPath(inputs, table, month)
      if (path === null) continue
      await readDelta(connection, table, path)
      await merge(connection, table)
    }
  }
  const report = await readReport(connection)
  const written = [...Object.keys(TABLES).map((table) => [table, table]), ['support_report', `(${REPORT})`]]
  for (const [name, source] of written) {
    const format = `FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'`
    await connection.run(`COPY ${source} TO '${join(inputs.out, `${name}.csv`)}' (${format})`)
  }
  return { steps: [], report }
}
