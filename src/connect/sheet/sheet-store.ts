/**
 * Tabs of a Google sheet as files: `agents.json` is what the service answers for the tab `agents`.
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError } from '../../errors.ts'
import type { FileEntry, FileStore } from '../file-store.ts'
import { readServiceAccount, type ServiceAccount, TokenSource } from './service-account.ts'

/** A tab of a sheet, and who reads it. */
export interface SheetOptions {
  readonly id: string
  readonly tab: string
  readonly account: ServiceAccount
  /** The service; another one in tests. */
  readonly endpoint?: string
  /** Milliseconds before the second attempt; each later one waits twice as long. 500 by default. */
  readonly pause?: number
}

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets.readonly'
const ENDPOINT = 'https://sheets.googleapis.com'
/** How often a request is sent when the service is busy or the network fails. */
const ATTEMPTS = 4
const LONGEST_ANSWER = 60_000

/** Whether the same request may succeed later. */
const isTransient = (status: number): boolean => status === 429 || status >= 500

/** Sends a request until the service answers it. @throws ConnectError permission_denied, not_found, io_failed */
async function ask(url: string, init: RequestInit, what: string, email: string, pause: number): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    let failure: ConnectError
    try {
      const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(LONGEST_ANSWER) })
      if (answer.ok) return answer
      const { status } = answer
      // what the service says may hold an address or a token, so it is not repeated
      await answer.body?.cancel()
      if (status === 404) throw new ConnectError('not_found', `${what} is not there; look at its id and its tab`)
      if (status === 401 || status === 403)
        throw new ConnectError('permission_denied', `${what} may not be read; share the sheet with ${email}`)
      failure = new ConnectError('io_failed', `${what} cannot be read: the service answered with status ${status}`)
      if (!isTransient(status)) throw failure
    } catch (cause) {
      if (cause instanceof ConnectError) throw cause
      failure = new ConnectError('io_failed', `${what} cannot be read: the service is not reached`, { cause })
    }
    if (attempt === ATTEMPTS) throw failure
    await wait(pause * 2 ** (attempt - 1))
  }
}

/**
 * Returns one tab of a sheet as a place with one file, `TAB.json`, that is only read: numbers are numbers, and empty cells at the
 * end of a row are left out, as the service does.
 */
export function sheetStore({ id, tab, account, endpoint = ENDPOINT, pause = 500 }: SheetOptions): FileStore {
  const tokens = new TokenSource(account, SCOPE)
  const { client_email: email } = account
  const what = `tab ${tab} of sheet ${id}`
  const name = `${tab}.json`
  const refuse = async (): Promise<never> => {
    throw new ConnectError('permission_denied', `${what} is only read`)
  }
  async function load(): Promise<Uint8Array> {
    const token = await tokens.token((url, init) => ask(url, init, what, email, pause))
    const range = `${encodeURIComponent(id)}/values/${encodeURIComponent(tab)}`
    const query = 'majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE'
    const url = `${endpoint}/v4/spreadsheets/${range}?${query}`
    const answer = await ask(url, { headers: { authorization: `Bearer ${token}` } }, what, email, pause)
    return new Uint8Array(await answer.arrayBuffer())
  }
  return {
    location: `sheet://${id}/${tab}`,
    // a sheet does not say when it changed: it is known by its bytes
    list: async (prefix) =>
      name.startsWith(prefix) ? [{ name, size: 0, version: null, changedAt: null } satisfies FileEntry] : [],
    async *read(file) {
      if (file !== name) throw new ConnectError('not_found', `${what} has no ${file}`)
      yield await load()
    },
    write: refuse,
    writeIfAbsent: refuse,
    remove: refuse,
  }
}

/** Whether an address names a sheet. */
export function isSheet(address: string): boolean {
  return address.startsWith('sheet://')
}

/**
 * Returns the tab at `sheet://ID/TAB`, read as the service account whose key file GOOGLE_APPLICATION_CREDENTIALS names.
 * @throws ConnectError invalid_option - another address, or no key file
 */
export function sheetAt(address: string): FileStore {
  const [, id, tab] = /^sheet:\/\/([A-Za-z0-9_-]{1,200})\/([^/?#]{1,100})$/.exec(address) ?? []
  if (id === undefined || tab === undefined)
    throw new ConnectError('invalid_option', `${address} is no tab of a sheet; expected sheet://ID/TAB`)
  const path = process.env.GOOGLE_APPLICATION_CREDENTIALS
  if (path === undefined || path === '') {
    throw new ConnectError(
      'invalid_option',
      `${address} is read as a service account; name its key file in GOOGLE_APPLICATION_CREDENTIALS`,
    )
  }
  const endpoint = process.env.SHEETS_ENDPOINT_URL
  return sheetStore({ id, tab, account: readServiceAccount(path), ...(endpoint !== undefined && { endpoint }) })
}
