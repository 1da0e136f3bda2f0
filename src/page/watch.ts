/**
 * Watches small files that change whenever the data of a page does.
 * @module
 */
import { siteFile } from './site.ts'

/** The content of a file: `tag` differs whenever the content does; `content` is null where there is nothing. */
export interface Version {
  readonly tag: string
  readonly content: unknown
}

/** Files that were fetched, so that a server which knows tags need not send them again. */
const known = new Map<string, { readonly etag: string; readonly version: Version }>()

/** Returns the version that a file holds; null where the file is not there or cannot be reached. */
export async function readVersion(file: string): Promise<Version | null> {
  const last = known.get(file)
  const headers: Record<string, string> = last === undefined ? {} : { 'if-none-match': last.etag }
  const response = await fetch(siteFile(file), { cache: 'no-store', headers })
  // also of an answer without a body: the browser would count it as broken off
  const text = await response.text()
  if (response.status === 304 && last !== undefined) return last.version
  if (!response.ok) return null
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

/** Asks for a tag every so often while the page can be seen, and calls back when it differs from `last()`. */
export function watchTag(
  files: () => readonly string[],
  last: () => string | null,
  milliseconds: number,
  onChange: (tag: string) => void,
): void {
  setInterval(async () => {
    const watched = files()
    if (document.hidden || watched.length === 0) return
    // the next turn tries again: a server may be restarted
    const tag = await readTag(watched).catch(() => null)
    if (tag !== null && watched === files() && tag !== last()) onChange(tag)
  }, milliseconds)
}
