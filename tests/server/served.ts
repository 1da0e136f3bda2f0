/**
 * A server of the tests: real sockets, states in memory, and a request that says everything that came back.
 * @module
 */
import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { LIMITS, type ServerLimits } from '../../src/server/http-server.ts'
import type { CheckToken } from '../../src/server/keys/jwt.ts'
import { requestLog } from '../../src/server/request-log.ts'
import type { Route } from '../../src/server/route.ts'
import type { ServedPages } from '../../src/server/served-pages.ts'
import { type RunningServer, type ServedSystem, startServer } from '../../src/server/start-server.ts'

/** What differs from the usual server of a test. */
export interface ServedOptions {
  readonly routes: readonly Route[]
  readonly places?: readonly FileStore[]
  readonly newPlace?: () => FileStore
  readonly limits?: Partial<ServerLimits>
  /** Milliseconds between two looks at places and databases; by default a test looks itself. */
  readonly interval?: number
  /** The database of the routes' system. */
  readonly system?: Pick<ServedSystem, 'job' | 'openDatabase'>
  /** Is given every line of the log. */
  readonly onLine?: (line: string) => void
  readonly keys?: FileStore
  readonly pages?: ServedPages
  readonly token?: CheckToken
  readonly rateLimit?: number
  readonly host?: string
  readonly names?: readonly string[]
  readonly now?: () => number
}

/** A route whose answers are held against the schema that describes them. */
function checked(route: Route): Route {
  return {
    ...route,
    async handle(request, context) {
      const value = await route.handle(request, context)
      route.answer.parse(value)
      return value
    },
  }
}

/** Starts a server that ends with the test. */
export async function served(options: ServedOptions): Promise<RunningServer> {
  const { routes, places = [], newPlace = memoryStore, limits = {}, interval = 2 ** 31 - 1, system } = options
  const {
    onLine,
    keys = memoryStore(),
    pages = null,
    token = null,
    rateLimit = null,
    host = '127.0.0.1',
    names = [],
    now,
  } = options
  const log = requestLog(onLine === undefined ? 'silent' : 'debug', { write: (line) => onLine?.(line) })
  const server = await startServer({
    api: { title: 'tests', version: '1.0.0' },
    systems: [{ name: 'tests', title: 'Tests', routes: routes.map(checked), job: null, openDatabase: null, ...system }],
    places: async () => places,
    newPlace: () => newPlace(),
    ...{ host, port: 0, names, keys, pages, token, rateLimit, log, interval },
    limits: { ...LIMITS, ...limits },
    effects: { ...nodeEffects(), logger: log, ...(now !== undefined && { now }) },
  })
  onTestFinished(() => server.close())
  return server
}

/** Everything that came back. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON. */
  readonly body: ReturnType<typeof JSON.parse>
}

/** Sends a request whose path, method and headers are exactly these. */
export function ask(
  { address }: Pick<RunningServer, 'address'>,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () => {
        const isJson = /json/.test(response.headers['content-type'] ?? '')
        const found = isJson && text !== '' ? JSON.parse(text) : null
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: found })
      })
    })
    asked.on('error', reject).end(body)
  })
}

/** A request that sends a form with files. */
export function formOf(files: Readonly<Record<string, string>>) {
  const boundary = 'between-the-files'
  const parts = Object.entries(files).map(
    ([name, text]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${name}.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n`,
  )
  return {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  }
}
