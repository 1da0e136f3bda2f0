/** A tab of a sheet, from a service on this machine that checks signatures and answers as the real one. */
import { generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readServiceAccount } from '../../../src/connect/sheet/service-account.ts'
import { sheetAt, sheetStore } from '../../../src/connect/sheet/sheet-store.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
// the service leaves out empty cells at the end of a row
const VALUES = {
  range: 'agents!A1:D3',
  majorDimension: 'ROWS',
  values: [['iD', 'NamE', 'state'], [1000, 'Ada'], [1001]],
}

/** Statuses that the next requests are answered with. */
let refusals: number[] = []
let requests: string[] = []

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  requests.push(pathname)
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const refusal = refusals.shift()
  if (refusal !== undefined) return send(refusal, { error: 'secret details' })
  if (pathname === '/token') {
    let text = ''
    for await (const chunk of request) text += chunk
    const form = new URLSearchParams(text)
    const [header = '', claim = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const isSigned = verify('sha256', Buffer.from(`${header}.${claim}`), publicKey, Buffer.from(signature, 'base64url'))
    const { iss, exp, iat, scope } = JSON.parse(Buffer.from(claim, 'base64url').toString())
    const isFit = iss === 'reader@example.test' && exp - iat === 3600 && /spreadsheets\.readonly$/.test(scope)
    if (!isSigned || !isFit || form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return send(400, {})
    return send(200, { access_token: 'a token', expires_in: 3600 })
  }
  if (request.headers.authorization !== 'Bearer a token') return send(401, {})
  if (searchParams.get('valueRenderOption') !== 'UNFORMATTED_VALUE') return send(400, {})
  return pathname === '/v4/spreadsheets/a-sheet/values/agents' ? send(200, VALUES) : send(404, {})
}

const server = createServer((request, response) => void answer(request, response))
const folder = mkdtempSync(join(tmpdir(), 'support-etl-sheet-'))
let endpoint = ''
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  refusals = []
  requests = []
})
afterAll(async () => {
  await new Promise((done) => server.close(done))
  rmSync(folder, { recursive: true, force: true })
})

const account = (given: object = {}) => ({
  ...{ client_email: 'reader@example.test', private_key: pem, token_uri: `${endpoint}/token` },
  ...given,
})
const storeOf = (id = 'a-sheet', given: object = {}) =>
  sheetStore({ id, tab: 'agents', account: account(given), endpoint, pause: 1 })
async function textOf(store: ReturnType<typeof storeOf>, name = 'agents.json'): Promise<string> {
  let text = ''
  for await (const chunk of store.read(name)) text += new TextDecoder().decode(chunk)
  return text
}

describe('sheetStore', () => {
  it('is a place with the tab as one file, as the service answers it, with one token for several reads', async () => {
    const store = storeOf()
    expect((await store.list('')).map(({ name }) => name)).toEqual(['agents.json'])
    expect(JSON.parse(await textOf(store))).toEqual(VALUES)
    await textOf(store)
    expect(requests.filter((path) => path === '/token')).toHaveLength(1)
  })

  it('asks again when the service is busy, and gives up after four times', async () => {
    refusals = [503, 200 + 229, 500]
    expect(JSON.parse(await textOf(storeOf()))).toEqual(VALUES)
    refusals = [503, 503, 503, 503]
    await expect(textOf(storeOf())).rejects.toMatchObject({ code: 'io_failed' })
  })

  it('says who needs the sheet to be shared with, and repeats no answer', async () => {
    const store = storeOf()
    await textOf(store)
    refusals = [403]
    const refused = await textOf(store).catch((error: Error) => error.message)
    expect(refused).toBe('tab agents of sheet a-sheet may not be read; share the sheet with reader@example.test')
  })

  it('refuses another sheet, another file, writes and a service that is not there', async () => {
    await expect(textOf(storeOf('another'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(textOf(storeOf(), 'others.json')).rejects.toMatchObject({ code: 'not_found' })
    await expect(storeOf().write('agents.json', [])).rejects.toMatchObject({ code: 'permission_denied' })
    const away = storeOf('a-sheet', { token_uri: 'http://127.0.0.1:9/token' })
    await expect(textOf(away)).rejects.toMatchObject({ code: 'io_failed' })
  })
})

describe('the key file', () => {
  const at = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  it('is read, and no message repeats a piece of it', () => {
    expect(readServiceAccount(at('key.json', JSON.stringify(account()))).client_email).toBe('reader@example.test')
    for (const content of ['{"private_key": "SECRET', '{"private_key":"SECRET"}', '[]', 'null']) {
      expect(() => readServiceAccount(at('bad.json', content))).toThrow(/^(?!.*SECRET).*key file/s)
    }
    expect(() => readServiceAccount(join(folder, 'none.json'))).toThrow('cannot be read')
    expect(() => storeOf('a-sheet', { private_key: 'SECRET' })).toThrow(/^(?!.*SECRET).*no key in PEM/s)
  })

  it('is named by the environment for an address', () => {
    const before = process.env.GOOGLE_APPLICATION_CREDENTIALS
    try {
      process.env.GOOGLE_APPLICATION_CREDENTIALS = at('key.json', JSON.stringify(account()))
      expect(sheetAt('sheet://a-sheet/agents').location).toBe('sheet://a-sheet/agents')
      expect(() => sheetAt('sheet://a-sheet')).toThrow('expected sheet://ID/TAB')
      process.env.GOOGLE_APPLICATION_CREDENTIALS = ''
      expect(() => sheetAt('sheet://a-sheet/agents')).toThrow('GOOGLE_APPLICATION_CREDENTIALS')
    } finally {
      if (before === undefined) delete process.env.GOOGLE_APPLICATION_CREDENTIALS
      else process.env.GOOGLE_APPLICATION_CREDENTIALS = before
    }
  })
})
