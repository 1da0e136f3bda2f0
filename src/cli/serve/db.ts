/**
 * `support-etl db migrate | rollback | status`: the migrations of systems' databases.
 * @module
 */

import { openStore } from '../../connect/open.ts'
import type { Database } from '../../connect/postgres/database.ts'
import { ContractError, PipelineError } from '../../errors.ts'
import { openFolder, takeFolder } from '../../pipeline/destinations/postgres/postgres.ts'
import { type Effects, nodeEffects } from '../../pipeline/effects.ts'
import { type MigrationSet, migrateDown, migrateUp, migrationStatus } from '../../server/database/migrations.ts'
import { databaseAddress, embeddedFolder, refuseShared } from '../../server/database/named-database.ts'
import { migrationSetOf, type NamedDatabase, schemaOf } from '../../server/database/served-database.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { ServedProgram } from './serve.ts'
import { placeOfJob } from './state-places.ts'

interface DbValues {
  readonly out: string
  readonly data: string
  readonly database?: string
  readonly system?: string
  readonly json?: true
}

/** The databases of the systems that a command is about. @throws ContractError, ServerError invalid_option */
async function databasesOf(
  { system, database: given }: DbValues,
  { systems }: ServedProgram,
): Promise<readonly NamedDatabase[]> {
  const found: NamedDatabase[] = []
  for (const { name, database } of systems) {
    if (database !== undefined && (system ?? name) === name) found.push({ ...(await database()), system: name })
  }
  refuseShared(databaseAddress(given), found)
  if (found.length > 0) return found
  const names = systems.flatMap(({ name, database }) => (database === undefined ? [] : [name])).join(', ')
  throw new ContractError('invalid_option', `--system "${system}" has no database; those with one are ${names}`)
}

/** Opens a database, does the work and closes it; an embedded one is owned meanwhile. */
async function withDatabase<Result>(
  values: DbValues,
  declared: NamedDatabase,
  program: ServedProgram,
  effects: Effects,
  work: (database: Database, set: MigrationSet) => Promise<Result>,
): Promise<Result> {
  const address = databaseAddress(values.database)
  if (address?.kind === 'server') {
    const { connectServer } = await import('../../connect/postgres/server.ts')
    const database = await connectServer(address.url)
    try {
      return await work(database, migrationSetOf(declared, schemaOf(declared, address)))
    } finally {
      await database.close()
    }
  }
  const place =
    (await placeOfJob(values, declared.job, effects)) ?? openStore(program.placeOf(values.out, declared.job.name))
  const folder = embeddedFolder(address, place)
  if (folder === null) {
    throw new PipelineError(
      'invalid_option',
      `the database of ${declared.system} is in memory; there is nothing to migrate`,
    )
  }
  const lock = await takeFolder(folder, effects)
  if (lock === null) {
    throw new PipelineError('lock_held', `another process owns the database in ${folder}; stop it first`)
  }
  try {
    const database = await openFolder(folder)
    try {
      return await work(database, migrationSetOf(declared, schemaOf(declared, null)))
    } finally {
      await database.close()
    }
  } finally {
    await lock.release()
  }
}

/** What a command did to the database of a system. */
interface Migrated {
  readonly system: string
  readonly migrations: readonly string[]
}

async function change(
  values: DbValues,
  terminal: Terminal,
  program: ServedProgram,
  verb: string,
  work: (database: Database, set: MigrationSet) => Promise<readonly string[]>,
): Promise<ExitCode> {
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const done: Migrated[] = []
  for (const declared of await databasesOf(values, program)) {
    done.push({ system: declared.system, migrations: await withDatabase(values, declared, program, effects, work) })
  }
  if (values.json) await terminal.print(renderJson(done))
  else {
    const lines = done.map(({ system, migrations }) =>
      migrations.length === 0 ? `${system}: nothing to do\n` : `${system}: ${verb} ${migrations.join(', ')}\n`,
    )
    await terminal.print(terminal.fit(lines.join('')))
  }
  return EXIT.done
}

/** Applies every pending migration. */
export async function dbMigrate(values: DbValues, terminal: Terminal, program: ServedProgram): Promise<ExitCode> {
  return change(values, terminal, program, 'applied', migrateUp)
}

/** Undoes the last migration of one system. */
export async function dbRollback(values: DbValues, terminal: Terminal, program: ServedProgram): Promise<ExitCode> {
  const found = await databasesOf(values, program)
  if (found.length > 1) {
    const names = found.map(({ system }) => system).join(', ')
    throw new ContractError('invalid_option', `say whose last migration is undone with --system: ${names}`)
  }
  return change(values, terminal, program, 'undid', migrateDown)
}

/** Prints which migrations the databases have. */
export async function dbStatus(values: DbValues, terminal: Terminal, program: ServedProgram): Promise<ExitCode> {
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const rows: { readonly system: string; readonly migration: string; readonly state: string }[] = []
  for (const declared of await databasesOf(values, program)) {
    const found = await withDatabase(values, declared, program, effects, (database, set) =>
      migrationStatus(database.query, set),
    )
    for (const { name, state } of found) rows.push({ system: declared.system, migration: name, state })
  }
  if (values.json) await terminal.print(renderJson(rows))
  else {
    const columns = ['system', 'migration', 'state'].map((title) => ({ title }))
    await terminal.print(
      renderTable(
        columns,
        rows.map(({ system, migration, state }) => [system, migration, state]),
        terminal.view,
      ),
    )
  }
  return EXIT.done
}
