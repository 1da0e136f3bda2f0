// MERGE as the manuals of the engines show it, one statement a delta:
//   node merge.mjs duckdb|postgres|iceberg|delta all|latest [ADDRESS OF SPARK]
// `all` merges every row of the delta; `latest` takes the last row of each key first, by a window function. Policies are written as
// conditions of the clauses where MERGE has such; a case that needs more than that is skipped.
import { answerCases } from './lines.mjs'

const [engine, source, address] = process.argv.slice(2)

async function openDuckdb() {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return {
    execute: (statement) => connection.run(statement),
    rows: async (query) => (await connection.runAndReadAll(query)).getRows(),
    close: async () => {},
  }
}

async function openPostgres() {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  return {
    execute: (statement) => database.query(statement),
    rows: async (query) => (await database.query(query, [], { rowMode: 'array' })).rows,
    close: () => database.close(),
  }
}

async function openSpark() {
  const { connectSpark } = await import('support-etl/engine')
  const spark = await connectSpark(address, { retrySeconds: 120 })
  return {
    execute: (statement) => spark.exec(statement),
    rows: async (query) => {
      const found = []
      for await (const rows of spark.query(query))
        for (const row of rows.objects()) found.push([row.id, row.team, row.minutes])
      return found
    },
    close: () => spark.close(),
  }
}

const isSpark = engine === 'iceberg' || engine === 'delta'
const { execute, rows, close } = await (isSpark ? openSpark() : engine === 'postgres' ? openPostgres() : openDuckdb())

const types = isSpark ? { text: 'STRING', double: 'DOUBLE' } : { text: 'VARCHAR', double: 'DOUBLE PRECISION' }
const quote = isSpark ? '`' : '"'
const quoted = (name) => quote + name + quote
const escaped = (text) =>
  isSpark
    ? text.replace(/[\\'\n\r\t]/g, (found) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[found] ?? `\\${found}`)
    : text.replaceAll("'", "''")
const literal = (cell) => (cell === null ? 'NULL' : typeof cell === 'number' ? String(cell) : `'${escaped(cell)}'`)

/** Rows as a query, for Spark. */
function queryOf({ columns, rows: values }, kinds) {
  const select = columns.map((name) => `CAST(${quoted(name)} AS ${types[kinds[name] ?? 'text']}) AS ${quoted(name)}`)
  const none = `(${columns.map(() => 'NULL').join(', ')})`
  const lines = values.length === 0 ? none : values.map((row) => `(${row.map(literal).join(', ')})`).join(', ')
  const names = columns.map(quoted).join(', ')
  return `SELECT ${select.join(', ')} FROM VALUES ${lines} AS v (${names})${values.length === 0 ? ' WHERE false' : ''}`
}

/** Makes the table `t`, or the source `s`, of rows. */
async function fill(name, rows, kinds) {
  if (isSpark) {
    const made = name === 't' ? `TABLE t USING ${engine}` : 'TEMPORARY VIEW s'
    return execute(`CREATE OR REPLACE ${made} AS ${queryOf(rows, kinds)}`)
  }
  const declared = rows.columns.map((column) => `${quoted(column)} ${types[kinds[column] ?? 'text']}`)
  if (name === 't') declared.push('PRIMARY KEY (id)')
  await execute(`DROP TABLE IF EXISTS ${name}`)
  await execute(`CREATE TABLE ${name} (${declared.join(', ')})`)
  if (rows.rows.length === 0) return
  const lines = rows.rows.map((row) => `(${row.map(literal).join(', ')})`)
  await execute(`INSERT INTO ${name} VALUES ${lines.join(', ')}`)
}

/** What MERGE has no clause for. */
function beyond({ duplicates, addExisting, updateMissing, deleteMissing, sequenceBy, columnAliases }) {
  if ([duplicates, addExisting, updateMissing, deleteMissing].includes('error'))
    return 'MERGE has no clause that refuses a row'
  if (sequenceBy !== undefined && source === 'all') return 'MERGE takes its source in no order'
  return columnAliases === undefined ? null : 'MERGE has no other names for columns'
}

function mergeOf({ columns }, target, policies) {
  const action = columns.includes('action') ? 's.action' : literal(policies.defaultAction ?? 'add')
  const own = target.filter((name) => name !== 'id' && columns.includes(name))
  const isKept = (name) =>
    policies.update === 'patch' || policies.nulls === 'keep' || (policies.nulls?.keep ?? []).includes(name)
  const set = own.map(
    (name) =>
      `${quoted(name)} = ${isKept(name) ? `COALESCE(s.${quoted(name)}, t.${quoted(name)})` : `s.${quoted(name)}`}`,
  )
  const names = ['id', ...own]
  const updates = policies.addExisting === 'ignore' ? "('update')" : "('add', 'update')"
  const inserts = policies.updateMissing === 'ignore' ? "('add')" : "('add', 'update')"
  const latest = `(SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ${policies.sequenceBy ?? '_seq'} DESC, _seq DESC) AS _last FROM s) AS numbered WHERE _last = 1) AS s`
  return `MERGE INTO t USING ${source === 'latest' ? latest : 's'} ON t.id = s.id
WHEN MATCHED AND ${action} = 'delete' THEN DELETE
WHEN MATCHED AND ${action} IN ${updates} THEN UPDATE SET ${set.join(', ')}
WHEN NOT MATCHED AND ${action} IN ${inserts} THEN INSERT (${names.map(quoted).join(', ')}) VALUES (${names.map((name) => `s.${quoted(name)}`).join(', ')})`
}

await answerCases(async ({ base, deltas, types: kinds, policies = {} }) => {
  const reason = beyond(policies)
  if (reason !== null) return reason
  await fill('t', base, kinds)
  for (const delta of deltas) {
    const numbered = delta.rows.map((row, at) => [...row, at])
    await fill('s', { columns: [...delta.columns, '_seq'], rows: numbered }, { ...kinds, _seq: 'double' })
    await execute(mergeOf(delta, base.columns, policies))
  }
  return rows(`SELECT ${base.columns.map(quoted).join(', ')} FROM t`)
})
await close()
