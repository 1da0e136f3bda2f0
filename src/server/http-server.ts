/**
 * The HTTP server with its limits: what a client may send, how slowly, and how the server ends.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ConnectError, ServerError } from '../errors.ts'
import { refusalOf } from './answers/problem.ts'

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
  /** Milliseconds that a connection may stay silent, while its client reads an answer too. */
  readonly idleTimeout: number
  /** Connections at once; further ones are closed. */
  readonly sockets: number
  /** Memory of answers that are kept, in bytes. */
  readonly cacheBytes: number
  /** Milliseconds in which requests must end when the server does. */
  readonly closeTimeout: number
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
  cacheBytes: 16 * 2 ** 20,
  closeTimeout: 10_000,
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number
  /** Takes no new connection, lets requests end, and breaks off those that take too long. */
  close(): Promise<void>
}

/** The most headers of a request; Node leaves out what is beyond. */
const HEADERS = 100

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** What Node found wrong with bytes that are no request. */
function brokenRequest({ code = '' }: Error & { readonly code?: string }, { headerBytes }: ServerLimits): ServerError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ServerError('headers_too_large', `the headers are larger than ${headerBytes} bytes`)
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ServerError('request_timeout', 'the request arrived too slowly; send it again')
  }
  return new ServerError('request_invalid', 'this is no HTTP request')
}

/** Tells a client that its bytes are no request, and ends the connection. */
function refuseBytes(error: Error & { readonly code?: string }, socket: Socket, limits: ServerLimits): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { problem, headers } = refusalOf(brokenRequest(error, limits), randomUUID())
  const body = `${JSON.stringify(problem)}\n`
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${head}\r\n${body}`)
  // a client that never reads it does not keep the connection
  socket.setTimeout(1000, () => socket.destroy())
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      const isTaken = error.code === 'EADDRINUSE'
      const problem = isTaken
        ? `port ${port} of ${host} is taken`
        : `cannot listen on port ${port} of ${host}: ${error.message}`
      const other = { option: 'port', effect: 'choose another port' }
      const advice = isTaken ? ['stop the program that listens there', other] : [other]
      reject(new ConnectError('io_failed', problem, { cause: error, advice }))
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Listens at an address.
 * @throws ConnectError io_failed - it cannot
 */
export async function listenHttp(
  { host, port }: { readonly host: string; readonly port: number },
  limits: ServerLimits,
  listener: Listener,
): Promise<HttpServer> {
  let isClosing = false
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      // how often the two times above are looked at
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeout / 2),
    },
    (request, response) => {
      if (isClosing) response.setHeader('connection', 'close')
      listener(request, response)
    },
  )
  server.maxHeadersCount = HEADERS
  server.maxConnections = limits.sockets
  server.on('clientError', (error, socket) => refuseBytes(error, socket as Socket, limits))
  server.setTimeout(limits.idleTimeout, (socket) => socket.destroy())
  const taken = await listen(server, host, port)
  return {
    port: taken,
    close() {
      isClosing = true
      const late = setTimeout(() => server.closeAllConnections(), limits.closeTimeout)
      return new Promise((resolve) => {
        server.close(() => {
          clearTimeout(late)
          resolve()
        })
        server.closeIdleConnections()
      })
    },
  }
}
