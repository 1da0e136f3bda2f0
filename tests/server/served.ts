/**
 * A server of the tests: real sockets, states in memory, and a request that says everything that came back.
 * @module
 */
import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import type { Route } from '../../src/server/route.ts'
import { LIMITS, type RunningServer, type ServerLimits, startServer } from '../../src/server/start-server.ts'

/** What differs from the usual server of a test. */
export interface ServedOptions {
  readonly routes: readonly Route[]
  readonly places?: readonly FileStore[]
  readonly limits?: Partial<ServerLimits>
  readonly warn?: (message: string) => void
}

const quiet = { debug() {}, info() {}, warn() {} }

/** Starts a server that ends with the test. */
export async function served({ routes, places = [], limits = {}, warn }: ServedOptions): Promise<RunningServer> {
  const server = await startServer({
    api: { title: 'tests', version: '1.0.0' },
    groups: [{ title: 'Tests', routes }],
    places: async () => places,
    newPlace: () => memoryStore(),
    host: '127.0.0.1',
    port: 0,
    names: [],
    limits: { ...LIMITS, ...limits },
    interval: 60_000,
    effects: { ...nodeEffects(), logger: { ...quiet, ...(warn !== undefined && { warn }) } },
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
