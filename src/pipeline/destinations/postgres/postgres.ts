/**
 * Postgres as a destination of runs: a server, or PGlite in a folder with one owner.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { type Database, readAtOnce } from '../../../connect/postgres/database.ts'
import { ConnectError, PipelineError } from '../../../errors.ts'
import type { Effects } from '../../effects.ts'
import { type Lock, takeLock } from '../../log/lock.ts'
import type { DeliveredVersion, Delivery, Destination, OpenDestination } from '../destination.ts'
import { checkRights } from './check-rights.ts'
import { type DeliveryTarget, deliverCommit } from './deliver-commit.ts'
import { qualified } from './place-row.ts'
import { PLACE_TABLE, refuseDetails, type TableDetails } from './table-layout.ts'

/** What both kinds of Postgres destinations are given. */
export interface PostgresTables {
  /** The schema that holds the tables, created where there is none; `public`. */
  readonly schema?: string
  /** The tables and outputs to keep there; those that the commit publishes by default. */
  readonly tables?: readonly string[]
  /** What tables have beside their contracts, by name: types, indexes, foreign keys. Other details make a table anew. */
  readonly details?: Readonly<Record<string, TableDetails>>
}

/** The options of {@link postgres}. */
export interface PostgresOptions extends PostgresTables {
  /** `postgres://user:password@host:5432/database`. It is never stored, and no message repeats it. */
  readonly url: string
  /** What the log knows the destination by; `postgres`. */
  readonly name?: string
}

/** The options of {@link pglite}. */
export interface PgliteOptions extends PostgresTables {
  /** The folder of the database, created where there is none; without one it is in memory, and gone when it is closed. */
  readonly folder?: string
  /** What the log knows the destination by; `pglite`. */
  readonly name?: string
}

/** How often a delivery begins again when the connection broke. */
const ATTEMPTS = 3

const OPTIONS = { schema: true, tables: true, details: true, name: true } as const

function refuseOptions({ name, schema, tables, details = {} }: PostgresTables & { readonly name: string }): void {
  const isName = (value: unknown): boolean => typeof value === 'string' && /^[a-z][a-z0-9_-]*$/i.test(value)
  refuseUnless(isName(name), 'name', name, 'letters, digits, _ and -, beginning with a letter', PipelineError)
  const isSchema = schema === undefined || (typeof schema === 'string' && /^[^\0]{1,63}$/.test(schema))
  refuseUnless(isSchema, 'schema', schema, 'the name of a schema', PipelineError)
  const isList = tables === undefined || (Array.isArray(tables) && tables.every((table) => typeof table === 'string'))
  refuseUnless(isList, 'tables', tables, 'a list of names of tables and outputs', PipelineError)
  refuseDetails(details)
}

/** The tables that a delivery wrote, as SQL writes them. */
function writtenTables({ rows }: Delivery, { schema }: DeliveryTarget): readonly string[] {
  const tables = Object.keys(rows)
  return tables.length === 0 ? [] : [...tables, PLACE_TABLE].map((table) => qualified(schema, table))
}

/** Delivers through a connection that is opened again when it broke. */
class PostgresDestination implements OpenDestination {
  readonly #connect: () => Promise<Database>
  readonly #target: DeliveryTarget
  readonly #effects: Effects
  readonly #owned: { beat(): void; release(): Promise<void> } | null
  #database: Database | null

  constructor(
    database: Database,
    connect: () => Promise<Database>,
    { target, effects }: { readonly target: DeliveryTarget; readonly effects: Effects },
    owned: { beat(): void; release(): Promise<void> } | null,
  ) {
    this.#database = database
    this.#connect = connect
    this.#target = target
    this.#effects = effects
    this.#owned = owned
  }

  async deliver(version: DeliveredVersion): Promise<Delivery> {
    for (let attempt = 1; ; attempt++) {
      try {
        // a commit whose answer was lost is seen by the row, which is read first
        const database = await this.#connected()
        const delivery = await deliverCommit(database, this.#target, version, this.#effects.onProgress)
        const tables = writtenTables(delivery, this.#target)
        if (tables.length > 0) await database.reclaim(tables)
        return delivery
      } catch (error) {
        if (!(error instanceof ConnectError) || !error.isTransient || attempt === ATTEMPTS) throw error
        await this.#disconnect()
      }
    }
  }

  async query(text: string, values: readonly unknown[] = []) {
    return (await (await this.#connected()).query(text, values)).rows
  }

  async read<Result>(work: (query: OpenDestination['query']) => Promise<Result>): Promise<Result> {
    return readAtOnce(await this.#connected(), (query) =>
      work(async (text, values) => (await query(text, values)).rows),
    )
  }

  beat(): void {
    this.#owned?.beat()
  }

  async close(): Promise<void> {
    await this.#disconnect()
    await this.#owned?.release()
  }

  async #connected(): Promise<Database> {
    this.#database ??= await this.#connect()
    return this.#database
  }

  async #disconnect(): Promise<void> {
    await this.#database?.close()
    this.#database = null
  }
}

/** Returns a destination that connects by the function given: {@link postgres} and {@link pglite}, and tests. */
export function databaseDestination(
  name: string,
  { schema = 'public', tables, details = {} }: PostgresTables,
  connect: () => Promise<Database>,
): Destination {
  return {
    name,
    tables: tables ?? null,
    async open({ place, effects }) {
      const database = await connect()
      try {
        await checkRights(database, schema, place)
      } catch (error) {
        await database.close()
        throw error
      }
      return new PostgresDestination(database, connect, { target: { name, schema, details }, effects }, null)
    },
  }
}

/**
 * Returns a Postgres server as a destination of runs. Its tables hold the rows of the last commit: each run applies what it
 * changed in one transaction, and what an earlier run could not deliver. Needs the packages pg and pg-copy-streams.
 *
 * @throws PipelineError invalid_option - no address of a Postgres server, or a name that cannot be
 * @example
 * import { postgres } from 'support-etl/pipeline'
 *
 * const warehouse = postgres({ url: 'postgres://etl@localhost/warehouse', schema: 'support' })
 * warehouse.name // 'postgres'
 */
export function postgres(options: PostgresOptions): Destination {
  refuseUnknown(options, { url: true, ...OPTIONS } satisfies OptionNames<PostgresOptions>, PipelineError)
  const { url, name = 'postgres', ...tables } = options
  const isAddress = typeof url === 'string' && /^postgres(ql)?:\/\//.test(url)
  refuseUnless(isAddress, 'url', url, 'postgres://user:password@host:5432/database', PipelineError)
  refuseOptions({ ...options, name })
  return databaseDestination(name, tables, async () => {
    const { connectServer } = await import('../../../connect/postgres/server.ts')
    return connectServer(url)
  })
}

/**
 * Returns an embedded Postgres (PGlite), in a folder of this machine, as a destination of runs. It belongs to one process at a
 * time: a run beside a living owner only commits, and the owner applies the commit, as `followCommits` does. Needs the package
 * @electric-sql/pglite.
 *
 * @throws PipelineError invalid_option - a folder or a name that cannot be
 * @example
 * import { pglite } from 'support-etl/pipeline'
 *
 * pglite({ folder: 'output/database' }).name // 'pglite'
 */
export function pglite(options: PgliteOptions = {}): Destination {
  refuseUnknown(options, { folder: true, ...OPTIONS } satisfies OptionNames<PgliteOptions>, PipelineError)
  const { folder, name = 'pglite' } = options
  const isFolder = folder === undefined || (typeof folder === 'string' && folder !== '' && !folder.includes('://'))
  refuseUnless(isFolder, 'folder', folder, 'a folder of this machine', PipelineError)
  refuseOptions({ ...options, name })
  return ownedDestination(name, options, () => openFolder(folder ?? null))
}

/**
 * Takes the lock of an embedded database's folder; null where another living process has it.
 * @throws ConnectError - the lock cannot be written
 */
export async function takeFolder(folder: string, effects: Effects): Promise<Lock | null> {
  return takeLock(effects.openState(folder), effects.newRunId(), effects).catch((error: unknown) => {
    if (isRecord(error) && error.code === 'lock_held') return null
    throw error
  })
}

/** Opens the files of an embedded database in a folder whose lock this process has; `null` is one in memory. */
export async function openFolder(folder: string | null): Promise<Database> {
  const { openEmbedded } = await import('../../../connect/postgres/embedded.ts')
  return openEmbedded(folder === null ? null : `${folder}/postgres`)
}

/** Returns a destination in a folder that one process owns at a time; without a folder it is this process's own. */
export function ownedDestination(
  name: string,
  options: Omit<PgliteOptions, 'name'>,
  connect: () => Promise<Database>,
): Destination {
  const { folder, schema = 'public', tables, details = {} } = options
  if (folder === undefined) return databaseDestination(name, options, connect)
  return {
    name,
    tables: tables ?? null,
    async open({ place, effects }) {
      const lock = await takeFolder(folder, effects)
      if (lock === null) return null
      let database: Database | null = null
      try {
        database = await connect()
        await checkRights(database, schema, place)
        return new PostgresDestination(database, connect, { target: { name, schema, details }, effects }, lock)
      } catch (error) {
        await database?.close()
        await lock.release()
        throw error
      }
    },
  }
}
