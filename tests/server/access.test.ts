import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { readWhole } from '../../src/pipeline/state/data-files.ts'
import { tokenCheck } from '../../src/server/keys/jwt.ts'
import { createKey, KEYS_FILE, readKeys, revokeKey } from '../../src/server/keys/key-file.ts'
import { defineRoute } from '../../src/server/route.ts'
import type { RunningServer } from '../../src/server/start-server.ts'
import { ask, served } from './served.ts'

const hello = defineRoute({
  method: 'get',
  path: '/api/v1/hello',
  scope: 'read',
  summary: 'hello',
  description: 'Says hello.',
  answer: z.strictObject({ data: z.string() }),
  reads: 'data',
  handle: async () => ({ data: 'hello' }),
})
const change = defineRoute({
  method: 'post',
  path: '/api/v1/change',
  scope: 'import',
  summary: 'change',
  description: 'Changes something.',
  answer: z.strictObject({ data: z.string() }),
  reads: 'clock',
  handle: async () => ({ data: 'changed' }),
})
const routes = [hello, change]
const NOW = Date.UTC(2026, 0, 1)
const DAY = 86_400_000
const effects = { ...nodeEffects(), now: () => NOW }
const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } })

async function withKey(scopes: readonly ('read' | 'import')[] = ['read'], days: number | null = 1) {
  const keys = memoryStore()
  const expiresAt = days === null ? null : NOW + days * DAY
  return { keys, ...(await createKey(keys, { name: 'tests', scopes, expiresAt }, effects)) }
}

const statusOf = async (server: RunningServer, authorization: string) =>
  (await ask(server, '/api/v1/hello', { headers: { authorization } })).status

describe('a server without keys', () => {
  it('answers this machine', async () => {
    const server = await served({ routes })
    expect((await ask(server, '/api/v1/hello')).status).toBe(200)
    expect((await ask(server, '/api/v1/change', { method: 'POST' })).status).toBe(200)
    expect((await ask(server, '/openapi.json')).body.components.securitySchemes).toBeUndefined()
  })

  it.each(['0.0.0.0', '::', '192.0.2.1'])('refuses to listen at %s', async (host) => {
    await expect(served({ routes, host })).rejects.toMatchObject({ code: 'invalid_option' })
  })

  it('refuses to listen to others where every key has expired or was revoked', async () => {
    const { keys, record } = await withKey()
    await expect(served({ routes, keys, host: '0.0.0.0', now: () => NOW + DAY })).rejects.toThrow(/no key that counts/)
    await revokeKey(keys, record.id, effects)
    await expect(served({ routes, keys, host: '0.0.0.0', now: effects.now })).rejects.toThrow(/no key that counts/)
  })

  it('needs a key as soon as there is one, and from then on', async () => {
    const keys = memoryStore()
    const server = await served({ routes, keys, now: effects.now })
    expect((await ask(server, '/api/v1/hello')).status).toBe(200)
    const { key } = await createKey(keys, { name: 'tests', scopes: ['read'], expiresAt: null }, effects)
    await server.refresh()
    expect((await ask(server, '/api/v1/hello')).status).toBe(401)
    expect((await ask(server, '/api/v1/hello', bearer(key))).status).toBe(200)
    await keys.remove(KEYS_FILE)
    await server.refresh()
    expect((await ask(server, '/api/v1/hello')).status).toBe(401)
    expect((await ask(server, '/api/v1/hello', bearer(key))).status).toBe(401)
  })
})

describe('a server with a key', () => {
  let keys: FileStore
  let key: string
  let server: RunningServer
  const start = async () => {
    ;({ keys, key } = await withKey())
    server = await served({ routes, keys, host: '0.0.0.0', names: ['api.example.org'], now: effects.now })
    // the address that it listens at is none to connect to
    server = { ...server, address: server.address.replace('0.0.0.0', '127.0.0.1') }
  }

  it('answers whoever has it, under its names and addresses', async () => {
    await start()
    expect((await ask(server, '/api/v1/hello', bearer(key))).status).toBe(200)
    for (const host of ['api.example.org', 'API.example.org:443', '10.0.0.7:8788', '[2001:db8::1]:80']) {
      const reply = await ask(server, '/api/v1/hello', { headers: { authorization: `bearer ${key}`, host } })
      expect([host, reply.status]).toEqual([host, 200])
    }
    const foreign = await ask(server, '/api/v1/hello', {
      headers: { authorization: `Bearer ${key}`, host: 'a.example' },
    })
    expect(foreign.status).toBe(403)
  })

  it('refuses everybody else, on every address of the API and the metrics', async () => {
    await start()
    for (const path of ['/api/v1/hello', '/api/v1/nix', '/api', '/metrics']) {
      const reply = await ask(server, path)
      expect([path, reply.status, reply.body.code, reply.headers['www-authenticate']]).toEqual([
        ...[path, 401, 'unauthorized', 'Bearer'],
      ])
    }
    for (const path of ['/healthz', '/readyz', '/openapi.json']) expect((await ask(server, path)).status).toBe(200)
    const { body } = await ask(server, '/openapi.json')
    expect(body.paths['/api/v1/hello'].get.security).toEqual([{ key: [] }])
  })

  it('takes no key that differs in a character, has no scheme, or is empty', async () => {
    await start()
    const other = key.endsWith('A') ? 'B' : 'A'
    const wrong = [
      ...[`Bearer ${key.slice(0, -1)}${other}`, `Bearer ${key}x`, `Bearer ${key.slice(0, -1)}`, `Bearer  ${key}`],
      ...[key, `Basic ${key}`, 'Bearer', 'Bearer ', '', `Bearer sek_000000000000_${'A'.repeat(43)}`],
    ]
    for (const text of wrong) expect([text, await statusOf(server, text)]).toEqual([text, 401])
  })

  it('gives no kept answer to whoever has no key', async () => {
    await start()
    expect((await ask(server, '/api/v1/hello', bearer(key))).status).toBe(200)
    expect((await ask(server, '/api/v1/hello')).status).toBe(401)
  })

  it('says which scope is missing', async () => {
    await start()
    const reply = await ask(server, '/api/v1/change', { method: 'POST', ...bearer(key) })
    expect([reply.status, reply.body.code]).toEqual([403, 'scope_missing'])
    expect(reply.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="import"')
    const importing = await withKey(['import'])
    const own = await served({ routes, keys: importing.keys, now: effects.now })
    expect((await ask(own, '/api/v1/change', { method: 'POST', ...bearer(importing.key) })).status).toBe(200)
    expect((await ask(own, '/api/v1/hello', bearer(importing.key))).status).toBe(403)
    expect((await ask(own, '/metrics', bearer(importing.key))).status).toBe(403)
  })

  it('takes it no more when it has expired', async () => {
    let now = NOW
    const made = await withKey(['read'], 1)
    const own = await served({ routes, keys: made.keys, now: () => now })
    now = NOW + DAY - 1
    expect((await ask(own, '/api/v1/hello', bearer(made.key))).status).toBe(200)
    now = NOW + DAY
    expect((await ask(own, '/api/v1/hello', bearer(made.key))).status).toBe(401)
  })

  it('admits nobody by a damaged file, and says so in its log', async () => {
    const made = await withKey()
    const lines: string[] = []
    const own = await served({ routes, keys: made.keys, now: effects.now, onLine: (line) => lines.push(line) })
    for (const text of ['', '{', '{"format":2,"keys":[]}', '{"format":1,"keys":[{"id":"x"}]}']) {
      await made.keys.write(KEYS_FILE, [new TextEncoder().encode(text)])
      await own.refresh()
      expect((await ask(own, '/api/v1/hello', bearer(made.key))).status).toBe(401)
      expect((await ask(own, '/api/v1/hello')).status).toBe(401)
    }
    expect(lines.filter((line) => line.includes('is not a file of keys'))).toHaveLength(1)
  })
})

describe('a file of keys', () => {
  it('holds hashes, and never a key', async () => {
    const { keys, key } = await withKey()
    const text = new TextDecoder().decode(await readWhole(keys, KEYS_FILE))
    expect(text).not.toContain(key)
    expect(text).not.toContain(key.slice(-43))
    expect(key).toMatch(/^sek_[0-9a-f]{12}_[\w-]{43}$/)
  })

  it('has two live keys of a name, so that one can take the place of the other', async () => {
    const { keys, record } = await withKey()
    const make = () => createKey(keys, { name: 'tests', scopes: ['read'], expiresAt: null }, effects)
    await make()
    await expect(make()).rejects.toMatchObject({ code: 'invalid_option', message: expect.stringContaining(record.id) })
    await revokeKey(keys, record.id, effects)
    await make()
    const states = (await readKeys(keys))?.map(({ revoked_at }) => revoked_at !== null)
    expect(states).toEqual([true, false, false])
    await expect(revokeKey(keys, 'nix', effects)).rejects.toThrow(/there is no key "nix"; the keys are/)
  })

  it('loses no key when several are made at once', async () => {
    const keys = memoryStore()
    const made = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) =>
        createKey(keys, { name: `k${at}`, scopes: ['read'], expiresAt: null }, effects),
      ),
    )
    // whoever found the file taken says so, and has made nothing
    const done = made.filter(({ status }) => status === 'fulfilled')
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'lock_held' })
    expect((await readKeys(keys))?.length).toBe(done.length)
    expect(done.length).toBeGreaterThan(0)
  })
})

describe('tokens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-jwt-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const issuer = 'https://id.example.org/'
  const audience = 'support'
  const seconds = NOW / 1000
  let sign: (claims?: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>
  let server: RunningServer
  let publicPem: string
  let otherKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']
  const file = join(folder, 'jwks.json')

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    otherKey = (await generateKeyPair('RS256')).privateKey
    publicPem = await exportSPKI(publicKey)
    writeFileSync(
      file,
      JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] }),
    )
    sign = (claims = {}, header = {}) =>
      new SignJWT({ iss: issuer, aud: audience, sub: 'ada', exp: seconds + 60, scope: 'openid read', ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
        .sign(privateKey)
  })
  const start = async () => {
    server = await served({ routes, token: await tokenCheck({ issuer, audience, keys: file }), now: effects.now })
  }

  it('of the issuer count, with the scopes that they name', async () => {
    await start()
    expect((await ask(server, '/api/v1/hello', bearer(await sign()))).status).toBe(200)
    const reply = await ask(server, '/api/v1/change', { method: 'POST', ...bearer(await sign()) })
    expect([reply.status, reply.body.code]).toEqual([403, 'scope_missing'])
    const wide = bearer(await sign({ scope: 'read import' }))
    expect((await ask(server, '/api/v1/change', { method: 'POST', ...wide })).status).toBe(200)
    const list = bearer(await sign({ aud: ['other', audience] }))
    expect((await ask(server, '/api/v1/hello', list)).status).toBe(200)
    for (const scope of [undefined, 'reader', ['read']]) {
      expect((await ask(server, '/api/v1/hello', bearer(await sign({ scope })))).status).toBe(403)
    }
  })

  it('that are forged, expired, or for somebody else are all refused', async () => {
    await start()
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: issuer, aud: audience, sub: 'ada', exp: seconds + 60, scope: 'read import' }
    const good = await sign()
    const [head = '', body = '', signature = ''] = good.split('.')
    /** Signed with the public key as if it were a secret. */
    const confused = (alg: string, hash: string) => {
      const text = `${part({ alg, kid: 'k1' })}.${part(claims)}`
      return `${text}.${createHmac(hash, publicPem).update(text).digest('base64url')}`
    }
    const forged: Record<string, string> = {
      'alg none': `${part({ alg: 'none' })}.${part(claims)}.`,
      'alg None': `${part({ alg: 'None', kid: 'k1' })}.${part(claims)}.`,
      'alg none with a signature': `${part({ alg: 'none', kid: 'k1' })}.${part(claims)}.${signature}`,
      'HS256 with the public key': confused('HS256', 'sha256'),
      'HS512 with the public key': confused('HS512', 'sha512'),
      'another key': await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(otherKey),
      'another key id': await sign({}, { kid: 'k2' }),
      'a key of its own': await sign({}, { kid: 'k2', jwk: await exportJWK(otherKey).catch(() => ({ kty: 'RSA' })) }),
      'other claims': `${head}.${part(claims)}.${signature}`,
      'no signature': `${head}.${body}.`,
      expired: await sign({ exp: seconds - 6 }),
      'no expiry': await sign({ exp: undefined }),
      'not yet': await sign({ nbf: seconds + 60 }),
      'another issuer': await sign({ iss: 'https://id.example.org' }),
      'no issuer': await sign({ iss: undefined }),
      'another audience': await sign({ aud: 'sales' }),
      'no audience': await sign({ aud: undefined }),
      'no subject': await sign({ sub: undefined }),
      'two dots': '..',
      'no token': 'a.b.c',
      long: `${head}.${'A'.repeat(8000)}.${signature}`,
    }
    for (const [name, token] of Object.entries(forged)) {
      const reply = await ask(server, '/api/v1/change', { method: 'POST', ...bearer(token) })
      expect([name, reply.status, reply.body.code]).toEqual([name, 401, 'unauthorized'])
    }
  })

  it('are 503 while the keys of their issuer cannot be had', async () => {
    const token = await tokenCheck({ issuer, audience, keys: 'https://127.0.0.1:1/jwks.json' })
    const reply = await ask(await served({ routes, token, now: effects.now }), '/api/v1/hello', bearer(await sign()))
    expect([reply.status, reply.body.code, reply.headers['retry-after']]).toEqual([503, 'identity_unreachable', '5'])
  })

  it('need keys that can be read, and that are public', async () => {
    const check = (keys: unknown) => {
      writeFileSync(join(folder, 'wrong.json'), typeof keys === 'string' ? keys : JSON.stringify(keys))
      return tokenCheck({ issuer, audience, keys: join(folder, 'wrong.json') })
    }
    await expect(check('{')).rejects.toThrow(/cannot be read as JSON/)
    await expect(check({ keys: [] })).rejects.toThrow(/are no key set/)
    await expect(check({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] })).rejects.toThrow(/hold a secret/)
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    await expect(check({ keys: [await exportJWK(privateKey)] })).rejects.toThrow(/hold a secret/)
    await expect(tokenCheck({ issuer, audience, keys: join(folder, 'nix.json') })).rejects.toMatchObject({
      code: 'invalid_option',
    })
  })
})
