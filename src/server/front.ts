/**
 * What every request passes before a route sees it: names, limits, keys, and the answers that are kept.
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ServerError } from '../errors.ts'
import { acceptedKind, answerHeaders, isKnown } from './answers/answer.ts'
import type { AnswerCache } from './answers/answer-cache.ts'
import { type Answer, type Exchange, setExchange } from './answers/exchange.ts'
import type { OwnAnswer } from './answers/own-answer.ts'
import { refusalOf } from './answers/problem.ts'
import { rangeOf } from './byte-range.ts'
import { type Access, type Caller, refuseScope } from './keys/access.ts'
import type { RateLimit } from './rate-limit.ts'
import type { HandledRequest } from './request-log.ts'
import type { RouteTable, Target } from './routes/route-table.ts'
import type { PageTarget, ServedPages } from './served-pages.ts'
import { within } from './within.ts'

/** What a front is made with. */
export interface FrontOptions {
  readonly table: RouteTable
  readonly cache: AnswerCache
  readonly access: Access
  /** Null where callers may ask as often as they like. */
  readonly rateLimit: RateLimit | null
  readonly isOwnHost: (host: string | undefined) => boolean
  /** The longest path and query of a request, in bytes. */
  readonly addressBytes: number
  /** Null where there are no pages. */
  readonly pages: ServedPages | null
  /** Milliseconds in which the data of a page must be read. */
  readonly answerTimeout: number
  /** Where a client finds the addresses that there are, in words. */
  readonly guide: string
  /** Answers the server's own addresses; `mayRead` says whether the caller may see what is in the data. */
  readonly own: (path: string, mayRead: boolean) => Promise<OwnAnswer>
  /** Answers what is not kept. */
  readonly routes: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Is told of every request when it is over. */
  readonly onHandled: (request: HandledRequest) => void
}

/** Headers of every answer. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
]

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

/** Sends a part of the body where one is asked for, and nothing of a version that the client does not want. */
function sendOwn(request: IncomingMessage, response: ServerResponse, { status, headers, body }: OwnAnswer): void {
  const { etag } = headers
  const { range, 'if-none-match': had, 'if-match': wanted, 'if-range': begun } = request.headers
  if (etag !== undefined && isKnown({ etag }, had)) {
    response.writeHead(304, headers).end()
    return
  }
  if (etag !== undefined && wanted !== undefined && !isKnown({ etag }, wanted)) {
    response.writeHead(412, { etag, 'cache-control': 'no-store', 'content-length': 0 }).end()
    return
  }
  const size = Buffer.byteLength(body)
  const isParted = headers['accept-ranges'] === 'bytes' && (begun === undefined || begun === etag)
  const part = isParted ? rangeOf(range, size) : null
  if (part === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end()
    return
  }
  const sent = part === null ? body : Buffer.from(body).subarray(part.start, part.end)
  const partHeaders = part !== null && { 'content-range': `bytes ${part.start}-${part.end - 1}/${size}` }
  const all = { 'cache-control': 'no-store', ...headers, ...partHeaders, 'content-length': Buffer.byteLength(sent) }
  response.writeHead(part === null ? status : 206, all)
  response.end(request.method === 'HEAD' ? undefined : sent)
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, error: unknown, id: string): void {
  const { problem, headers } = refusalOf(error, id)
  const body = `${JSON.stringify(problem)}\n`
  // a body that nobody reads would have to be skipped before the next request of the connection
  const close = request.complete || request.method === 'GET' || request.method === 'HEAD' ? {} : { connection: 'close' }
  response.writeHead(problem.status, { ...headers, ...close, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** A file of the pages that a request asks for. */
interface Found {
  readonly kind: 'page'
  readonly page: PageTarget
}

/** What is found out about a request on its way. */
interface Passage {
  readonly id: string
  target: Target | Found | null
  caller: Caller | null
  isKept: boolean
  exchange: Exchange | null
  fault: unknown
}

function needsKey(path: string): boolean {
  return path.startsWith('/api/') || path === '/api' || path === '/metrics'
}

/** Returns the page of a request, which only reads. @throws ServerError method_not_allowed */
function pageFor(method: string, path: string, page: PageTarget): Found {
  if (method === 'GET' || method === 'HEAD') return { kind: 'page', page }
  const allow = 'GET, HEAD'
  throw new ServerError('method_not_allowed', `${path} answers ${allow} alone`, { details: { allow } })
}

/** What the log and the figures call what was asked for. */
function labelOf(target: Passage['target']): string | null {
  if (target === null) return null
  if (target.kind === 'own') return target.path
  return target.kind === 'page' ? target.page.label : target.route.path
}

/** What a client is told. Data of the pages that cannot be read is a fault of the server, whatever its code says of files. */
function toldOf(error: unknown, target: Passage['target']): unknown {
  if (target?.kind !== 'page' || error instanceof ServerError) return error
  return new Error('the data of a page cannot be read', { cause: error })
}

/** Returns the listener of a server's requests. */
export function front(options: FrontOptions) {
  const { table, cache, access, rateLimit, isOwnHost, addressBytes, pages, own, routes, onHandled } = options

  /** Lets a caller in. Whoever has no key that counts is known by address alone. */
  const identify = async (request: IncomingMessage): Promise<Caller> => {
    const address = request.socket.remoteAddress ?? 'unknown'
    try {
      const caller = await access.identify(request.headers.authorization)
      rateLimit?.take(caller.id ?? address)
      return caller
    } catch (error) {
      if (error instanceof ServerError && error.code === 'unauthorized') rateLimit?.take(address)
      throw error
    }
  }

  /** Whether the caller of an address that is open to everybody has a key all the same. */
  const mayRead = async (request: IncomingMessage, caller: Caller | null): Promise<boolean> => {
    if (caller !== null) return true
    try {
      return (await access.identify(request.headers.authorization)).scopes.includes('read')
    } catch (error) {
      if (error instanceof ServerError && error.code === 'unauthorized') return false
      throw error
    }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse, passage: Passage): Promise<void> => {
    const { method = 'GET', url: address = '/', headers } = request
    if (!isOwnHost(headers.host)) {
      throw new ServerError('host_refused', 'the Host header is none of the names of this server')
    }
    const path = address.split('?', 1)[0] ?? '/'
    const page = pages?.find(path) ?? null
    if (needsKey(path) || page?.isData) passage.caller = await identify(request)
    if (address.length > addressBytes) {
      throw new ServerError('address_too_long', `path and query are longer than ${addressBytes} bytes`)
    }
    const target = table.find(method, path) ?? (page && pageFor(method, path, page))
    passage.target = target
    const nothing = () => new ServerError('not_found', `there is no such address; ${options.guide}`)
    if (target === null) throw nothing()
    if (target.kind === 'page') {
      if (passage.caller !== null) refuseScope(passage.caller, 'read')
      const asked = { encodings: String(headers['accept-encoding'] ?? ''), version: headers['if-match'] ?? null }
      const found = await within(options.answerTimeout, target.page.answer(asked))
      if (found === null) throw nothing()
      return sendOwn(request, response, found)
    }
    if (target.kind === 'own') {
      if (passage.caller !== null) refuseScope(passage.caller, 'read')
      return sendOwn(request, response, await own(target.path, await mayRead(request, passage.caller)))
    }
    const { route } = target
    if (passage.caller !== null) refuseScope(passage.caller, route.scope)
    const kind = acceptedKind(route, headers.accept)
    const kept = route.method === 'get' ? cache.find(address, kind) : null
    if (kept !== null) {
      passage.isKept = true
      return sendAnswer(request, response, kept)
    }
    const { version } = cache
    const exchange: Exchange = {
      ...{ id: passage.id, address, route, kind },
      keep: (made) => cache.keep(address, kind, { answer: made, database: exchange.database }, version),
      database: null,
      fault: null,
    }
    passage.exchange = exchange
    setExchange(request, exchange)
    await routes(request, response)
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = performance.now()
    const id = requestId(request.headers['x-request-id'])
    const passage: Passage = { id, target: null, caller: null, isKept: false, exchange: null, fault: null }
    for (const [name, value] of HEADERS) response.setHeader(name, value)
    response.setHeader('x-request-id', id)
    response.once('close', () => {
      const { target, caller, isKept, exchange, fault } = passage
      onHandled({
        ...{ id, method: request.method ?? 'GET', status: response.statusCode, isKept },
        route: labelOf(target),
        milliseconds: performance.now() - began,
        caller: caller?.id ?? null,
        isAborted: !response.writableFinished,
        fault: fault ?? exchange?.fault ?? null,
      })
    })
    try {
      await answer(request, response, passage)
    } catch (error) {
      passage.fault = error
      if (response.headersSent) response.destroy()
      else sendRefusal(request, response, toldOf(error, passage.target), id)
    }
  }
}
