/**
 * A connection to a Postgres server. Only this file loads its driver, on first use.
 * @module
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { ConnectError } from '../../errors.ts'
import type { Database, StatementAnswer } from './database.ts'
import { loadPackage, statementError } from './statement-error.ts'

/** Milliseconds after which a server that does not answer counts as unreachable. */
const CONNECT_TIMEOUT = 15_000

const INSTALL = 'pg pg-copy-streams'
const WHAT = 'a Postgres server as destination'

async function loadDriver() {
  const pg = await loadPackage(() => import('pg'), { name: 'pg', install: INSTALL, what: WHAT })
  const copies = await loadPackage(() => import('pg-copy-streams'), {
    name: 'pg-copy-streams',
    install: INSTALL,
    what: WHAT,
  })
  return { Client: pg.Client, copyFrom: copies.from }
}

type Driver = Awaited<ReturnType<typeof loadDriver>>

function clientOf({ Client }: Driver, url: string): Client {
  try {
    return new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      application_name: 'support-etl',
    })
  } catch {
    // the driver's error repeats the address
    throw new ConnectError(
      'path_invalid',
      'the address of the Postgres server cannot be read (and is not repeated here: it may hold a password); expected postgres://user:password@host:5432/database',
    )
  }
}

/**
 * Connects to a server. The usual environment variables (`PGHOST`, `PGPASSWORD` …) supply what the address leaves out.
 *
 * @throws ConnectError package_missing - the driver is not installed
 * @throws ConnectError path_invalid, io_failed, permission_denied, not_found - no connection; no message has the address
 */
export async function connectServer(url: string): Promise<Database> {
  const driver = await loadDriver()
  const client = clientOf(driver, url)
  // without a listener a broken connection would end the process; the next statement fails and says so
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    throw statementError(error)
  })
  const query = async (text: string, values: readonly unknown[] = []): Promise<StatementAnswer> => {
    try {
      const { rows, rowCount } = await client.query(text, [...values])
      return { rows, count: rowCount ?? rows.length }
    } catch (error) {
      throw statementError(error)
    }
  }
  const copyIn = async (table: string, chunks: Iterable<Uint8Array>): Promise<number> => {
    const stream = client.query(driver.copyFrom(`COPY ${table} FROM STDIN`))
    // an error of the rows ends the copy, whose own error then says only that it was ended
    let ofRows: { readonly error: unknown } | null = null
    function* watched() {
      try {
        yield* chunks
      } catch (error) {
        ofRows = { error }
        throw error
      }
    }
    try {
      await pipeline(Readable.from(watched()), stream)
      return stream.rowCount
    } catch (error) {
      const found = ofRows as { readonly error: unknown } | null
      throw found === null ? statementError(error) : found.error
    }
  }
  return {
    query,
    copyIn,
    async transaction(work) {
      await query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE')
      try {
        const result = await work({ query, copyIn })
        await query('COMMIT')
        return result
      } catch (error) {
        // on a broken connection the server rolls back by itself
        await query('ROLLBACK').catch(() => {})
        throw error
      }
    },
    close: () => client.end().catch(() => {}),
  }
}
