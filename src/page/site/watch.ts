/**
 * Watches small files that change whenever the data of a page does.
 * @module
 */
import { fetchSite } from './fetch-site.ts'
import { siteRequest } from './site.ts'

/** The content of a file: `tag` differs whenever the content does; `content` is null where there is nothing. */
export interface Version {
  readonly tag: string
  readonly content: unknown
}

/** Files that were fetched, so that a server which knows tags need not send them again. */
const known = new Map<string, { readonly etag: string; readonly version: Version }>()

/** Why the server wants another key, as the codes of its problems say. */
export type KeyProblem = 'unauthorized' | 'scope_missing'

/** The server shows a file to no reader without a key that may read. */
export class KeyRefused extends Error {
  readonly problem: KeyProblem

  constructor(problem: KeyProblem) {
    super('The server wants a key.')
    this.problem = problem
  }
}

/** The code of a problem that our own server answers with; null for the answer of any other file server. */
function problemCode(response: Response, text: string): unknown {
  if (!/^application\/problem\+json/.test(response.headers.get('content-type') ?? '')) return null
  return (JSON.parse(text) as { readonly code: unknown }).code
}

/** Throws where the server has the file and does not give it now. */
function refuseHeldBack(response: Response, text: string): void {
  const code = problemCode(response, text)
  if (code === 'unauthorized' || code === 'scope_missing') throw new KeyRefused(code)
  if (code === 'rate_limited') throw new Error('The server was asked too often. It answers again within a minute.')
  if (code === 'answer_timeout') throw new Error('The server took too long to read the data.')
}

/**
 * Returns the version that a file holds; null where the file is not there or cannot be reached. Rejects with `KeyRefused` where
 * the server wants a key, and with words for people where it does not give the file now.
 */
export async function readVersion(file: string): Promise<Version | null> {
  const last = known.get(file)
  const headers: Record<string, string> = last === undefined ? {} : { 'if-none-match': last.etag }
  const response = await fetchSite(siteRequest(file), headers).catch((cause: unknown) => {
    throw new Error('The site does not answer. Is the dashboard still running?', { cause })
  })
  // also of an answer without a body: the browser would count it as broken off
  const text = await response.text()
  if (response.status === 304 && last !== undefined) return last.version
  if (!response.ok) {
    refuseHeldBack(response, text)
    return null
  }
  const version: Version = { tag: text, content: JSON.parse(text) }
  const etag = response.headers.get('etag')
  if (etag !== null) known.set(file, { etag, version })
  return version
}

/** Returns one tag of several files: another one as soon as one of them changes. Rejects where the site cannot be reached. */
export async function readTag(files: readonly string[]): Promise<string> {
  const versions = await Promise.all(files.map(readVersion))
  return JSON.stringify(versions.map((version) => version?.tag ?? null))
}

/** Asks for a tag every so often while the page can be seen, and calls back when it differs from `last()`, or cannot be had. */
export function watchTag(
  files: () => readonly string[],
  last: () => string | null,
  milliseconds: number,
  onChange: (tag: string) => void,
  onFailure: (error: unknown) => void,
): void {
  setInterval(async () => {
    const watched = files()
    if (document.hidden || watched.length === 0) return
    try {
      const tag = await readTag(watched)
      if (watched === files() && tag !== last()) onChange(tag)
    } catch (error) {
      // the next turn tries again: a server may be restarted
      if (watched === files()) onFailure(error)
    }
  }, milliseconds)
}
