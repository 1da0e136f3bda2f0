/** The interactions page in a real browser: figures of `interactions show`, filters, keyboard, hostile text, empty states. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { openStore } from '../../src/connect/open.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { interactionsJob } from '../../src/systems/interactions/job/interactions-job.ts'
import { interactionFiles } from '../../src/systems/interactions/sample/interaction-files.ts'
import { effects, shown } from '../systems/interactions/answers-suite.ts'
import { builtPages, chromiumPath, launch, serve, watchedPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CHANNEL = '<img src=x onerror=alert(1)>'
const TYPE = '<script>alert(2)</script>'

/** Made-up files, with names that a page must not run. */
async function hostileFiles() {
  const data = memoryStore()
  const decoder = new TextDecoder()
  for (const { name, chunks } of interactionFiles({ interactions: 2000, customers: 120, seed: 5 })) {
    let text = ''
    for (const chunk of chunks()) text += decoder.decode(chunk, { stream: true })
    if (name === 'customer.csv') text += `900001,Baker,"${TYPE}"\r\n`
    if (name === 'interactions.csv')
      text += `11/02/2024 09:30,"${CHANNEL}",900001,,\r\n11/02/2024 09:31,=1+1,900001,,\r\n`
    await data.write(name, [new TextEncoder().encode(text)])
  }
  return data
}

interface Listed {
  readonly data: readonly { customer_id: number; known?: false; interactions: Record<string, number> }[]
  readonly meta: { readonly total: number }
}
interface Grouped {
  readonly data: readonly (Record<string, string> & { readonly interaction_count: number })[]
}

describe.skipIf(chromiumPath === undefined)('the interactions page in Chromium (apt-get install chromium)', () => {
  const out = mkdtempSync(join(tmpdir(), 'support-etl-interactions-page-'))
  let browser: Browser
  let serving: Awaited<ReturnType<typeof serve>>
  let page: Page
  let complaints: readonly string[] = []
  beforeAll(async () => {
    await runPipeline(interactionsJob, { data: await hostileFiles(), out: openStore(out) }, effects)
    browser = await launch()
    serving = await serve(await builtPages(), memoryStore(), openStore(out))
    const watched = await watchedPage(browser, serving.address)
    page = watched.page
    complaints = watched.complaints
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.close()
    rmSync(out, { recursive: true, force: true })
  })
  const open = async (path: string) => {
    await page.goto(`${serving.address}${path}`)
    await page.locator('html[data-ready=interactions]').waitFor({ timeout: 90_000 })
  }
  /** The worker counts, then the page draws. */
  const settled = () => page.locator('.interactions-page:not([aria-busy])').waitFor({ timeout: 30_000 })
  /** The cells of a table, with its titles first. */
  const table = async (name: string): Promise<string[][]> => {
    await settled()
    return page
      .getByRole('region', { name, exact: true })
      .locator('tr')
      .evaluateAll((rows) => rows.map((row) => Array.from(row.children, (cell) => cell.textContent?.trim() ?? '')))
  }
  const counted = (text: string | undefined) => Number(text?.replaceAll(',', ''))
  /** Lines of a table by channels, zeros left out. */
  const lines = ([titles = [], ...rows]: string[][]) =>
    rows.flatMap(([name = '', ...counts]) =>
      counts
        .slice(0, -1)
        .map((text, at) => [name, titles[at + 1] ?? '', counted(text)] as const)
        .filter(([, , count]) => count > 0),
    )
  const told = async (by: string, ...names: [string, string]) =>
    ((await shown({ out, groupBy: by, perPage: '200', ...filter })) as Grouped).data
      .map((group) => [group[names[0]], group[names[1]], group.interaction_count] as const)
      .sort()
  let filter: Record<string, unknown> = {}

  const expectToldFigures = async () => {
    const listed = (await shown({ out, perPage: '20', ...filter })) as Listed
    const [titles = [], ...rows] = await table('Interactions by customer and channel')
    expect(titles).toEqual(['Customer', ...Object.keys(listed.data[0]?.interactions ?? {}), 'All'])
    expect(rows.map((row) => row.map((text, at) => (at === 0 ? text : counted(text))))).toEqual(
      listed.data.map(({ customer_id, known = true, interactions }) => {
        const counts = Object.values(interactions)
        const all = counts.reduce((sum, count) => sum + count, 0)
        return [`${customer_id}${known ? '' : ' not in the file'}`, ...counts, all]
      }),
    )
    expect(await page.locator('[data-kpi=customers] .figure').getAttribute('data-value')).toBe(
      String(listed.meta.total),
    )
    const channels = ((await shown({ out, groupBy: 'channel', ...filter })) as Grouped).data
    const totals = channels.map(({ channel, interaction_count }) => ['All', channel, interaction_count])
    for (const [name, by] of [
      ['Interactions by month', 'month'],
      ['Interactions by type', 'type'],
    ] as const) {
      const rows = await table(name)
      expect(lines(rows.slice(0, -1)).sort()).toEqual(await told(`${by},channel`, by, 'channel'))
      expect(lines([rows[0] ?? [], rows.at(-1) ?? []])).toEqual(totals)
    }
    const total = await page.locator('[data-kpi=interactions] .figure').getAttribute('data-value')
    expect(Number(total)).toBe(channels.reduce((sum, { interaction_count }) => sum + interaction_count, 0))
    const products = (await table('Products by type')).slice(1)
    expect(products.map(([type, product, count]) => [type, product, counted(count)]).sort()).toEqual(
      await told('type,product', 'type', 'product'),
    )
  }

  it('shows the figures of interactions show', async () => {
    filter = {}
    await open('interactions')
    await expectToldFigures()
  }, 240_000)

  it('shows them for filters, which the address has', async () => {
    await open('interactions')
    await page.getByRole('button', { name: 'Email', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('First day').fill('2023-06-01')
    await page.getByLabel('Last day').fill('2024-02-29')
    const type = page.getByRole('group', { name: 'Types' }).getByRole('button').nth(1)
    const name = (await type.textContent()) as string
    await type.click()
    await settled()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe(`types is ${name}`)
    const query = new URLSearchParams([
      ...[
        ['channel', 'Email'],
        ['type', name],
      ],
      ...[
        ['start_date', '2023-06-01'],
        ['end_date', '2024-02-29'],
      ],
    ])
    expect(await page.evaluate(() => location.search.slice(1))).toBe(query.toString())
    filter = { channel: ['Email'], type: [name], startDate: '2023-06-01', endDate: '2024-02-29' }
    await expectToldFigures()
    await open(`interactions?${query}`)
    await expectToldFigures()
  }, 240_000)

  it('narrows to a customer by its id, and leads to its rows', async () => {
    filter = {}
    await open('interactions/900001')
    const [, ...rows] = await table('Interactions by customer and channel')
    expect(rows).toHaveLength(1)
    expect(counted(rows[0]?.at(-1))).toBe(2)
    await page.locator('[data-role=rows]').click()
    await page.locator('html[data-ready=data]').waitFor({ timeout: 60_000 })
    expect(await page.locator('.rows .pager .place').textContent()).toBe('1–2 of 2')
  }, 180_000)

  it('turns pages, and saves all customers as the API gives them', async () => {
    await open('interactions')
    await page.getByRole('button', { name: 'Next', exact: true }).focus()
    await page.keyboard.press('Enter')
    await settled()
    const second = (await shown({ out, page: '2', perPage: '20' })) as Listed
    const ids = await page
      .locator('[data-customer]')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-customer'))))
    expect(ids).toEqual(second.data.map(({ customer_id }) => customer_id))
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-role=export]').click()])
    const text = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split(/\r?\n/)
    const channels = Object.keys(second.data[0]?.interactions ?? {}).length
    expect(text[0]).toBe('customer_id,known,channel,interaction_count')
    expect(text).toHaveLength(1 + second.meta.total * channels)
    // a spreadsheet must not run a channel
    expect(text.some((line) => /,=1\+1,/.test(line))).toBe(false)
  }, 180_000)

  it('lists what is unusual, and narrows to its day', async () => {
    await open('interactions')
    const [, first] = await table('Unusual days, channels and customers')
    expect(first).toHaveLength(5)
    await page.locator('[data-key^=anomaly]').first().click()
    await settled()
    expect(await page.evaluate(() => new URLSearchParams(location.search).get('start_date'))).toBe(first?.[0])
  }, 120_000)

  it('draws them over time, and narrows to bars by keyboard', async () => {
    filter = {}
    await open('interactions')
    const chart = page.getByRole('listbox', { name: /^Interactions over time/ })
    const bars = async () =>
      (await chart.getByRole('option').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? '')))
        .map((label) => label.split(': '))
        .map(([name = '', count = '']) => [name, counted(count.split(' ')[0])] as const)
    const months = await bars()
    const byMonth = ((await shown({ out, groupBy: 'month', perPage: '200' })) as Grouped).data
    expect(months.filter(([, count]) => count > 0)).toEqual(
      byMonth.map(({ month, interaction_count }) => [month, interaction_count]),
    )
    // keys alone: the second bar and the one after it
    await chart.focus()
    for (const key of ['Home', 'ArrowRight', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key)
    await settled()
    const query = new URLSearchParams(await page.evaluate(() => location.search))
    const [from, to] = [query.get('start_date'), query.get('end_date')]
    expect([from, to?.slice(0, 7)]).toEqual([`${months[1]?.[0]}-01`, months[2]?.[0]])
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox')
    const days = await bars()
    expect(days[0]?.[0]).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(days.reduce((sum, [, count]) => sum + count, 0)).toBe((months[1]?.[1] ?? 0) + (months[2]?.[1] ?? 0))
    await page.keyboard.press('Escape')
    await settled()
    expect(await bars()).toEqual(months)
  }, 120_000)

  it.each([
    ['channel=Fax', 'no interaction has the channel Fax'],
    ['type=%3Cb%3E', 'no customer has the type <b>'],
    ['start_date=2024-02-02&end_date=2024-02-01', 'the last day, 2024-02-01, is before the first, 2024-02-02'],
  ])(
    'counts nothing for %s, says why, and starts over',
    async (query, problem) => {
      await open(`interactions?${query}`)
      expect(await page.locator('.notice p').textContent()).toBe(`Nothing is counted: ${problem}.`)
      expect(await page.getByRole('region', { name: 'Interactions by month' }).count()).toBe(0)
      await page.locator('.notice button').click()
      await page.getByRole('region', { name: 'Interactions by month' }).waitFor()
    },
    120_000,
  )

  it('says what of a link it could not read', async () => {
    await open('interactions?start_date=2020-9-30&customer=0')
    expect(await page.locator('.notice p').textContent()).toContain(
      'customer cannot be 0; start_date cannot be 2020-9-30',
    )
  }, 120_000)

  it('has hostile names as text, no barrier that axe finds, and no complaint of the browser', async () => {
    await open('interactions')
    const main = page.locator('main')
    expect(await main.locator('img, script').count()).toBe(0)
    expect(await main.textContent()).toContain(CHANNEL)
    expect(await main.textContent()).toContain(TYPE)
    await page.evaluate(AXE)
    const found: string[] = []
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
    expect([found, serving.errors, complaints]).toEqual([[], [], []])
  }, 180_000)

  it('answers people while a million interactions are counted', async () => {
    const large = memoryStore()
    for (const { name, chunks } of interactionFiles({ interactions: 1_000_000, customers: 50_000, seed: 9 })) {
      if (name.endsWith('.csv')) await large.write(name, chunks())
    }
    const store = memoryStore()
    await runPipeline(interactionsJob, { data: large, out: store, publish: [] }, effects)
    const other = await serve(await builtPages(), memoryStore(), store)
    try {
      await page.goto(`${other.address}interactions`)
      await page.locator('html[data-ready=interactions]').waitFor({ timeout: 240_000 })
      const { longest, times } = await page.evaluate(async () => {
        const outer = document.querySelector('.interactions-page') as HTMLElement
        let tasks: number[] = []
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
          type: 'longtask',
        })
        const result = { longest: Number.POSITIVE_INFINITY, times: [] as number[] }
        for (let round = 0; round < 4; round++) {
          tasks = []
          const began = performance.now()
          outer.querySelectorAll<HTMLElement>('.segments button')[1 + (round % 2)]?.click()
          while (outer.hasAttribute('aria-busy')) await new Promise((resolve) => setTimeout(resolve, 5))
          result.times.push(Math.round(performance.now() - began))
          await new Promise((resolve) => setTimeout(resolve, 200))
          result.longest = Math.min(result.longest, Math.max(0, ...tasks))
        }
        return result
      })
      process.stdout.write(`\n a filter of 1,000,000: ${times.join(', ')} ms; longest task of the page ${longest} ms\n`)
      expect(await page.locator('[data-kpi=customers] .figure').textContent()).toMatch(/^50,0\d\d$/)
      // other work of the machine only adds: one of the rounds shows what the page needs
      expect(longest).toBeLessThan(50)
      expect(Math.min(...times)).toBeLessThan(3000)
    } finally {
      await other.close()
    }
  }, 600_000)

  it('says how to get data where there is none', async () => {
    const other = await serve(await builtPages(), memoryStore())
    try {
      await page.goto(`${other.address}interactions`)
      await page.getByText('No interactions here').waitFor({ timeout: 60_000 })
      expect(await page.locator('main pre').innerText()).toContain('support-etl interactions import')
    } finally {
      await other.close()
    }
  }, 180_000)
})
