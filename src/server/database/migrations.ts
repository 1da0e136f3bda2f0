/**
 * Migrations of a system's database: each applied once, in order, and known by a checksum of its text.
 * @module
 */
import { createHash } from 'node:crypto'
import { type Migration as KyselyMigration, type MigrationResultSet, Migrator } from 'kysely/migration'
import type { Database, Query } from '../../connect/postgres/database.ts'
import { EtlError, ServerError } from '../../errors.ts'
import { kyselyOver } from './dialect.ts'
import type { Migration } from './system-database.ts'

/** The migrations of one system, in one schema. */
export interface MigrationSet {
  /** The system's name. */
  readonly system: string
  readonly schema: string
  readonly migrations: readonly Migration[]
}

/** A migration and whether the database has it. */
export interface MigrationStatus {
  readonly name: string
  readonly state: 'applied' | 'pending'
}

/** What was applied, by system, with the checksum of its text. */
const CHECKSUMS = 'support_etl_migrations'

const tableOf = ({ system }: MigrationSet): string => `support_etl_${system}_migration`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The SHA-256 of a migration's statements. */
export function checksumOf({ up, down }: Migration): string {
  return createHash('sha256').update(`${up}\0${down}`).digest('hex')
}

/** The checksums of what was applied, by name, in order. */
async function readApplied(query: Query, { system, schema }: MigrationSet): Promise<ReadonlyMap<string, string>> {
  const { rows: found } = await query(
    `SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = $1 AND c.relname = $2`,
    [schema, CHECKSUMS],
  )
  if (found.length === 0) return new Map()
  const { rows } = await query(
    `SELECT name, checksum FROM ${quoted(schema)}.${CHECKSUMS} WHERE system = $1 ORDER BY name COLLATE "C"`,
    [system],
  )
  return new Map(rows.map(({ name, checksum }) => [String(name), String(checksum)]))
}

function refuseChanged(applied: ReadonlyMap<string, string>, { system, migrations }: MigrationSet): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const [name, checksum] of applied) {
    const migration = known.get(name)
    const problem =
      migration === undefined
        ? 'was applied, and this version does not have it'
        : checksumOf(migration) === checksum
          ? null
          : 'was applied with another text'
    if (problem === null) continue
    throw new ServerError('migration_changed', `migration ${name} of ${system} ${problem}; nothing was changed`, {
      advice: ['restore it, and write a change as another migration'],
      details: { system, migration: name },
    })
  }
}

/** Returns the migrations and which of them the database has. @throws ServerError migration_changed */
export async function migrationStatus(query: Query, set: MigrationSet): Promise<readonly MigrationStatus[]> {
  const applied = await readApplied(query, set)
  refuseChanged(applied, set)
  return set.migrations.map(({ name }) => ({ name, state: applied.has(name) ? 'applied' : 'pending' }))
}

function migratorOf(database: Database, set: MigrationSet): Migrator {
  const { system, schema, migrations } = set
  const run = async (text: string, values: readonly unknown[]) => (await database.query(text, values)).rows
  const checksums = `${quoted(schema)}.${CHECKSUMS}`
  const inSchema = `SET LOCAL search_path = ${quoted(schema)};`
  const provided = migrations.map((migration): readonly [string, KyselyMigration] => {
    const { name, up, down } = migration
    return [
      name,
      {
        // on the connection of the transaction that the migrator began
        async up() {
          await database.script(`${inSchema}\n${up}`)
          await database.query(`INSERT INTO ${checksums} (system, name, checksum) VALUES ($1, $2, $3)`, [
            ...[system, name, checksumOf(migration)],
          ])
        },
        async down() {
          await database.script(`${inSchema}\n${down}`)
          await database.query(`DELETE FROM ${checksums} WHERE system = $1 AND name = $2`, [system, name])
        },
      },
    ]
  })
  return new Migrator({
    db: kyselyOver(run, schema),
    provider: { getMigrations: async () => Object.fromEntries(provided) },
    migrationTableSchema: schema,
    migrationTableName: tableOf(set),
    migrationLockTableName: `${tableOf(set)}_lock`,
  })
}

async function migrate(
  database: Database,
  set: MigrationSet,
  work: (migrator: Migrator) => Promise<MigrationResultSet>,
): Promise<readonly string[]> {
  refuseChanged(await readApplied(database.query, set), set)
  await database.script(
    `CREATE SCHEMA IF NOT EXISTS ${quoted(set.schema)};
    CREATE TABLE IF NOT EXISTS ${quoted(set.schema)}.${CHECKSUMS} (
      system text, name text, checksum text NOT NULL, applied_at timestamp with time zone NOT NULL DEFAULT now(),
      PRIMARY KEY (system, name))`,
  )
  const { error, results = [] } = await work(migratorOf(database, set))
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName ?? 'unknown'
    const why = error instanceof EtlError ? error.message : String(error)
    throw new ServerError(
      'migration_failed',
      `migration ${failed} of ${set.system} failed, and nothing was changed: ${why}`,
      {
        cause: error,
        details: { system: set.system, migration: failed },
      },
    )
  }
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName)
}

/**
 * Applies every pending migration in one transaction, and returns their names. Of two processes at once one waits for the other.
 * @throws ServerError migration_changed - one that was applied has another text; migration_failed - the database refuses one
 */
export async function migrateUp(database: Database, set: MigrationSet): Promise<readonly string[]> {
  if ((await migrationStatus(database.query, set)).every(({ state }) => state === 'applied')) return []
  return migrate(database, set, (migrator) => migrator.migrateToLatest())
}

/**
 * Undoes the last migration, and returns its name; nothing where none was applied.
 * @throws ServerError migration_changed, migration_failed
 */
export async function migrateDown(database: Database, set: MigrationSet): Promise<readonly string[]> {
  if ((await readApplied(database.query, set)).size === 0) return []
  return migrate(database, set, (migrator) => migrator.migrateDown())
}
