/**
 * A connection to a Postgres server. Only this file loads its driver, on first use.
 * @module
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, CustomTypesConfig } from 'pg'
import { ConnectError } from '../../errors.ts'
import { loadPackage } from '../load-package.ts'
import type { Database, StatementAnswer } from './database.ts'
import { statementError } from './statement-error.ts'
import { VALUE_READERS } from './value-types.ts'

/** Milliseconds after which a server that does not answer counts as unreachable. */
const CONNECT_TIMEOUT = 15_000

const INSTALL = 'pg pg-copy-streams'
const WHAT = 'a Postgres server'

async function loadDriver() {
  const pg = await loadPackage(() => import('pg'), { name: 'pg', install: INSTALL, what: WHAT })
  const copies = await loadPackage(() => import('pg-copy-streams'), {
    name: 'pg-copy-streams',
    install: INSTALL,
    what: WHAT,
  })
  return { Client: pg.Client, copyFrom: copies.from, types: readersOf(pg.types) }
}

/** The driver's readers of values, with ours before them. */
function readersOf(types: typeof import('pg').types): CustomTypesConfig {
  return {
    getTypeParser: ((id: number, format: 'text' | 'binary') =>
      (format === 'binary' ? undefined : VALUE_READERS[id]) ?? types.getTypeParser(id, format)) as never,
  }
}

type Driver = Awaited<ReturnType<typeof loadDriver>>

/** Settings of every connection. */
const SETTINGS = { keepAlive: true, application_name: 'support-etl' } as const

function clientOf({ Client, types }: Pick<Driver, 'Client' | 'types'>, url: string): Client {
  try {
    return new Client({
      ...{ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT, types },
      ...SETTINGS,
    })
  } catch {
    // the driver's error repeats the address
    throw new ConnectError(
      'path_invalid',
      'the address of the Postgres server cannot be read (and is not repeated here: it may hold a password); expected postgres://user:password@host:5432/database',
    )
  }
}

/** Returns a function that runs pieces of work one after the other, in the order of its calls. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
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
  const script = async (text: string): Promise<void> => {
    // one answer for each statement, and none is wanted
    await client.query(text).catch((error: unknown) => {
      throw statementError(error)
    })
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
  // no other statement gets between those of a transaction
  const inTurn = oneByOne()
  return {
    query: (text, values) => inTurn(() => query(text, values)),
    copyIn: (table, chunks) => inTurn(() => copyIn(table, chunks)),
    script: (text) => inTurn(() => script(text)),
    transaction: (work) =>
      inTurn(async () => {
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
      }),
    // autovacuum does
    async reclaim() {},
    close: () => client.end().catch(() => {}),
  }
}

/**
 * Returns what a pool of connections is made with.
 * @throws ConnectError package_missing - the driver is not installed; path_invalid - the address cannot be read
 */
export async function readPgDriver(url: string) {
  const pg = await loadPackage(() => import('pg'), { name: 'pg', install: INSTALL, what: 'a Postgres server' })
  const types = readersOf(pg.types)
  // an address that cannot be read is refused now, not at the first read
  clientOf({ Client: pg.Client, types }, url)
  return { Pool: pg.Pool, types, settings: { connectionString: url, ...SETTINGS } }
}
