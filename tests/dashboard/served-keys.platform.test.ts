/** The pages beside the API, behind keys, in a browser: who sees what, and where a key is. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { dashboardData } from '../../src/dashboard/data.ts'
import type { PageFile } from '../../src/dashboard/page-files.ts'
import { servedSite } from '../../src/dashboard/served-site.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { LIMITS } from '../../src/server/http-server.ts'
import { createKey, revokeKey } from '../../src/server/keys/key-file.ts'
import { requestLog } from '../../src/server/request-log.ts'
import { type RunningServer, startServer } from '../../src/server/start-server.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { interactionsJob } from '../../src/systems/interactions/job/interactions-job.ts'
import { interactionFiles } from '../../src/systems/interactions/sample/interaction-files.ts'
import { SUPPORT_ROUTES } from '../../src/systems/support/routes/index.ts'
import { effects, shown } from '../systems/interactions/answers-suite.ts'
import { builtPages, chromiumPath, clean, filesIn, launch, type WatchedPage, watchedPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const DAY = 86_400_000
/** What Chromium itself says of a refusal that the page deals with. */
const REFUSED = /^console error: Failed to load resource: the server responded with a status of 40[13]/

describe.skipIf(chromiumPath === undefined)('pages behind keys in Chromium (apt-get install chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-keys-'))
  const data = folderStore(folder)
  const out = folderStore(join(folder, 'output'))
  let browser: Browser
  let pages: readonly PageFile[]
  let servers: RunningServer[] = []
  let opened: WatchedPage[] = []

  beforeAll(async () => {
    pages = await builtPages()
    for (const { name, chunks } of callLog({ calls: 300, seed: 3 })) await data.write(name, chunks())
    await clean(data)
    for (const { name, chunks } of interactionFiles({ interactions: 500, customers: 30, seed: 5 })) {
      await data.write(name, chunks())
    }
    await runPipeline(interactionsJob, { data, out }, effects)
    browser = await launch()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(async () => {
    const complaints = opened.flatMap((one) => one.complaints).filter((text) => !REFUSED.test(text))
    for (const { page } of opened) await page.context().close()
    for (const server of servers) await server.close()
    servers = []
    opened = []
    expect(complaints).toEqual([])
  })

  /** A server whose keys are in a place of their own. */
  async function start(keys = memoryStore()): Promise<RunningServer> {
    const places = async () => [{ id: '', out }]
    const values = { data: filesIn(data).output.name }
    const read = await dashboardData({ systems: SYSTEMS, values, places }, { ...effects, openSource: () => data })
    const server = await startServer({
      api: { title: 'tests', version: '1.0.0' },
      systems: [{ name: 'support', title: 'Support', routes: SUPPORT_ROUTES, job: null, openDatabase: null }],
      pages: servedSite(() => pages, read),
      places: async () => [out],
      newPlace: () => out,
      ...{ host: '127.0.0.1', port: 0, names: [], keys, token: null, rateLimit: null, limits: LIMITS, effects },
      log: requestLog('silent', { write() {} }),
      interval: 200,
    })
    servers.push(server)
    return server
  }
  const newKey = (keys = memoryStore(), scopes: readonly ('read' | 'import')[] = ['read'], days = 1) =>
    createKey(keys, { name: `pages ${days} ${scopes}`, scopes, expiresAt: Date.now() + days * DAY }, effects)

  async function fresh(server: RunningServer, path: string): Promise<Page> {
    const watched = await watchedPage(browser, server.address)
    opened.push(watched)
    await watched.page.goto(`${server.address}${path}`)
    return watched.page
  }
  const form = (page: Page) => page.getByRole('form', { name: 'Key' })
  const ready = (page: Page, id: string) => page.locator(`html[data-ready=${id}]`).waitFor({ timeout: 60_000 })
  const give = async (page: Page, key: string, keep = false) => {
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill(key)
    await page.getByLabel('Keep it until this tab is closed').setChecked(keep)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
  }
  const fault = (page: Page) => page.getByRole('alert').filter({ hasText: /\w/ })

  /** The figures of the page are those of `interactions show`. */
  async function expectShownFigures(page: Page): Promise<void> {
    await page.locator('.interactions-page:not([aria-busy])').waitFor({ timeout: 60_000 })
    const listed = (await shown({ out: join(folder, 'output'), perPage: '20' })) as {
      readonly data: readonly { customer_id: number; interactions: Record<string, number> }[]
      readonly meta: { readonly total: number }
    }
    const rows = await page
      .getByRole('region', { name: 'Interactions by customer and channel', exact: true })
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => Array.from(row.children, (cell) => Number.parseInt(cell.textContent ?? '', 10))),
      )
    expect(rows.map((row) => row.slice(0, -1))).toEqual(
      listed.data.map(({ customer_id, interactions }) => [customer_id, ...Object.values(interactions)]),
    )
    expect(await page.locator('[data-kpi=customers] .figure').getAttribute('data-value')).toBe(
      String(listed.meta.total),
    )
  }

  it('shows the figures to this machine without a form while there is no key', async () => {
    const page = await fresh(await start(), '/interactions')
    await ready(page, 'interactions')
    expect(await form(page).count()).toBe(0)
    await expectShownFigures(page)
  }, 180_000)

  it('shows nothing without a key, and with one the figures of interactions show', async () => {
    const keys = memoryStore()
    const { key } = await newKey(keys)
    const server = await start(keys)
    const page = await fresh(server, '/interactions')
    const answered: string[] = []
    page.on('response', (response) => {
      const { pathname, href } = new URL(response.url())
      if (pathname.startsWith('/data/') && response.ok()) answered.push(pathname)
      expect(href).not.toContain(key)
    })
    await form(page).waitFor()
    await page.waitForTimeout(500)
    expect(answered).toEqual([])
    await give(page, key)
    await ready(page, 'interactions')
    await expectShownFigures(page)
    expect(answered.length).toBeGreaterThan(1)
    expect(page.url()).toBe(`${server.address}/interactions`)
    // every page, each with a file of its own kind: Parquet in a worker, JSON, tables
    for (const [path, id] of [
      ['Home', 'home'],
      ['Calls', 'calls'],
      ['Data', 'data'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: path, exact: true }).click()
      await ready(page, id)
    }
    await page.getByRole('link', { name: 'interactions', exact: true }).click()
    await page.locator('.rows .pager .place').waitFor({ timeout: 60_000 })
  }, 240_000)

  it('says of a wrong, an expired and a scope-less key what is wrong, and takes the next one', async () => {
    const keys = memoryStore()
    const expired = await newKey(keys, ['read'], -1)
    const imports = await newKey(keys, ['import'])
    const { key } = await newKey(keys)
    const page = await fresh(await start(keys), '/interactions')
    await form(page).waitFor()
    const refused = 'The server does not take this key: it is unknown, expired or revoked.'
    for (const [wrong, said] of [
      ['', 'Give a key first.'],
      ['Schlüssel', 'This is not a key: a key has no spaces, and no letters with accents.'],
      [`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, refused],
      [expired.key, refused],
      [imports.key, 'This key does not allow reading: it lacks the scope “read”.'],
    ] as const) {
      await give(page, wrong)
      await expect.poll(() => fault(page).allTextContents(), { timeout: 20_000 }).toEqual([said])
    }
    await give(page, ` ${key} `)
    await ready(page, 'interactions')
  }, 240_000)

  it('forgets a key with the page, keeps it in the tab only when it is asked to, and nowhere else', async () => {
    const keys = memoryStore()
    const { key } = await newKey(keys)
    const server = await start(keys)
    const page = await fresh(server, '/support')
    const stored = () =>
      page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]))
    await form(page).waitFor()
    await give(page, key)
    await form(page).waitFor({ state: 'detached' })
    expect(await stored()).not.toContain(key)
    await page.reload()
    await form(page).waitFor()
    await give(page, key, true)
    await form(page).waitFor({ state: 'detached' })
    await page.reload()
    await page.getByText('No monthly report here').waitFor()
    expect(await form(page).count()).toBe(0)
    expect(JSON.parse(await stored())).toMatchObject([{ 'support-etl-key': key }, expect.anything(), ''])
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(key)
    // another tab has none
    await form(await fresh(server, '/support')).waitFor()
    await page.getByRole('button', { name: 'Forget the key' }).click()
    await form(page).waitFor()
    expect(await stored()).not.toContain(key)
    expect(await page.getByRole('button', { name: 'Forget the key' }).count()).toBe(0)
  }, 240_000)

  it('watches with the key, and asks for another one when it is revoked', async () => {
    const keys = memoryStore()
    const { key, record } = await newKey(keys)
    const page = await fresh(await start(keys), '/interactions')
    await form(page).waitFor()
    await give(page, key)
    await ready(page, 'interactions')
    const total = () => page.locator('[data-kpi=interactions] .figure').getAttribute('data-value')
    const before = Number(await total())
    const [file] = await data.list('interactions.csv')
    expect(file).toBeDefined()
    const text = readFileSync(join(folder, 'interactions.csv'), 'utf8')
    await data.write('interactions.csv', [new TextEncoder().encode(`${text}11/02/2024 09:30,Email,1,,\r\n`)])
    await runPipeline(interactionsJob, { data, out }, effects)
    await expect.poll(total, { timeout: 20_000 }).toBe(String(before + 1))
    await revokeKey(keys, record.id, effects)
    await form(page).waitFor({ timeout: 20_000 })
    expect(await fault(page).textContent()).toMatch(/unknown, expired or revoked/)
    expect(await page.locator('.interactions-page').count()).toBe(0)
    // what is typed stays while the page goes on watching
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill('half a key')
    await page.waitForTimeout(6000)
    expect(await page.getByRole('textbox', { name: 'Key', exact: true }).inputValue()).toBe('half a key')
  }, 240_000)

  it('has no barrier that axe finds, light and dark, wide and narrow, and before and after a refusal', async () => {
    const keys = memoryStore()
    await newKey(keys)
    const page = await fresh(await start(keys), '/')
    await form(page).waitFor()
    await page.evaluate(AXE)
    const found: string[] = []
    for (const isRefused of [false, true]) {
      if (isRefused) {
        await give(page, 'wrong')
        await fault(page).waitFor()
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1280, 390]) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 844 })
          const barriers = await page.evaluate(async () => {
            const { axe } = globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
            }
            return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
          })
          found.push(...barriers.map((one) => `${colorScheme}, ${width} wide: ${one}`))
        }
      }
    }
    expect(found).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 800 })
    const shots = process.env.SUPPORT_ETL_SHOTS
    if (shots !== undefined) await page.screenshot({ path: join(shots, 'key-form.png') })
  }, 240_000)
})
