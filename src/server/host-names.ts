/**
 * The names by which a server may be called. A request under another name comes from a page of another site, whose name was
 * made to lead here (DNS rebinding).
 * @module
 */
import { isIP } from 'node:net'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Whether an address to listen at is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Addresses that mean every network of the machine. */
const EVERY = ['0.0.0.0', '::']

/** `[::1]` of `[::1]:8788`: the name in a Host header, without its port. */
function nameOf(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  return (end <= 0 ? host : host.slice(0, end)).toLowerCase()
}

function isAddress(name: string): boolean {
  return isIP(name.startsWith('[') ? name.slice(1, -1) : name) !== 0
}

/**
 * Returns whether a Host header names this server, which listens at `host` and has the `names` given. A server that listens on
 * every network may be called by any address, for it does not know its own.
 */
export function hostCheck(host: string, names: readonly string[]): (header: string | undefined) => boolean {
  const own = new Set(
    [...LOOPBACK_NAMES, host.includes(':') ? `[${host}]` : host, ...names].map((n) => n.toLowerCase()),
  )
  const takesAddresses = EVERY.includes(host)
  return (header) => {
    if (header === undefined) return false
    const name = nameOf(header)
    const port = header.slice(name.length)
    if (!/^(:\d{1,5})?$/.test(port)) return false
    return own.has(name) || (takesAddresses && isAddress(name))
  }
}
