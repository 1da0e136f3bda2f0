/**
 * The database of a system as a server reads it: a Postgres server with a pool of connections, or the embedded one that this
 * process owns. It is looked at again and again, so that a dead one is known and one that is back is used.
 * @module
 */
import type { Kysely } from 'kysely'
import type { FileStore } from '../../connect/file-store.ts'
import type { DatabaseAddress } from '../../connect/postgres/address.ts'
import type { Database, Query } from '../../connect/postgres/database.ts'
import { openReadPool } from '../../connect/postgres/read-pool.ts'
import { sqlState } from '../../connect/postgres/statement-error.ts'
import { ConnectError, EtlError, ServerError } from '../../errors.ts'
import type { Destination } from '../../pipeline/destinations/destination.ts'
import { type CommitFollower, followCommits } from '../../pipeline/destinations/follow-commits.ts'
import { type PlaceRow, readPlaceRow } from '../../pipeline/destinations/postgres/place-row.ts'
import { databaseDestination, openFolder, ownedDestination } from '../../pipeline/destinations/postgres/postgres.ts'
import type { Effects } from '../../pipeline/effects.ts'
import { kyselyOver } from './dialect.ts'
import { type MigrationSet, migrateUp, migrationStatus } from './migrations.ts'
import type { SystemDatabase } from './system-database.ts'

/** The database of one system. */
export interface NamedDatabase extends SystemDatabase {
  /** The system's name. */
  readonly system: string
}

/** How a database stands: it answers (`up`), no commit was delivered to it yet (`empty`), it lacks migrations, or it is dead. */
export type DatabaseState = 'up' | 'empty' | 'not_migrated' | 'down'

/** A database that routes read. */
export interface ServedDatabase {
  readonly state: DatabaseState
  /** Why it could not be opened; null where it was, and where it only does not answer now. */
  readonly problem: EtlError | null
  /** Runs statements that read; all of them see one commit. @throws ServerError - what {@link DatabaseState} says */
  read<Schema, Result>(work: (database: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /** Looks whether it answers and which commit it holds. Returns whether either changed. */
  look(): Promise<boolean>
  /** What a run of the server delivers to; none where this process applies the commit itself. */
  readonly destinations: readonly Destination[]
  /** Never fails. */
  close(): Promise<void>
}

const POOL = { connections: 10, connectTimeout: 3000, statementTimeout: 20_000 }
/** Milliseconds in which a look must be answered. */
const LOOK = 3000
/** Seconds after which a client may ask again. */
const RETRY_AFTER = 5

/** Returns the schema of a system in a database: the one that an address names, else one with the system's name. */
export function schemaOf({ system }: Pick<NamedDatabase, 'system'>, address: DatabaseAddress | null): string {
  return (address?.kind === 'server' ? address.schema : null) ?? system
}

function refusal(state: Exclude<DatabaseState, 'up'>, { system, job }: NamedDatabase): ServerError {
  const details = { retryAfter: RETRY_AFTER }
  if (state === 'down') {
    return new ServerError('database_unreachable', `the database of ${system} does not answer; ask again later`, {
      details,
    })
  }
  if (state === 'empty') {
    return new ServerError('not_found', `there is no state of job ${job.name} yet; run the job first`)
  }
  return new ServerError('database_not_migrated', `the database of ${system} lacks migrations`, {
    advice: ['migrate it before it is served'],
    details,
  })
}

/** What a failed read means for a client. */
function readError(error: unknown, database: NamedDatabase): unknown {
  if (!(error instanceof ConnectError)) return error
  if (sqlState(error) === '57014') {
    return new ServerError('answer_timeout', 'the database took too long; ask for less', { cause: error })
  }
  if (!error.isTransient) return error
  const { message, details } = refusal('down', database)
  return new ServerError('database_unreachable', message, { cause: error, details })
}

/** Returns the migrations of a system's database. */
export function migrationSetOf({ system, migrations }: NamedDatabase, schema: string): MigrationSet {
  return { system, schema, migrations }
}

/** Opens a connection and brings its schema up to date. */
async function migrated(open: () => Promise<Database>, set: MigrationSet): Promise<Database> {
  const database = await open()
  try {
    await migrateUp(database, set)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Returns the destination that keeps a database at the last commit of its job. A run that opens it migrates it first.
 * @param folder where an embedded database is; null for one in memory
 */
export function systemDestination(
  address: Extract<DatabaseAddress, { kind: 'server' }> | { readonly kind: 'embedded'; readonly folder: string | null },
  database: NamedDatabase,
): Destination {
  const { tables, details } = database
  const kept = { ...(tables !== undefined && { tables }), ...(details !== undefined && { details }) }
  if (address.kind === 'embedded') {
    const { folder } = address
    const schema = schemaOf(database, null)
    const set = migrationSetOf(database, schema)
    return ownedDestination('pglite', { ...(folder !== null && { folder }), schema, ...kept }, () =>
      migrated(() => openFolder(folder), set),
    )
  }
  const { url } = address
  const schema = schemaOf(database, address)
  return databaseDestination('postgres', { schema, ...kept }, () =>
    migrated(
      async () => {
        const { connectServer } = await import('../../connect/postgres/server.ts')
        return connectServer(url)
      },
      migrationSetOf(database, schema),
    ),
  )
}

async function withinLook<Result>(work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectError('io_failed', 'the database does not answer', { isTransient: true })),
      LOOK,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What a look found: how the database stands, and the commit it holds. */
interface Look {
  readonly state: DatabaseState
  readonly hash: string
}

/** Whether the rows are those of another job: the schema lacks tables that the system reads. */
function lacksTables(row: PlaceRow, { tables = [] }: SystemDatabase): boolean {
  return tables.some((name) => row.tables[name] === undefined)
}

async function lookAt(query: Query, set: MigrationSet, database: SystemDatabase): Promise<Look> {
  const pending = (await migrationStatus(query, set)).some(({ state }) => state === 'pending')
  if (pending) return { state: 'not_migrated', hash: '' }
  const row = await readPlaceRow({ query }, set.schema)
  return row === null || row.hash === '' || lacksTables(row, database)
    ? { state: 'empty', hash: '' }
    : { state: 'up', hash: row.hash }
}

/** Opens the database of a server. It need not answer yet. @throws ConnectError package_missing, path_invalid */
export async function serverDatabase(
  address: Extract<DatabaseAddress, { kind: 'server' }>,
  database: NamedDatabase,
  { logger }: Pick<Effects, 'logger'>,
): Promise<ServedDatabase> {
  const schema = schemaOf(database, address)
  const set = migrationSetOf(database, schema)
  const pool = await openReadPool(address.url, { ...POOL, schema })
  let last: Look = { state: 'down', hash: '' }
  let told = ''
  const tell = (text: string): void => {
    if (text !== told && text !== '') logger.warn(text)
    told = text
  }
  const find = async (): Promise<Look> => {
    try {
      const found = await withinLook(pool.read((query) => lookAt(query, set, database)))
      tell(found.state === 'not_migrated' ? `the database of ${database.system} lacks migrations` : '')
      return found
    } catch (error) {
      tell(`the database of ${database.system}: ${error instanceof Error ? error.message : String(error)}`)
      return { state: 'down', hash: last.hash }
    }
  }
  return {
    get state() {
      return last.state
    },
    // the server may come back
    problem: null,
    async read(work) {
      if (last.state !== 'up') throw refusal(last.state, database)
      try {
        return await pool.read((query) =>
          work(kyselyOver(async (text, values) => (await query(text, values)).rows, schema)),
        )
      } catch (error) {
        const found = readError(error, database)
        if (found instanceof ServerError && found.code === 'database_unreachable') last = { ...last, state: 'down' }
        throw found
      }
    },
    async look() {
      const before = last
      last = await find()
      return last.state !== before.state || last.hash !== before.hash
    },
    destinations: [systemDestination(address, database)],
    close: () => pool.close(),
  }
}

/** Where an embedded database is, and the place whose commits it follows. */
export interface EmbeddedPlace {
  /** The folder of the database of a place; null for one in memory. */
  readonly folder: (out: FileStore) => string | null
  /** The place of the job's state; null while there is none. */
  readonly out: () => FileStore | null
}

/**
 * Returns the embedded database of a system. It is opened, migrated and brought to the last commit by the first look that finds
 * a state of the job.
 */
export function embeddedDatabase(database: NamedDatabase, place: EmbeddedPlace, effects: Effects): ServedDatabase {
  let follower: CommitFollower | null = null
  let failure: EtlError | null = null
  let told = ''
  const fail = (error: unknown): void => {
    if (!(error instanceof EtlError)) throw error
    failure = error
    if (error.message !== told) effects.logger.warn(`the database of ${database.system}: ${error.message}`)
    told = error.message
  }
  const open = async (): Promise<CommitFollower | null> => {
    const out = place.out()
    if (out === null) return null
    const destination = systemDestination({ kind: 'embedded', folder: place.folder(out) }, database)
    // looks are the server's own
    return followCommits(database.job, destination, { out, interval: 2 ** 31 - 1, onFailure: fail }, effects)
  }
  const state = (): DatabaseState => {
    if (follower !== null) return follower.commit === null ? 'empty' : 'up'
    return failure === null ? 'empty' : 'down'
  }
  return {
    get state() {
      return state()
    },
    get problem() {
      return failure
    },
    async read(work) {
      const now = state()
      if (follower === null || now !== 'up') {
        if (failure !== null) throw asRefusal(failure, database)
        throw refusal(now === 'up' ? 'down' : now, database)
      }
      try {
        return await follower.read((query) => work(kyselyOver(query, schemaOf(database, null))))
      } catch (error) {
        throw readError(error, database)
      }
    },
    async look() {
      const before = [state(), follower?.commit]
      try {
        if (follower === null) follower = await open()
        else await follower.refresh()
        failure = null
        told = ''
      } catch (error) {
        fail(error)
      }
      return before[0] !== state() || before[1] !== follower?.commit
    },
    destinations: [],
    async close() {
      await follower?.stop()
    },
  }
}

/** Why an embedded database could not be opened, as a client may know it. */
function asRefusal(failure: EtlError, database: NamedDatabase): ServerError {
  const { message, details } = refusal('down', database)
  return new ServerError('database_unreachable', message, { cause: failure, details })
}
