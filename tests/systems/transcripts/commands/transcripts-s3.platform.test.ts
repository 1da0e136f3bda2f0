/** Transcripts in a bucket of a real S3 server: runs one after the other end like one run, and a broken listing withdraws nothing. */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { readStatus } from '../../../../src/pipeline/index.ts'
import { readWhole } from '../../../../src/pipeline/state/data-files.ts'
import { readQuarantine } from '../../../../src/pipeline/state/read-quarantine.ts'
import { transcriptsJobOf } from '../../../../src/systems/transcripts/job/transcripts-job.ts'
import { emptyFolder, supportEtl } from '../../../cli/command-line.ts'
import { environmentOf, hasMoto, type Moto, startMoto } from '../../../moto-server.ts'
import { callFile, placeOf, publishedIn, put, run, textOf } from '../calls.ts'
import { CALLS, CHANGES, SALE, WAITING } from '../changes.ts'

/** What goes wrong with a request for the second page of a listing. */
type Fault = 'none' | 'no answer' | 'half of the page' | 'no more pages'

/** A way to the server on which listings are cut. */
class BrokenWay {
  fault: Fault = 'none'
  /** How many second pages were asked for. */
  seconds = 0
  readonly #server: Server

  constructor(endpoint: string) {
    this.#server = createServer((incoming, outgoing) => {
      const isSecond = incoming.url?.includes('continuation-token=') === true
      const isList = incoming.url?.includes('list-type=2') === true
      if (isSecond) this.seconds++
      const { fault } = this
      if (isSecond && fault === 'no answer') return incoming.socket.destroy()
      const { method, headers, url } = incoming
      const onward = request(`${endpoint}${url}`, { method: method ?? 'GET', headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          let body = Buffer.concat(chunks)
          if (isSecond && fault === 'half of the page') body = body.subarray(0, body.length / 2)
          if (isList && fault === 'no more pages') {
            body = Buffer.from(body.toString().replace(/<NextContinuationToken>[^<]*<\/NextContinuationToken>/, ''))
          }
          outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': body.length })
          outgoing.end(body)
        })
      })
      return incoming.pipe(onward)
    })
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** Puts calls into a bucket, some at a time. */
async function fill(bucket: FileStore, calls: number): Promise<void> {
  const place = placeOf(calls)
  const names = (await place.list('')).map(({ name }) => name)
  for (let at = 0; at < names.length; at += 50) {
    await Promise.all(names.slice(at, at + 50).map(async (name) => put(bucket, name, await textOf(place, name))))
  }
}

describe.skipIf(!hasMoto)('transcripts in a bucket (.ci/run installs moto in tests/.venv)', () => {
  let moto: Moto
  beforeAll(async () => {
    moto = await startMoto()
  }, 60_000)
  afterAll(() => moto?.stop())

  it('are what one run into an empty bucket publishes, after each kind of change', async () => {
    const bucket = await moto.newBucket()
    const [data, out] = [moto.place(`${bucket}/lake`), moto.place(`${bucket}/output`)]
    await fill(data, CALLS)
    await run(data, out)
    for (const [at, [what, change]] of CHANGES.entries()) {
      await change(data)
      const { status } = await run(data, out)
      const clean = moto.place(`${bucket}/clean-${at}`)
      await run(data, clean)
      expect(await publishedIn(out), what).toEqual(await publishedIn(clean))
      expect((await run(data, out)).status, `again after ${what}, which was ${status}`).toBe('nothing_to_do')
    }
    const { rows } = await readQuarantine({ out })
    expect(rows.map(({ file, code }) => [file, code])).toEqual(WAITING)
  }, 300_000)

  it('withdraws nothing for a wrong prefix, an empty place, half of the calls, or a listing that is cut', async () => {
    // more calls than one page of a listing holds
    const calls = 1100
    const bucket = await moto.newBucket()
    const way = new BrokenWay(moto.endpoint)
    const data = moto.place(`${bucket}/lake`, await way.open())
    const out = memoryStore()
    await fill(data, calls)
    expect((await run(data, out)).tables.gold_call_analytics).toBe(calls)
    expect(way.seconds).toBeGreaterThan(0)
    const before = await publishedIn(out)
    for (const fault of ['no answer', 'half of the page', 'no more pages'] as const) {
      way.fault = fault
      await expect(run(data, out), fault).rejects.toMatchObject({ code: 'io_failed' })
    }
    way.fault = 'none'
    await expect(run(data, out, {}, transcriptsJobOf({ prefix: 'silver/' }))).rejects.toMatchObject({
      code: 'options_changed',
    })
    await expect(run(moto.place(`${bucket}/lak`), out)).rejects.toMatchObject({ code: 'source_empty' })
    const half = moto.place(`${bucket}/half`)
    await fill(half, calls / 2)
    await expect(run(half, out)).rejects.toMatchObject({ code: 'too_many_withdrawn' })
    expect(await publishedIn(out)).toEqual(before)
    expect((await readStatus({ out })).commit).toBe(1)
    expect((await run(data, out)).status).toBe('nothing_to_do')
    way.close()
  }, 300_000)

  it('are made, run, changed, and shown by the commands, with what the environment says', async () => {
    const bucket = await moto.newBucket()
    const env = { ...environmentOf(moto.endpoint), BUCKET_NAME: bucket, S3_PREFIX: 'calls/raw/' }
    const cwd = emptyFolder()
    const command = (args: string) => supportEtl(['transcripts', ...args.split(' ')], { cwd, env })
    expect(command('generate --num-calls 60')).toMatchObject({ status: 0 })
    const store = moto.place(bucket)
    expect((await store.list('calls/raw/')).length).toBe(60)
    const out = `--out s3://${bucket}/output`
    expect(command(`etl ${out} --batch-size 7`)).toMatchObject({ status: 0 })
    const first = JSON.parse(command(`status ${out} --json`).stdout)
    expect([first.bronze.files, first.layers.gold.rows, first.quarantined]).toEqual([60, 60, 0])
    await put(store, 'calls/raw/NEW.json', callFile('NEW', SALE))
    expect(command(`incremental ${out}`).stdout).toContain('committed version 2')
    expect(command(`incremental ${out}`).stdout).toContain('nothing to do')
    expect(new TextDecoder().decode(await readWhole(store, 'output/gold_call_upsells.csv'))).toContain(
      '\nNEW,1,extended warranty,29.99,true,',
    )
  }, 300_000)
})
