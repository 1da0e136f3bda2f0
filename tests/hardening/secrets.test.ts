/** Passwords and keys that stand in addresses and in the environment are in nothing that the program says or keeps. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { s3Store } from '../../src/connect/index.ts'
import { runProgram } from '../../src/terminal/program.ts'
import { openTerminal } from '../../src/terminal/terminal.ts'
import { SAMPLE } from '../cli/command-line.ts'
import { KEYS, S3Double } from '../connect/s3/s3-double.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-secrets-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())

let count = 0
/** A text that stands nowhere else. */
const secret = () => `s3cr3t${String(++count).padStart(3, '0')}x`

/** Everything that a command line says, at its most talkative. */
async function said(...args: string[]): Promise<{ readonly status: number; readonly text: string }> {
  const [results, messages] = [new PassThrough(), new PassThrough()]
  const parts: Buffer[] = []
  for (const stream of [results, messages]) stream.on('data', (part: Buffer) => parts.push(part))
  const status = await runProgram(PROGRAM, [...args, '--log-level', 'debug'], openTerminal(results, messages))
  return { status, text: Buffer.concat(parts).toString() }
}

function keptIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name + readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}

const ADDRESSES: readonly ((secret: string) => string)[] = [
  (s) => `https://user:${s}@example.test/data`,
  (s) => `http://${s}@example.test/data`,
  (s) => `postgres://etl:${s}@db.example.test:5432/support`,
  (s) => `postgresql://db.example.test/support?password=${s}`,
  (s) => `mysql://root:${s}@127.0.0.1/x`,
  (s) => `mongodb+srv://u:${s}@cluster.example.test`,
  (s) => `ftp://u:${s}@example.test`,
  (s) => `sftp://u:${s}@example.test/in`,
  (s) => `gs://bucket/x?token=${s}`,
  (s) => `az://account/${s}`,
  (s) => `jdbc:postgresql://db.example.test/x?user=u&password=${s}`,
  (s) => `https://account.blob.core.windows.net/c?sig=${s}`,
  (s) => `HTTPS://u:${s}@EXAMPLE.TEST`,
  (s) => `s3a://u:${s}@bucket/x`,
  (s) => `s3://AKID:${s}@bucket/x`,
  (s) => `s3://bucket/x?X-Amz-Signature=${s}`,
  (s) => `s3://bucket/x#${s}`,
  (s) => `s3://bucket/../${s}`,
  (s) => `s3://bucket//${s}`,
  (s) => `s3://${s.toUpperCase()}_/x`,
]

const found = (planted: number, texts: number, leaks: readonly string[]) => ({
  'secrets planted': planted,
  'texts searched for them': texts,
  'secrets leaked': leaks.length,
})

describe('a secret in an address', () => {
  it('is not repeated by any command, in text or JSON, and nothing is kept of it', async ({ task }) => {
    let [planted, texts] = [0, 0]
    const leaks: string[] = []
    for (const [at, address] of ADDRESSES.entries()) {
      const hidden = secret()
      planted += 1
      const place = address(hidden)
      const folder = join(base, `out-${at}`)
      const runs = [
        await said('run', '--data', place, '--out', folder),
        await said('run', '--data', SAMPLE, '--out', place, '--json'),
        await said('status', '--out', place),
        await said('check', '--data', place, '--json'),
      ]
      for (const { status, text } of runs) {
        expect(status, `${place}: ${text}`).toBe(2)
        if (text.toLowerCase().includes(hidden)) leaks.push(place)
        expect(text).toContain('s3://')
        texts += 1
      }
    }
    expect(readdirSync(base)).toEqual([])
    expect(leaks).toEqual([])
    expect(planted).toBe(20)
    task.meta.figures = found(planted, texts, leaks)
  })
})

/** A server that answers with all that it was sent, as careless ones do. */
async function openEcho(status: number) {
  const server = createServer((request, answer) => {
    request.resume()
    const told = JSON.stringify(request.headers)
    answer.writeHead(status, { 'content-type': 'application/xml' })
    answer.end(
      `<Error><Code>${status === 403 ? 'SignatureDoesNotMatch' : 'Weird'}</Code><Message>you sent ${told}</Message><StringToSign>${told}</StringToSign><AWSAccessKeyId>${told}</AWSAccessKeyId></Error>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

interface Planted {
  readonly key: string
  readonly hidden: string
  readonly token: string
  readonly password: string
}

function plant(port: number): Planted {
  const planted = { key: `AKID${secret()}`, hidden: secret(), token: secret(), password: secret() }
  vi.stubEnv('AWS_ACCESS_KEY_ID', planted.key)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', planted.hidden)
  vi.stubEnv('AWS_SESSION_TOKEN', planted.token)
  vi.stubEnv('AWS_ENDPOINT_URL', `http://user:${planted.password}@127.0.0.1:${port}`)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  return planted
}

describe('a secret in the environment', () => {
  it.for([400, 403, 404])('is not repeated when a server echoes it with status %i', async (status, { task }) => {
    const { server, port } = await openEcho(status)
    const planted = plant(port)
    const runs = [
      await said('run', '--data', 's3://bucket/data', '--out', join(base, 'echo')),
      await said('status', '--out', 's3://bucket/out', '--json'),
    ]
    server.close()
    const secrets: string[] = Object.values(planted)
    for (const { status: ended } of runs) expect(ended).not.toBe(0)
    const leaks = runs.flatMap(({ text }) => secrets.filter((hidden) => text.includes(hidden)))
    expect(leaks).toEqual([])
    task.meta.figures = found(secrets.length, runs.length, leaks)
  })

  it('is not in commits, quarantine, copies or logs of a run from bucket to bucket', async ({ task }) => {
    const double = new S3Double()
    const { endpoint, close } = await double.listen()
    const port = Number(new URL(endpoint).port)
    const data = s3Store('s3://bucket/data', { endpoint, client: { credentials: KEYS } })
    for (const name of readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' })) {
      if (/^(initial|delta)\/.*csv$/.test(name)) await data.write(name, [readFileSync(join(SAMPLE, name))])
    }
    // a file that is refused, so that there is an error to look at
    await data.write('delta/agents_delta_202504.csv', [Buffer.from('no,such,columns\n1,2,3\n')])
    const planted = plant(port)
    vi.stubEnv('AWS_ACCESS_KEY_ID', KEYS.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEYS.secretAccessKey)
    const months = ['--months', '202502,202503']
    const first = await said('run', '--data', 's3://bucket/data', '--out', 's3://bucket/out', ...months)
    const refused = await said('run', '--data', 's3://bucket/data', '--out', 's3://bucket/out', '--json')
    const status = await said('status', '--data', 's3://bucket/data', '--out', 's3://bucket/out')
    await close()
    expect(first).toMatchObject({ status: 0, text: expect.stringContaining('committed version 1') })
    expect(refused.status).not.toBe(0)
    const kept = [...double.objects].map(([name, { bytes }]) => name + Buffer.from(bytes).toString('latin1')).join('\n')
    expect(kept).toContain('"runId"')
    const texts = [first.text, refused.text, status.text, kept]
    const secrets = [planted.token, planted.password, KEYS.accessKeyId, KEYS.secretAccessKey]
    const leaks = secrets.filter((hidden) => texts.join('\n').includes(hidden))
    expect(leaks).toEqual([])
    expect(keptIn(base)).toBe('')
    task.meta.figures = found(secrets.length, texts.length, leaks)
  })
})
