/** The place on a real server, in a process of its own: moto, where `.ci/run` has put it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeEffects } from '../../../src/pipeline/index.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import { SAMPLE, supportEtl } from '../../cli/command-line.ts'
import { describeFileStore } from '../../conformance/file-store.ts'
import { environmentOf, hasMoto, KEYS, type Moto, startMoto } from '../../moto-server.ts'

let moto: Moto
const open = async (partSize?: number) => moto.place(`${await moto.newBucket()}/a/place`, moto.endpoint, partSize)

describe.skipIf(!hasMoto)('moto (.ci/run installs it in tests/.venv)', () => {
  beforeAll(async () => {
    moto = await startMoto()
  }, 60_000)
  afterAll(() => moto?.stop())

  describeFileStore('a bucket of moto', () => open())

  it('takes a file in parts', async () => {
    const store = await open(5 << 20)
    const bytes = Uint8Array.from({ length: 11 << 20 }, (_, at) => (at * 31) % 251)
    await store.write('big', [bytes.subarray(0, 6_000_001), bytes.subarray(6_000_001)])
    const parts: Uint8Array[] = []
    for await (const part of store.read('big')) parts.push(part)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    const [listed] = await store.list('')
    expect(listed?.size).toBe(11 << 20)
    const staged = await store.stage?.([bytes])
    expect(staged?.version).toBe(listed?.version)
    expect(staged?.version).toMatch(/-3"$/)
  })

  it('lists more files than one page holds', async () => {
    const store = await open()
    const names = Array.from({ length: 1001 }, (_, at) => `n/${String(at).padStart(4, '0')}`)
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => store.write(name, [])))
    }
    expect((await store.list('n/')).map(({ name }) => name)).toEqual(names)
  }, 60_000)

  it('serves `support-etl run` from bucket to bucket with the ordinary AWS environment variables', async () => {
    const bucket = await moto.newBucket()
    const data = moto.place(`${bucket}/exports`)
    for (const name of readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.csv'),
    )) {
      await data.write(name, [readFileSync(join(SAMPLE, name))])
    }
    const env = environmentOf(moto.endpoint)
    const places = ['--data', `s3://${bucket}/exports`, '--out', `s3://${bucket}/state`]
    const first = supportEtl(['run', ...places], { env })
    expect(first).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`committed version 1 to s3://${bucket}/state`),
    })
    const out = moto.place(`${bucket}/state`)
    const { record } = (await readHead(out, nodeEffects())) ?? { record: null }
    expect(record?.inputs.map(({ version }) => version)).not.toContain(null)
    for (const { name, version } of record?.published ?? []) {
      expect((await out.list(name)).map((entry) => entry.version)).toContain(version)
    }
    const again = supportEtl(['run', ...places], { env })
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to do') })
    const answers = supportEtl(['answers', '--out', `s3://${bucket}/state`], { env })
    expect(answers).toMatchObject({ status: 0, stdout: expect.stringContaining('The longest average call') })
    expect(first.stderr + again.stderr + answers.stderr).not.toContain(KEYS.secretAccessKey)
  }, 60_000)

  it('serves `support-etl calls` from bucket to bucket', async () => {
    const bucket = await moto.newBucket()
    const store = moto.place(`${bucket}/team`)
    for (const name of ['sample_calls.json', 'agents.csv']) {
      await store.write(name, [readFileSync(join(SAMPLE, '..', 'calls', name))])
    }
    const env = environmentOf(moto.endpoint)
    const names = { calls: 'sample_calls.json', agents: 'agents.csv', output: 'o/c.parquet', manifest: 'o/m.json' }
    const places = Object.entries(names).flatMap(([option, name]) => [`--${option}`, `s3://${bucket}/team/${name}`])
    const first = supportEtl(['calls', 'clean', ...places], { env })
    expect(first).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('c.parquet is written: 1,192 calls'),
    })
    const again = supportEtl(['calls', 'clean', ...places], { env })
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('c.parquet is as it was: 1,192 calls') })
    const summary = supportEtl(['calls', 'summary', '--data', `s3://${bucket}/team/o/c.parquet`, '--json'], { env })
    expect(JSON.parse(summary.stdout).kpis.calls).toBe(1192)
    const files = (await store.list('')).map(({ name }) => name).filter((name) => !name.startsWith('o/.support-etl/'))
    expect(files).toEqual(Object.values(names).sort())
  }, 60_000)
})
