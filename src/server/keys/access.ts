/**
 * Who may ask for what: by key, by token, or anybody on this machine while there is neither.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { EtlError, ServerError } from '../../errors.ts'
import type { Logger } from '../../pipeline/effects.ts'
import type { Scope } from '../route.ts'
import type { Security } from '../routes/api-document.ts'
import type { CheckToken } from './jwt.ts'
import { findKey, isLive, KEYS_FILE, type KeyRecord, readKeys, SCOPES } from './key-file.ts'

/** Whoever sent a request. */
export interface Caller {
  /** What the log and the rate limit know it by; null for somebody on this machine without a key. */
  readonly id: string | null
  readonly scopes: readonly Scope[]
}

const ANYBODY: Caller = { id: null, scopes: SCOPES }

/** What access is decided by. */
export interface AccessOptions {
  /** The folder with the file of keys; null where nobody needs one. */
  readonly out: FileStore | null
  /** Null where no tokens are taken. */
  readonly token: CheckToken | null
  readonly logger: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

function unauthorized(statement: string, isGiven: boolean): ServerError {
  return new ServerError('unauthorized', statement, {
    advice: ['send it as "Authorization: Bearer KEY"'],
    details: { authenticate: isGiven ? 'Bearer error="invalid_token"' : 'Bearer' },
  })
}

/** Decides about requests, by the keys as the last look found them. */
export class Access {
  readonly #options: AccessOptions
  #keys: ReadonlyMap<string, KeyRecord> = new Map()
  /** Once there was a key, nobody gets in without one: not even when the file is gone or damaged. */
  #isClosed: boolean
  #told = ''

  constructor(options: AccessOptions) {
    this.#options = options
    this.#isClosed = options.token !== null
  }

  /** Whether callers need a key or token. */
  get security(): Security {
    return this.#isClosed ? 'keys' : 'open'
  }

  /** Whether anybody could get in: a key that counts now, or tokens. */
  get isReachable(): boolean {
    const { token, now } = this.#options
    return token !== null || [...this.#keys.values()].some((key) => isLive(key, now()))
  }

  /** Reads the keys again. A damaged file admits nobody. */
  async look(): Promise<void> {
    const { out, logger } = this.#options
    if (out === null) return
    try {
      const keys = (await readKeys(out)) ?? []
      this.#keys = new Map(keys.map((key) => [key.id, key]))
      if (keys.length > 0) this.#isClosed = true
      this.#told = ''
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      this.#keys = new Map()
      this.#isClosed = true
      if (this.#told !== error.message) logger.warn(`${KEYS_FILE}: ${error.message}`)
      this.#told = error.message
    }
  }

  /**
   * Returns who sent a request, by its header Authorization.
   * @throws ServerError unauthorized - a key or token is needed, and this is none that counts
   */
  identify(authorization: string | undefined): Caller | Promise<Caller> {
    if (!this.#isClosed) return ANYBODY
    const { token, now } = this.#options
    if (authorization === undefined) throw unauthorized('a key is needed', false)
    const [scheme = '', text = ''] = authorization.split(' ', 2)
    if (scheme.toLowerCase() !== 'bearer') throw unauthorized('a key is needed, as a Bearer', false)
    const key = findKey(this.#keys, text)
    if (key !== null) {
      // the same words for every reason: a stolen key is not told whether it ever counted
      if (!isLive(key, now())) throw unauthorized('the key is unknown, expired or revoked', true)
      return { id: key.id, scopes: key.scopes }
    }
    if (token === null || !text.includes('.')) throw unauthorized('the key is unknown, expired or revoked', true)
    return token(text, now()).then(({ subject, scopes }) => ({ id: `token ${subject}`, scopes }))
  }
}

/** Refuses a caller whose key does not allow a route. @throws ServerError scope_missing */
export function refuseScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return
  throw new ServerError('scope_missing', `the key does not allow this: it needs the scope "${scope}"`, {
    details: { authenticate: `Bearer error="insufficient_scope", scope="${scope}"` },
  })
}
