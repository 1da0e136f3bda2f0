/**
 * JSON Web Tokens of an identity provider: signature, algorithm, issuer, audience and expiry are checked, always.
 * @module
 */
import { readFile } from 'node:fs/promises'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { isRecord } from '../../arguments.ts'
import { ServerError } from '../../errors.ts'
import type { Scope } from '../route.ts'
import { SCOPES } from './key-file.ts'

/** Whose tokens are taken. */
export interface JwtOptions {
  /** The claim `iss`, exactly. */
  readonly issuer: string
  /** What `aud` must hold. */
  readonly audience: string
  /** A file with the provider's public keys (JWKS), or their address, beginning with `https://`. */
  readonly keys: string
}

/** Whom a token names, and what it allows. */
export interface TokenCaller {
  readonly subject: string
  readonly scopes: readonly Scope[]
}

/** Checks a token. @throws ServerError unauthorized - it does not count; ServerError - the provider's keys cannot be had */
export type CheckToken = (token: string, now: number) => Promise<TokenCaller>

/** Signatures with a public key. A token never chooses any other, nor one with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Seconds that clocks may differ. */
const TOLERANCE = 5

function refuseKeys(source: string, problem: string, cause?: unknown): ServerError {
  return new ServerError('invalid_option', `the keys of ${source} ${problem}`, { cause })
}

async function localKeys(file: string): Promise<JWTVerifyGetKey> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw refuseKeys(file, 'cannot be read as JSON', cause)
  }
  const keys = isRecord(parsed) ? parsed.keys : null
  if (!Array.isArray(keys) || keys.length === 0) throw refuseKeys(file, 'are no key set: expected { "keys": […] }')
  if (keys.some((key) => !isRecord(key) || key.kty === 'oct' || 'd' in key)) {
    throw refuseKeys(file, 'hold a secret: expected public keys alone')
  }
  // checked above as far as the library does not
  return createLocalJWKSet(parsed as unknown as JSONWebKeySet)
}

function remoteKeys(address: string): JWTVerifyGetKey {
  if (!URL.canParse(address)) throw refuseKeys('the identity provider', 'have no address that can be read')
  return createRemoteJWKSet(new URL(address), { timeoutDuration: 5000, cooldownDuration: 30_000 })
}

/** Whether the failure is the provider's, not the token's. */
function isProviderError(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  return !(error instanceof errors.JOSEError)
}

/**
 * Returns the check of an issuer's tokens. The scopes are the words of the claim `scope` that this server knows.
 * @throws ServerError invalid_option - the keys cannot be read, or are secrets
 */
export async function tokenCheck({ issuer, audience, keys }: JwtOptions): Promise<CheckToken> {
  const keySet = keys.startsWith('https://') ? remoteKeys(keys) : await localKeys(keys)
  return async (token, now) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE },
        requiredClaims: ['exp', 'iss', 'aud', 'sub'],
        currentDate: new Date(now),
      })
      const words = typeof payload.scope === 'string' ? payload.scope.split(' ') : []
      return { subject: String(payload.sub), scopes: SCOPES.filter((scope) => words.includes(scope)) }
    } catch (cause) {
      if (isProviderError(cause)) {
        throw new ServerError('identity_unreachable', "the identity provider's keys cannot be had; ask again later", {
          cause,
        })
      }
      throw new ServerError(
        'unauthorized',
        'the token does not count: it is damaged, expired, or not for this server',
        {
          cause,
          details: { authenticate: 'Bearer error="invalid_token"' },
        },
      )
    }
  }
}
