/**
 * Fetches files of the site, in a page and in its workers, with the reader's key where the server wants one.
 * @module
 */

/** A file of the site as it is asked for. A page posts it to its workers, which know neither address nor key. */
export interface SiteRequest {
  /** The full address. */
  readonly address: string
  /** Null where the reader gave none. */
  readonly key: string | null
}

/** Fetches a file as it is now. */
export function fetchSite(
  { address, key }: SiteRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  return fetch(address, { cache: 'no-store', headers: { ...headers, ...authorization } })
}
