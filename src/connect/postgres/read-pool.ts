/**
 * Connections to a Postgres server for many readers at once.
 * @module
 */
import type { PoolClient } from 'pg'
import { ConnectError } from '../../errors.ts'
import type { Query } from './database.ts'
import { readPgDriver } from './server.ts'
import { statementError } from './statement-error.ts'

/** How a pool is used. */
export interface PoolOptions {
  /** The most connections at once; further reads wait. */
  readonly connections: number
  /** Milliseconds in which a connection must be made, or be free. */
  readonly connectTimeout: number
  /** Milliseconds in which a statement must be done. */
  readonly statementTimeout: number
  /** Names without a schema are those of this one. */
  readonly schema: string
}

/** Reads of a server. */
export interface ReadPool {
  /**
   * Runs statements that read in one transaction: all of them see the database as it was at the first one.
   * @throws ConnectError - no connection, or the database refuses; `isTransient` where the server may be back later
   */
  read<Result>(work: (query: Query) => Promise<Result>): Promise<Result>
  /** Waits for reads at work. Never fails. */
  close(): Promise<void>
}

function queryOf(client: PoolClient): Query {
  return async (text, values = []) => {
    try {
      const { rows, rowCount } = await client.query(text, [...values])
      return { rows, count: rowCount ?? rows.length }
    } catch (error) {
      throw statementError(error)
    }
  }
}

/**
 * Returns the pool of a server. Nothing is connected before the first read.
 * @throws ConnectError package_missing - the driver is not installed; path_invalid - the address cannot be read
 */
export async function openReadPool(url: string, options: PoolOptions): Promise<ReadPool> {
  const { connections, connectTimeout, statementTimeout, schema } = options
  const { Pool, types, settings } = await readPgDriver(url)
  const pool = new Pool({
    ...settings,
    types,
    max: connections,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeout,
    // a server that does not answer at all
    query_timeout: statementTimeout + 1000,
    idle_in_transaction_session_timeout: statementTimeout,
  })
  // without a listener a connection that breaks while it is idle would end the process; the next read opens another one
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    // likewise one that breaks while it is used: its statement fails
    client.on('error', () => {})
    // it comes before the first statement of a reader, whose own failure tells that the connection broke
    client
      .query(`SELECT pg_catalog.set_config('search_path', pg_catalog.quote_ident($1), false)`, [schema])
      .catch(() => {})
  })
  return {
    async read(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw statementError(error)
      })
      const query = queryOf(client)
      let broken = false
      try {
        await query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
        const result = await work(query)
        await query('COMMIT')
        return result
      } catch (error) {
        broken = error instanceof ConnectError && error.isTransient
        if (!broken) await query('ROLLBACK').catch(() => (broken = true))
        throw error
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end().catch(() => {}),
  }
}
