import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import {
  collectGarbage,
  defineJob,
  extractsAndDeltas,
  json,
  objects,
  readStatus,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { nextMonth } from '../../../src/pipeline/job/month.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import type { InputRecord } from '../../../src/pipeline/log/commit-record.ts'
import { paged } from '../../../src/pipeline/log/ledger-pages.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'

const inputs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ table: 'calls', unit: `calls/${at}.json` }) as InputRecord)
const names = (page: readonly InputRecord[]) => page.map(({ unit }) => unit).join()

describe('the pages of a ledger', () => {
  it('are none for up to 200 inputs, and leave at most 200 to the record beyond', () => {
    expect(paged(inputs(200))).toEqual([])
    for (const count of [201, 1000, 5000, 20_000]) {
      const pages = paged(inputs(count))
      expect(pages.length).toBeGreaterThan(0)
      expect(count - pages.reduce((sum, page) => sum + page.length, 0)).toBeLessThanOrEqual(200)
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(4096)
    }
  })

  it('stay the same where inputs come or go elsewhere', () => {
    const before = paged(inputs(50_000)).map(names)
    const without = inputs(50_000).filter((_, at) => at !== 25_000)
    const after = new Set(paged(without).map(names))
    expect(before.length).toBeGreaterThan(50)
    expect(before.filter((page) => !after.has(page))).toHaveLength(1)
  })
})

describe('a log with more inputs than its records hold', () => {
  const halls = defineTable('halls', { id: key(string()), name: string() })
  const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
  const files: Record<string, string> = { 'initial/halls.csv': 'id,name\nH0,Hall\n' }
  for (let at = 1, month = '2000-01'; at <= 230; at++, month = nextMonth(month)) {
    files[`delta/halls_delta_${month.replace('-', '')}.csv`] = `id,name,action\nH${at},Hall ${at},add\n`
  }

  it('has the inputs in pages, for every reader', async () => {
    const [data, out] = [memoryStore(files), memoryStore()]
    await runPipeline(job, { data, out })
    const head = await readHead(out, nodeEffects())
    expect(head?.record.features).toEqual(['ledger_pages'])
    expect(head?.record.inputs).toHaveLength(231)
    const [record] = await out.list('.support-etl/log/')
    expect(record?.size).toBeLessThan(100_000)
    expect((await readStatus({ out })).inputs.map(({ month }) => month)).toEqual(
      head?.record.inputs.map(({ month }) => month),
    )
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
    expect((await verifyState(job, { out })).damages).toEqual([])
    expect((await collectGarbage({ out, graceDays: 0 })).files).toEqual([])
  })

  it('is read when gc removed the pages of earlier commits', async () => {
    const source = objects({ prefix: 'halls/', name: '{id}.json', format: json() })
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`halls/H${at}.json`, `{"id":"H${at}","name":"Hall"}`]),
    )
    const mirrored = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
    const out = memoryStore()
    await runPipeline(mirrored, { data: memoryStore(files), out })
    await runPipeline(mirrored, { data: memoryStore({ ...files, 'halls/H7.json': '{"id":"H7","name":"Old"}' }), out })
    const { files: removed } = await collectGarbage({ out, action: 'remove', graceDays: 0, keepVersions: 1 })
    expect(removed.some(({ name }) => name.includes('/ledger-'))).toBe(true)
    expect((await verifyState(mirrored, { out })).damages).toEqual([])
    expect((await collectGarbage({ out, graceDays: 0, keepVersions: 1 })).files).toEqual([])
  })

  it('is refused when a byte of a page differs', async () => {
    const [data, out] = [memoryStore(files), memoryStore()]
    await runPipeline(job, { data, out })
    const [page] = (await readHead(out, nodeEffects()))?.record.pages ?? []
    const parts: Uint8Array[] = []
    for await (const part of out.read(page?.name ?? '')) parts.push(Uint8Array.from(part))
    const bytes = Buffer.concat(parts)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    await out.write(page?.name ?? '', [bytes])
    await expect(readStatus({ out })).rejects.toMatchObject({ code: 'data_damaged' })
  })
})
