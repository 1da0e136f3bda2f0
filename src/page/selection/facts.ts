/**
 * Asks the worker of facts: opens a table, and gets pages of its rows, figures of its columns, and files.
 * @module
 */

import type { SiteRequest } from '../site/fetch-site.ts'
import { AskedWorker } from '../worker/ask-worker.ts'
import type { FactHeader } from './fact-set.ts'
import workerAddress from './facts-worker.ts?worker&url'
import type { ColumnFigures, FactFilters } from './selection.ts'

/** The order in which rows are shown; null is the table's own. */
export interface FactOrder {
  readonly sort: string | null
  readonly direction: 'ascending' | 'descending'
}

/** What is asked. */
export type FactQuestion =
  | { readonly kind: 'open'; readonly file: SiteRequest }
  | ({ readonly kind: 'page'; readonly filters: FactFilters; readonly from: number; readonly size: number } & FactOrder)
  | { readonly kind: 'figures'; readonly filters: FactFilters; readonly column: string }
  | ({ readonly kind: 'csv'; readonly filters: FactFilters } & FactOrder)

/** A table that was opened. */
export interface OpenedFacts {
  readonly rows: number
  readonly headers: readonly FactHeader[]
}

/** Rows of a page as text, null where there is no value, and how many rows there are on all pages. */
export interface FactPage {
  readonly total: number
  readonly rows: readonly (readonly (string | null)[])[]
}

export type FactAnswer =
  | ({ readonly kind: 'opened' } & OpenedFacts)
  | ({ readonly kind: 'page' } & FactPage)
  | { readonly kind: 'figures'; readonly figures: ColumnFigures }
  | { readonly kind: 'csv'; readonly bytes: Uint8Array }

/** One table in a worker of its own. */
export class Facts {
  readonly #worker = new AskedWorker<FactQuestion, FactAnswer>(
    workerAddress,
    'The reader of tables could not be started.',
  )

  async #ask<Kind extends FactAnswer['kind']>(
    question: FactQuestion,
    _kind: Kind,
    onProgress?: (share: number) => void,
  ): Promise<FactAnswer & { readonly kind: Kind }> {
    // the worker answers a question of one kind with an answer of one kind
    return (await this.#worker.ask(question, onProgress)) as FactAnswer & { readonly kind: Kind }
  }

  /** Opens a table of the site. Rejects with words for people. */
  open(file: SiteRequest, onProgress: (share: number) => void): Promise<OpenedFacts> {
    return this.#ask({ kind: 'open', file }, 'opened', onProgress)
  }

  page(filters: FactFilters, order: FactOrder, from: number, size: number): Promise<FactPage> {
    return this.#ask({ kind: 'page', filters, ...order, from, size }, 'page')
  }

  async figures(filters: FactFilters, column: string): Promise<ColumnFigures> {
    return (await this.#ask({ kind: 'figures', filters, column }, 'figures')).figures
  }

  async csv(filters: FactFilters, order: FactOrder): Promise<Uint8Array> {
    return (await this.#ask({ kind: 'csv', filters, ...order }, 'csv')).bytes
  }

  /** Ends the worker; nothing can be asked any more. */
  close(): void {
    this.#worker.close()
  }
}
