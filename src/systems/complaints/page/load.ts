/**
 * Loads the page's data: the deliveries of the commit, and a worker that reads its complaints and keeps them.
 * @module
 */

import type { Progress } from '../../../page/define-page.ts'
import { isBroken, PLACES, type Places } from '../../../page/places.ts'
import type { FactFilters } from '../../../page/selection/selection.ts'
import { fetchSite, type SiteRequest } from '../../../page/site/fetch-site.ts'
import { siteRequest } from '../../../page/site/site.ts'
import { readVersion } from '../../../page/site/watch.ts'
import { AskedWorker } from '../../../page/worker/ask-worker.ts'
import type { ComplaintInsights } from '../figures/insights.ts'
import workerAddress from './complaints-worker.ts?worker&url'
import { type ComplaintsSnapshot, FACTS, SNAPSHOT } from './snapshot.ts'
import { type ComplaintDimension, type ComplaintsState, filtersOf } from './state.ts'

/** Complaints by member. */
export type DimensionCounts = Readonly<Record<ComplaintDimension, Readonly<Record<string, number>>>>

/** The figures of `complaints insights`, of the chosen complaints. */
export interface ShownComplaints extends ComplaintInsights {
  readonly counts: DimensionCounts
}

/** What the worker is asked. */
export type ComplaintsQuestion =
  | { readonly kind: 'open'; readonly file: SiteRequest }
  | {
      readonly kind: 'figures'
      readonly filters: FactFilters
      readonly slaHours: number
      readonly customers: number
      readonly seenAt: number
    }

/** What it answers. */
export type ComplaintsAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'figures'; readonly figures: ShownComplaints }

/** The complaints of a commit, which a worker holds. */
export interface LoadedComplaints {
  readonly snapshot: ComplaintsSnapshot
  /** The tables whose rows the site has; an exported one has those that were named. */
  readonly tables: ReadonlySet<string>
  figures(state: ComplaintsState): Promise<ShownComplaints>
}

let worker: AskedWorker<ComplaintsQuestion, ComplaintsAnswer> | null = null

async function ask<Kind extends ComplaintsAnswer['kind']>(
  question: ComplaintsQuestion,
  _kind: Kind,
  onProgress?: Progress,
): Promise<ComplaintsAnswer & { readonly kind: Kind }> {
  worker ??= new AskedWorker(workerAddress, 'The reader of complaints could not be started.')
  // the worker answers a question of one kind with an answer of one kind
  return (await worker.ask(question, onProgress)) as ComplaintsAnswer & { readonly kind: Kind }
}

/** Returns the complaints, or null where there are none. Rejects with words for the page. */
export async function loadComplaints(onProgress: Progress): Promise<LoadedComplaints | null> {
  const response = await fetchSite(siteRequest(SNAPSHOT))
  if (!response.ok) throw new Error(`The deliveries could not be fetched (${response.status}).`)
  // written by this package, beside this page
  const snapshot = (await response.json()) as ComplaintsSnapshot | null
  if (snapshot === null) return null
  const [places] = await Promise.all([
    readVersion(PLACES),
    ask({ kind: 'open', file: siteRequest(FACTS) }, 'opened', onProgress),
  ])
  const place = (places?.content as Places | undefined)?.find(({ id }) => id === snapshot.place)
  const { customers, seen_at } = snapshot
  return {
    snapshot,
    tables: new Set(place === undefined || isBroken(place) ? [] : place.tables.map(({ name }) => name)),
    async figures(state) {
      const filters = filtersOf(state)
      const question = { filters, slaHours: state.sla, customers, seenAt: seen_at ?? Number.NaN } as const
      return (await ask({ kind: 'figures', ...question }, 'figures')).figures
    },
  }
}
