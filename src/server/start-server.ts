/**
 * A server of the routes of systems: it reads committed states, and answers until it is closed.
 * @module
 */
import { getRequestListener } from '@hono/node-server'
import type { FileStore } from '../connect/file-store.ts'
import { ServerError } from '../errors.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job/job.ts'
import { runPipeline } from '../pipeline/run.ts'
import { tagOf } from './answers/answer.ts'
import { AnswerCache } from './answers/answer-cache.ts'
import type { Exchange } from './answers/exchange.ts'
import type { OwnAnswer } from './answers/own-answer.ts'
import type { ServedDatabase } from './database/served-database.ts'
import { front } from './front.ts'
import { hostCheck, isLoopback } from './host-names.ts'
import { listenHttp, type ServerLimits } from './http-server.ts'
import { Access } from './keys/access.ts'
import type { CheckToken } from './keys/jwt.ts'
import { serverMetrics } from './metrics.ts'
import { RateLimit } from './rate-limit.ts'
import type { RequestLog } from './request-log.ts'
import type { Route, RouteContext } from './route.ts'
import { type ApiTitle, apiDocument, type QueryValues, type RouteGroup, type Security } from './routes/api-document.ts'
import { PAGE_PATHS, pageAnswer } from './routes/api-page.ts'
import { OWN_PATHS, routeTable } from './routes/route-table.ts'
import { routeValues } from './routes/route-values.ts'
import { routesApp } from './routes/routes-app.ts'
import type { ServedPages } from './served-pages.ts'
import { type FindPlaces, ServedPlaces } from './served-places.ts'

/** A system as a server answers for it. */
export interface ServedSystem extends RouteGroup {
  /** Opens its database, for which `out` finds the place of its job; null where it has none. */
  readonly openDatabase: ((out: () => FileStore | null) => Promise<ServedDatabase>) | null
  /** The job of its database. */
  readonly job: Pick<Job, 'name'> | null
}

/** What a server is started with. */
export interface ServerOptions {
  readonly api: ApiTitle
  /** Without any, the server has pages alone, and no addresses of its own such as `/openapi.json`. */
  readonly systems: readonly ServedSystem[]
  /** Null where only programs ask. */
  readonly pages: ServedPages | null
  readonly places: FindPlaces
  /** Where a job's state begins that has none yet. */
  readonly newPlace: (job: Pick<Job, 'name'>) => FileStore
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Further names by which the server is called. */
  readonly names: readonly string[]
  /** The folder with the file of keys; null where nobody needs one, so that this machine alone may ask. */
  readonly keys: FileStore | null
  /** Null where no tokens are taken. */
  readonly token: CheckToken | null
  /** Requests of a caller in a minute; null where they are not counted. */
  readonly rateLimit: number | null
  readonly limits: ServerLimits
  readonly log: RequestLog
  /** Milliseconds between two looks at the places. */
  readonly interval: number
  /** Its logger is the log of the server. */
  readonly effects: Effects
}

/** A server that answers. */
export interface RunningServer {
  /** `http://127.0.0.1:8788` */
  readonly address: string
  /** Looks for new commits now. */
  refresh(): Promise<void>
  /** Finishes what was begun, then ends. */
  close(): Promise<void>
}

function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): OwnAnswer {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers: { ...type, ...headers }, body: `${JSON.stringify(value)}\n` }
}

/** The documents of the API, each made once for a version of the data: with what is in it for callers who may read, and without. */
function apiDocuments(
  cache: Pick<AnswerCache, 'version'>,
  security: () => Security,
  make: (mayRead: boolean) => Promise<unknown>,
): { of(mayRead: boolean): Promise<OwnAnswer> } {
  const made = new Map<boolean, { readonly of: string; readonly answer: Promise<OwnAnswer> }>()
  return {
    of(mayRead) {
      const of = `${security()} ${cache.version}`
      const known = made.get(mayRead)
      if (known?.of === of) return known.answer
      const answer = make(mayRead).then((document) => {
        const found = json(200, document, { vary: 'authorization', 'cache-control': 'private, no-cache' })
        return { ...found, headers: { ...found.headers, etag: tagOf(Buffer.from(found.body)) } }
      })
      made.set(mayRead, { of, answer })
      // a failure is not kept
      answer.catch(() => made.delete(mayRead))
      return answer
    },
  }
}

/** Without a key anybody could ask: then only this machine may. */
function refuseOpenDoor(access: Access, host: string): void {
  if (isLoopback(host) || access.isReachable) return
  throw new ServerError('invalid_option', `${host} is reached from other machines, and there is no key that counts`, {
    advice: ['create a key first', { option: 'host', value: "'127.0.0.1'", effect: 'answer this machine alone' }],
  })
}

/** Whether every database answers and is migrated, and the server goes on. */
function readiness(
  places: ServedPlaces,
  databases: ReadonlyMap<string, ServedDatabase>,
  isClosing: boolean,
): OwnAnswer {
  const states = Object.fromEntries([...databases].map(([name, { state }]) => [name, state]))
  const isReady = !isClosing && Object.values(states).every((state) => state === 'up' || state === 'empty')
  const answer = json(isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not_ready',
    jobs: places.jobs(),
    databases: states,
  })
  return isReady ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': '5' } }
}

/** Opens the databases of systems. @throws EtlError - one cannot be opened; the others are closed */
async function openDatabases(
  systems: readonly ServedSystem[],
  places: ServedPlaces,
): Promise<ReadonlyMap<string, ServedDatabase>> {
  const opened = new Map<string, ServedDatabase>()
  try {
    for (const { name, openDatabase, job } of systems) {
      if (openDatabase === null || job === null) continue
      const database = await openDatabase(() => places.placeOf(job))
      opened.set(name, database)
      await database.look()
      if (database.problem !== null) throw database.problem
    }
    return opened
  } catch (error) {
    for (const database of opened.values()) await database.close()
    throw error
  }
}

/**
 * Starts a server.
 * @throws ServerError invalid_option - other machines could ask without a key
 * @throws ConnectError io_failed - it cannot listen at the port
 * @throws EtlError - a database cannot be opened
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { api, systems, host, names, limits, log, effects } = options
  const access = new Access({ out: options.keys, token: options.token, logger: log, now: effects.now })
  await access.look()
  refuseOpenDoor(access, host)
  const cache = new AnswerCache(limits.cacheBytes)
  const places = new ServedPlaces(options.places, effects)
  await places.look()
  const databases = await openDatabases(systems, places)
  const look = async (): Promise<void> => {
    await access.look()
    let isChanged = await places.look()
    for (const database of databases.values()) if (await database.look()) isChanged = true
    if (isChanged) cache.clear()
  }
  // looks follow each other, so that none undoes a later one
  let looking = Promise.resolve()
  const refresh = (): Promise<void> => {
    looking = looking.catch(() => {}).then(look)
    return looking
  }
  const values = routeValues(cache)
  const contextOf = ({ name }: RouteGroup, exchange: Pick<Exchange, 'database'>): RouteContext => {
    const database = databases.get(name) ?? null
    return {
      state: (job) => places.state(job),
      database(work) {
        if (database === null) throw new Error(`system ${name} declares no database`)
        exchange.database = database
        return database.read(work)
      },
      async run(job, given) {
        const out = places.placeOf(job) ?? options.newPlace(job)
        const destinations = database?.destinations ?? []
        const result = await runPipeline(job, { ...given, destinations, out } as never, effects)
        await refresh()
        return result
      },
      now: () => effects.now(),
    }
  }
  const app = routesApp(systems, {
    contextOf,
    values,
    bodyBytes: limits.bodyBytes,
    answerTimeout: limits.answerTimeout,
  })
  let isClosing = false
  let inFlight = 0
  const metrics = serverMetrics({
    inFlight: () => inFlight,
    keptBytes: () => cache.bytes,
    databases: () => new Map([...databases].map(([name, { state }]) => [name, state === 'up'])),
  })
  const documents = apiDocuments(
    cache,
    () => access.security,
    async (mayRead) => {
      const found = new Map<Route, QueryValues>()
      for (const system of mayRead ? systems : []) {
        const context = contextOf(system, { database: null })
        for (const route of system.routes) {
          // a route whose data is not there yet has no values
          found.set(route, await values.of(route, context).catch(() => ({})))
        }
      }
      return apiDocument(systems, { ...api, security: access.security, valuesOf: (route) => found.get(route) ?? {} })
    },
  )
  const own = async (path: string, mayRead: boolean): Promise<OwnAnswer> => {
    if (path === '/healthz') return json(200, { status: 'ok' })
    if (path === '/readyz') return readiness(places, databases, isClosing)
    if (path === '/metrics')
      return { status: 200, headers: { 'content-type': metrics.type }, body: await metrics.text() }
    if (path === '/openapi.json') return documents.of(mayRead)
    return pageAnswer(path)
  }
  const hasRoutes = systems.length > 0
  const table = routeTable(
    systems.flatMap(({ routes }) => routes),
    hasRoutes ? [...OWN_PATHS, ...PAGE_PATHS] : [],
  )
  const guides = [
    ...(options.pages === null ? [] : ['/ leads to all pages']),
    ...(hasRoutes ? ['/openapi.json lists all of the API'] : []),
  ]
  const listener = front({
    ...{ table, cache, access, own, pages: options.pages, guide: guides.join(', ') },
    rateLimit: options.rateLimit === null ? null : new RateLimit(options.rateLimit, effects.now),
    isOwnHost: hostCheck(host, names),
    addressBytes: limits.addressBytes,
    answerTimeout: limits.answerTimeout,
    routes: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
    onHandled(request) {
      inFlight--
      metrics.handled(request)
      log.handled(request)
    },
  })
  const server = await listenHttp(options, limits, (request, response) => {
    inFlight++
    void listener(request, response)
  })
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => log.warn(`the places could not be looked at: ${error}`))
  }, options.interval)
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    refresh,
    async close() {
      isClosing = true
      await server.close()
      clearInterval(timer)
      await looking.catch(() => {})
      for (const database of databases.values()) await database.close()
      log.flush()
    },
  }
}
