/**
 * Addresses of Spark Connect servers: `sc://host:port/;name=value;…`.
 * @module
 */
import { isIP } from 'node:net'
import { ConnectError } from '../../errors.ts'

/** What an address says. */
export interface SparkAddress {
  /** Host and port, as a channel takes them. */
  readonly target: string
  readonly isLoopback: boolean
  /** Whether the address asks for TLS; null where it leaves that open. */
  readonly tls: boolean | null
  readonly token: string | null
  readonly userId: string | null
  readonly userAgent: string | null
  readonly sessionId: string | null
  /** Every other parameter: it is sent as a header, as gateways before a server want it. */
  readonly headers: Readonly<Record<string, string>>
}

const PORT = '15002'
const EXPECTED = 'expected sc://host:port/;name=value, such as sc://localhost:15002'
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
/** Names of HTTP headers that a client may set; those of gRPC itself are not among them. */
const HEADER = /^(?!grpc-)[a-z0-9][a-z0-9_.-]*$/

function refuse(what: string): never {
  // the address may hold a token
  throw new ConnectError(
    'path_invalid',
    `the address of the Spark server ${what} (it is not repeated here); ${EXPECTED}`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}

function readFlag(name: string, text: string): boolean {
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  return refuse(`has ${name} that is neither true nor false`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuse('has a "%" that begins no encoded character')
  }
}

/** The parameters behind `/;`, in lower case as headers are. */
function readParameters(path: string): Map<string, string> {
  const found = new Map<string, string>()
  if (path === '' || path === '/') return found
  if (!path.startsWith('/;')) return refuse('has a path; parameters follow "/;"')
  for (const pair of path.slice(2).split(';')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals)).toLowerCase()
    if (equals < 0 || !HEADER.test(name)) return refuse('has a parameter that is not name=value')
    if (found.has(name)) return refuse(`has ${name} twice`)
    found.set(name, decoded(pair.slice(equals + 1)))
  }
  return found
}

/**
 * Returns what an address says.
 * @throws ConnectError path_invalid - it is no address of a Spark Connect server
 */
export function readAddress(url: string): SparkAddress {
  const match = /^sc:\/\/([^/;?#]*)([^?#]*)$/.exec(url)
  if (match === null) return refuse('cannot be read')
  const [, authority = '', path = ''] = match
  if (authority.includes('@')) return refuse('has a user before the host; use the parameter user_id')
  // an ordinary URL of the same host: its parser knows ports, IPv6 and international names
  const parsed = URL.canParse(`http://${authority}`)
    ? new URL(`http://${authority}`)
    : refuse('has no host that can be read')
  const { hostname } = parsed
  // the parser leaves its own default port away
  const port = /:0*80$/.test(authority) ? '80' : parsed.port || PORT
  const parameters = readParameters(path)
  const take = (name: string): string | null => {
    const value = parameters.get(name) ?? null
    parameters.delete(name)
    return value === '' ? null : value
  }
  const useSsl = take('use_ssl')
  const sessionId = take('session_id')
  if (sessionId !== null && !UUID.test(sessionId)) return refuse('has a session_id that is not a UUID')
  // answers of any size are read
  take('grpc_max_message_size')
  return {
    target: `${hostname}:${port}`,
    isLoopback: isLoopback(hostname),
    tls: useSsl === null ? null : readFlag('use_ssl', useSsl),
    ...{ token: take('token'), userId: take('user_id'), userAgent: take('user_agent'), sessionId },
    headers: Object.fromEntries(parameters),
  }
}

/** Parameters that engines' places have of their own, and what others may hold that no file should. */
const SCHEMA = 'schema'
const SECRET = /auth|token|key|secret|password|cookie|credential/

/** Which place an address means, and how it is reached. */
export interface SparkStateAddress {
  /** The address for `connectSpark`. */
  readonly url: string
  /** The address without anything secret, always written in the same way. */
  readonly marked: string
  /** The schema, after its catalog where it is named. */
  readonly at: readonly string[]
}

/**
 * Returns what an address with the parameter `schema` says: `sc://host:port/;schema=catalog.name`.
 * @throws ConnectError path_invalid - it is no address of a Spark Connect server
 */
export function readStateAddress(url: string, otherwise: string): SparkStateAddress {
  const { target, headers, sessionId } = readAddress(url)
  const { schema = otherwise } = headers
  const at = schema.split('.')
  const isName = at.length <= 2 && at.every((part) => /^\w+$/.test(part))
  if (!isName) return refuse('has a schema that is not name or catalog.name, of letters, digits and _')
  const [, ...pairs] = url.split(';')
  const named = pairs
    .filter((pair) => pair !== '')
    .map((pair) => ({ pair, name: pair.split('=')[0]?.toLowerCase() ?? '' }))
  const others = named.filter(({ name }) => name !== SCHEMA)
  const shown = named.filter(({ name }) => !SECRET.test(name) && (name !== 'session_id' || sessionId === null))
  const written = (chosen: typeof named): string => {
    return `sc://${target}/${chosen.map(({ pair }) => `;${pair}`).join('')}`
  }
  const sorted = shown.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return { url: written(others), marked: written(sorted), at }
}
