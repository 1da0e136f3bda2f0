import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { supportExtracts } from '../../src/systems/support/sample/extracts.ts'
import { FILES, workshopJob } from '../systems/workshop/job.ts'
import { chromiumPath, serve } from './browser.ts'
import { sharedDashboard } from './dashboard.ts'

const ready = (page: Page, id: string) => page.locator(`html[data-ready=${id}]`).waitFor({ timeout: 30_000 })

describe.skipIf(chromiumPath === undefined)(
  'the shell in Chromium (apt-get install chromium, or CHROMIUM=path)',
  () => {
    const dashboard = sharedDashboard()
    const { fresh, pages, address } = dashboard

    async function open(path: string, id: string, options: Parameters<typeof fresh>[0] = {}): Promise<Page> {
      const page = await fresh(options)
      await page.goto(`${address()}${path}`)
      await ready(page, id)
      return page
    }
    const links = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
    const linkTo = (page: Page, name: string) => links(page).filter({ hasText: name })

    it('opens on a home page with the newest figures of every system, and links to all', async () => {
      const page = await open('', 'home')
      expect(await page.locator('h1').textContent()).toBe('Home')
      expect(await page.locator('[data-system=support] dd').allTextContents()).toEqual(['67', '2025-02', '13.22 min'])
      expect(await page.locator('[data-system=support] .scope').textContent()).toBe('Newest whole quarter, 2025-Q1')
      const hrefs = await links(page).evaluateAll((all) => all.map((one) => one.getAttribute('href')))
      expect(hrefs).toEqual(['/', '/', '/calls', '/complaints', '/interactions', '/support', '/transcripts', '/data'])
      // the same figure on the page of calls
      const [calls] = await page.locator('[data-system=calls] dd').allTextContents()
      await linkTo(page, 'Calls').click()
      await ready(page, 'calls')
      await page.getByRole('button', { name: '28 days' }).click()
      // a worker counts: the figure follows the click a little later
      await expect.poll(() => page.locator('.kpi .figure').first().textContent(), { timeout: 30_000 }).toBe(calls)
    })

    it('loads a page’s code on its first visit, and little at first', async () => {
      const page = await fresh()
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice(1)))
      await page.goto(address())
      await ready(page, 'home')
      const files = new Map(pages().map(({ name, bytes }) => [name, gzipSync(bytes).length]))
      const first = asked.filter((name) => name === '' || files.has(name))
      const bytes = first.reduce((sum, name) => sum + (files.get(name === '' ? 'index.html' : name) ?? 0), 0)
      expect(first.length).toBeGreaterThan(3)
      expect(bytes).toBeLessThan(150_000)
      expect(asked.filter((name) => /calls-page|months-page|data-page|worker/.test(name))).toEqual([])
      await linkTo(page, 'Monthly report').click()
      await ready(page, 'support')
      expect(asked.some((name) => name.includes('months-page'))).toBe(true)
      expect(asked.some((name) => name.includes('calls-page'))).toBe(false)
    })

    it('keeps the state of each page, in its link and for "back"', async () => {
      const page = await open('calls?period=28d', 'calls')
      await linkTo(page, 'Monthly report').click()
      await ready(page, 'support')
      await page.getByRole('button', { name: 'All months' }).click()
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/support?month=all')
      expect(await linkTo(page, 'Calls').getAttribute('href')).toBe('/calls?period=28d')
      expect(await linkTo(page, 'Monthly report').getAttribute('aria-current')).toBe('page')
      await page.goBack()
      expect(await page.locator('.months-page h2 .scope').first().textContent()).toContain('2025-Q1')
      await page.goBack()
      await ready(page, 'calls')
      expect(await page.locator('h1').textContent()).toBe('Calls')
      expect(page.url()).toContain('/calls?period=28d')
    })

    it.each([
      ['?view=months&month=2025-03', 'support', '/support?month=2025-03'],
      ['?period=7d&issue=Billing', 'calls', '/calls?period=7d&issue=Billing'],
      ['?view=months', 'support', '/support'],
    ])('opens an address of an earlier version: %s', async (query, id, now) => {
      const page = await open(query, id)
      const { pathname, search } = new URL(page.url())
      expect(pathname + search).toBe(now)
    })

    it('opens the address of an agent, and of a month of a contact center', async () => {
      const calls = await open('calls/agents/A103?period=28d', 'calls')
      expect(await calls.locator('.chip').allTextContents()).toEqual([
        'Period last 28 days',
        expect.stringMatching(/^Agent/),
      ])
      const support = await open('support/2025-02/Portland%20ME', 'support')
      const rows = await support
        .locator('.months-page .card')
        .last()
        .locator('tbody tr td:nth-child(-n+2)')
        .allTextContents()
      expect(rows.length).toBeGreaterThan(2)
      expect([...new Set(rows)]).toEqual(['2025-02', 'Portland ME'])
    })

    it('says that an address names no page or table, and leads on', async () => {
      const page = await fresh()
      await page.goto(`${address()}data/none`)
      await page.getByRole('heading', { name: 'There is no table none' }).waitFor()
      await page.getByRole('link', { name: 'All tables' }).click()
      await page.locator('th a', { hasText: 'support_report' }).waitFor()
    })

    it('follows a new commit of the monthly job without a reload', async () => {
      const out = memoryStore()
      const source = memoryStore()
      const files = [...supportExtracts({ interactions: 400, seed: 5 })]
      const isLate = ({ name }: { readonly name: string }) => /_202504|_202503/.test(name)
      for (const file of files.filter((one) => !isLate(one))) await source.write(file.name, file.chunks())
      await runPipeline(supportJob, { data: source, out })
      const served = await serve(pages(), memoryStore(), out)
      onTestFinished(() => served.close())
      const page = await fresh({}, served.address)
      await page.goto(`${served.address}support?month=all`)
      await ready(page, 'support')
      await page.evaluate(() => Object.assign(window, { isSame: true }))
      const months = () => page.locator('[data-month^="20"]').allTextContents()
      const before = await months()
      const rows = await page.locator('.months-page .card').last().locator('.note').textContent()
      expect(await page.locator('.quality').textContent()).toContain('commit 1')
      for (const file of files.filter(isLate)) await source.write(file.name, file.chunks())
      const { commit } = await runPipeline(supportJob, { data: source, out })
      expect(commit).toBe(2)
      await page.locator('.quality', { hasText: 'commit 2' }).waitFor({ timeout: 20_000 })
      expect((await months()).length).toBeGreaterThan(before.length)
      expect(await page.locator('.months-page .card').last().locator('.note').textContent()).not.toBe(rows)
      expect(await page.evaluate(() => 'isSame' in window)).toBe(true)
      expect(page.url()).toContain('month=all')
    })

    it('keeps what it shows while the server is away, and says so on a first visit', async () => {
      const served = await serve(pages(), memoryStore(), memoryStore())
      const page = await fresh({}, served.address)
      await page.goto(served.address)
      await ready(page, 'home')
      await served.close()
      await linkTo(page, 'Calls').click()
      await page.getByText('Is the dashboard still running?').waitFor()
      await linkTo(page, 'Home').click()
      await page.locator('[data-system=calls]').waitFor({ state: 'visible' })
      // the browser told of every request that failed, as it should
      dashboard.complaints().splice(0)
    })

    it('tells what its figures mean, by key and by touch, and gives the focus back', async () => {
      const page = await open('calls', 'calls', { hasTouch: true })
      const ask = page.getByRole('button', { name: 'What the figures mean' })
      await ask.focus()
      await page.keyboard.press('Enter')
      const panel = page.getByRole('dialog', { name: 'What the figures mean' })
      expect(await panel.locator('dt').allTextContents()).toContain('Resolution rate')
      await page.keyboard.press('Escape')
      expect(await panel.isVisible()).toBe(false)
      expect(await ask.evaluate((one) => one === document.activeElement)).toBe(true)
      await ask.tap()
      await panel.waitFor({ state: 'visible' })
      await panel.getByRole('button', { name: 'Close' }).tap()
      expect(await panel.isVisible()).toBe(false)
    })

    it('folds its side bar, and remembers it; on a phone the links are in a menu', async () => {
      const page = await open('calls', 'calls')
      const fold = page.getByRole('button', { name: 'Menu' })
      expect(await fold.getAttribute('aria-expanded')).toBe('true')
      await fold.click()
      expect(await page.locator('.side .brand .name').isVisible()).toBe(false)
      await page.reload()
      await ready(page, 'calls')
      expect(await fold.getAttribute('aria-expanded')).toBe('false')
      const phone = await open('', 'home', { viewport: { width: 390, height: 844 } })
      const report = linkTo(phone, 'Monthly report')
      expect(await report.isVisible()).toBe(false)
      await phone.getByRole('button', { name: 'Menu' }).click()
      await report.click()
      await ready(phone, 'support')
      expect(await report.isVisible()).toBe(false)
    })
  },
)

describe.skipIf(chromiumPath === undefined)(
  'the page of data in Chromium (apt-get install chromium, or CHROMIUM=path)',
  () => {
    const { fresh, pages } = sharedDashboard()

    /** A job whose code the dashboard does not know, beside another one. */
    async function shop() {
      const [out, below] = [memoryStore(), memoryStore()]
      await runPipeline(supportJob, { data: 'examples/data/support', out })
      await runPipeline(workshopJob, { data: memoryStore(FILES), out: below })
      const places = async () => [
        { id: '', out },
        { id: 'shop', out: below },
      ]
      const served = await serve(pages(), memoryStore(), out, places)
      onTestFinished(() => served.close())
      const page = await fresh({}, served.address)
      return { page, below, ...served }
    }
    const cells = (page: Page, column: number) => page.locator(`.facts tbody td:nth-child(${column})`).allTextContents()
    const figure = (page: Page, name: string) => page.locator(`.column [data-figure="${name}"]`).textContent()

    it('shows the tables and outputs of any job, with their kinds and key', async () => {
      const { page, address } = await shop()
      await page.goto(`${address}data`)
      await page.locator('th a', { hasText: 'machines_by_hall' }).click()
      await page.locator('.facts tbody tr').first().waitFor()
      expect(page.url()).toBe(`${address}data/machines_by_hall?at=shop`)
      expect(await cells(page, 1)).toEqual(['North', 'South'])
      expect(await page.locator('.top .about').textContent()).toBe('Output machines_by_hall of job workshop, 2 rows')
      expect(await page.locator('.data-page').textContent()).toContain('The job’s code is not here')
      // without its folder the address finds it too
      await page.goto(`${address}data/machines`)
      await page.locator('.facts tbody tr').first().waitFor()
      const rows = await page.locator('.contract tbody tr').allTextContents()
      expect(rows).toEqual([
        'machine_idtextkey',
        'hall_idtextreference to halls, may be blank',
        'bought_ondayattribute, may be blank',
        'serialinteger, 64 bitsattribute, may be blank',
      ])
      expect(await page.locator('.data-page').textContent()).toContain('Key: machine_id.')
      expect(await cells(page, 4)).toEqual(['9007199254740993', 'blank'])
    })

    it('sorts, filters and gives the figures of a column, all in the address', async () => {
      const { page, address } = await shop()
      await page.goto(`${address}data/interactions`)
      await page.locator('.facts tbody tr').first().waitFor()
      const all = 68
      expect(await page.locator('.pager .place').textContent()).toBe(`1–20 of ${all}`)
      await page.getByRole('button', { name: 'Next' }).click()
      await page.locator('.place', { hasText: `21–40 of ${all}` }).waitFor()
      await page.locator('[data-sort=interaction_id]').click()
      await page.locator('th[aria-sort=ascending]').waitFor()
      const rising = await cells(page, 1)
      expect(rising).toEqual(rising.toSorted())
      await page.locator('[data-column=channel]').click()
      await page.locator('.column [data-member=phone]').waitFor()
      const phone = Number(await page.locator('.column [data-member=phone] .count').textContent())
      await page.locator('.column [data-member=phone]').click()
      await page.locator('.place', { hasText: `of ${phone}` }).waitFor()
      expect(await figure(page, 'Rows')).toBe(String(phone))
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-member'))).toBe('phone')
      expect(page.url()).toContain('is.channel=phone')
      expect(await page.locator('.chip').textContent()).toContain('channel is phone')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export CSV' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('interactions.csv')
      const lines = readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n')
      expect(lines.length - 1).toBe(phone)
      expect(lines[1]?.split(',')[0]).toBe((await cells(page, 1))[0])
      await page.goBack()
      await page.locator('.place', { hasText: `of ${all}` }).waitFor()
      // a link shows the same
      await page.goto(`${address}data/interactions?has.channel=pho&sort=-interaction_id&column=interaction_id`)
      await page.locator('th[aria-sort=descending]').waitFor()
      expect(await cells(page, 1)).toEqual((await cells(page, 1)).toSorted().toReversed())
    })

    it('follows a new commit', async () => {
      const { page, address, below } = await shop()
      await page.goto(`${address}data/halls?at=shop`)
      await page.locator('.facts tbody tr').first().waitFor()
      const more = { ...FILES, 'halls.csv': 'hall_id;hall_name\nH1;North\nH2;South\nH3;West\n' }
      await runPipeline(workshopJob, { data: memoryStore(more), out: below })
      await page.locator('.place', { hasText: '1–3 of 3' }).waitFor({ timeout: 20_000 })
      expect(await page.locator('.top .about').textContent()).toBe('Table halls of job workshop, 3 rows')
    })
  },
)
