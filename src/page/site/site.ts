/**
 * Where the pages lie, and how their addresses are written: as paths of our own server, or as `#/…` in files on any other one.
 * @module
 */
import type { SiteRequest } from './fetch-site.ts'
import { siteKey } from './site-key.ts'

/** A place within the pages: which page, which of its entities, and the query of its state. */
export interface SiteAddress {
  /** The page's route; empty for the home page. */
  readonly route: string
  /** What follows the route: `['agents', 'A12']` of `/calls/agents/A12`. */
  readonly path: readonly string[]
  /** Without `?`. */
  readonly query: string
}

function hasPaths(): boolean {
  return document.querySelector('meta[name="routes"]')?.getAttribute('content') === 'path'
}

/** The full address of a file of the site, such as `data/manifest.json`: a worker lies in another folder. */
function siteFile(name: string): string {
  // a part may be a folder's name, with any character
  const path = name.split('/').map(encodeURIComponent).join('/')
  return new URL(path, hasPaths() ? new URL('/', location.href) : new URL('.', location.href)).href
}

/** Returns what fetches a file of the site, with the key that the reader gave. */
export function siteRequest(name: string): SiteRequest {
  return { address: siteFile(name), key: siteKey() }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // half an escape is text like any other
    return part
  }
}

function split(path: string, query: string): SiteAddress {
  const [route = '', ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  return { route, path: rest, query }
}

/** Addresses of the time when both pages had one path: `?view=months` and the calls' own queries. */
function earlier(search: string): SiteAddress | null {
  const query = new URLSearchParams(search)
  if (query.size === 0) return null
  const isMonths = query.get('view') === 'months'
  query.delete('view')
  return { route: isMonths ? 'support' : 'calls', path: [], query: query.toString() }
}

/** Returns what the browser's address names. */
export function readSite(): SiteAddress {
  const { pathname, search, hash } = location
  if (hasPaths()) {
    const address = split(pathname, search.slice(1))
    return address.route === '' ? (earlier(search) ?? address) : address
  }
  if (!hash.startsWith('#/')) return earlier(search) ?? split('', '')
  const [path = '', query = ''] = hash.slice(1).split(/\?(.*)/s)
  return split(path, query)
}

/** Returns the address of a place within the pages, as a link has it. */
export function siteLink({ route, path = [], query = '' }: Partial<SiteAddress>): string {
  const parts = [route ?? '', ...path].filter((part) => part !== '').map(encodeURIComponent)
  const text = `/${parts.join('/')}${query === '' ? '' : `?${query}`}`
  return hasPaths() ? text : `#${text}`
}

/** Whether the browser's address is written as it would be written now. */
export function isWritten(address: SiteAddress): boolean {
  return siteLink(address) === (hasPaths() ? `${location.pathname}${location.search}` : location.hash || siteLink({}))
}

/** Writes an address into the browser's; the search of an earlier address goes. */
export function writeSite(address: SiteAddress, how: 'step' | 'stay'): void {
  const link = siteLink(address)
  const full = hasPaths() ? link : `${location.pathname}${link}`
  if (how === 'step') history.pushState(null, '', full)
  else history.replaceState(null, '', full)
}
