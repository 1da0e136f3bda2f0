import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { chromiumPath, serve } from './browser.ts'
import { sharedDashboard } from './dashboard.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe finds wrong on a page, each with the first place where it is. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    return (await axe.run()).violations
  })
  return found.map(
    ({ id, nodes }) => `${id} ×${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary}`,
  )
}

/** Key figures that are wider than the room they have: they reach into the figure beside them. */
function figuresBeyondTheirCard(page: Page): Promise<string[]> {
  return page
    .locator('.kpi .figure')
    .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => String(one.textContent)))
}

const PAGES = [
  ['home', '', 'html[data-ready=home]'],
  ['calls', 'calls?period=28d&issue=Billing', 'html[data-ready=calls]'],
  ['monthly report', 'support', 'html[data-ready=support]'],
  ['transcripts', 'transcripts', 'html[data-ready=transcripts] .reader mark'],
  ["one agent's transcripts", 'transcripts?agent=Mei%20Tanaka', '.transcripts-page [data-call]'],
  ['list of tables', 'data', 'html[data-ready=data]'],
  ['table', 'data/interactions?column=channel&is.channel=phone', '.column [data-figure=Rows]'],
  ['numbers', 'data/support_report?column=total_call_duration&sort=total_calls', '.column [data-figure=Sum]'],
] as const
const SIZES = [
  [1280, 800],
  [390, 844],
] as const
const CASES = (['light', 'dark'] as const).flatMap((colorScheme) =>
  SIZES.map(([width, height]) => ({ colorScheme, viewport: { width, height } })),
)

describe.skipIf(chromiumPath === undefined)('axe in Chromium (apt-get install chromium, or CHROMIUM=path)', () => {
  const dashboard = sharedDashboard({ transcripts: 1500 })
  const { fresh } = dashboard

  for (const options of CASES) {
    const { colorScheme, viewport } = options
    it.each(PAGES)(
      `finds no barrier on the page of %s, ${colorScheme}, ${viewport.width} wide`,
      async (_, path, sign) => {
        const page = await fresh(options)
        await page.goto(`${dashboard.address()}${path}`)
        await page.locator(sign).first().waitFor({ state: 'attached' })
        expect(await violationsOf(page)).toEqual([])
        // and nothing is cut off sideways
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width)
        expect(await figuresBeyondTheirCard(page)).toEqual([])
      },
      60_000,
    )
  }

  it('finds none where there is no data, nor in the help, nor in an open menu', async () => {
    const nothing = await serve(dashboard.pages(), memoryStore(), memoryStore())
    const page = await fresh({}, nothing.address)
    for (const path of ['', 'calls', 'complaints', 'support', 'transcripts', 'data', 'data/none']) {
      await page.goto(`${nothing.address}${path}`)
      await page.locator('main .blank h2, main .is-empty').first().waitFor()
      expect(await violationsOf(page), path).toEqual([])
    }
    await page.close()
    await nothing.close()
    const calls = await fresh({})
    await calls.goto(`${dashboard.address()}calls`)
    await calls.locator('html[data-ready=calls]').waitFor()
    await calls.getByRole('button', { name: 'What the figures mean' }).click()
    expect(await violationsOf(calls)).toEqual([])
    await calls.keyboard.press('Escape')
    await calls.locator('[data-filter=agent] > button').click()
    expect(await violationsOf(calls)).toEqual([])
  }, 60_000)

  it('has targets of at least 24 by 24 pixels', async () => {
    const page = await fresh({ viewport: { width: 390, height: 844 } })
    for (const [, path, sign] of PAGES) {
      await page.goto(`${dashboard.address()}${path}`)
      await page.locator(sign).first().waitFor({ state: 'attached' })
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('a, button, input, select')].flatMap((one) => {
          const { width, height } = one.getBoundingClientRect()
          const isShown = width > 0 && (one as HTMLElement).checkVisibility() && !one.matches('.skip, [type=checkbox]')
          return isShown && (width < 24 || height < 24)
            ? [`${one.outerHTML.slice(0, 90)} ${width.toFixed(1)} × ${height.toFixed(1)}`]
            : []
        }),
      )
      expect(small, path).toEqual([])
    }
  }, 60_000)
})
