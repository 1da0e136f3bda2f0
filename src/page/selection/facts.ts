/**
 * Asks the worker of facts: opens a table, and gets pages of its rows, figures of its columns, and files.
 * @module
 */
import { startWorker } from '../worker.ts'
import type { FactHeader } from './fact-set.ts'
import workerAddress from './facts-worker.ts?worker&url'
import type { ColumnFigures, FactFilters } from './selection.ts'

/** The order in which rows are shown; null is the table's own. */
export interface FactOrder {
  readonly sort: string | null
  readonly direction: 'ascending' | 'descending'
}

/** What is asked, with a number that the reply has too. */
export type FactQuestion = { readonly id: number } & (
  | { readonly kind: 'open'; readonly address: string }
  | ({ readonly kind: 'page'; readonly filters: FactFilters; readonly from: number; readonly size: number } & FactOrder)
  | { readonly kind: 'figures'; readonly filters: FactFilters; readonly column: string }
  | ({ readonly kind: 'csv'; readonly filters: FactFilters } & FactOrder)
)

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

export type FactReply = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: FactAnswer }
  | { readonly kind: 'failed'; readonly message: string }
)

interface Waiting {
  readonly resolve: (answer: FactAnswer) => void
  readonly reject: (error: Error) => void
  readonly onProgress: (share: number) => void
}

type Asked = FactQuestion extends infer Question
  ? Question extends FactQuestion
    ? Omit<Question, 'id'>
    : never
  : never

/** One table in a worker of its own. */
export class Facts {
  readonly #worker = startWorker(workerAddress)
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FactReply>) => {
      const waiting = this.#waiting.get(data.id)
      if (waiting === undefined) return
      if (data.kind === 'progress') {
        waiting.onProgress(data.share)
        return
      }
      this.#waiting.delete(data.id)
      if (data.kind === 'answer') waiting.resolve(data.answer)
      else waiting.reject(new Error(data.message))
    })
    this.#worker.addEventListener('error', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The reader of tables could not be started.'))
      this.#waiting.clear()
    })
  }

  async #ask<Kind extends FactAnswer['kind']>(
    question: Asked,
    _kind: Kind,
    onProgress: (share: number) => void = () => {},
  ): Promise<FactAnswer & { readonly kind: Kind }> {
    const id = ++this.#last
    const answer = await new Promise<FactAnswer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress })
      this.#worker.postMessage({ ...question, id })
    })
    // the worker answers a question of one kind with an answer of one kind
    return answer as FactAnswer & { readonly kind: Kind }
  }

  /** Opens a table by the full address of its file. Rejects with words for people. */
  open(address: string, onProgress: (share: number) => void): Promise<OpenedFacts> {
    return this.#ask({ kind: 'open', address }, 'opened', onProgress)
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
    this.#worker.terminate()
  }
}
