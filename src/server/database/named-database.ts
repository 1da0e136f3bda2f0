/**
 * The databases of systems, as a command line names them.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { addressOf, type DatabaseAddress } from '../../connect/postgres/address.ts'
import { ServerError } from '../../errors.ts'
import type { Effects } from '../../pipeline/effects.ts'
import { embeddedDatabase, type NamedDatabase, type ServedDatabase, serverDatabase } from './served-database.ts'

/** The folder of an embedded database, in that of its place. */
const FOLDER = 'database'

/**
 * Returns the address that `--database` or the environment gives; null where the database is embedded beside its state.
 * @throws ConnectError invalid_option - it is no address
 */
export function databaseAddress(given: string | undefined): DatabaseAddress | null {
  if (given !== undefined) return addressOf('--database', given)
  const { DATABASE_URL } = process.env
  return DATABASE_URL === undefined || DATABASE_URL === '' ? null : addressOf('DATABASE_URL', DATABASE_URL)
}

/**
 * Refuses an address at which several systems would share one schema, or one folder: each keeps the commit of its own job there.
 * @throws ServerError invalid_option
 */
export function refuseShared(address: DatabaseAddress | null, databases: readonly { readonly system: string }[]): void {
  const isOne = address?.kind === 'embedded' || (address?.kind === 'server' && address.schema !== null)
  if (!isOne || databases.length < 2) return
  const names = databases.map(({ system }) => system).join(' and ')
  const [room, advice] =
    address.kind === 'embedded'
      ? ['folder', 'give no folder: then each has a database beside its state']
      : ['schema', 'leave the schema out of the address: then each has a schema with its own name']
  throw new ServerError('invalid_option', `the databases of ${names} cannot be in one ${room}`, { advice: [advice] })
}

/** Returns the folder of the embedded database of a place; null where the place is no folder of this machine. */
export function embeddedFolder(address: DatabaseAddress | null, out: FileStore): string | null {
  if (address?.kind === 'embedded') return address.folder
  return out.location.includes('://') ? null : `${out.location}/${FOLDER}`
}

/** Opens the database of a system for a server. */
export async function openDatabase(
  address: DatabaseAddress | null,
  database: NamedDatabase,
  out: () => FileStore | null,
  effects: Effects,
): Promise<ServedDatabase> {
  if (address?.kind === 'server') return serverDatabase(address, database, effects)
  return embeddedDatabase(database, { out, folder: (place) => embeddedFolder(address, place) }, effects)
}
