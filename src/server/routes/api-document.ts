/**
 * The OpenAPI 3.1 document of the routes.
 * @module
 */
import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { z } from 'zod'
import { isRecord } from '../../arguments.ts'
import type { ErrorCode } from '../../errors.ts'
import { kindsOf } from '../answers/answer.ts'
import { PROBLEM_TYPE } from '../answers/problem.ts'
import { type RefusalStatus, statusOfCode, TITLES } from '../answers/status.ts'
import type { Route } from '../route.ts'

/** The routes of a system. */
export interface RouteGroup {
  /** The system's name. */
  readonly name: string
  /** What the document calls them. */
  readonly title: string
  readonly routes: readonly Route[]
}

const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ description: 'the phrase of the status' }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'what is wrong and what to do' }),
    code: z.string().meta({ description: 'what is wrong, for programs', example: 'request_invalid' }),
    request_id: z.string().meta({ description: "the id of the request in the server's log" }),
    faults: z
      .array(
        z.object({
          in: z.enum(['path', 'query', 'header', 'body']),
          name: z.string(),
          problem: z.string(),
          allowed: z.array(z.string()).optional(),
        }),
      )
      .optional()
      .meta({ description: 'every part of the request that is wrong' }),
  })
  .meta({ id: 'Problem', description: 'a refusal, after RFC 9457' })

const RETRY = { 'retry-after': { description: 'seconds to wait', schema: { type: 'integer' as const, minimum: 1 } } }

/** What every route may refuse with. */
const ANY_ROUTE: readonly ErrorCode[] = [
  'request_invalid',
  'host_refused',
  'not_acceptable',
  'address_too_long',
  'rate_limited',
  'headers_too_large',
  'answer_timeout',
]
const WITH_KEYS: readonly ErrorCode[] = ['unauthorized', 'scope_missing']
const WITH_FILES: readonly ErrorCode[] = ['body_too_large', 'media_type_unsupported', 'type_mismatch', 'lock_held']

function refusalsOf(route: Route, security: Security): RouteConfig['responses'] {
  const codes = [
    ...ANY_ROUTE,
    ...(security === 'keys' ? WITH_KEYS : []),
    ...(route.files === undefined ? [] : WITH_FILES),
    ...(route.refusals ?? []),
  ]
  const statuses = new Map<RefusalStatus, ErrorCode[]>()
  for (const code of codes) statuses.set(statusOfCode(code), [...(statuses.get(statusOfCode(code)) ?? []), code])
  return Object.fromEntries(
    [...statuses].map(([status, found]) => [
      status,
      {
        description: `${TITLES[status]}: ${[...new Set(found)].join(', ')}`,
        content: { [PROBLEM_TYPE]: { schema: problemSchema } },
        ...((status === 429 || status === 503) && { headers: RETRY }),
      },
    ]),
  )
}

const TAG = { etag: { description: 'the hash of the body', schema: { type: 'string' as const } } }

/** A file of a form: with a name, or as a field. */
const fileSchema = z.custom<Blob | string>((value) => value instanceof Blob || typeof value === 'string', {
  error: 'expected one file',
})

/** Returns a route as the OpenAPI library takes it. */
export function routeConfig(route: Route, title: string, security: Security) {
  const { method, path, summary, description, params, query, files, answer } = route
  const parts = Object.entries(files ?? {}).map(([name, { description: text, isRequired }]) => {
    const schema = fileSchema.meta({ description: text, type: 'string', format: 'binary' })
    return [name, isRequired ? schema : schema.optional()] as const
  })
  const isGet = method === 'get'
  return createRoute({
    ...{ method, path, summary, description, tags: [title] },
    operationId: operationId(route),
    ...(security === 'keys' && { security: [{ key: [] }] }),
    request: {
      ...(params !== undefined && { params }),
      // names that the document does not list are refused
      query: (query ?? z.object({})).strict(),
      ...(files !== undefined && {
        body: {
          required: true,
          content: { 'multipart/form-data': { schema: z.strictObject(Object.fromEntries(parts)) } },
        },
      }),
    },
    responses: {
      200: {
        description: 'the answer',
        content: {
          'application/json': { schema: answer },
          ...(kindsOf(route).includes('csv') && {
            'text/csv': { schema: z.string().meta({ description: 'the rows, with a header' }) },
          }),
        },
        ...(isGet && { headers: TAG }),
      },
      ...(isGet && { 304: { description: 'the answer is the one that If-None-Match names', headers: TAG } }),
      ...refusalsOf(route, security),
    },
  })
}

/** `getInteractionsCustomerId` of `GET /api/v1/interactions/{customer_id}`. */
function operationId({ method, path }: Route): string {
  const words = path.replace('/api/v1/', '').match(/[a-z0-9]+/gi) ?? []
  return method + words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')
}

/** Whether callers need a key. */
export type Security = 'keys' | 'open'

/** What the document says of the program. */
export interface ApiTitle {
  readonly title: string
  readonly version: string
}

/** The values that a route's query may have in the data, by name. */
export type QueryValues = Readonly<Record<string, readonly string[]>>

/** What a document is made of beside the routes. */
export interface DocumentOptions extends ApiTitle {
  readonly security: Security
  /** Those of a route; none for a document that does not show what is in the data. */
  readonly valuesOf: (route: Route) => QueryValues
}

/** Returns the OpenAPI document of groups of routes. */
export function apiDocument(
  groups: readonly RouteGroup[],
  { title, version, security, valuesOf }: DocumentOptions,
): unknown {
  const app = new OpenAPIHono()
  for (const { title: group, routes } of groups) {
    for (const route of routes) app.openAPIRegistry.registerPath(routeConfig(route, group, security))
  }
  if (security === 'keys') {
    app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
      type: 'http',
      scheme: 'bearer',
      description: 'a key, or a JWT',
    })
  }
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title, version },
    tags: groups.map(({ title: name }) => ({ name })),
  })
  for (const { routes } of groups) {
    for (const route of routes) {
      const parameters = document.paths?.[route.path]?.[route.method]?.parameters ?? []
      const values = valuesOf(route)
      for (const parameter of parameters) {
        if ('name' in parameter) listValues(parameter.schema, values[parameter.name] ?? [])
      }
    }
  }
  return withNulls(document)
}

/** Lists the values of a parameter, or of each member where it is a list. */
function listValues(schema: unknown, values: readonly string[]): void {
  if (!isRecord(schema) || values.length === 0) return
  const isList = isRecord(schema.items)
  Object.assign(isList ? (schema.items as object) : schema, { enum: values })
  // an example of other data would be refused
  if ('example' in schema) Object.assign(schema, { example: isList ? values.slice(0, 1) : values[0] })
}

/**
 * Returns the document with every "this schema, or null" as OpenAPI 3.1 says it. The generator writes "this schema, and also an
 * object or null" for a named schema, which null never fits.
 */
function withNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNulls)
  if (!isRecord(node)) return node
  const { allOf, ...rest } = node
  if (Array.isArray(allOf) && allOf.length === 2 && isRecord(allOf[0]) && '$ref' in allOf[0] && isRecord(allOf[1])) {
    const { type } = allOf[1]
    if (Array.isArray(type) && type.includes('null')) return { ...rest, anyOf: [allOf[0], { type: 'null' }] }
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withNulls(value)]))
}
