/**
 * The dashboard over HTTP, for this machine only.
 * @module
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { ConnectError } from '../errors.ts'
import { SYSTEMS } from '../systems/index.ts'
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
/** The bundler names these files by their content. */
const NAMED_BY_CONTENT = /^assets\/.*-[\w-]{8,}\.\w+$/
const FOR_EVER = 'public, max-age=31536000, immutable'
const COMPRESSED = /^(text\/|application\/json|image\/svg)/

/** What is answered: bytes with their type and further headers. */
interface Answer {
  readonly status: number
  readonly type: string
  readonly body: Uint8Array | string
  readonly headers?: Readonly<Record<string, string>>
}

const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body })

/** A file of the pages as it is sent, packed once. */
interface ServedFile extends PageFile {
  readonly packed: Uint8Array | null
}

/** The pages as they are served: their routes are paths, so that links within them begin at the root. */
function servedFiles(page: readonly PageFile[]): ReadonlyMap<string, ServedFile> {
  const files = page.map((file): ServedFile => {
    const bytes = file.name === 'index.html' ? withPaths(file.bytes) : file.bytes
    return { ...file, bytes, packed: COMPRESSED.test(file.type) ? gzipSync(bytes) : null }
  })
  return new Map(files.map((file) => [file.name, file]))
}

function withPaths(html: Uint8Array): Uint8Array {
  const text = new TextDecoder()
    .decode(html)
    .replace('name="routes" content="hash"', 'name="routes" content="path"')
    .replaceAll(/(src|href)="\.\//g, '$1="/')
  return new TextEncoder().encode(text)
}

function fileAnswer({ name, type, bytes, packed }: ServedFile, accepted: string): Answer {
  const isPacked = packed !== null && /\bgzip\b/.test(accepted)
  return {
    status: 200,
    type,
    body: isPacked ? packed : bytes,
    headers: {
      ...(packed !== null && { vary: 'accept-encoding' }),
      ...(isPacked && { 'content-encoding': 'gzip' }),
      ...(NAMED_BY_CONTENT.test(name) && { 'cache-control': FOR_EVER }),
    },
  }
}

/** Data carries a tag of its content: a page that asks again for what it has gets no bytes. */
function dataAnswer(name: string, bytes: Uint8Array, known: string | undefined): Answer {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  const type = typeOf(name)
  if (known === etag) return { status: 304, type, body: '', headers: { etag } }
  return { status: 200, type, body: bytes, headers: { etag } }
}

/** Whether a path is that of a page, which the shell shows: the home page, a system, or a table of the page of data. */
function isRoute(path: string): boolean {
  const [first = '', ...rest] = path.split('/')
  if (first === 'data') return rest.length <= 1 && !(rest[0] ?? '').includes('.')
  return path === '' || SYSTEMS.some(({ name }) => name === first)
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

async function answerOf(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  files: ReadonlyMap<string, ServedFile>,
  data: DashboardData,
): Promise<Answer> {
  if (!OWN_NAMES.test(headers.host ?? '')) return plain(403, 'This dashboard answers its own machine only.')
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only reading is possible.')
  const nothing = plain(404, 'There is nothing here.')
  const path = decoded((url.split('?')[0] ?? '/').slice(1))
  if (path === null) return nothing
  const file = files.get(path) ?? (isRoute(path) ? files.get('index.html') : undefined)
  if (file !== undefined) return fileAnswer(file, String(headers['accept-encoding'] ?? ''))
  const bytes = await data.read(path)
  return bytes === null ? nothing : dataAnswer(path, bytes, headers['if-none-match'])
}

function send(response: ServerResponse, { status, type, body, headers }: Answer, isHead: boolean): void {
  const size = status === 304 ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...HEADERS, ...size, ...headers })
  response.end(isHead ? undefined : body)
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
  const files = servedFiles(options.page)
  const server = createServer(async (request, response) => {
    try {
      send(response, await answerOf(request, files, options.data), request.method === 'HEAD')
    } catch (error) {
      options.onError(error)
      if (response.headersSent) response.destroy()
      else send(response, plain(500, 'The data could not be read.'), false)
    }
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
