/**
 * Loads the page's data: a worker reads the cells of the commit, keeps them, and counts.
 * @module
 */

import { isBroken, PLACES, type Places } from '../../../page/places.ts'
import type { SiteRequest } from '../../../page/site/fetch-site.ts'
import { siteRequest } from '../../../page/site/site.ts'
import { readVersion } from '../../../page/site/watch.ts'
import { AskedWorker } from '../../../page/worker/ask-worker.ts'
import workerAddress from './interactions-worker.ts?worker&url'
import type { FilterAnswer } from './shown-counts.ts'
import { type InteractionsOverview, SNAPSHOT } from './snapshot.ts'
import type { InteractionsState } from './state.ts'

/** What the worker is asked. */
export type InteractionsQuestion =
  | { readonly kind: 'open'; readonly file: SiteRequest }
  | { readonly kind: 'counts' | 'csv'; readonly state: InteractionsState }

/** What it answers. */
export type InteractionsAnswer =
  | { readonly kind: 'opened'; readonly overview: InteractionsOverview | null }
  | { readonly kind: 'counts'; readonly found: FilterAnswer }
  | { readonly kind: 'csv'; readonly bytes: Uint8Array }

/** The interactions of a commit, which a worker holds. */
export interface LoadedInteractions {
  readonly overview: InteractionsOverview
  /** Whether the site has the rows that they were counted from; an exported one has none. */
  readonly hasRows: boolean
  counts(state: InteractionsState): Promise<FilterAnswer>
  csv(state: InteractionsState): Promise<Uint8Array>
}

let worker: AskedWorker<InteractionsQuestion, InteractionsAnswer> | null = null

async function ask<Kind extends InteractionsAnswer['kind']>(
  question: InteractionsQuestion,
  _kind: Kind,
): Promise<InteractionsAnswer & { readonly kind: Kind }> {
  worker ??= new AskedWorker(workerAddress, 'The reader of interactions could not be started.')
  // the worker answers a question of one kind with an answer of one kind
  return (await worker.ask(question)) as InteractionsAnswer & { readonly kind: Kind }
}

/** Returns the interactions, or null where there are none. Rejects with words for the page. */
export async function loadInteractions(): Promise<LoadedInteractions | null> {
  const [{ overview }, places] = await Promise.all([
    ask({ kind: 'open', file: siteRequest(SNAPSHOT) }, 'opened'),
    readVersion(PLACES),
  ])
  if (overview === null) return null
  const place = (places?.content as Places | undefined)?.find(({ id }) => id === overview.place)
  const hasRows = place !== undefined && !isBroken(place) && place.tables.some(({ name }) => name === 'interactions')
  return {
    ...{ overview, hasRows },
    counts: async (state) => (await ask({ kind: 'counts', state }, 'counts')).found,
    csv: async (state) => (await ask({ kind: 'csv', state }, 'csv')).bytes,
  }
}
