/** Customers who are erased from a lake and from its warehouse, by runs that are killed before any call. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../../src/connect/index.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import {
  deliverState,
  eraseKeys,
  followCommits,
  pglite,
  readStatus,
  verifyState,
} from '../../../../src/pipeline/index.ts'
import { customerIn } from '../../../../src/systems/complaints/clean/customer-ids.ts'
import { warehouseAt } from '../../../../src/systems/complaints/commands/load.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { reconcile } from '../../../../src/systems/complaints/job/reconcile.ts'
import { counting, mortal } from '../../../pipeline/mortal.ts'
import { contentOfLake, placeOf, rowsOf, run, worldOf } from '../worlds.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-erase-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { files, truth } = worldOf({ customers: 1000, days: 4, profile: 'adversarial', seed: 12 })
const later = truth.later.map((one) => one.folder)
/** How often the process dies, at calls spread over the whole. */
const KILLS = 12
const processes = { next: 5000 }
/** Each call is a process of its own: what a dead one locked is free. */
const alone = () => {
  const process = ++processes.next
  return {
    identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
    isRunning: (owner: { readonly process: number }) =>
      owner.process === process ? ('running' as const) : ('gone' as const),
  }
}

async function bytesOf(store: FileStore, name: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  return Buffer.concat(parts)
}

/** The files of a place that name somebody, in their bytes or in the cells of their rows. */
async function naming(out: FileStore, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const { name } of await out.list('')) {
    const bytes = await bytesOf(out, name)
    const frame = name.endsWith('.parquet') ? await parquetFrame(bytes) : null
    const cells = [...(frame?.columns.values() ?? [])].flatMap((column) => [...column].map(String))
    const all = `${bytes.toString('latin1')}\n${cells.join('\n')}`.toLowerCase()
    if (texts.some((text) => all.includes(text))) found.push(name)
  }
  return found
}

/** The customer with most complaints, and all texts that would name them. */
async function someone(out: ReturnType<typeof memoryStore>) {
  const counts = new Map<string, number>()
  for (const table of ['raw_call_logs', 'raw_social_media', 'raw_web_forms']) {
    for (const { complaint_id } of await rowsOf(out, table)) {
      const id = customerIn(String(complaint_id))
      if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
  }
  const known = await rowsOf(out, 'raw_customers')
  const ids = new Map(known.map((row) => [String(row.customer_id), row]))
  const [id] = [...counts].filter(([one]) => ids.has(one)).sort(([, a], [, b]) => b - a)[0] ?? ['']
  const row = ids.get(id) ?? {}
  const texts = [id, id.replaceAll('-', ''), String(row.email).toLowerCase(), String(row.address).toLowerCase()]
  return { id, complaints: counts.get(id) ?? 0, texts }
}

describe('complaints erase', () => {
  it('leaves nothing of the customer in the lake and the warehouse, and every row is accounted for', {
    timeout: 300_000,
  }, async () => {
    const out = memoryStore()
    await run(placeOf(files), out)
    const { id, complaints, texts } = await someone(out)
    const before = (await readStatus({ out })).tables
    expect(complaints).toBeGreaterThan(1)
    const destinations = [warehouseAt(`pglite:${folder}/warehouse`, 'lake')]
    await deliverState(complaintsJob, { out, destinations })
    expect((await naming(out, texts)).length).toBeGreaterThan(4)
    await eraseKeys(complaintsJob, { out, keys: [id] })
    expect(await naming(out, texts)).toEqual([])
    const after = (await readStatus({ out })).tables
    expect(after).toEqual({
      ...before,
      raw_customers: Number(before.raw_customers) - 1,
      customers: Number(before.customers) - 1,
    })
    expect((await reconcile({ out })).isWhole).toBe(true)
    expect((await verifyState(complaintsJob, { out })).damages).toEqual([])

    await deliverState(complaintsJob, { out, destinations })
    const follower = await followCommits(
      complaintsJob,
      pglite({ folder: `${folder}/warehouse`, schema: 'lake', name: 'warehouse' }),
      { out },
    )
    const tables = await follower.query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'lake'`)
    for (const { table_name: table } of tables) {
      const rows = await follower.query(`SELECT t::text AS row FROM lake."${table}" t`)
      const named = rows.filter(({ row }) => texts.some((text) => String(row).toLowerCase().includes(text)))
      expect(named, String(table)).toEqual([])
    }
    await follower.stop()

    // corrected and late days come from sources that still have the customer
    await run(placeOf(files, ...later), out)
    expect(await naming(out, texts)).toEqual([])
    expect((await reconcile({ out })).isWhole).toBe(true)
    const fresh = memoryStore()
    await run(placeOf(files), fresh)
    await eraseKeys(complaintsJob, { out: fresh, keys: [id] })
    await run(placeOf(files, ...later), fresh)
    expect(await contentOfLake(fresh)).toEqual(await contentOfLake(out))
  })

  it('ends the same when it is killed before any call and started again', { timeout: 600_000 }, async () => {
    const start = memoryStore()
    await run(placeOf(files), start)
    const { id, texts } = await someone(start)
    const copyOf = async (): Promise<ReturnType<typeof memoryStore>> => {
      const copy = memoryStore()
      for (const { name } of await start.list('')) await copy.write(name, [await bytesOf(start, name)])
      return copy
    }
    const whole = await copyOf()
    const { store, calls } = counting(whole)
    await eraseKeys(complaintsJob, { out: store, keys: [id] }, alone())
    const expected = await contentOfLake(whole)
    const all = calls()
    for (let nth = 0; nth < KILLS; nth++) {
      const last = 2 + Math.floor((nth * (all - 2)) / KILLS)
      const out = await copyOf()
      const dying = eraseKeys(complaintsJob, { out: mortal(out, last), keys: [id] }, alone())
      await expect(dying, `killed before call ${last} of ${all}`).rejects.toThrow()
      await eraseKeys(complaintsJob, { out, keys: [id] }, alone())
      expect(await contentOfLake(out), `killed before call ${last} of ${all}`).toEqual(expected)
      expect(await naming(out, texts), `killed before call ${last} of ${all}`).toEqual([])
    }
  })
})
