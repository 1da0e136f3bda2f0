/**
 * One request on its way through the server: what the front found out, and what the log will say.
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { ServedDatabase } from '../database/served-database.ts'
import type { Route } from '../route.ts'

/** The media types in which a route may answer. */
export type AnswerKind = 'json' | 'csv'

/** An answer as it is sent: made once, sent as often as it is asked for. */
export interface Answer {
  readonly body: Buffer
  readonly type: string
  /** Quoted, as the header has it. */
  readonly etag: string
  /** Whether the same route answers in more than one media type. */
  readonly varies: boolean
  /** The header Link of a page of a list; null for other answers. */
  readonly link: string | null
}

/** What is known of a request. */
export interface Exchange {
  /** What the log and problems call it. */
  readonly id: string
  /** Path and query as the client wrote them. */
  readonly address: string
  readonly route: Route | null
  readonly kind: AnswerKind
  /** Keeps the answer for the next request of the same address, until the data changes. */
  keep(answer: Answer): void
  /** The database that the answer was read from; null where it was not read. */
  database: ServedDatabase | null
  /** What went wrong, for the log. */
  fault: unknown
}

const exchanges = new WeakMap<IncomingMessage, Exchange>()

/** Lets the routes find what the front knows of a request. */
export function setExchange(request: IncomingMessage, exchange: Exchange): void {
  exchanges.set(request, exchange)
}

/** Returns what the front knows of a request. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request)
  if (exchange === undefined) throw new Error('a request came to the routes past the front')
  return exchange
}
