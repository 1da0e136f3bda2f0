import { describe, expect, it } from 'vitest'
import { connectSpark } from '../../../src/engine/index.ts'
import { readAddress, readStateAddress } from '../../../src/engine/spark/address.ts'

const TOKEN = 'dapi-s3cret'
const SESSION = '6f9619ff-8b86-d011-b42d-00c04fc964ff'

describe('readAddress', () => {
  it.each([
    ['sc://cluster', 'cluster:15002'],
    ['sc://cluster/', 'cluster:15002'],
    ['sc://cluster:80', 'cluster:80'],
    ['sc://cluster:443/;use_ssl=true', 'cluster:443'],
    ['sc://127.0.0.1:0123', '127.0.0.1:123'],
    ['sc://[::1]:15003', '[::1]:15003'],
  ])('%s is reached at %s', (url, target) => {
    expect(readAddress(url).target).toBe(target)
  })

  it('reads the parameters that Spark defines, and takes every other one for a header', () => {
    const url = `sc://cluster/;USE_SSL=True;token=${TOKEN}%3D;user_id=ann;user_agent=x;session_id=${SESSION};x-cluster-id=a=b;`
    expect(readAddress(url)).toEqual({
      ...{ target: 'cluster:15002', isLoopback: false, tls: true, token: `${TOKEN}=`, userId: 'ann', userAgent: 'x' },
      ...{ sessionId: SESSION, headers: { 'x-cluster-id': 'a=b' } },
    })
  })

  it.each([
    ...[
      '',
      'cluster:15002',
      'http://cluster',
      'sc:/cluster',
      'sc://',
      'sc://:15002',
      'sc://cluster:x',
      'sc://cluster:70000',
    ],
    ...[
      'sc://a b',
      'sc://ann@cluster',
      'sc://cluster/default',
      'sc://cluster;token=x',
      'sc://cluster/;token',
      'sc://cluster?x=1',
    ],
    ...['sc://cluster/;=x', 'sc://cluster/;token=a;token=b', 'sc://cluster/;use_ssl=1', 'sc://cluster/;session_id=1'],
    ...[
      'sc://cluster/;x=%',
      'sc://cluster/;grpc-timeout=1',
      'sc://cluster/;:path=x',
      'sc://cluster/;a b=x',
      'sc://cluster#x',
    ],
  ])('refuses "%s"', (url) => {
    expect(() => readAddress(url)).toThrow(expect.objectContaining({ code: 'path_invalid' }))
  })

  it('never repeats an address: it may hold a token', () => {
    expect(() => readAddress(`sc://cluster/;token=${TOKEN};token=${TOKEN}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(TOKEN) }),
    )
  })

  it.each(['sc://a:', '@', '%', ';a=', ':1', '['])('reads 100 KB of "%s" in less than 50 ms', (piece) => {
    const text = piece.repeat(100_000 / piece.length)
    for (const url of [`sc://${text}`, `sc://cluster/;x=${text}`]) {
      const times = Array.from({ length: 3 }, () => {
        const start = performance.now()
        try {
          readAddress(url)
        } catch (error) {
          expect(error).toMatchObject({ code: 'path_invalid' })
        }
        return performance.now() - start
      })
      expect(Math.min(...times)).toBeLessThan(50)
    }
  })
})

describe('connectSpark', () => {
  it('sends no token in the clear to another machine', async () => {
    await expect(connectSpark(`sc://cluster/;use_ssl=false;token=${TOKEN}`)).rejects.toMatchObject({
      code: 'path_invalid',
      message: expect.stringMatching(/a token is sent over TLS alone/),
    })
  })

  it.each([
    [{ retrySeconds: -1 }, 'retrySeconds'],
    [{ retrySeconds: Number.NaN }, 'retrySeconds'],
    [{ settings: { a: 1 } }, 'settings'],
    [{ settings: [] }, 'settings'],
    [{ token: '' }, 'token'],
    [{ userId: 1 }, 'userId'],
    [{ certificates: true }, 'certificates'],
  ])('refuses %j', async (options, option) => {
    await expect(connectSpark('sc://localhost', options as object)).rejects.toMatchObject({
      code: 'invalid_option',
      details: { option },
    })
  })

  it.each(['a\nb', 'ä'])('refuses a token that no header can hold: %j', async (token) => {
    await expect(connectSpark('sc://localhost', { token })).rejects.toMatchObject({
      code: 'path_invalid',
      message: expect.not.stringContaining(token),
    })
  })

  it('says where nothing listens, after the time it is given', async () => {
    const start = performance.now()
    await expect(connectSpark('sc://127.0.0.1:9', { retrySeconds: 0 })).rejects.toMatchObject({
      ...{ code: 'io_failed', isTransient: true, details: { status: 'UNAVAILABLE' } },
      message: expect.stringMatching(/^no Spark Connect server answers at the address; is it running/),
    })
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('readStateAddress', () => {
  it('takes the schema out of the address, and the catalog where it is named', () => {
    expect(readStateAddress('sc://cluster/;schema=lake.support;user_id=ann', 'support_etl')).toEqual({
      ...{ url: 'sc://cluster:15002/;user_id=ann', marked: 'sc://cluster:15002/;schema=lake.support;user_id=ann' },
      at: ['lake', 'support'],
    })
    expect(readStateAddress('sc://cluster', 'support_etl')).toMatchObject({ at: ['support_etl'] })
  })

  it('remembers an address in one way, without token, session and what is named like a secret', () => {
    const url = `sc://cluster:15002/;x-api-key=k;token=${TOKEN};user_id=ann;session_id=${SESSION};schema=s;cookie=c;a=b`
    const { url: whole, marked } = readStateAddress(url, 'support_etl')
    expect(marked).toBe('sc://cluster:15002/;a=b;schema=s;user_id=ann')
    expect(readAddress(whole)).toMatchObject({
      token: TOKEN,
      sessionId: SESSION,
      headers: { 'x-api-key': 'k', a: 'b' },
    })
    expect(readStateAddress(marked, 'support_etl').marked).toBe(marked)
  })

  it.each(['a.b.c', 'a-b', '%60', '.'])('refuses the schema %s without repeating it', (schema) => {
    const call = () => readStateAddress(`sc://cluster/;schema=${schema}`, 'support_etl')
    expect(call).toThrow(expect.objectContaining({ code: 'path_invalid' }))
  })
})
