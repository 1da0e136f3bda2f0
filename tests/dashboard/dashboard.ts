/**
 * A dashboard of the tests: a made-up center's calls and the sample of the monthly job, in a browser that is watched.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import type { PageFile } from '../../src/dashboard/page-files.ts'
import type { NamedPlace } from '../../src/dashboard/places.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { placeOf, run } from '../systems/transcripts/calls.ts'
import { builtPages, clean, launch, openCalls, serve, type WatchedPage, watchedPage } from './browser.ts'
import { shownFigures, toldFigures } from './figures.ts'

/** What a dashboard has beside the calls and the monthly job. */
interface DashboardExtras {
  /** So many transcripts, in a place below that of the monthly job; none without it. */
  readonly transcripts?: number
}

/** Returns the dashboard that the tests of a suite share; call it in the suite. */
export function sharedDashboard({ transcripts }: DashboardExtras = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-dashboard-'))
  let browser: Browser
  let pages: PageFile[]
  let served: Awaited<ReturnType<typeof serve>>
  let open: WatchedPage[] = []

  beforeAll(async () => {
    pages = await builtPages()
    const store = folderStore(folder)
    for (const { name, chunks } of callLog({ calls: 3000, seed: 3 })) await store.write(name, chunks())
    await clean(store)
    const out = folderStore(join(folder, 'output'))
    await runPipeline(supportJob, { data: 'examples/data/support', out })
    const places: NamedPlace[] = [{ id: '', out }]
    if (transcripts !== undefined) {
      const below = memoryStore()
      await run(placeOf(transcripts), below)
      places.push({ id: 'transcripts', out: below })
    }
    served = await serve(pages, store, out, async () => places)
    browser = await launch()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await served?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  afterEach(async () => {
    const complaints = open.flatMap((one) => one.complaints)
    for (const { page } of open) await page.context().close()
    open = []
    // whatever a test does: no error, no request to elsewhere
    expect(complaints).toEqual([])
  })

  const data = join(folder, 'cleaned_calls.parquet')
  /** The query of the page's address, as the page itself has it: the browser tells others a little later. */
  const queryOf = (page: Page) => page.evaluate(() => location.search.slice(1))

  async function fresh(options: Parameters<typeof watchedPage>[2] = {}, address = served.address): Promise<Page> {
    const watched = await watchedPage(browser, address, options)
    open.push(watched)
    return watched.page
  }

  return {
    data,
    queryOf,
    fresh,
    pages: () => pages,
    address: () => served.address,
    /** What the pages of this test complained about so far; taken away with `splice`. */
    complaints: () => open[0]?.complaints ?? [],
    /** A page that shows the calls of a query. */
    async calls(query = ''): Promise<Page> {
      const page = await fresh()
      await openCalls(page, served.address, query)
      return page
    },
    /** Serves calls of a place of its own. */
    async withCalls(
      log: string,
      test: (page: Page, store: FileStore) => Promise<void>,
      agents = 'agent_id,name,region\nA0,Nobody Called,North\n',
    ): Promise<void> {
      const store = memoryStore({ 'sample_calls.json': log, 'agents.csv': agents })
      await clean(store)
      const other = await serve(pages, store)
      const page = await fresh({}, other.address)
      await openCalls(page, other.address)
      try {
        await test(page, store)
      } finally {
        await page.close()
        await other.close()
      }
    },
    /** Everything that the page shows is what the command line says of the same query. */
    async expectToldFigures(page: Page): Promise<void> {
      expect(await shownFigures(page)).toEqual(toldFigures(data, await queryOf(page)))
    },
  }
}
