/**
 * Access tokens of a service account: a signed claim is exchanged for a token that is valid for an hour.
 * @module
 */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConnectError } from '../../errors.ts'

/** What a service account's key file holds. */
export interface ServiceAccount {
  readonly client_email: string
  /** In PEM. No message repeats it. */
  readonly private_key: string
  readonly private_key_id?: string
  /** Where claims are exchanged for tokens. */
  readonly token_uri: string
}

/** A claim holds for an hour; the token is renewed a minute before. */
const LIFETIME = 3600
const MARGIN = 60

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function invalid(what: string, cause?: unknown): ConnectError {
  return new ConnectError('invalid_option', `the key file of the service account ${what}`, { cause })
}

/** Reads a key file. @throws ConnectError invalid_option - it cannot be read, or lacks a member */
export function readServiceAccount(path: string): ServiceAccount {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    // JSON.parse would repeat a piece of the key
    const why = cause instanceof SyntaxError ? 'is not JSON' : `cannot be read (${path})`
    throw invalid(why, cause instanceof SyntaxError ? undefined : cause)
  }
  const { client_email, private_key, private_key_id, token_uri } = (value ?? {}) as Record<string, unknown>
  if (typeof client_email !== 'string' || typeof private_key !== 'string' || typeof token_uri !== 'string')
    throw invalid('lacks client_email, private_key or token_uri; download it again from the console of the service')
  return {
    ...{ client_email, private_key, token_uri },
    ...(typeof private_key_id === 'string' && { private_key_id }),
  }
}

/** Gets tokens, each used until shortly before it ends. */
export class TokenSource {
  readonly #account: ServiceAccount
  readonly #scope: string
  readonly #key: KeyObject
  #token: { readonly text: string; readonly until: number } | null = null

  constructor(account: ServiceAccount, scope: string) {
    this.#account = account
    this.#scope = scope
    try {
      this.#key = createPrivateKey(account.private_key)
    } catch {
      throw invalid('has a private_key that is no key in PEM; download it again from the console of the service')
    }
  }

  /** Signs a claim by RS256. */
  #assertion(now: number): string {
    const { client_email, token_uri, private_key_id } = this.#account
    const header = { alg: 'RS256', typ: 'JWT', ...(private_key_id !== undefined && { kid: private_key_id }) }
    const claim = { iss: client_email, scope: this.#scope, aud: token_uri, iat: now, exp: now + LIFETIME }
    const text = `${encoded(header)}.${encoded(claim)}`
    return `${text}.${sign('sha256', Buffer.from(text), this.#key).toString('base64url')}`
  }

  /** Returns a token. `ask` sends a request and refuses answers that are none. */
  async token(ask: (url: string, init: RequestInit) => Promise<Response>): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    if (this.#token !== null && now < this.#token.until) return this.#token.text
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: this.#assertion(now),
    })
    const answer = await ask(this.#account.token_uri, { method: 'POST', body })
    const { access_token: text, expires_in: lifetime = LIFETIME } = (await answer.json()) as Record<string, unknown>
    if (typeof text !== 'string')
      throw new ConnectError('io_failed', 'the service of tokens answered without a token; try again later')
    this.#token = { text, until: now + Number(lifetime) - MARGIN }
    return text
  }
}
