/**
 * Takes the pictures for the guides, in docs/images: `node --conditions=support-etl-source
 * tools/screenshots.ts [beginning of names]`. Needs Debian's chromium, or a browser that CHROMIUM names.
 * @module
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { memoryStore } from '../src/connect/memory.ts'
import { runPipeline } from '../src/pipeline/run.ts'
import { callLog } from '../src/systems/calls/sample/call-log.ts'
import { complaintsJob, complaintsWorld } from '../src/systems/complaints/index.ts'
import { supportJob } from '../src/systems/support/job.ts'
import { supportExtracts } from '../src/systems/support/sample/extracts.ts'
import { transcriptsJob } from '../src/systems/transcripts/job/transcripts-job.ts'
import { builtPages, clean, launch, openCalls, serve, watchedPage } from '../tests/dashboard/browser.ts'
import { placeOf } from '../tests/systems/transcripts/calls.ts'

const images = join(import.meta.dirname, '..', 'docs', 'images')

interface Picture {
  readonly name: string
  /** Of the page of calls. */
  readonly query?: string
  /** Of another page, and what is there once it is drawn. */
  readonly path?: string
  readonly sign?: string
  readonly context?: BrowserContextOptions
  readonly prepare?: (page: Page) => Promise<void>
}

const wide = { width: 1360, height: 1010 }

const PICTURES: readonly Picture[] = [
  { name: 'dashboard-light', query: 'period=28d', context: { viewport: wide } },
  {
    name: 'dashboard-dark',
    query: 'period=28d&issue=Billing&region=North',
    context: { viewport: wide, colorScheme: 'dark' },
  },
  {
    name: 'dashboard-filter',
    query: 'period=91d&issue=Technical',
    context: { viewport: { width: 1360, height: 620 } },
    prepare: async (page) => {
      await page.locator('[data-filter=agent] > button').click()
      await page.locator('[data-filter=agent] input[type=checkbox]').nth(1).check()
      await page.locator('[data-filter=agent] input[type=checkbox]').nth(3).check()
    },
  },
  {
    name: 'dashboard-drag',
    query: 'period=28d',
    context: { viewport: { width: 1360, height: 620 } },
    prepare: async (page) => {
      const parts = page.locator('.chart').first().locator('.part')
      await parts.nth(9).hover()
      await page.mouse.down()
      await parts.nth(15).hover({ position: { x: 12, y: 60 } })
    },
  },
  {
    name: 'dashboard-note',
    query: 'period=28d&issue=Technical',
    context: { viewport: { width: 1360, height: 460 } },
    prepare: async (page) => {
      await page.locator('[data-kpi=average_handle_minutes]').focus()
    },
  },
  {
    name: 'dashboard-agents',
    query: 'period=91d',
    context: { viewport: { width: 1360, height: 900 } },
    prepare: async (page) => {
      await page.locator('.agents').scrollIntoViewIfNeeded()
      await page.evaluate(() => document.querySelector('.agents')?.closest('.card')?.scrollIntoView())
      await page.waitForTimeout(200)
    },
  },
  { name: 'dashboard-empty', query: 'period=7d&region=Nowhere', context: { viewport: { width: 1360, height: 760 } } },
  { name: 'dashboard-narrow', query: 'period=28d', context: { viewport: { width: 400, height: 1500 } } },
  {
    name: 'dashboard-print',
    query: 'period=28d&issue=Billing',
    context: { viewport: { width: 794, height: 1123 } },
    prepare: async (page) => {
      await page.emulateMedia({ media: 'print' })
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'dashboard-home',
    path: '',
    sign: 'html[data-ready=home]',
    context: { viewport: { width: 1360, height: 620 } },
  },
  { name: 'dashboard-months', path: 'support', sign: '.months-page .card', context: { viewport: wide } },
  {
    name: 'dashboard-data',
    path: 'data/support_report?sort=-total_interactions&column=total_call_duration&is.department=Accounts',
    sign: '.column [data-figure=Sum]',
    context: { viewport: { width: 1360, height: 1400 } },
  },
  {
    name: 'transcripts-light',
    path: 'transcripts',
    sign: 'html[data-ready=transcripts] .reader mark',
    context: { viewport: wide },
  },
  {
    name: 'transcripts-reader',
    path: 'transcripts',
    sign: 'html[data-ready=transcripts] .reader mark',
    context: { viewport: { width: 1360, height: 860 } },
    prepare: async (page) => {
      // a happy customer who bought something else as well
      await page.locator('tr:has([data-call]):has-text("positive"):has-text("$") [data-call]').first().click()
      await page.locator('.reader mark[data-metric=upsell]').first().waitFor()
      await page.evaluate(() => document.querySelector('.reader')?.scrollIntoView({ block: 'end' }))
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'complaints-light',
    path: 'complaints',
    sign: 'html[data-ready=complaints]',
    context: { viewport: { width: 1360, height: 1220 } },
  },
  {
    name: 'complaints-times',
    path: 'complaints?channel=social+media&channel=web+form',
    sign: 'html[data-ready=complaints]',
    context: { viewport: { width: 1360, height: 1000 } },
    prepare: async (page) => {
      await page.evaluate(() => {
        const region = document.querySelector('[aria-label="Resolution times by channel and category"]')
        region?.closest('.card')?.scrollIntoView()
        // below the bar of filters, which stays at the top
        scrollBy(0, -70)
      })
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'complaints-rows',
    path: 'complaints?waits=call_logs',
    sign: 'html[data-ready=complaints]',
    context: { viewport: { width: 1360, height: 900 } },
    prepare: async (page) => {
      await page.evaluate(() => {
        const region = document.querySelector('[aria-label="Rows of each delivery at each hop"]')
        region?.closest('.card')?.scrollIntoView()
        scrollBy(0, -70)
      })
      await page.waitForTimeout(200)
    },
  },
]

/** The pictures that the command line names, or all: `node … tools/screenshots.ts transcripts`. */
const chosen = PICTURES.filter(({ name }) => name.startsWith(process.argv[2] ?? ''))

mkdirSync(images, { recursive: true })
const [store, out, source, transcripts] = [memoryStore(), memoryStore(), memoryStore(), memoryStore()]
const [world, lake] = [memoryStore(), memoryStore()]
for (const { name, chunks } of callLog({ calls: 20_000, seed: 4 })) await store.write(name, chunks())
await clean(store)
for (const { name, chunks } of supportExtracts({ interactions: 20_000, seed: 2 })) await source.write(name, chunks())
await runPipeline(supportJob, { data: source, out })
await runPipeline(transcriptsJob, { data: placeOf(2000, 5), out: transcripts })
for (const { name, chunks } of complaintsWorld({ customers: 10_000, profile: 'adversarial' })) {
  await world.write(name, chunks())
}
await runPipeline(complaintsJob, { data: world, out: lake, format: 'parquet' })

const places = [
  { id: '', out },
  { id: 'transcripts', out: transcripts },
  { id: 'complaints', out: lake },
]
const served = await serve(await builtPages(), store, out, async () => places)
const browser = await launch()
for (const { name, query, path, sign, context, prepare } of chosen) {
  const { page, complaints } = await watchedPage(browser, served.address, context)
  if (path === undefined || sign === undefined) await openCalls(page, served.address, query)
  else {
    await page.goto(`${served.address}${path}`)
    await page.locator(sign).first().waitFor({ state: 'attached' })
  }
  await prepare?.(page)
  await page.screenshot({ path: join(images, `${name}.png`) })
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  await page.context().close()
}
await browser.close()
await served.close()
