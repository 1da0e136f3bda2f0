import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { chromiumPath, openCalls } from './browser.ts'
import { sharedDashboard } from './dashboard.ts'
import { drawnCalls, shownFigures } from './figures.ts'

describe.skipIf(chromiumPath === undefined)('figures in Chromium (apt-get install chromium, or CHROMIUM=path)', () => {
  const dashboard = sharedDashboard()
  const { fresh, calls, queryOf, expectToldFigures } = dashboard

  it('shows all calls as `calls summary` counts them', async () => {
    await expectToldFigures(await calls())
  })

  const steps: [string, (page: Page) => Promise<void>][] = [
    ['four whole weeks', (page) => page.getByRole('button', { name: '28 days' }).click()],
    ['thirteen whole weeks', (page) => page.getByRole('button', { name: '91 days' }).click()],
    [
      'two days',
      async (page) => {
        await page.getByLabel('From day').fill('2025-05-01')
        await page.getByLabel('To day').fill('2025-05-20')
      },
    ],
    ['an issue, by its bar', (page) => page.locator('[data-dimension=issue] [data-member=Outage]').click()],
    ['a region, by its bar', (page) => page.locator('[data-dimension=region] [data-member=Unknown]').click()],
    ['an agent, by its row', (page) => page.locator('.agents tbody button').first().click()],
    [
      'two agents, by the menu',
      async (page) => {
        await page.locator('[data-filter=agent] > button').click()
        await page.locator('[data-filter=agent] input[type=checkbox]').nth(0).check()
        await page.locator('[data-filter=agent] input[type=checkbox]').nth(2).check()
      },
    ],
    [
      'a resolution, by the menu',
      async (page) => {
        await page.locator('[data-filter=resolution] > button').click()
        await page.locator('[data-filter=resolution] [data-member=escalated]').check()
      },
    ],
    [
      'ratings and no rating, by the menu',
      async (page) => {
        await page.locator('[data-filter=rating] > button').click()
        await page.locator('[data-filter=rating] [data-member="5"]').check()
        await page.locator('[data-filter=rating] [data-member=""]').check()
      },
    ],
    [
      'a duration, by its fields',
      async (page) => {
        await page.locator('[data-filter=minutes] > button').click()
        await page.getByLabel('From minutes').fill('2.5')
        await page.getByLabel('to under').fill('11')
        await page.keyboard.press('Tab')
      },
    ],
    ['a duration, by its bar', (page) => page.locator('.chart').nth(2).locator('.part').nth(3).click()],
    ['the longest calls, by the last bar', (page) => page.locator('.chart').nth(2).locator('.part').last().click()],
    ['an hour of a weekday', (page) => page.locator('.chart').nth(3).locator('.part').nth(34).click()],
    [
      'a stretch of days, by dragging',
      async (page) => {
        const parts = page.locator('.chart').first().locator('.part')
        await parts.nth(40).hover()
        await page.mouse.down()
        await parts.nth(60).hover()
        await page.mouse.up()
      },
    ],
    [
      'hours of weekdays, by dragging',
      async (page) => {
        const parts = page.locator('.chart').nth(3).locator('.part')
        await parts.nth(24 + 9).hover()
        await page.mouse.down()
        await parts.nth(72 + 14).hover()
        await page.mouse.up()
      },
    ],
  ]

  it.each(steps)('shows what `calls summary` says when it is narrowed to %s', async (_, step) => {
    const page = await calls()
    const before = await shownFigures(page)
    await step(page)
    expect(await queryOf(page)).not.toBe('')
    const after = await shownFigures(page)
    expect(after.kpis.calls).toBeLessThan(before.kpis.calls ?? 0)
    await expectToldFigures(page)
  })

  it('narrows by several filters at once, looking past a view’s own', async () => {
    const page = await calls('period=90d&weekday=Mon&weekday=Tue')
    const before = await shownFigures(page)
    await page.locator('[data-dimension=issue] [data-member=Billing]').click()
    await page.locator('[data-dimension=region] button').first().click()
    await expectToldFigures(page)
    const after = await shownFigures(page)
    expect(Object.keys(after.issue)).toEqual(Object.keys(before.issue))
    expect(after.issue.Technical).toBeGreaterThan(0)
    expect(after.heat).not.toEqual(before.heat)
  })

  it.each(['24h', '7d', '30d', '90d'])('opens a link to %s, as the command line does', async (period) => {
    const page = await calls(`period=${period}&region=North`)
    expect(await page.locator('.notice').isHidden()).toBe(true)
    await expectToldFigures(page)
  })

  it.each([
    ['period=28d', '2 Jun – 29 Jun 2025', '5 May – 1 Jun 2025', 'left out'],
    ['period=2025-06-24..2025-06-30', '24 Jun – 29 Jun 2025', '17 Jun – 22 Jun 2025', 'not compared'],
  ])('says which dates are compared, in the line and in the note of a figure: %s', async (query, now, before, out) => {
    const page = await calls(query)
    const line = await page.locator('.comparison').textContent()
    for (const words of [now, `compared with ${before}`, `30 Jun 2025 may not be over and is ${out}`]) {
      expect(line).toContain(words)
    }
    await page.locator('[data-kpi=resolution_rate]').focus()
    const note = await page.locator('.tip.is-shown').textContent()
    for (const words of [now, before, '95 % interval of the difference', 'points']) expect(note).toContain(words)
    await expectToldFigures(page)
  })

  it('compares with last year or with nothing when it is told to, and says so', async () => {
    const page = await calls('period=28d')
    await page.getByLabel('against').selectOption('year')
    expect(await queryOf(page)).toBe('period=28d&compare=year')
    await drawnCalls(page)
    expect(await page.locator('.comparison').textContent()).toContain('the data begins later than the other period')
    await page.getByLabel('against').selectOption('none')
    await drawnCalls(page)
    expect(await page.locator('.comparison').textContent()).toContain('Nothing is compared.')
    await expectToldFigures(page)
    await page.getByLabel('against').selectOption('previous')
    expect(await queryOf(page)).toBe('period=28d')
  })

  it('has the same dates in every heading', async () => {
    const page = await calls('period=28d')
    const scopes = await page.locator('.calls-page h2 .scope').allTextContents()
    expect(scopes.length).toBeGreaterThan(8)
    expect([...new Set(scopes)]).toEqual(['2 Jun – 29 Jun 2025'])
  })

  it('takes a choice back by the same click, and everything by "Reset all"', async () => {
    const page = await calls()
    const all = await shownFigures(page)
    const billing = page.locator('[data-dimension=issue] [data-member=Billing]')
    await billing.click()
    await drawnCalls(page)
    expect(await billing.getAttribute('aria-pressed')).toBe('true')
    await billing.click()
    expect(await shownFigures(page)).toEqual(all)
    await page.getByRole('button', { name: '7 days' }).click()
    await billing.click()
    await page.getByRole('button', { name: 'Reset all' }).click()
    expect(await queryOf(page)).toBe('')
    expect(await shownFigures(page)).toEqual(all)
  })

  it('keeps its state in the address: a link shows the same view, and "back" takes a step back', async () => {
    const page = await calls()
    await page.getByRole('button', { name: '91 days' }).click()
    await page.locator('[data-dimension=issue] [data-member=Account]').click()
    await page.getByLabel('Ranked from').selectOption('30')
    await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
    const shown = await shownFigures(page)
    const top = await page.locator('.calls tbody tr').first().textContent()
    const other = await fresh()
    await openCalls(other, dashboard.address(), await queryOf(page))
    expect(await shownFigures(other)).toEqual(shown)
    expect(await other.locator('.calls tbody tr').first().textContent()).toBe(top)
    expect(await other.getByLabel('Ranked from').inputValue()).toBe('30')
    for (let step = 0; step < 3; step++) await page.goBack()
    expect(await queryOf(page)).toBe('period=91d')
    await expectToldFigures(page)
  })
})
