/**
 * The databases of systems, as a command line names them.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { openStore } from '../connect/open.ts'
import type { DatabaseAddress } from '../connect/postgres/address.ts'
import { placesBelow } from '../dashboard/place-folders.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job.ts'
import {
  embeddedDatabase,
  type NamedDatabase,
  type ServedDatabase,
  serverDatabase,
} from '../server/database/served-database.ts'
import { type FindPlaces, ServedPlaces } from '../server/served-places.ts'
import { addressOf } from './destination.ts'

/** The folder of an embedded database, in that of its place. */
const FOLDER = 'database'

/**
 * Returns the address that `--database` or the environment gives; null where the database is embedded beside its state.
 * @throws PipelineError invalid_option - it is no address
 */
export function databaseAddress(given: string | undefined): DatabaseAddress | null {
  if (given !== undefined) return addressOf('--database', given)
  const { DATABASE_URL } = process.env
  return DATABASE_URL === undefined || DATABASE_URL === '' ? null : addressOf('DATABASE_URL', DATABASE_URL)
}

/** Returns the folder of the embedded database of a place; null where the place is no folder of this machine. */
export function embeddedFolder(address: DatabaseAddress | null, out: FileStore): string | null {
  if (address?.kind === 'embedded') return address.folder
  return out.location.includes('://') ? null : `${out.location}/${FOLDER}`
}

/** The folders that may hold states. */
export interface StatePlaces {
  readonly out: string
  readonly data: string
}

/** Returns the finder of the places that may hold a state: a folder, those right below it, and another one. */
export function placesIn({ out, data }: StatePlaces): FindPlaces {
  const below = placesBelow(out, openStore(out), openStore)
  const other = openStore(data)
  return async () => [...(await below()).map((place) => place.out), other]
}

/** Returns the place of a job's state; null where there is none. */
export async function placeOfJob(
  values: StatePlaces,
  job: Pick<Job, 'name'>,
  effects: Effects,
): Promise<FileStore | null> {
  const places = new ServedPlaces(placesIn(values), effects)
  await places.look()
  return places.placeOf(job)
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
