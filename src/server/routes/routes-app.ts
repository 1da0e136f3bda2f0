/**
 * Declared routes as an application: requests are checked against their schemas, handled, and answered.
 * @module
 */
import type { HttpBindings } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { ServerError } from '../../errors.ts'
import { answerHeaders, answerOf, isKnown } from '../answers/answer.ts'
import { type Exchange, exchangeOf } from '../answers/exchange.ts'
import { refusalOf } from '../answers/problem.ts'
import { faultsIn, requestInvalid } from '../answers/request-fault.ts'
import type { Route, RouteContext, RouteRequest } from '../route.ts'
import { within } from '../within.ts'
import { type RouteGroup, routeConfig } from './api-document.ts'
import { type RouteValues, refuseUnknownValues } from './route-values.ts'

/** What an application is made with. */
export interface AppOptions {
  /** Returns what a request may use. */
  readonly contextOf: (group: RouteGroup, exchange: Exchange) => RouteContext
  readonly values: RouteValues
  /** The largest body of a request, in bytes. */
  readonly bodyBytes: number
  /** Milliseconds until a handler must have answered. */
  readonly answerTimeout: number
}

type Env = { Bindings: HttpBindings }
type RouteCall = Context<Env>

const PLACES = {
  param: 'path',
  query: 'query',
  header: 'header',
  form: 'body',
  json: 'body',
  cookie: 'header',
} as const

/** Hono's own refusals are of bodies that cannot be read. */
function readable(error: unknown): unknown {
  if (!(error instanceof HTTPException) || error.status >= 500) return error
  return new ServerError('request_invalid', 'the body of the request cannot be read as a form', { cause: error })
}

/** Refuses a body of another media type than a form with files. */
const formsOnly: MiddlewareHandler = async (call, next) => {
  const type = call.req.header('content-type') ?? ''
  if (call.req.method === 'POST' && !/^multipart\/form-data\s*;/i.test(type)) {
    throw new ServerError('media_type_unsupported', 'the body must be multipart/form-data, with one part a file')
  }
  await next()
}

function send(call: RouteCall, error: unknown): Response {
  const exchange = exchangeOf(call.env.incoming)
  exchange.fault = error
  const { problem, headers } = refusalOf(error, exchange.id)
  return call.body(`${JSON.stringify(problem)}\n`, problem.status, headers)
}

async function filesOf(call: RouteCall, names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  if (names.length === 0) return files
  const form: Readonly<Record<string, unknown>> = (call.req as { valid(place: string): never }).valid('form')
  for (const name of names) {
    const file = form[name]
    if (file instanceof Blob) files.set(name, new Uint8Array(await file.arrayBuffer()))
    else if (typeof file === 'string') files.set(name, new TextEncoder().encode(file))
  }
  return files
}

function handlerOf(route: Route, group: RouteGroup, { contextOf, values, answerTimeout }: AppOptions) {
  return async (call: RouteCall): Promise<Response> => {
    const exchange = exchangeOf(call.env.incoming)
    const valid = (place: string): never => (call.req as { valid(place: string): never }).valid(place)
    const request: RouteRequest<never, never> = {
      address: exchange.address,
      params: route.params === undefined ? ({} as never) : valid('param'),
      query: valid('query'),
      files: await filesOf(call, Object.keys(route.files ?? {})),
    }
    const context = contextOf(group, exchange)
    const make = async (): Promise<unknown> => {
      refuseUnknownValues(request.query, await values.of(route, context))
      return route.handle(request, context)
    }
    const value = await within(answerTimeout, make())
    const answer = answerOf(route, value, exchange.kind)
    if (route.method === 'post') {
      return call.body(new Uint8Array(answer.body), 200, { 'content-type': answer.type, 'cache-control': 'no-store' })
    }
    if (route.reads === 'data') exchange.keep(answer)
    const headers = answerHeaders(answer)
    if (isKnown(answer, call.req.header('if-none-match'))) return call.body(null, 304, headers)
    return call.body(new Uint8Array(answer.body), 200, { 'content-type': answer.type, ...headers })
  }
}

/** Returns the application of groups of routes. It answers requests that the front let through, and no others. */
export function routesApp(groups: readonly RouteGroup[], options: AppOptions): OpenAPIHono<Env> {
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw requestInvalid(faultsIn(result.error.issues, PLACES[result.target]))
    },
  })
  app.onError((error, call) => send(call, readable(error)))
  app.notFound((call) => send(call, new ServerError('not_found', 'there is no such address; /openapi.json lists all')))
  const mebibytes = options.bodyBytes / 2 ** 20
  const limit = bodyLimit({
    maxSize: options.bodyBytes,
    onError: () => {
      throw new ServerError('body_too_large', `the body of the request is larger than ${mebibytes} MiB`)
    },
  })
  for (const group of groups) {
    for (const route of group.routes) {
      const config = routeConfig(route, group.title, 'open')
      if (route.files !== undefined) app.use(config.getRoutingPath(), formsOnly, limit)
      // the schemas of a declared route are known only when it runs
      app.openapi(config, handlerOf(route, group, options) as never)
    }
  }
  return app
}
