/**
 * What follows a version in Spark: its rows in the main branches, and the end of what nobody reads any more.
 * @module
 */
import { ConnectError, EngineError } from '../../errors.ts'
import { int64, string } from '../../table/contract.ts'
import { dialectOf } from '../dialects.ts'
import { quoted } from '../render.ts'
import type { SparkConnection } from '../spark/connect-spark.ts'
import { sparkConnection } from '../spark/open-spark.ts'
import type { Head, HeldTable, VersionForm } from './spark-head.ts'
import { framesOf, OF_VERSION, placeIn, seqOf, VERSION } from './spark-names.ts'
import type { SparkTables } from './spark-tables.ts'

/** Shows the rows of a version to whoever reads a table by its name alone. */
export async function showInMain(
  spark: SparkConnection,
  at: readonly string[],
  tables: readonly HeldTable[],
): Promise<void> {
  const [catalog = '', ...schema] = at
  const dialect = dialectOf('spark')
  for (const { table, ref } of tables) {
    const name = quoted('text', placeIn(schema, table), dialect)
    const set = `${quoted('name', catalog, dialect)}.system.set_current_snapshot`
    await spark.exec(`CALL ${set}(table => ${name}, ref => ${quoted('text', ref, dialect)})`)
  }
}

/** Removes what a version wrote that is not committed. An engine that is gone keeps it until a later version begins. */
export async function discard(
  spark: SparkConnection,
  at: readonly string[],
  { form, version, tables }: { readonly form: VersionForm; readonly version: string; readonly tables: SparkTables },
): Promise<void> {
  const branch = quoted('name', version, dialectOf('spark'))
  try {
    for (const { table } of tables.written) {
      const place = placeIn(at, table)
      if (form === 'copies') await spark.exec(`DROP TABLE IF EXISTS ${place}`)
      else await spark.exec(`ALTER TABLE ${place} DROP BRANCH IF EXISTS ${branch}`)
    }
    for (const step of tables.steps) await spark.exec(`DROP TABLE IF EXISTS ${placeIn(at, `${step}__${version}`)}`)
  } catch (error) {
    // whoever ends a version has an error of its own to tell
    if (!(error instanceof EngineError || error instanceof ConnectError)) throw error
  }
}

/**
 * Removes what versions left that can no longer become the head, and that the head does not name; returns the snapshot of each
 * table that it names. What the last version replaced is still read by others, and stays until the next one begins.
 */
export async function sweep(
  spark: SparkConnection,
  at: readonly string[],
  head: Head,
): Promise<ReadonlyMap<string, bigint>> {
  const isDead = (version: string): boolean => seqOf(version) < head.seq
  const schema = at.map((part) => quoted('name', part, dialectOf('spark'))).join('.')
  const used = new Set(Object.values(head.tables).map(({ table }) => table))
  const left: string[] = []
  for await (const tables of spark.query(`SHOW TABLES IN ${schema}`)) {
    for (const { tableName } of tables.objects() as { tableName: string }[]) {
      const version = OF_VERSION.exec(tableName)?.[1]
      if (version !== undefined && isDead(version) && !used.has(tableName)) left.push(tableName)
    }
  }
  for (const table of left) await spark.exec(`DROP TABLE IF EXISTS ${placeIn(at, table)}`)
  const snapshots = new Map<string, bigint>()
  const held = Object.entries(head.tables)
  if (head.form === 'copies' || held.length === 0) return snapshots
  const queries = held.map(([name, { table }]) => {
    const text = quoted('text', name, dialectOf('spark'))
    return `SELECT ${text} AS held, name AS branch, snapshot_id FROM ${placeIn(at, table)}.refs`
  })
  const columns = { held: string(), branch: string(), snapshot_id: int64() }
  for (const { rows, columns: cells } of await framesOf(
    sparkConnection(spark),
    queries.join('\nUNION ALL\n'),
    columns,
  )) {
    for (let row = 0; row < rows; row++) {
      const [name, branch] = ['held', 'branch'].map((each) => String(cells.get(each)?.at(row)))
      const table = head.tables[name ?? '']
      if (table === undefined || branch === undefined) continue
      if (branch === table.ref) snapshots.set(name ?? '', BigInt(String(cells.get('snapshot_id')?.at(row))))
      else if (VERSION.test(branch) && isDead(branch)) {
        const dead = quoted('name', branch, dialectOf('spark'))
        await spark.exec(`ALTER TABLE ${placeIn(at, table.table)} DROP BRANCH IF EXISTS ${dead}`)
      }
    }
  }
  return snapshots
}
