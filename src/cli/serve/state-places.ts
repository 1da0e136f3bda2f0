/**
 * The places of jobs' states, as a command line names them.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { openStore } from '../../connect/open.ts'
import { placesBelow } from '../../dashboard/place-folders.ts'
import type { Effects } from '../../pipeline/effects.ts'
import type { Job } from '../../pipeline/job/job.ts'
import { type FindPlaces, ServedPlaces } from '../../server/served-places.ts'

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
