/** The commands about calls from bucket to bucket, on a double of S3 that checks signatures and checksums. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { s3Store } from '../../../../src/connect/s3/s3-store.ts'
import { runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import { KEYS, S3Double } from '../../../connect/s3/s3-double.ts'
import { commandLine, filesIn, line, manifestIn, sample, temporaryFolder } from '../places.ts'

const AT = 's3://bucket/team'
const FILES = ['--calls', `${AT}/in/calls.json`, '--agents', `${AT}/in/agents.csv`] as const
const OUTPUT = ['--output', `${AT}/out/calls.parquet`, '--manifest', `${AT}/out/manifest.json`] as const

let double = new S3Double()
let close = async (): Promise<void> => {}
/** An empty folder in which relative paths would lie. */
let folder = ''

beforeEach(async () => {
  double = new S3Double()
  const server = await double.listen()
  close = server.close
  vi.stubEnv('AWS_ENDPOINT_URL', server.endpoint)
  vi.stubEnv('AWS_ACCESS_KEY_ID', KEYS.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEYS.secretAccessKey)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  folder = temporaryFolder()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await close()
})

const objects = () => Object.fromEntries([...double.objects].map(([name, { bytes }]) => [name, Buffer.from(bytes)]))

/** Puts a file into the bucket. */
async function put(name: string, text: string | Uint8Array): Promise<void> {
  await s3Store(AT).write(name, [typeof text === 'string' ? new TextEncoder().encode(text) : text])
}

async function putSample(): Promise<void> {
  await put('in/calls.json', readFileSync(join(sample, 'sample_calls.json')))
  await put('in/agents.csv', readFileSync(join(sample, 'agents.csv')))
}

describe('support-etl calls, from bucket to bucket', () => {
  it('cleans to the bytes of a local run, data before manifest, and touches nothing the second time', async () => {
    await putSample()
    const rejects = ['--rejects', `${AT}/out/rejects.csv`] as const
    const { status, stderr, stdout } = await commandLine('calls', 'clean', ...FILES, ...OUTPUT, ...rejects)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${AT}/out/calls.parquet is written: 1,192 calls`)

    const local = (name: string) => join(folder, name)
    const paths = ['--output', local('calls.parquet'), '--manifest', local('manifest.json')]
    await commandLine(
      ...['calls', 'clean', '--calls', join(sample, 'sample_calls.json'), '--agents', join(sample, 'agents.csv')],
      ...[...paths, '--rejects', local('rejects.csv')],
    )
    const found = objects()
    const isPublished = (name: string) => !name.includes('.support-etl/')
    expect(Object.keys(found).filter(isPublished).sort()).toEqual([
      'team/in/agents.csv',
      'team/in/calls.json',
      'team/out/calls.parquet',
      'team/out/manifest.json',
      'team/out/rejects.csv',
    ])
    for (const name of ['calls.parquet', 'rejects.csv']) {
      expect(found[`team/out/${name}`]?.equals(readFileSync(local(name))), name).toBe(true)
    }
    const manifest = JSON.parse(String(found['team/out/manifest.json']))
    const mine = JSON.parse(readFileSync(local('manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({ path: `${AT}/out/calls.parquet`, content_hash: mine.content_hash })
    expect(Date.parse(manifest.file_mtime)).toBe(double.objects.get('team/out/calls.parquet')?.changed)
    const puts = double.calls.filter((call) => /^PUT .*(parquet|manifest)/.test(call))
    expect(puts.map((call) => call.split('/').at(-1))).toEqual(['calls.parquet', 'manifest.json'])

    const again = await commandLine('calls', 'clean', ...FILES, ...OUTPUT)
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('is as it was: 1,192 calls')])
    expect(double.calls.filter((call) => /^PUT .*(parquet|manifest)/.test(call))).toEqual(puts)
  })

  it('appends, sums up and exports what lies there', async () => {
    await put('in/calls.json', line({ call_id: 'c1' }))
    await put('in/agents.csv', 'agent_id,name,region\nA1,Ada,North\n')
    await commandLine('calls', 'clean', ...FILES, ...OUTPUT)
    await put('in/calls.json', line({ call_id: 'c2', resolution: 'escalated' }))
    const appended = await commandLine('calls', 'clean', ...FILES, ...OUTPUT, '--append')
    expect([appended.status, appended.stdout]).toEqual([0, expect.stringContaining(': 2 calls')])

    const summary = await commandLine('calls', 'summary', '--data', `${AT}/out/calls.parquet`, '--json')
    expect(JSON.parse(summary.stdout).kpis).toMatchObject({ calls: 2, escalations: 1 })
    const nothing = await commandLine('calls', 'summary', '--data', `${AT}/out/nope.parquet`)
    expect([nothing.status, nothing.stderr]).toEqual([
      1,
      expect.stringContaining(`cannot read ${AT}/out/nope.parquet: does not exist`),
    ])
  })

  it.skipIf(!existsSync(join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'dashboard', 'index.html')))(
    'exports a dashboard of what lies there (npm run build makes its pages)',
    async () => {
      await putSample()
      await commandLine('calls', 'clean', ...FILES, ...OUTPUT)
      const site = join(folder, 'site')
      const places = ['--data', `${AT}/out/calls.parquet`, '--out', `${AT}/state`]
      const { status, stderr } = await commandLine('dashboard', ...places, '--export', site)
      expect([status, stderr]).toEqual([0, ''])
      const found = objects()
      expect(readFileSync(join(site, 'data', 'calls.parquet')).equals(found['team/out/calls.parquet'] as Buffer)).toBe(
        true,
      )
      expect(JSON.parse(readFileSync(join(site, 'data', 'manifest.json'), 'utf8'))).toEqual(
        JSON.parse(String(found['team/out/manifest.json'])),
      )
    },
  )

  it('makes a log there, and writes over none', async () => {
    const options = ['calls', 'generate', '--calls', '200', '--days', '7', '--out', `${AT}/in`]
    expect((await commandLine(...options)).stdout).toContain(`file in ${AT}/in`)
    const before = objects()
    expect(Object.keys(before).sort()).toEqual(
      ['agents.csv', 'ground_truth.json', 'sample_calls.json'].map((name) => `team/in/${name}`),
    )
    expect(await commandLine(...options)).toMatchObject({ status: 2, stderr: expect.stringContaining('already holds') })
    expect(objects()).toEqual(before)
  })

  it.each(['calls.parquet', 'manifest.json'])(
    'keeps the old manifest when %s cannot be written, and mends it next time',
    async (name) => {
      const waiting = { sleep: async () => {}, random: () => 0 }
      const store = s3Store(AT, { waiting })
      await put('sample_calls.json', line({ call_id: 'c1' }))
      await put('agents.csv', 'agent_id,name,region\nA1,Ada,North\n')
      const files = { ...filesIn(store), output: { store, name: 'out/calls.parquet' } }
      const first = await runCalls(files)
      await put('sample_calls.json', line({ call_id: 'c2' }))
      double.fault = ({ method, path }) => (method === 'PUT' && path.endsWith(name) ? 'unavailable' : null)
      await expect(runCalls(files)).rejects.toMatchObject({ code: 'io_failed', isTransient: true })
      expect(await manifestIn(store)).toEqual(first.manifest)
      double.fault = () => null
      const { outcome, manifest } = await runCalls(files)
      expect([outcome, await manifestIn(store)]).toEqual(['written', manifest])
      expect(manifest.content_hash).not.toBe(first.manifest.content_hash)
      expect([...double.objects.keys()].filter((key) => key.includes('.support-etl/lock'))).toEqual([])
    },
  )

  it('changes nothing there when the log can hardly be read', async () => {
    await put('in/calls.json', line({ call_id: 'c1' }))
    await put('in/agents.csv', 'agent_id,name,region\nA1,Ada,North\n')
    await commandLine('calls', 'clean', ...FILES, ...OUTPUT)
    await put('in/calls.json', '{"call_id"\n'.repeat(10))
    const before = objects()
    expect(await commandLine('calls', 'clean', ...FILES, ...OUTPUT)).toMatchObject({ status: 3 })
    expect(objects()).toEqual(before)
  })

  it('names the bucket that does not exist', async () => {
    writeFileSync(join(folder, 'calls.json'), line({ call_id: 'c1' }))
    writeFileSync(join(folder, 'agents.csv'), 'agent_id,name,region\nA1,Ada,North\n')
    const inputs = ['--calls', join(folder, 'calls.json'), '--agents', join(folder, 'agents.csv')]
    const output = ['--output', 's3://other-bucket/calls.parquet', '--manifest', join(folder, 'manifest.json')]
    const { status, stderr } = await commandLine('calls', 'clean', ...inputs, ...output)
    expect([status, stderr]).toEqual([1, expect.stringContaining('s3://other-bucket')])
    expect(stderr).toContain('there is no such bucket')
    expect(stderr).not.toContain('calls generate')
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false)
  })
})
