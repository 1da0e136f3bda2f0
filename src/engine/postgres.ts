/**
 * Postgres as an engine: a server, or the embedded database of a folder.
 * @module
 */
import { refuseUnless } from '../arguments.ts'
import { addressOf } from '../connect/postgres/address.ts'
import type { Database } from '../connect/postgres/database.ts'
import { openEmbedded } from '../connect/postgres/embedded.ts'
import { connectServer } from '../connect/postgres/server.ts'
import { copyRows } from '../pipeline/destinations/postgres/copy-rows.ts'
import { quoteName } from '../pipeline/destinations/postgres/table-layout.ts'
import type { ColumnContract, ContractKind } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'
import { buildRows, type DriverCell } from './build-rows.ts'
import type { EngineConnection, RowColumns } from './connection.ts'
import { dialectOf } from './dialects.ts'

/** Rows of a batch that is handed on. */
const BATCH_ROWS = 100_000

/** A column as numbers where the driver would read it in the zone of this process. */
function selected(name: string, kind: ContractKind): string {
  const column = quoteName(name)
  if (kind === 'timestamp') return `(EXTRACT(EPOCH FROM ${column}) * 1000000)::bigint AS ${column}`
  return kind === 'date' ? `(${column} - DATE '1970-01-01') AS ${column}` : column
}

/** Returns the connection over a database. Closing it closes the database. */
export function postgresConnection(database: Database, location: string): EngineConnection {
  const dialect = dialectOf('postgres')
  return {
    ...{ dialect, location, atomicity: 'transaction' },
    exec: async (statement) => void (await database.query(statement)),
    async *query(statement, columns: RowColumns) {
      const named = Object.entries(columns)
      const select = named.map(([name, { kind }]) => selected(name, kind)).join(', ')
      const aliases = named.map(([name]) => quoteName(name)).join(', ')
      const { rows } = await database.query(`SELECT ${select} FROM (${statement}) AS found (${aliases})`)
      for (let from = 0; from < rows.length; from += BATCH_ROWS) {
        const batch = rows.slice(from, from + BATCH_ROWS)
        const cells = named.map(([name]) => batch.map((row) => row[name] as DriverCell))
        yield buildRows(cells, columns, batch.length)
      }
    },
    async append(table: string, rows: Frame, columns: RowColumns, before = 0) {
      const layout = Object.entries(columns).map(([name, contract]) => {
        // what is copied is what the frame holds: type and role say nothing more
        return { name, type: dialect.types[contract.kind], contract: contract as ColumnContract }
      })
      const copied = copyRows(rows, { name: table, columns: layout, hasDays: false }, { before })
      await database.copyIn(quoteName(table), copied)
    },
    close: () => database.close(),
  }
}

/**
 * Connects to a Postgres server (`postgres://user@host/database`) or opens the embedded database of a folder (`pglite:FOLDER`).
 *
 * @throws ConnectError package_missing - the driver is not installed; invalid_option - it is no address; io_failed,
 *   permission_denied, not_found - no connection. No message repeats the address
 * @example
 * import { openPostgres } from 'support-etl/engine'
 *
 * async function pings(url: string) {
 *   const connection = await openPostgres(url)
 *   await connection.exec('SELECT 1')
 *   await connection.close()
 * }
 * typeof pings // 'function'
 */
export async function openPostgres(url: string): Promise<EngineConnection> {
  refuseUnless(typeof url === 'string', 'url', url, 'postgres://user@host/database or pglite:FOLDER')
  const address = addressOf('the address of the engine', url)
  if (address.kind === 'embedded') return postgresConnection(await openEmbedded(address.folder), address.folder)
  return postgresConnection(await connectServer(address.url), 'the Postgres server')
}
