/**
 * The dashboard over HTTP, for this machine only.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConnectError } from '../errors.ts'
import type { DashboardData } from './data.ts'
import { type PageFile, typeOf } from './page-files.ts'
import { HEADER_POLICY } from './policy.ts'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly page: readonly PageFile[]
  readonly data: DashboardData
  /** Called with an error that occurred while a request was answered. */
  readonly onError: (error: unknown) => void
}

export interface Serving {
  /** `http://127.0.0.1:8787/` */
  readonly address: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
/**
 * Names by which a browser on this machine reaches the server. Any other name comes from another
 * site.
 */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

const HEADERS = {
  'content-security-policy': HEADER_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // the data changes under the same name, and a newer package has newer pages
  'cache-control': 'no-store',
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array | string,
  isHead: boolean,
): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(isHead ? undefined : body)
}

async function handle(request: IncomingMessage, response: ServerResponse, { page, data }: ServeOptions): Promise<void> {
  const isHead = request.method === 'HEAD'
  const plain = (status: number, text: string) => answer(response, status, 'text/plain; charset=utf-8', text, isHead)
  if (!OWN_NAMES.test(request.headers.host ?? '')) return plain(403, 'This dashboard answers its own machine only.')
  if (request.method !== 'GET' && !isHead) return plain(405, 'Only reading is possible.')
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const name = path === '/' ? 'index.html' : path.slice(1)
  const file = page.find((one) => one.name === name)
  if (file !== undefined) return answer(response, 200, file.type, file.bytes, isHead)
  const bytes = await data.read(name)
  if (bytes === null) return plain(404, 'There is nothing here.')
  answer(response, 200, typeOf(name), bytes, isHead)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      const isTaken = error.code === 'EADDRINUSE'
      const message = isTaken
        ? `port ${port} is taken; stop the program that listens there, or choose another port with --port`
        : `cannot listen on port ${port}: ${error.message}`
      reject(new ConnectError('io_failed', message, { cause: error }))
    })
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Serves the pages and their data on the loopback address, only to requests that use this
 * machine's own names.
 * @throws ConnectError io_failed - the port is taken
 */
export async function serveDashboard(options: ServeOptions): Promise<Serving> {
  const server = createServer((request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      options.onError(error)
      if (response.headersSent) response.destroy()
      else answer(response, 500, 'text/plain; charset=utf-8', 'The data could not be read.', false)
    })
  })
  const port = await listen(server, options.port)
  return {
    address: `http://${LOOPBACK}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
