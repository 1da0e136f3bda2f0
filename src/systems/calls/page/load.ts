/**
 * Loads the page's data: the manifest names the version, a worker reads the file and keeps the calls.
 * @module
 */

import type { Progress } from '../../../page/define-page.ts'
import type { SiteRequest } from '../../../page/site/fetch-site.ts'
import { siteRequest } from '../../../page/site/site.ts'
import { readVersion } from '../../../page/site/watch.ts'
import { AskedWorker } from '../../../page/worker/ask-worker.ts'
import type { CallFilter } from '../figures/filter.ts'
import { type CallsManifest, isCallsManifest } from '../figures/manifest.ts'
import type { CallsFigures, CallsOverview, CallsRows, RowsOrder } from './calls-figures.ts'
import workerAddress from './calls-worker.ts?worker&url'
import { CALLS, MANIFEST } from './files.ts'

/** What the worker is asked. */
export type CallsQuestion =
  | { readonly kind: 'open'; readonly file: SiteRequest }
  | { readonly kind: 'figures'; readonly filter: CallFilter }
  | { readonly kind: 'rows'; readonly filter: CallFilter; readonly order: RowsOrder }
  | { readonly kind: 'csv'; readonly filter: CallFilter }

/** What it answers. */
export type CallsAnswer =
  | { readonly kind: 'opened'; readonly overview: CallsOverview }
  | { readonly kind: 'figures'; readonly figures: CallsFigures }
  | { readonly kind: 'rows'; readonly rows: CallsRows }
  | { readonly kind: 'csv'; readonly bytes: Uint8Array }

/** The calls of one file, which a worker holds. */
export interface LoadedCalls {
  readonly manifest: CallsManifest
  readonly overview: CallsOverview
  figures(filter: CallFilter): Promise<CallsFigures>
  rows(filter: CallFilter, order: RowsOrder): Promise<CallsRows>
  csv(filter: CallFilter): Promise<Uint8Array>
}

let worker: AskedWorker<CallsQuestion, CallsAnswer> | null = null

async function ask<Kind extends CallsAnswer['kind']>(
  question: CallsQuestion,
  _kind: Kind,
  onProgress?: Progress,
): Promise<CallsAnswer & { readonly kind: Kind }> {
  worker ??= new AskedWorker(workerAddress, 'The reader of calls could not be started.')
  // the worker answers a question of one kind with an answer of one kind
  return (await worker.ask(question, onProgress)) as CallsAnswer & { readonly kind: Kind }
}

/** Returns the calls, or null where there is no file of them. Rejects with words for the page. */
export async function loadCalls(onProgress: Progress): Promise<LoadedCalls | null> {
  const manifest = (await readVersion(MANIFEST))?.content
  if (!isCallsManifest(manifest)) return null
  const { overview } = await ask({ kind: 'open', file: siteRequest(CALLS) }, 'opened', onProgress)
  return {
    ...{ manifest, overview },
    figures: async (filter) => (await ask({ kind: 'figures', filter }, 'figures')).figures,
    rows: async (filter, order) => (await ask({ kind: 'rows', filter, order }, 'rows')).rows,
    csv: async (filter) => (await ask({ kind: 'csv', filter }, 'csv')).bytes,
  }
}
