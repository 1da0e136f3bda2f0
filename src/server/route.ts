/**
 * A route as a system declares it: what a request may hold, what the answer is, and how it is made.
 * @module
 */
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { type ErrorCode, ServerError } from '../errors.ts'
import type { Job } from '../pipeline/job/job.ts'
import type { GivenOptions, JobOptions, ShownOptions } from '../pipeline/job/job-options.ts'
import type { RunOptions } from '../pipeline/job/options.ts'
import type { RunResult } from '../pipeline/run-result.ts'
import type { CommittedState } from '../pipeline/state/committed-state.ts'

/** What a key allows: `read` every GET, `import` the routes that change the state. */
export type Scope = 'read' | 'import'

/** A file of a form, as the document of the API shows it. */
export interface FormFile {
  readonly description: string
  readonly isRequired: boolean
}

/** The parts of a request that a route declares, checked and converted. */
export interface RouteRequest<Params, Query> {
  /** Path and query as the client wrote them, for links to other pages. */
  readonly address: string
  readonly params: Params
  readonly query: Query
  /** The bytes of each file that the form has, by its declared name. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** What a route may use beside its request. */
export interface RouteContext {
  /**
   * Returns the committed state of a job: the same value until the next commit, so that what is made of it can be kept by it
   * (`WeakMap`).
   * @throws ServerError not_found - no place that is served has a state of the job
   */
  state<Options extends JobOptions>(job: Job<Options>): Promise<CommittedState<ShownOptions<Options>>>
  /**
   * Runs statements that read the system's database. All statements of one call see one commit.
   * @throws ServerError database_unreachable - the database does not answer
   */
  database<Schema, Result>(work: (database: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /**
   * Runs a job into the place that is served; resolves when its rows are served.
   * @throws EtlError - what `runPipeline` throws
   */
  run<Options extends JobOptions>(
    job: Job<Options>,
    options: Omit<RunOptions, 'out' | 'destinations'> & GivenOptions<Options>,
  ): Promise<RunResult>
  /** Epoch milliseconds. A route that uses it declares `reads: 'clock'`. */
  now(): number
}

/** How an answer becomes CSV. */
export interface RouteCsv<Answer> {
  /** The header, which is there without rows too; a function where it depends on what was asked for. */
  readonly columns: readonly string[] | ((answer: Answer) => readonly string[])
  /** The rows, by name of the column. */
  rows(answer: Answer): readonly Readonly<Record<string, string | number | boolean | null>>[]
}

/** How a route is declared; `{name}` in the path is a member of `params`. */
export interface RouteSpec<Params extends z.ZodObject, Query extends z.ZodObject, Answer extends z.ZodType> {
  readonly method: 'get' | 'post'
  readonly path: `/api/v1/${string}`
  /** What a caller's key must allow. */
  readonly scope: Scope
  /** Half a sentence, for lists of routes. */
  readonly summary: string
  readonly description: string
  /** One member for each `{name}` of the path. Values are text; a schema converts them. */
  readonly params?: Params
  /** The query's names; a request with any other name is refused. Values are text; a schema converts them. */
  readonly query?: Query
  /**
   * The values that names of the query may have in the data as it is now. A request with another one is refused, with the list.
   * The document of the API lists them too, for callers who may read.
   */
  readonly values?: (context: RouteContext) => Promise<Readonly<Record<string, readonly string[]>>>
  /** The files of a form (`multipart/form-data`), by name. */
  readonly files?: Readonly<Record<string, FormFile>>
  /** The body of the answer, as JSON. */
  readonly answer: Answer
  /** The answer as a table, for a client that asks for `text/csv`. Without it the route answers JSON alone. */
  readonly csv?: RouteCsv<z.input<Answer>>
  /** The codes that its handler may throw, beside those of every route; the document lists them. */
  readonly refusals?: readonly ErrorCode[]
  /**
   * `data`: the answer is a function of request and data, so it is kept until the data changes. `clock`: it also depends on the
   * time, and is made anew. A POST is always made anew.
   */
  readonly reads: 'data' | 'clock'
  /** Makes the answer. What it throws is a problem for the client: a ServerError says what is wrong with the request. */
  handle(request: RouteRequest<z.output<Params>, z.output<Query>>, context: RouteContext): Promise<z.input<Answer>>
}

/** A declared route. */
export type Route = RouteSpec<z.ZodObject, z.ZodObject, z.ZodType>

const ROUTE = {
  ...{
    method: true,
    path: true,
    scope: true,
    summary: true,
    description: true,
    reads: true,
    answer: true,
    handle: true,
  },
  ...{ params: true, query: true, values: true, files: true, csv: true, refusals: true },
} satisfies OptionNames<Route>

/** The names of a path, as `params` must have them. */
function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()
}

function refuseRoute(route: Route): void {
  refuseUnknown(route, ROUTE, ServerError)
  const { method, path, scope, summary, description, reads, answer, handle } = route
  const refuse = (isFit: boolean, name: string, found: unknown, expected: string): void =>
    refuseUnless(isFit, name, found, expected, ServerError)
  refuse(method === 'get' || method === 'post', 'method', method, '"get" or "post"')
  const isPath = typeof path === 'string' && /^\/api\/v1(\/([a-z0-9_-]+|\{\w+\}))+$/.test(path)
  refuse(isPath, 'path', path, 'a path below /api/v1 with small letters, such as /api/v1/rooms/{room_id}')
  refuse(scope === 'read' || scope === 'import', 'scope', scope, '"read" or "import"')
  refuse(typeof summary === 'string', 'summary', summary, 'half a sentence')
  refuse(typeof description === 'string', 'description', description, 'a sentence or more')
  refuse(reads === 'data' || reads === 'clock', 'reads', reads, '"data" or "clock"')
  refuse(answer instanceof z.ZodType, 'answer', answer, 'a schema of zod')
  refuse(typeof handle === 'function', 'handle', handle, 'a function')
  const params = Object.keys(route.params?.shape ?? {}).sort()
  if (namesIn(path).join() === params.join()) return
  throw new ServerError(
    'invalid_option',
    `path ${path} has the names ${namesIn(path).join(', ') || '(none)'}, and params ${params.join(', ') || '(none)'}`,
  )
}

/**
 * Returns a route whose handler has the types of its schemas.
 *
 * @throws ServerError invalid_option - it is no route, or `params` has other names than the path
 * @example
 * import { defineRoute } from 'support-etl/server'
 * import { z } from 'zod'
 *
 * const hello = defineRoute({
 *   method: 'get',
 *   path: '/api/v1/hello/{name}',
 *   scope: 'read',
 *   summary: 'greet somebody',
 *   description: 'Greets whoever the path names.',
 *   params: z.object({ name: z.string().max(40).meta({ description: 'who is greeted', example: 'Ada' }) }),
 *   answer: z.strictObject({ data: z.string().meta({ description: 'the greeting' }) }),
 *   reads: 'data',
 *   handle: async ({ params }) => ({ data: `Hello ${params.name}` }),
 * })
 * hello.path // '/api/v1/hello/{name}'
 */
export function defineRoute<
  Answer extends z.ZodType,
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(route: RouteSpec<Params, Query, Answer>): Route {
  refuseRoute(route)
  return route
}
