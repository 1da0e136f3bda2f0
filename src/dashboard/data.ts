/**
 * What the pages read, as files by name: those of the systems' pages, and the places of jobs.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { isBroken, PLACES } from '../page/places.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { ManifestEffects } from '../systems/calls/job/manifest-file.ts'
import { CALLS, CALLS_GLANCE, MANIFEST } from '../systems/calls/page/files.ts'
import { SYSTEMS } from '../systems/index.ts'
import { COMMIT, SNAPSHOT, SUPPORT_GLANCE } from '../systems/support/page/snapshot.ts'
import { type CallsFiles, callsData } from './calls-data.ts'
import { type NamedPlace, placesData } from './places.ts'
import { supportData } from './support-data.ts'

/** Where the pages' data comes from. */
export interface DashboardSources extends CallsFiles {
  /** The folder of the monthly job. */
  readonly out: FileStore
  /** The places of jobs below it; it alone where this is left out. */
  readonly places?: () => Promise<readonly NamedPlace[]>
}

/** The files that the pages fetch. */
export interface DashboardData {
  /** The bytes of a file; null where it does not exist. */
  read(name: string): Promise<Uint8Array | null>
  /** The files of an exported site: everything but the tables that outputs are made of. */
  exported(): AsyncIterable<readonly [name: string, bytes: Uint8Array]>
}

/** The effects that the dashboard needs. */
export type DashboardEffects = Effects & ManifestEffects

const encode = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

async function packagedJobs() {
  return (await Promise.all(SYSTEMS.map(({ jobs }) => jobs()))).flat()
}

/** Returns the data of the pages, read anew on every request. */
export function dashboardData(sources: DashboardSources, effects: DashboardEffects): DashboardData {
  const calls = callsData(sources, effects)
  const support = supportData(sources.out, effects)
  const places = placesData(sources.places ?? (async () => [{ id: '', out: sources.out }]), packagedJobs, effects)
  // null instead of "not found": the data may not exist yet, which is not the page's error
  const readers: Readonly<Record<string, () => Promise<Uint8Array | null>>> = {
    [MANIFEST]: async () => encode(await calls.readManifest()),
    [CALLS]: calls.readCalls,
    [CALLS_GLANCE]: async () => encode(await calls.readGlance()),
    [COMMIT]: async () => encode(await support.readCommit()),
    [SNAPSHOT]: async () => encode(await support.readSnapshot()),
    [SUPPORT_GLANCE]: async () => encode(await support.readGlance()),
    [PLACES]: async () => encode(await places.readPlaces()),
  }
  const read = async (name: string) =>
    (Object.hasOwn(readers, name) ? await readers[name]?.() : await places.readTable(name)) ?? null
  return {
    read,
    async *exported() {
      const published = (await places.readPlaces()).map((place) =>
        isBroken(place) ? place : { ...place, tables: place.tables.filter(({ kind }) => kind === 'output') },
      )
      const tables = published.flatMap((place) => (isBroken(place) ? [] : place.tables.map(({ file }) => file)))
      for (const name of [...Object.keys(readers), ...tables]) {
        const bytes = name === PLACES ? encode(published) : await read(name)
        if (bytes !== null) yield [name, bytes]
      }
    },
  }
}
