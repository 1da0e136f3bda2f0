/**
 * API keys in a file: hashes and what each key allows, never a key itself.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isRecord } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError, ServerError } from '../../errors.ts'
import type { Effects } from '../../pipeline/effects.ts'
import { takeLock } from '../../pipeline/log/lock.ts'
import { readWhole } from '../../pipeline/state/data-files.ts'
import type { Scope } from '../route.ts'

/** The file, in the folder of the states. */
export const KEYS_FILE = 'keys.json'
const LOCK = '.support-etl/keys-lock'
const FORMAT = 1
/** A secret of 256 bits. */
const SECRET_BYTES = 32
/** While a key is replaced, the old one and the new one both count. */
const MOST_LIVE = 2

/** What every key may allow. */
export const SCOPES: readonly Scope[] = ['read', 'import']

/** A key as the file has it. */
export interface KeyRecord {
  /** The second part of the key; it is no secret. */
  readonly id: string
  /** Who has it: a program, a team. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The SHA-256 of the whole key. */
  readonly sha256: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
}

const KEY = /^sek_([0-9a-f]{12})_[\w-]{43}$/
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}

function isKeyRecord(value: unknown): value is KeyRecord {
  if (!isRecord(value)) return false
  const { id, name, scopes, sha256: hash, created_at, expires_at, revoked_at } = value
  return (
    [id, name].every((text) => typeof text === 'string') &&
    Array.isArray(scopes) &&
    scopes.every((scope) => SCOPES.includes(scope)) &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    isInstant(created_at) &&
    [expires_at, revoked_at].every((at) => at === null || isInstant(at))
  )
}

/**
 * Returns the keys of a folder; null where there is no file of keys.
 * @throws ServerError keys_invalid - the file is not one of keys
 * @throws ConnectError - it cannot be read
 */
export async function readKeys(out: FileStore): Promise<readonly KeyRecord[] | null> {
  let text: string
  try {
    text = new TextDecoder().decode(await readWhole(out, KEYS_FILE))
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
  const parsed = parse(text)
  const keys = isRecord(parsed) && parsed.format === FORMAT ? parsed.keys : null
  if (Array.isArray(keys) && keys.every(isKeyRecord)) return keys
  throw new ServerError('keys_invalid', `${out.location}/${KEYS_FILE} is not a file of keys`, {
    advice: ['restore it from a copy, or remove it and create new keys'],
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // said by the caller, who knows the file
    return null
  }
}

/** Whether a key counts at an instant. */
export function isLive({ revoked_at, expires_at }: KeyRecord, now: number): boolean {
  return revoked_at === null && (expires_at === null || now < Date.parse(expires_at))
}

/** Returns the record of a key as a client sends it, live or not; null where there is none. */
export function findKey(keys: ReadonlyMap<string, KeyRecord>, text: string): KeyRecord | null {
  const [, id] = KEY.exec(text) ?? []
  const record = id === undefined ? undefined : keys.get(id)
  if (record === undefined) return null
  const found = Buffer.from(sha256(text), 'hex')
  return timingSafeEqual(found, Buffer.from(record.sha256, 'hex')) ? record : null
}

/** Replaces the file. Of several processes at once, each sees what the one before wrote. */
async function changeKeys<Result>(
  out: FileStore,
  effects: Effects,
  change: (keys: readonly KeyRecord[]) => { readonly keys: readonly KeyRecord[]; readonly result: Result },
): Promise<Result> {
  const lock = await takeLock(out, effects.newRunId(), effects, LOCK)
  try {
    const { keys, result } = change((await readKeys(out)) ?? [])
    const text = `${JSON.stringify({ format: FORMAT, keys }, null, 2)}\n`
    await out.write(KEYS_FILE, [new TextEncoder().encode(text)])
    return result
  } finally {
    await lock.release()
  }
}

/** What a new key is for. */
export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Epoch milliseconds; null for a key that does not expire. */
  readonly expiresAt: number | null
}

/** A key that was just made: the only time that its text is known. */
export interface CreatedKey {
  readonly key: string
  readonly record: KeyRecord
}

/**
 * Makes a key and writes its hash.
 * @throws ServerError invalid_option - two keys of the name are live already
 * @throws ServerError keys_invalid; PipelineError lock_held
 */
export function createKey(out: FileStore, { name, scopes, expiresAt }: NewKey, effects: Effects): Promise<CreatedKey> {
  const id = randomBytes(6).toString('hex')
  const key = `sek_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  const now = effects.now()
  return changeKeys(out, effects, (keys) => {
    const live = keys.filter((other) => other.name === name && isLive(other, now))
    if (live.length >= MOST_LIVE) {
      const ids = live.map((other) => other.id).join(' and ')
      throw new ServerError('invalid_option', `${name} has two live keys already, ${ids}`, {
        advice: ['revoke one of them first, or give the key another name'],
      })
    }
    const record: KeyRecord = {
      ...{ id, name, scopes, sha256: sha256(key), created_at: new Date(now).toISOString() },
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      revoked_at: null,
    }
    return { keys: [...keys, record], result: { key, record } }
  })
}

/**
 * Revokes a key; one that was revoked before stays as it is.
 * @throws ServerError invalid_option - there is no such key
 * @throws ServerError keys_invalid; PipelineError lock_held
 */
export function revokeKey(out: FileStore, id: string, effects: Effects): Promise<KeyRecord> {
  return changeKeys(out, effects, (keys) => {
    const found = keys.find((key) => key.id === id)
    if (found === undefined) {
      const known = keys.map((key) => key.id).join(', ')
      throw new ServerError('invalid_option', `there is no key "${id}"; the keys are ${known || '(none)'}`)
    }
    const revoked = { ...found, revoked_at: found.revoked_at ?? new Date(effects.now()).toISOString() }
    return { keys: keys.map((key) => (key === found ? revoked : key)), result: revoked }
  })
}
