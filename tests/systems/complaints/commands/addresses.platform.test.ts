/** A bucket, a Postgres server and a sheet of a service, each named by its address alone, make the lake that a folder makes. */
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf, hasMoto, type Moto, startMoto } from '../../../moto-server.ts'
import { findPrograms, type Server, startServer } from '../../../postgres-server.ts'

const programs = findPrograms()
const missing = [...(programs === null ? ['postgres'] : []), ...(hasMoto ? [] : ['moto'])]
const MAIN = join(import.meta.dirname, '..', '..', '..', '..', 'src', 'cli', 'main.ts')
const base = mkdtempSync(join(tmpdir(), 'support-etl-addresses-'))
const world = join(base, 'world')

// the sheet's service: what its signatures are worth is tested where sheets are read
const sheet = createServer((request, response) => {
  const isToken = request.url === '/token'
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(isToken ? '{"access_token":"t","expires_in":3600}' : readFileSync(join(world, 'sheet', 'agents.json')))
})

/** Runs a command while this process answers for the sheet. */
async function supportEtl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning', MAIN, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, options, {
    ...{ cwd: base, maxBuffer: 1 << 28 },
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  return stdout
}

describe.skipIf(missing.length > 0)(`a world behind addresses (missing: ${missing.join(', ') || 'nothing'})`, () => {
  let moto: Moto
  let postgres: Server
  let bucket = ''
  let addresses: readonly string[] = []
  let env: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    ;[moto, postgres] = await Promise.all([startMoto(), startServer(programs ?? '')])
    await new Promise<void>((done) => sheet.listen(0, '127.0.0.1', done))
    bucket = await moto.newBucket()
    const size = ['--customers', '1000', '--days', '4', '--profile', 'adversarial', '--seed', '5']
    await supportEtl(['complaints', 'generate', '--out', world, ...size])
    await supportEtl(['complaints', 'generate', '--out', join(base, 'again'), ...size, '--forms', postgres.url])
    const place = moto.place(bucket)
    for (const entry of readdirSync(join(world, 's3'), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) await place.write(relative(join(world, 's3'), path), createReadStream(path))
    }
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const endpoint = `http://127.0.0.1:${(sheet.address() as AddressInfo).port}`
    const private_key = key.export({ type: 'pkcs8', format: 'pem' })
    const account = { client_email: 'reader@example.test', private_key, token_uri: `${endpoint}/token` }
    writeFileSync(join(base, 'account.json'), JSON.stringify(account))
    addresses = ['--data', `s3://${bucket}`, '--forms', postgres.url, '--sheet', 'sheet://a-sheet/agents']
    env = {
      ...environmentOf(moto.endpoint),
      ...{ SHEETS_ENDPOINT_URL: endpoint, GOOGLE_APPLICATION_CREDENTIALS: join(base, 'account.json') },
    }
  }, 180_000)
  afterAll(async () => {
    moto?.stop()
    await postgres?.stop()
    await new Promise((done) => sheet.close(done))
    rmSync(base, { recursive: true, force: true })
  })

  it('gives the same counts at every hop, and the same insights', async () => {
    const lake = `s3://${bucket}/lake`
    const folder = join(base, 'lake')
    await supportEtl(['complaints', 'run', '--out', folder, '--data', world])
    await supportEtl(['complaints', 'run', '--out', lake, ...addresses], env)
    const insights = [
      await supportEtl(['complaints', 'insights', '--out', folder, '--json']),
      await supportEtl(['complaints', 'insights', '--out', lake, '--json'], env),
    ]
    expect(insights[1]).toBe(insights[0])
    const [near, far] = [
      JSON.parse(await supportEtl(['complaints', 'status', '--out', folder, '--json'])),
      JSON.parse(await supportEtl(['complaints', 'status', '--out', lake, '--json'], env)),
    ]
    expect(far.deliveries.length).toBeGreaterThan(6)
    const counts = (deliveries: readonly Record<string, unknown>[]) => deliveries.map(({ file: _, ...rest }) => rest)
    expect(counts(far.deliveries)).toEqual(counts(near.deliveries))
    expect(await supportEtl(['complaints', 'run', '--out', lake, ...addresses], env)).toContain('nothing to do')
  }, 300_000)
})
