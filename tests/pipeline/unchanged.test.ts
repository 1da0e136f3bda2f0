/** What a place says of a file is enough to know it again: nothing that stayed as it was is read a second time. */
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, folderStore, memoryStore, s3Store } from '../../src/connect/index.ts'
import { nodeEffects, runPipeline, verifyState } from '../../src/pipeline/index.ts'
import { readHead } from '../../src/pipeline/log/commit-log.ts'
import { type DoubleOptions, KEYS, S3Double } from '../connect/s3/s3-double.ts'
import { filesOf, phoneJob, stateFolder, testFolders, textOf, threeMonths } from './phone-job.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function openBucket(options: DoubleOptions = {}, partSize = 16 << 20) {
  const double = new S3Double(options)
  const client = { requestHandler: double.handler(), credentials: KEYS }
  const place = (folder: string) => s3Store(`s3://bucket/${folder}`, { endpoint: 'http://double', client, partSize })
  return { double, data: place('data'), out: place('out') }
}

async function fill(data: FileStore, files: Readonly<Record<string, string | Uint8Array>> = filesOf(threeMonths)) {
  for (const [name, content] of Object.entries(files)) {
    await data.write(name, [typeof content === 'string' ? encode(content) : content])
  }
}

/** The files that a bucket was asked for, other than those of the log and the lock and the one that would name an engine. */
async function filesAskedFor(double: S3Double, work: () => Promise<unknown>): Promise<readonly string[]> {
  double.calls.length = 0
  await work()
  return double.calls.filter(
    (call) => /^GET \/bucket\/./.test(call) && !/\/\.support-etl\/l|\/engine\.json$/.test(call),
  )
}

describe.each([
  ['whole', 16 << 20],
  ['in parts', 20],
])('a run on a bucket whose files go up %s', (_, partSize) => {
  const { double, data, out } = openBucket({}, partSize)
  const run = () => runPipeline(phoneJob, { data, out })

  it('asks for no file again when nothing changed', async () => {
    await fill(data)
    expect(await run()).toMatchObject({ status: 'committed' })
    expect(await filesAskedFor(double, run)).toEqual([])
    expect(await run()).toMatchObject({ status: 'nothing_to_do' })
  })

  it('knows a file that was sent again as it was', async () => {
    await fill(data, { 'initial/teams.csv': filesOf(threeMonths)['initial/teams.csv'] ?? '' })
    expect(await filesAskedFor(double, run)).toEqual([])
  })

  it('looks into a file of the same size whose tag is another', async () => {
    const was = await textOf(data, 'initial/teams.csv')
    await data.write('initial/teams.csv', [encode(was.replace('Red', 'Rot'))])
    await expect(run()).rejects.toMatchObject({ code: 'file_changed' })
    await data.write('initial/teams.csv', [encode(was)])
    expect(await run()).toMatchObject({ status: 'nothing_to_do' })
  })

  it('writes a copy again that is another one, and asks for that one alone', async () => {
    const was = await textOf(out, 'teams.csv')
    await out.write('teams.csv', [encode(was.replace('Navy', 'Grau'))])
    const asked = await filesAskedFor(double, async () => expect(await run()).toMatchObject({ status: 'republished' }))
    expect(asked.filter((call) => call.endsWith('.csv'))).toEqual(['GET /bucket/out/teams.csv'])
    expect(await textOf(out, 'teams.csv')).toBe(was)
    expect(await filesAskedFor(double, run)).toEqual([])
  })

  it('is verified by bytes all the same', async () => {
    const copy = double.objects.get('out/teams.csv')
    // the tag lies: the bytes were changed behind it
    if (copy !== undefined)
      double.objects.set('out/teams.csv', { ...copy, bytes: encode('x'.repeat(copy.bytes.length)) })
    expect((await verifyState(phoneJob, { out })).damages).toEqual([
      { name: 'teams.csv', problem: 'differs', kind: 'copy' },
    ])
  })
})

describe('a run on a server that makes its tags otherwise', () => {
  it.each(['count', 'weak'] as const)('compares bytes where a tag proves nothing: %s', async (tags) => {
    const { double, data, out } = openBucket({ tags })
    await fill(data)
    await runPipeline(phoneJob, { data, out })
    const again = () => runPipeline(phoneJob, { data, out })
    const copies = (await filesAskedFor(double, again)).filter((call) => call.includes('/out/'))
    expect(copies).toHaveLength(3)
    expect(await again()).toMatchObject({ status: 'nothing_to_do' })
  })

  it('believes a tag that it was told for the same bytes, and only once these have settled', async () => {
    const { double, data, out } = openBucket({ tags: 'count' })
    await fill(data)
    const [entry] = await data.list('initial/')
    const changedAt = entry?.changedAt ?? 0
    const sources = async (now: number) => {
      const place = memoryStore()
      const run = () => runPipeline(phoneJob, { data, out: place }, { now: () => now })
      await run()
      return (await filesAskedFor(double, run)).length
    }
    // files of the double are a second apart: the first is settled, the others are not yet
    expect(await sources(changedAt + 2500)).toBe(4)
    expect(await sources(changedAt + 60_000)).toBe(0)
    expect((await runPipeline(phoneJob, { data, out })).status).toBe('committed')
  })
})

describe('packed files', () => {
  const folders = testFolders('unchanged')
  afterAll(() => folders.remove())

  it('are known again without their bytes, on a bucket and in a folder', async () => {
    const packed = Object.entries(filesOf(threeMonths)).map(([name, text]) => [`${name}.gz`, gzipSync(text)] as const)
    const bucket = openBucket()
    const folder = { data: folderStore(folders.next()), out: stateFolder(folders.next()) }
    for (const { data, out } of [bucket, folder]) {
      await fill(data, Object.fromEntries(packed))
      const later = Date.now() + 60_000
      await runPipeline(phoneJob, { data, out }, { now: () => later })
      const head = await readHead(out, nodeEffects())
      expect(head?.record.inputs.map(({ version }) => typeof version)).toEqual(packed.map(() => 'string'))
    }
    const { double, data, out } = bucket
    expect(await filesAskedFor(double, () => runPipeline(phoneJob, { data, out }))).toEqual([])
  })
})
