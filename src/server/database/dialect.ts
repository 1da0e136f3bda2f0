/**
 * Kysely over a connection of this library: its queries are compiled for Postgres and run by what the connection gives.
 * @module
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'

/** Runs one statement and returns its rows. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

class StatementConnection implements DatabaseConnection {
  readonly #run: RunStatement

  constructor(run: RunStatement) {
    this.#run = run
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    // the rows are those that the query describes
    return { rows: [...(await this.#run(sql, parameters))] as Row[] }
  }

  // biome-ignore lint/correctness/useYield: it says that there is no streaming
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('rows are not streamed; ask for a page of them')
  }
}

/** One connection, which is opened and closed by whoever gave it. */
function driverOf(run: RunStatement): Driver {
  const connection = new StatementConnection(run)
  const send = async (text: string): Promise<void> => {
    await run(text, [])
  }
  return {
    async init() {},
    acquireConnection: async () => connection,
    beginTransaction: () => send('BEGIN'),
    commitTransaction: () => send('COMMIT'),
    rollbackTransaction: () => send('ROLLBACK'),
    async releaseConnection() {},
    async destroy() {},
  }
}

/** Returns Kysely over one connection. `schema` is that of names without one. */
export function kyselyOver<Schema>(run: RunStatement, schema: string): Kysely<Schema> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOf(run),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return new Kysely<Schema>({ dialect }).withSchema(schema)
}
