/** The transcripts page in a real browser: figures of `status --json`, keyboard, evidence, hostile text. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { readState } from '../../src/pipeline/index.ts'
import { callOverview } from '../../src/systems/transcripts/figures/overview.ts'
import { transcriptsJob } from '../../src/systems/transcripts/job/transcripts-job.ts'
import { callFile, placeOf, put, run } from '../systems/transcripts/calls.ts'
import { builtPages, chromiumPath, launch, serve, watchedPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const HOSTILE =
  'Agent: Hi. <img src=x onerror=alert(1)> Customer: <script>alert(2)</script> I am very happy with "this" & that.'

describe.skipIf(chromiumPath === undefined)('the transcripts page in Chromium (apt-get install chromium)', () => {
  const [data, out] = [placeOf(120), memoryStore()]
  let browser: Browser
  let serving: Awaited<ReturnType<typeof serve>>
  let page: Page
  let complaints: readonly string[] = []
  beforeAll(async () => {
    await put(
      data,
      'bronze/HOSTILE.json',
      callFile('HOSTILE', HOSTILE, { agent_name: '<b>Eve</b>', timestamp: '2025-09-30T23:59:59' }),
    )
    await run(data, out)
    browser = await launch()
    serving = await serve(await builtPages(), memoryStore(), out)
    const watched = await watchedPage(browser, serving.address)
    page = watched.page
    complaints = watched.complaints
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.close()
  })
  const open = async (path: string) => {
    await page.goto(`${serving.address}${path}`)
    await page.locator('html[data-ready=transcripts]').waitFor({ timeout: 90_000 })
  }

  it('shows the figures of the committed state', async () => {
    await open('transcripts')
    const overview = callOverview(await (await readState(transcriptsJob, { out })).loadRollup('agent_counts'))
    const shown = await page
      .locator('.kpi')
      .evaluateAll((all) =>
        Object.fromEntries(
          all.map((kpi) => [
            kpi.getAttribute('data-kpi'),
            Number(kpi.querySelector('.figure')?.getAttribute('data-value')),
          ]),
        ),
      )
    const { upsell_revenue, conversion_rate, conversions, calls, moods } = overview
    expect(shown).toEqual({ upsell_revenue, conversion_rate, conversions, calls, ...moods })
  }, 180_000)

  it('reads the newest call first, as text, whatever it holds', async () => {
    const reader = page.locator('.reader')
    expect(await reader.locator('h2').textContent()).toContain('HOSTILE')
    expect(await reader.locator('.transcript').textContent()).toContain('<script>alert(2)</script>')
    expect(await reader.locator('img, script').count()).toBe(0)
    const mark = reader.locator('mark[data-metric=positive]')
    expect(await mark.first().textContent()).toMatch(/happy/)
    expect(await page.getByText('<b>Eve</b>').count()).toBeGreaterThan(0)
  }, 120_000)

  it('reads another call by keyboard, and has it in its address', async () => {
    const one = page.locator('[data-call]').nth(20)
    const id = await one.getAttribute('data-call')
    await one.focus()
    await page.keyboard.press('Enter')
    await page.locator('.reader h2', { hasText: String(id) }).waitFor({ timeout: 30_000 })
    expect(new URL(page.url()).pathname).toBe(`/transcripts/${id}`)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-call'))).toBe(id)
    // what was chosen is seen beside the list, without scrolling
    const seen = await page.evaluate(() =>
      [document.activeElement, document.querySelector('.reader h2')].map((one) => {
        const { top = -1, bottom = -1 } = one?.getBoundingClientRect() ?? {}
        return top >= 0 && bottom <= innerHeight
      }),
    )
    expect(seen).toEqual([true, true])
    await open(`transcripts/${id}`)
    expect(await page.locator('.reader h2').textContent()).toContain(String(id))
  }, 180_000)

  it('lists the calls of an agent that is chosen in the drawing', async () => {
    await open('transcripts')
    const drawing = page.getByRole('listbox', { name: /^Conversion rate and upsell revenue/ })
    await drawing.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'All calls' }).waitFor({ timeout: 30_000 })
    const agent = new URL(page.url()).searchParams.get('agent')
    const names = await page
      .locator('[data-call]')
      .evaluateAll((all) => all.map((one) => one.closest('tr')?.children[1]?.textContent))
    expect(new Set(names)).toEqual(new Set([agent]))
  }, 180_000)

  it('has no barrier that axe finds, and no complaint of the browser', async () => {
    await open('transcripts')
    await page.evaluate(AXE)
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
    })
    expect([found, serving.errors, complaints]).toEqual([[], [], []])
  }, 180_000)
})
