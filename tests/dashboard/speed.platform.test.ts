import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { parquetBytes, parquetFrame } from '../../src/format/parquet/parquet.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { curatedCalls } from '../../src/systems/calls/tables.ts'
import { takeRows } from '../../src/table/take.ts'
import { builtPages, chromiumPath, clean, launch, openCalls, serve, watchedPage } from './browser.ts'

async function bytesOf(store: FileStore, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part.slice())
  return Buffer.concat(parts)
}

/** 100,000 curated calls. */
async function manyCalls(): Promise<FileStore> {
  const store = memoryStore()
  for (const { name, chunks } of callLog({ calls: 100_500 })) await store.write(name, chunks())
  await clean(store)
  return store
}

/** The same calls ten times over: as large as a million others, without the minute that making those takes. */
async function tenfold(store: FileStore): Promise<FileStore> {
  const frame = await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))
  const rows = Int32Array.from({ length: frame.rows * 10 }, (_, row) => Math.floor(row / 10))
  const large = memoryStore()
  await large.write('cleaned_calls.parquet', [await parquetBytes(takeRows(frame, rows), { contract: curatedCalls })])
  return large
}

const CLICKS = [
  '[data-dimension=issue] [data-member=Billing]',
  '[data-dimension=region] [data-member=North]',
  '[data-dimension=issue] [data-member=Billing]',
  '.segments button:nth-child(3)',
  '[data-dimension=region] [data-member=North]',
  '.segments button:last-child',
]

/** What clicks need, in milliseconds. */
interface Times {
  readonly calls: string
  /** Of each click, until everything is drawn: the worker filters and counts, the page draws. */
  readonly times: readonly number[]
  /** The longest task of the page in a round of all clicks; tasks below 50 ms are not told apart. */
  readonly longest: number
}

/**
 * Measures each click. Other work of the machine only adds to what is measured, so the least of several rounds says what the
 * page needs.
 */
async function timesOf(browser: Browser, store: FileStore): Promise<Times> {
  const served = await serve(await builtPages(), store)
  try {
    const { page, complaints } = await watchedPage(browser, served.address)
    await openCalls(page, served.address)
    const { times, longest } = await page.evaluate(async (clicks) => {
      const content = document.querySelector('.calls-page')
      const drawn = () =>
        new Promise<void>((resolve) => {
          const look = () => {
            if (content?.hasAttribute('aria-busy')) return
            watch.disconnect()
            resolve()
          }
          const watch = new MutationObserver(look)
          watch.observe(content as Element, { attributes: true })
          look()
        })
      let tasks: number[] = []
      new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'longtask',
      })
      const least = clicks.map(() => Number.POSITIVE_INFINITY)
      let longest = Number.POSITIVE_INFINITY
      for (let round = 0; round < 6; round++) {
        tasks = []
        for (const [index, selector] of clicks.entries()) {
          const begin = performance.now()
          document.querySelector<HTMLElement>(selector)?.click()
          await drawn()
          document.body.getBoundingClientRect()
          least[index] = Math.min(least[index] ?? 0, performance.now() - begin)
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        }
        // what was observed is told in a later task
        await new Promise((resolve) => setTimeout(resolve, 100))
        longest = Math.min(longest, Math.max(0, ...tasks))
      }
      return { times: least, longest }
    }, CLICKS)
    expect(complaints).toEqual([])
    const calls = (await page.locator('.kpi .figure').first().textContent()) ?? ''
    await page.context().close()
    return { calls, times, longest }
  } finally {
    await served.close()
  }
}

describe.skipIf(chromiumPath === undefined)(
  'the dashboard at size (apt-get install chromium, or CHROMIUM=path)',
  () => {
    let browser: Browser
    let store: FileStore
    beforeAll(async () => {
      browser = await launch()
      store = await manyCalls()
    }, 120_000)
    afterAll(() => browser?.close())

    // measured again where something else took the machine meanwhile
    it('filters and redraws 100,000 calls within 150 ms, and answers people in between: no task of 50 ms', {
      timeout: 120_000,
      retry: 3,
    }, async () => {
      const { calls, times, longest } = await timesOf(browser, store)
      expect(calls).toMatch(/^100,\d{3}$/)
      expect(Math.max(...times)).toBeLessThan(150)
      expect(longest).toBe(0)
    })

    it('stays usable with 1,000,000', async () => {
      const { calls, times, longest } = await timesOf(browser, await tenfold(store))
      expect(calls).toMatch(/^1,00\d,\d{3}$/)
      expect(Math.max(...times)).toBeLessThan(1000)
      // the calls are the worker's affair, however many
      expect(longest).toBe(0)
    }, 240_000)
  },
)
