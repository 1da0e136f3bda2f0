/**
 * What the pages read, as files by name: those of the systems' pages, and the places of jobs.
 * @module
 */
import { isBroken, PLACES, type PlacedTable } from '../page/places.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job/job.ts'
import { jsonFile } from '../systems/page-data.ts'
import type { PageSources, System } from '../systems/system.ts'
import { committedPlace } from './committed-place.ts'
import { type NamedPlace, placesData } from './places.ts'

/** Where the pages' data comes from. */
export interface DashboardSources {
  /** The systems whose pages are shown. */
  readonly systems: readonly System[]
  /** The values of the flags that the systems declare, by camel-cased name. */
  readonly values: PageSources['values']
  /** The folders of jobs. */
  readonly places: () => Promise<readonly NamedPlace[]>
}

/** The files that the pages fetch. */
export interface DashboardData {
  /** The bytes of a file; null where it does not exist. */
  read(name: string): Promise<Uint8Array | null>
  /** The names of the tables that outputs are made of, in every place. */
  tableNames(): Promise<readonly string[]>
  /** The files of an exported site: everything but the tables that outputs are made of, and those of them that are named. */
  exported(tables?: readonly string[]): AsyncIterable<readonly [name: string, bytes: Uint8Array]>
  /** What is missing, in one sentence for each system that lacks something. */
  missing(): Promise<readonly string[]>
}

const isTable = ({ kind }: PlacedTable): boolean => kind !== 'output'

/** Returns the data of the pages, read anew on every request. */
export async function dashboardData(
  { systems, values, places: findPlaces }: DashboardSources,
  effects: Effects,
): Promise<DashboardData> {
  const placeOf: PageSources['placeOf'] = (job) => committedPlace(job, findPlaces, effects)
  const opened = await Promise.all(
    systems.map(async ({ pages }) => (pages === undefined ? [] : [(await pages.load())({ effects, values, placeOf })])),
  )
  const ofSystems = opened.flat()
  let jobs: Promise<readonly Job[]> | null = null
  const loadJobs = async () => (await Promise.all(systems.map((system) => system.jobs()))).flat()
  const places = placesData(findPlaces, () => (jobs ??= loadJobs()), effects)

  const read = async (name: string): Promise<Uint8Array | null> => {
    if (name === PLACES) return jsonFile(places.readPlaces)()
    for (const data of ofSystems) {
      const bytes = await data.read(name)
      if (bytes !== null) return bytes
    }
    return places.readTable(name)
  }
  return {
    read,
    async tableNames() {
      const names = (await places.readPlaces()).flatMap((place) =>
        isBroken(place) ? [] : place.tables.filter(isTable),
      )
      return [...new Set(names.map(({ name }) => name))]
    },
    async *exported(named = []) {
      const isShown = (table: PlacedTable): boolean => !isTable(table) || named.includes(table.name)
      for (const data of ofSystems) {
        for (const name of await data.files()) {
          const bytes = await data.read(name)
          if (bytes !== null) yield [name, bytes]
        }
      }
      const published = (await places.readPlaces()).map((place) =>
        isBroken(place) ? place : { ...place, tables: place.tables.filter(isShown) },
      )
      const tables = published.flatMap((place) => (isBroken(place) ? [] : place.tables.map(({ file }) => file)))
      for (const name of tables) {
        const bytes = await places.readTable(name)
        if (bytes !== null) yield [name, bytes]
      }
      const list = await jsonFile(async () => published)()
      if (list !== null) yield [PLACES, list]
    },
    async missing() {
      const told = await Promise.all(ofSystems.map((data) => data.missing?.() ?? null))
      return told.filter((text) => text !== null)
    },
  }
}
