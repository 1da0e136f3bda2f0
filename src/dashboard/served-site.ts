/**
 * The pages and their data as a server answers them.
 * @module
 */
import { gzipSync } from 'node:zlib'
import { ConnectError, ServerError } from '../errors.ts'
import { tagOf } from '../server/answers/answer.ts'
import type { OwnAnswer } from '../server/answers/own-answer.ts'
import type { PageTarget, ServedPages } from '../server/served-pages.ts'
import { SYSTEMS } from '../systems/index.ts'
import type { DashboardData } from './data.ts'
import { KeptVersions } from './kept-versions.ts'
import { type PageFile, typeOf } from './page-files.ts'
import { HEADER_POLICY } from './policy.ts'

/** Headers of the pages' own files; data has those of every answer. */
const HEADERS = {
  'content-security-policy': HEADER_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  // a newer package has newer pages
  'cache-control': 'no-store',
}
/** The bundler names these files by their content. */
const NAMED_BY_CONTENT = /^assets\/.*-[\w-]{8,}\.\w+$/
const FOR_EVER = 'public, max-age=31536000, immutable'
const COMPRESSED = /^(text\/|application\/json|image\/svg)/
/** The folder of everything that pages read. */
const DATA = 'data/'

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

function fileAnswer({ name, type, bytes, packed }: ServedFile, accepted: string): OwnAnswer {
  const isPacked = packed !== null && /\bgzip\b/.test(accepted)
  return {
    status: 200,
    body: isPacked ? packed : bytes,
    headers: {
      ...HEADERS,
      'content-type': type,
      ...(packed !== null && { vary: 'accept-encoding' }),
      ...(isPacked && { 'content-encoding': 'gzip' }),
      ...(NAMED_BY_CONTENT.test(name) && { 'cache-control': FOR_EVER }),
    },
  }
}

/** Files that are read in parts, because they may be large. */
const PARTED = /\.parquet$/

/**
 * Data carries a tag of its content: a page that asks again for what it has gets no bytes. It changes under the same name, but a
 * page that reads a file in parts gets them all of one version.
 */
async function dataAnswer(
  name: string,
  data: DashboardData,
  kept: KeptVersions,
  version: string | null,
): Promise<OwnAnswer | null> {
  const begun = version === null ? null : kept.find(name, version)
  const body = begun ?? (await data.read(name))
  if (body === null) return null
  const etag = begun !== null && version !== null ? version : tagOf(body)
  const isParted = PARTED.test(name)
  if (isParted) kept.keep(name, etag, body)
  return {
    status: 200,
    body,
    headers: {
      ...{ 'content-type': typeOf(name), 'cache-control': 'no-store', etag },
      ...(isParted && { 'accept-ranges': 'bytes' }),
    },
  }
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

/**
 * Returns the pages for a server. Their files are read when a page is first asked for: they are large, and programs that only
 * ask the API need none.
 */
export function servedSite(files: () => readonly PageFile[], data: DashboardData): ServedPages {
  const kept = new KeptVersions()
  let read: ReadonlyMap<string, ServedFile> | null = null
  const built = (): ReadonlyMap<string, ServedFile> => {
    read ??= servedFiles(files())
    return read
  }
  const fileTarget = (label: string, name: string): PageTarget => ({
    ...{ label, isData: false },
    async answer({ encodings }) {
      const file = filesIn(built)?.get(name)
      if (file === undefined) throw new ServerError('not_found', 'the pages are not built; npm run build makes them')
      return fileAnswer(file, encodings)
    },
  })
  return {
    find(address) {
      const path = decoded(address.slice(1))
      if (path === null) return null
      if (isRoute(path)) return fileTarget('/', 'index.html')
      if (path.startsWith(DATA)) {
        return { label: '/data', isData: true, answer: ({ version }) => dataAnswer(path, data, kept, version) }
      }
      return filesIn(built)?.has(path) ? fileTarget('/assets', path) : null
    },
  }
}

/** The files of the pages; null where the package was not built. */
function filesIn(built: () => ReadonlyMap<string, ServedFile>): ReadonlyMap<string, ServedFile> | null {
  try {
    return built()
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
}
