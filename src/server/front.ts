/**
 * What every request passes before a route sees it: names, methods, limits, and the answers that are kept.
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ServerError } from '../errors.ts'
import { acceptedKind, answerHeaders, isKnown } from './answer.ts'
import type { AnswerCache } from './answer-cache.ts'
import { type Answer, type Exchange, setExchange } from './exchange.ts'
import { refusalOf } from './problem.ts'
import type { RouteTable } from './route-table.ts'

/** What a front is made with. */
export interface FrontOptions {
  readonly table: RouteTable
  readonly cache: AnswerCache
  readonly isOwnHost: (host: string | undefined) => boolean
  /** The longest path and query of a request, in bytes. */
  readonly addressBytes: number
  /** Answers the server's own addresses. */
  readonly own: (path: string) => Promise<OwnAnswer>
  /** Answers what is not kept. */
  readonly routes: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/** An answer of the server about itself. */
export interface OwnAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Headers of every answer. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** Ids that a proxy may give: nothing in them breaks a line of a log. */
const GIVEN_ID = /^[\w.-]{1,64}$/

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID()
}

function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const headers = answerHeaders(answer)
  if (isKnown(answer, request.headers['if-none-match'])) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, { ...headers, 'content-type': answer.type, 'content-length': answer.body.length })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, error: unknown, id: string): void {
  const { problem, headers } = refusalOf(error, id)
  const body = `${JSON.stringify(problem)}\n`
  response.writeHead(problem.status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Returns the listener of a server's requests. */
export function front({ table, cache, isOwnHost, addressBytes, own, routes }: FrontOptions) {
  const answer = async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    const { method = 'GET', url: address = '/', headers } = request
    if (!isOwnHost(headers.host)) {
      throw new ServerError('host_refused', 'the Host header is none of the names of this server')
    }
    if (address.length > addressBytes) {
      throw new ServerError('address_too_long', `path and query are longer than ${addressBytes} bytes`)
    }
    const path = address.split('?', 1)[0] ?? '/'
    const target = table.find(method, path)
    if (target === null) throw new ServerError('not_found', 'there is no such address; /openapi.json lists all')
    if (target.kind === 'own') {
      const { status, headers: told, body } = await own(target.path)
      response.writeHead(status, { 'cache-control': 'no-store', ...told, 'content-length': Buffer.byteLength(body) })
      response.end(method === 'HEAD' ? undefined : body)
      return
    }
    const { route } = target
    const kind = acceptedKind(route, headers.accept)
    const kept = route.method === 'get' ? cache.find(address, kind) : null
    if (kept !== null) return sendAnswer(request, response, kept)
    const { version } = cache
    const exchange: Exchange = {
      ...{ id, address, route, kind },
      keep: (made) => cache.keep(address, kind, { answer: made, database: exchange.database }, version),
      database: null,
      fault: null,
    }
    setExchange(request, exchange)
    await routes(request, response)
  }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = requestId(request.headers['x-request-id'])
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    response.setHeader('x-request-id', id)
    try {
      await answer(request, response, id)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else sendRefusal(request, response, error, id)
    }
  }
}
