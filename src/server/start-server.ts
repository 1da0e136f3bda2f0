/**
 * A server of the routes of systems: it reads committed states, and answers until it is closed.
 * @module
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { FileStore } from '../connect/file-store.ts'
import { ConnectError } from '../errors.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job.ts'
import { runPipeline } from '../pipeline/run.ts'
import { AnswerCache } from './answer-cache.ts'
import { type ApiTitle, apiDocument, type RouteGroup } from './api-document.ts'
import type { ServedDatabase } from './database/served-database.ts'
import type { Exchange } from './exchange.ts'
import { front, type OwnAnswer } from './front.ts'
import { hostCheck } from './host-names.ts'
import type { RouteContext } from './route.ts'
import { OWN_PATHS, routeTable } from './route-table.ts'
import { routesApp } from './routes-app.ts'
import { type FindPlaces, ServedPlaces } from './served-places.ts'

/** The limits of a server. */
export interface ServerLimits {
  /** The largest body of a request, in bytes. */
  readonly bodyBytes: number
  /** The longest path and query, in bytes. */
  readonly addressBytes: number
  /** All headers of a request together, in bytes. */
  readonly headerBytes: number
  /** Milliseconds in which the headers of a request must arrive. */
  readonly headersTimeout: number
  /** Milliseconds in which a whole request must arrive. */
  readonly requestTimeout: number
  /** Milliseconds in which a handler must answer. */
  readonly answerTimeout: number
  /** Milliseconds that a connection may stay silent. */
  readonly idleTimeout: number
  readonly sockets: number
  /** Bytes of answers that are kept. */
  readonly cacheBytes: number
}

/** What a server does not take more of. */
export const LIMITS: ServerLimits = {
  bodyBytes: 2 ** 20,
  addressBytes: 2048,
  headerBytes: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  answerTimeout: 30_000,
  idleTimeout: 60_000,
  sockets: 1000,
  cacheBytes: 64 * 2 ** 20,
}

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
  readonly systems: readonly ServedSystem[]
  readonly places: FindPlaces
  /** Where a job's state begins that has none yet. */
  readonly newPlace: (job: Pick<Job, 'name'>) => FileStore
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Further names by which the server is called. */
  readonly names: readonly string[]
  readonly limits: ServerLimits
  /** Milliseconds between two looks at the places. */
  readonly interval: number
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

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      const problem =
        error.code === 'EADDRINUSE'
          ? `port ${port} of ${host} is taken; stop the program that listens there`
          : `cannot listen on port ${port} of ${host}: ${error.message}`
      const advice = [{ option: 'port', effect: 'choose another port' }]
      reject(new ConnectError('io_failed', problem, { cause: error, advice }))
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

function json(status: number, value: unknown): OwnAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: `${JSON.stringify(value)}\n` }
}

/** Whether every database answers and is migrated. */
function readiness(places: ServedPlaces, databases: ReadonlyMap<string, ServedDatabase>): OwnAnswer {
  const states = Object.fromEntries([...databases].map(([name, { state }]) => [name, state]))
  const isReady = Object.values(states).every((state) => state === 'up' || state === 'empty')
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
 * @throws ConnectError io_failed - it cannot listen at the port
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { api, systems, host, names, limits, effects } = options
  const cache = new AnswerCache(limits.cacheBytes)
  const places = new ServedPlaces(options.places, effects)
  await places.look()
  const databases = await openDatabases(systems, places)
  const look = async (): Promise<void> => {
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
  const contextOf = ({ name }: RouteGroup, exchange: Exchange): RouteContext => {
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
  const app = routesApp(systems, { contextOf, bodyBytes: limits.bodyBytes, answerTimeout: limits.answerTimeout })
  const own = async (path: string): Promise<OwnAnswer> => {
    if (path === '/healthz') return json(200, { status: 'ok' })
    if (path === '/openapi.json') return json(200, apiDocument(systems, api, 'open'))
    return readiness(places, databases)
  }
  const table = routeTable(
    systems.flatMap(({ routes }) => routes),
    OWN_PATHS,
  )
  const listener = front({
    ...{ table, cache, own },
    isOwnHost: hostCheck(host, names),
    addressBytes: limits.addressBytes,
    routes: getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  })
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      // how often the two times above are looked at
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeout / 2),
    },
    (request, response) => void listener(request, response),
  )
  server.maxConnections = limits.sockets
  server.setTimeout(limits.idleTimeout)
  const port = await listen(server, host, options.port)
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => effects.logger.warn(`the places could not be looked at: ${error}`))
  }, options.interval)
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    refresh,
    async close() {
      clearInterval(timer)
      await looking.catch(() => {})
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      })
      for (const database of databases.values()) await database.close()
    },
  }
}
