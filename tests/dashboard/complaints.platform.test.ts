/** The complaints page in a real browser: figures of `insights --json` and `status --json`, filters, keyboard, hostile text. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { openStore } from '../../src/connect/open.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import {
  answerText,
  chanceText,
  durationText,
  effectText,
  shareText,
} from '../../src/systems/complaints/figures/words.ts'
import {
  type ComplaintInsights,
  complaintsJob,
  complaintsWorld,
  type Reconciliation,
  type WorldOptions,
} from '../../src/systems/complaints/index.ts'
import { supportEtl } from '../cli/command-line.ts'
import { builtPages, chromiumPath, launch, serve, watchedPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const NAME = '<img src=x onerror=alert(1)>'
const count = new Intl.NumberFormat('en')

/** A lake of a made-up world, in which one agent has a name that a page must not run. */
async function landed(out: string, options: WorldOptions): Promise<void> {
  const data = memoryStore()
  const decoder = new TextDecoder()
  for (const { name, chunks } of complaintsWorld(options)) {
    if (name !== 'sheet/agents.json') {
      await data.write(name, chunks())
      continue
    }
    const { values } = JSON.parse([...chunks()].map((chunk) => decoder.decode(chunk, { stream: true })).join(''))
    values[1][1] = NAME
    await data.write(name, [new TextEncoder().encode(JSON.stringify({ values }))])
  }
  await runPipeline(complaintsJob, { data, out: openStore(out), format: 'parquet' })
}

/** The cells of a table on the page, row by row. */
const cellsOf = (page: Page, name: string): Promise<string[][]> =>
  page
    .getByRole('region', { name, exact: true })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))

/** The figures at the top of the page. */
const figuresOf = async (page: Page): Promise<Record<string, number>> =>
  Object.fromEntries(
    await page
      .locator('.kpi')
      .evaluateAll((all) =>
        all.map((kpi) => [
          kpi.getAttribute('data-kpi'),
          Number(kpi.querySelector('.figure')?.getAttribute('data-value')),
        ]),
      ),
  )

describe.skipIf(chromiumPath === undefined)('the complaints page in Chromium (apt-get install chromium)', () => {
  const out = mkdtempSync(join(tmpdir(), 'support-etl-complaints-page-'))
  let browser: Browser
  let serving: Awaited<ReturnType<typeof serve>>
  let page: Page
  let problems: readonly string[] = []
  beforeAll(async () => {
    await landed(out, { customers: 1000, days: 4, profile: 'adversarial', seed: 5 })
    browser = await launch()
    serving = await serve(await builtPages(), memoryStore(), openStore(out))
    const watched = await watchedPage(browser, serving.address)
    page = watched.page
    problems = watched.complaints
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.close()
    rmSync(out, { recursive: true, force: true })
  })

  const told = <Told>(...args: readonly string[]): Told => {
    const { status, stdout, stderr } = supportEtl(['complaints', ...args, '--out', out, '--json'])
    expect(status, stderr).toBe(0)
    return JSON.parse(stdout) as Told
  }
  const settled = () => page.locator('.complaints-page:not([aria-busy])').waitFor()
  const open = async (path: string) => {
    await page.goto(`${serving.address}${path}`)
    await page.locator('html[data-ready=complaints]').waitFor()
    await settled()
  }

  it.each([
    ['complaints', []],
    ['complaints?sla=24', ['--sla', '24']],
  ])(
    'shows the figures of insights --json: %s',
    async (path, flags) => {
      await open(path)
      const insights = told<ComplaintInsights>('insights', ...flags)
      const { complaints, service, backlog, repeats, resolution, slaHours } = insights
      const open_ = backlog.reduce((sum, one) => sum + one.open, 0)
      expect(await figuresOf(page)).toMatchObject({
        ...{ complaints, resolved: service[0]?.resolved, open: open_, within_sla: service[0]?.withinSla },
        older: backlog.reduce((sum, { ages }) => sum + ages[3], 0),
        ...{ complainers: repeats.complainers, repeaters: repeats.repeaters },
      })
      expect(await cellsOf(page, 'Resolution times by channel and category')).toEqual(
        resolution.map((row) => [
          ...[row.channel, row.category, count.format(row.complaints), count.format(row.resolved)],
          ...[durationText(row.medianHours), durationText(row.p90Hours), shareText(row.withinSla)],
        ]),
      )
      expect((await cellsOf(page, 'Service level by channel')).map((cells) => cells.slice(0, 5))).toEqual(
        service.map((row) => [
          ...[row.channel ?? 'All', count.format(row.kept), count.format(row.missed), count.format(row.undecided)],
          shareText(row.withinSla),
        ]),
      )
      expect(await cellsOf(page, 'Open complaints by category and age')).toEqual(
        backlog.map((row) => [row.category, ...[row.open, ...row.ages].map((one) => count.format(one))]),
      )
      expect(await cellsOf(page, 'Questions and answers')).toEqual(
        insights.comparisons.map((one) => [one.question, answerText(one), effectText(one), chanceText(one)]),
      )
      for (const { by, name, complaints: some } of insights.volumes) {
        const bar = page.locator(`[data-dimension=${by}] [data-member="${name}"]`)
        expect(await bar.getAttribute('data-value'), `${by} ${name}`).toBe(String(some))
      }
      expect(await page.getByText(`Within ${slaHours} hours`).count()).toBeGreaterThan(0)
      const days = await page
        .getByRole('listbox', { name: /^Complaints by day/ })
        .getByRole('option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      const shown = days.map((label) => Number(/Complaints ([\d,]+)/.exec(label)?.[1]?.replaceAll(',', '')))
      expect(shown.reduce((sum, one) => sum + one, 0)).toBe(complaints)
    },
    180_000,
  )

  it('shows every row of status --json, with links to the rows and to those that wait', async () => {
    await open('complaints')
    const { deliveries, isWhole } = told<Reconciliation>('status')
    const text = (one: number | null) => (one === null ? '–' : count.format(one))
    expect(isWhole).toBe(true)
    expect(await cellsOf(page, 'Rows of each delivery at each hop')).toEqual(
      deliveries.map((one) => [
        ...[one.table, one.day ?? '–', text(one.source), text(one.duplicate), text(one.refused)],
        ...[text(one.landed), text(one.quarantined), text(one.cleaned), text(one.reported)],
      ]),
    )
    const [call] = deliveries.filter(({ table, quarantined }) => table === 'call_logs' && quarantined > 0)
    await page.getByRole('button', { name: `${call?.quarantined} quarantined, call_logs ${call?.day} rows` }).click()
    await settled()
    expect(new URL(page.url()).searchParams.get('waits')).toBe('call_logs')
    const tables = (await cellsOf(page, 'Rows in quarantine')).map(([table]) => table)
    expect(new Set(tables)).toEqual(new Set(['call_logs']))
    expect(tables.length).toBeGreaterThan(0)
    await page.getByRole('link', { name: `cleaned rows of call_logs, ${call?.day}` }).click()
    await page.locator('html[data-ready=data]').waitFor()
    const shown = await page.locator('.facts').first().textContent()
    expect(shown).toContain(`${call?.day}`)
    expect(await page.getByText(`${count.format(call?.cleaned ?? 0)} `).count()).toBeGreaterThan(0)
  }, 180_000)

  it('narrows everything by keyboard, keeps it in the address, and goes back', async () => {
    await open('complaints')
    const all = await figuresOf(page)
    const bar = page.locator('[data-dimension=channel] [data-member="web form"]')
    const forms = Number(await bar.getAttribute('data-value'))
    await bar.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/channel=web\+form/)
    await settled()
    expect((await figuresOf(page)).complaints).toBe(forms)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-member'))).toBe('web form')
    // the other channels are still to be seen
    const calls = await page.locator('[data-dimension=channel] [data-member=call]').getAttribute('data-value')
    expect(Number(calls)).toBeGreaterThan(0)
    expect(await page.locator('h2 .scope').first().textContent()).toContain('web form')
    const drawing = page.getByRole('listbox', { name: /^Complaints by day/ })
    await drawing.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.waitForURL(/from=/)
    await settled()
    const narrowed = await figuresOf(page)
    expect(narrowed.complaints).toBeLessThan(forms)
    await open(new URL(page.url()).pathname.slice(1) + new URL(page.url()).search)
    expect(await figuresOf(page)).toEqual(narrowed)
    await page.goBack()
    await page.goBack()
    await expect.poll(() => figuresOf(page)).toEqual(all)
  }, 180_000)

  it('shows the complaints of one agent, and names that are text whatever they hold', async () => {
    await open('complaints')
    expect(await page.locator('.complaints-page img, .complaints-page script').count()).toBe(0)
    await open('complaints/agents/1000')
    expect(await page.getByText(NAME).count()).toBeGreaterThan(0)
    const { agents } = told<ComplaintInsights>('insights')
    expect((await figuresOf(page)).complaints).toBe(agents.find(({ agent }) => agent === '1000')?.complaints)
    expect(await cellsOf(page, 'Agents by complaints')).toHaveLength(1)
  }, 120_000)

  it('says what of a link it could not read, and what nothing matches', async () => {
    await open('complaints?channel=pigeon&sla=0&from=2025-02-30')
    const notice = await page.locator('.notice').textContent()
    expect(notice).toContain('channel cannot be pigeon; from cannot be 2025-02-30; sla cannot be 0')
    await open('complaints?from=1999-01-01&to=1999-01-31')
    expect(await page.locator('.notice').textContent()).toContain('No complaints match.')
    await page.locator('.notice').getByRole('button', { name: 'Reset all' }).click()
    await expect.poll(() => new URL(page.url()).search).toBe('')
  }, 120_000)

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'has no barrier that axe finds, nor anything cut off: %s, %i wide',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await open('complaints?channel=web+form&waits=all')
      await page.evaluate(AXE)
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
      })
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([found, beyond <= 0, serving.errors, problems]).toEqual([[], true, [], []])
    },
    180_000,
  )

  it('is on the home page with its newest figures', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(serving.address)
    await page.locator('html[data-ready=home]').waitFor()
    const { complaints } = told<ComplaintInsights>('insights')
    const text = await page.locator('.card', { hasText: 'Within 72 hours' }).textContent()
    expect(text).toContain(count.format(complaints))
  }, 60_000)
})
