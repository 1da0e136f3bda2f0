/** The bytes of the monthly job: copies, snapshots, stored inputs, rollups and quarantine, each by its hash. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FileStore, folderStore, memoryStore } from '../../src/connect/index.ts'
import { type CopyFormat, runPipeline } from '../../src/pipeline/index.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { supportExtracts } from '../../src/systems/support/sample/extracts.ts'

const project = join(import.meta.dirname, '..', '..')
const challenge = join(project, '..', 'shared', 'data', 'support-challenge')
const fixture = join(import.meta.dirname, '..', 'fixtures', 'monthly-job', 'bytes.json')
/** Writes the fixture anew: only after a change of bytes that is meant. */
const isRenewed = process.env.SUPPORT_ETL_GOLDEN === 'renew'
const golden: Record<string, Record<string, string>> = JSON.parse(readFileSync(fixture, 'utf8'))

async function generated(): Promise<FileStore> {
  const store = memoryStore()
  for (const { name, chunks } of supportExtracts({ interactions: 3000, seed: 7, deltas: 3 })) {
    await store.write(name, chunks())
  }
  return store
}

const SOURCES: Readonly<Record<string, () => FileStore | Promise<FileStore>>> = {
  sample: () => folderStore(join(project, 'examples', 'data', 'support')),
  challenge: () => folderStore(challenge),
  generated,
}

async function hashesOf(out: FileStore): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const { name } of await out.list('')) {
    if (name.startsWith('.support-etl/log/')) continue
    const hash = createHash('sha256')
    for await (const part of out.read(name)) hash.update(part)
    hashes[name] = hash.digest('hex')
  }
  return hashes
}

async function isGolden(title: string, out: FileStore): Promise<void> {
  const hashes = await hashesOf(out)
  if (isRenewed) {
    golden[title] = hashes
    writeFileSync(fixture, `${JSON.stringify(golden, null, 2)}\n`)
  }
  expect(hashes).toEqual(golden[title])
}

for (const [source, open] of Object.entries(SOURCES)) {
  describe.skipIf(source === 'challenge' && !existsSync(challenge))(`the monthly job on the ${source} files`, () => {
    it.each<CopyFormat>(['csv', 'json', 'parquet'])('writes the bytes of before as %s', async (format) => {
      const out = memoryStore()
      await runPipeline(supportJob, { data: await open(), out, format })
      await isGolden(`${source} ${format}`, out)
    })

    it('writes the bytes of before in another zone, month by month', async () => {
      const [data, out] = [await open(), memoryStore()]
      const options = { data, out, timeZone: 'Europe/Zurich', monthFrom: 'timestamp' }
      await runPipeline(supportJob, { ...options, months: ['202502'] })
      await runPipeline(supportJob, options)
      await isGolden(`${source} by month`, out)
    })
  })
}
