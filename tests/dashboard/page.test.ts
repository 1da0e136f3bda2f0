import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import type { PageFile } from '../../src/dashboard/page-files.ts'
import { supportJob } from '../../src/jobs/support.ts'
import { callLog } from '../../src/model/call-log.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { builtPages, chromiumPath, clean, launch, openCalls, serve, type WatchedPage, watchedPage } from './browser.ts'
import { shownFigures, toldFigures } from './figures.ts'

describe.skipIf(chromiumPath === undefined)(
  'the dashboard in Chromium (apt-get install chromium, or CHROMIUM=path)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'support-etl-dashboard-'))
    const data = join(folder, 'cleaned_calls.parquet')
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
      served = await serve(pages, store, out)
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

    async function fresh(options: Parameters<typeof watchedPage>[2] = {}, address = served.address): Promise<Page> {
      const watched = await watchedPage(browser, address, options)
      open.push(watched)
      return watched.page
    }

    async function calls(query = ''): Promise<Page> {
      const page = await fresh()
      await openCalls(page, served.address, query)
      return page
    }

    /** Serves calls of a place of its own. */
    async function withCalls(
      log: string,
      test: (page: Page, store: FileStore) => Promise<void>,
      agents = 'agent_id,name,region\n',
    ) {
      const store = memoryStore({ 'sample_calls.json': log, 'agents.csv': agents })
      await clean(store)
      const other = await serve(pages, store)
      const page = await fresh({}, other.address)
      await page.goto(other.address)
      await page.locator('html[data-ready]').waitFor()
      try {
        await test(page, store)
      } finally {
        await page.close()
        await other.close()
      }
    }

    const queryOf = (page: Page) => new URL(page.url()).search.slice(1)
    const expectToldFigures = async (page: Page) =>
      expect(await shownFigures(page)).toEqual(toldFigures(data, queryOf(page)))

    it('loads without a console error and without a request to elsewhere, under its own policy', async () => {
      const page = await calls()
      const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content')
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
      expect(
        await page.evaluate(() => document.querySelectorAll('[style]:not(svg):not(svg *)').length),
      ).toBeGreaterThan(0)
      // text that wants to be a program or markup
      const refused = await page.evaluate(() =>
        [
          () => setTimeout('window.hacked = 1'),
          () => Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }),
          () => Object.assign(document.createElement('p'), { innerHTML: '<img src=x onerror=alert(1)>' }),
        ].map((attempt) => {
          try {
            attempt()
            return 'allowed'
          } catch {
            return 'refused'
          }
        }),
      )
      expect(refused).toEqual(['refused', 'refused', 'refused'])
      // the browser complained about that, as it should
      expect(open[0]?.complaints.length).toBeGreaterThan(0)
      open[0]?.complaints.splice(0)
    })

    it('shows all calls as `calls summary` counts them', async () => {
      await expectToldFigures(await calls())
    })

    const steps: [string, (page: Page) => Promise<void>][] = [
      ['a preset', (page) => page.getByRole('button', { name: '30 days' }).click()],
      ['the last 24 hours', (page) => page.getByRole('button', { name: '24 h' }).click()],
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
      expect(queryOf(page)).not.toBe('')
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

    it('takes a choice back by the same click, and everything by "Reset all"', async () => {
      const page = await calls()
      const all = await shownFigures(page)
      const billing = page.locator('[data-dimension=issue] [data-member=Billing]')
      await billing.click()
      expect(await billing.getAttribute('aria-pressed')).toBe('true')
      await billing.click()
      expect(await shownFigures(page)).toEqual(all)
      await page.getByRole('button', { name: '7 days' }).click()
      await billing.click()
      await page.getByRole('button', { name: 'Reset all' }).click()
      expect(queryOf(page)).toBe('')
      expect(await shownFigures(page)).toEqual(all)
    })

    it('keeps its state in the address: a link shows the same view, and "back" takes a step back', async () => {
      const page = await calls()
      await page.getByRole('button', { name: '90 days' }).click()
      await page.locator('[data-dimension=issue] [data-member=Account]').click()
      await page.getByLabel('Ranked from').selectOption('30')
      await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
      const shown = await shownFigures(page)
      const top = await page.locator('.calls tbody tr').first().textContent()
      const other = await fresh()
      await openCalls(other, served.address, queryOf(page))
      expect(await shownFigures(other)).toEqual(shown)
      expect(await other.locator('.calls tbody tr').first().textContent()).toBe(top)
      expect(await other.getByLabel('Ranked from').inputValue()).toBe('30')
      for (let step = 0; step < 3; step++) await page.goBack()
      expect(queryOf(page)).toBe('period=90d')
      await expectToldFigures(page)
    })

    it('tells what of a broken link it could not read, and shows all calls', async () => {
      const page = await calls('period=sometimes&issue=Billing')
      expect(await page.locator('.notice').textContent()).toContain('period: "sometimes" is not 24h')
      expect((await shownFigures(page)).kpis.calls).toBe(toldFigures(data, '').kpis.calls)
    })

    it('sorts by any column and turns pages', async () => {
      const page = await calls()
      const cells = (column: number) => page.locator(`.calls tbody td:nth-child(${column})`).allTextContents()
      await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
      const rising = (await cells(8)).map(Number)
      expect(rising).toEqual(rising.toSorted((a, b) => a - b))
      await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
      expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
      expect(Number((await cells(8))[0])).toBeGreaterThan(100)
      const first = await cells(2)
      await page.getByRole('button', { name: 'Next' }).click()
      expect(await page.locator('.pager .place').textContent()).toMatch(/^21–40 of /)
      expect((await cells(2)).some((id) => first.includes(id))).toBe(false)
    })

    it('is used by the keyboard alone, with the focus in sight', async () => {
      const page = await calls()
      const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
      const tabTo = async (text: string) => {
        for (let step = 0; step < 80; step++) {
          await page.keyboard.press('Tab')
          if ((await focused()).startsWith(text)) return
        }
        throw new Error(`nothing called ${text} can be reached`)
      }
      await page.keyboard.press('Tab')
      expect(await focused()).toBe('Skip to the figures')
      await tabTo('30 days')
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      expect(queryOf(page)).toBe('period=30d')
      await tabTo('Region')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Space')
      expect(queryOf(page)).toMatch(/region=/)
      await page.keyboard.press('Escape')
      expect(await focused()).toMatch(/^Region/)

      const chart = page.locator('.chart').first()
      await chart.focus()
      await page.keyboard.press('End')
      const active = await chart.getAttribute('aria-activedescendant')
      expect(await page.locator(`[id="${active}"]`).getAttribute('aria-label')).toMatch(/^Mon, 30 Jun 2025: \d+ calls$/)
      for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowLeft')
      await page.keyboard.press('Enter')
      expect(queryOf(page)).toContain('period=2025-06-26..2025-06-30')
      expect(await chart.evaluate((element) => element === document.activeElement)).toBe(true)
      await page.keyboard.press('Escape')
      expect(queryOf(page)).not.toContain('period')

      const bar = page.locator('[data-dimension=issue] button').first()
      await bar.focus()
      const name = await bar.getAttribute('data-member')
      await page.keyboard.press('Enter')
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-member'))).toBe(name)
      await expectToldFigures(page)
    })

    it('names every control and picture for those who cannot see them', async () => {
      const page = await calls('period=30d')
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, input, select, [role=listbox], section, nav')]
          .filter((one) => (one as HTMLElement).checkVisibility?.() !== false)
          .filter((one) => {
            const labelled =
              one.getAttribute('aria-label') ??
              document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent
            const label = (one as HTMLInputElement).labels?.[0]?.textContent
            const isTold = ['SECTION', 'NAV'].includes(one.tagName) ? labelled : (labelled ?? label ?? one.textContent)
            return !isTold?.trim() && one.closest('.anomalies') === null
          })
          .map((one) => one.outerHTML.slice(0, 120)),
      )
      expect(nameless).toEqual([])
    })

    it.each(['light', 'dark'] as const)(
      'has text that stands out from what is behind it, in %s',
      async (colorScheme) => {
        const page = await fresh({ colorScheme })
        await openCalls(page, served.address, 'period=30d&issue=Billing')
        const faint = await page.evaluate(() => {
          const rgb = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number)
          const light = (channels: number[]) => {
            const [r = 0, g = 0, b = 0] = channels.slice(0, 3).map((channel) => {
              const share = channel / 255
              return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
            })
            return 0.2126 * r + 0.7152 * g + 0.0722 * b
          }
          const behind = (element: Element | null): number[] => {
            for (let one = element; one !== null; one = one.parentElement) {
              const color = rgb(getComputedStyle(one).backgroundColor)
              if (color.length === 3 || (color[3] ?? 0) === 1) return color
            }
            return [255, 255, 255]
          }
          const found = new Set<string>()
          for (const one of document.querySelectorAll('main *, header *')) {
            const hasText = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
            if (!hasText || one.closest('.unseen, :disabled') !== null) continue
            const style = getComputedStyle(one)
            const color = one instanceof SVGElement ? style.fill : style.color
            const [front, back] = [light(rgb(color)), light(behind(one))]
            const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
            if (contrast < 4.5) found.add(`${one.className} "${one.textContent?.slice(0, 30)}" ${contrast.toFixed(2)}`)
          }
          return [...found]
        })
        expect(faint).toEqual([])
      },
    )

    it('offers what is in view as CSV', async () => {
      const page = await calls('issue=Outage&resolution=escalated')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export CSV' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('calls.csv')
      const lines = readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n')
      expect(lines[0]).toBe(
        'call_id,agent_id,agent_name,region,customer_id,start_time,end_time,call_duration_minutes,issue_type,resolution,rating,call_date,hour_of_day',
      )
      const told = toldFigures(data, queryOf(page))
      expect(lines.length - 1).toBe(told.rows)
      expect(lines.slice(1).every((text) => text.includes(',Outage,escalated,'))).toBe(true)
    })

    it('shows new content by itself', async () => {
      const row = (id: string) =>
        `{"call_id":"${id}","agent_id":"A1","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T10:01:00Z","issue_type":"b","resolution":"resolved"}\n`
      await withCalls(row('c1'), async (page, store) => {
        expect(await page.locator('.kpi .figure').first().textContent()).toBe('1')
        await store.write('sample_calls.json', [new TextEncoder().encode(row('c1') + row('c2'))])
        await clean(store)
        await page.locator('.kpi .figure', { hasText: /^2$/ }).first().waitFor({ timeout: 15_000 })
      })
    })

    it('is friendly about calls that are not there: no file, no call, no match', async () => {
      const nothing = await serve(pages, memoryStore())
      const page = await fresh({}, nothing.address)
      await page.goto(nothing.address)
      await page.getByRole('heading', { name: 'No calls yet' }).waitFor()
      await page.getByRole('button', { name: 'Monthly report' }).click()
      await page.getByRole('heading', { name: 'No monthly report here' }).waitFor()
      await page.close()
      await nothing.close()

      const odd = '{"call_id":"c1","agent_id":"A1","start_time":"","end_time":"","issue_type":"b","resolution":"r"}\n'
      await withCalls(odd, async (empty) => {
        await empty.getByRole('heading', { name: 'No calls in this file' }).waitFor()
      })

      const none = await calls('region=Nowhere')
      expect(await none.locator('.notice').textContent()).toContain('No calls match these filters')
      const { kpis } = await shownFigures(none)
      expect(kpis).toMatchObject({ calls: 0, resolution_rate: null, average_rating: null })
      const figures = await none.locator('.kpi .figure').allTextContents()
      expect(figures).toEqual(['0', '–', '–', '0', '–', '–', '–'])
      expect(await none.locator('main').textContent()).not.toMatch(/NaN|undefined|Infinity/)
      await none.locator('.notice').getByRole('button', { name: 'Reset all' }).click()
      await expectToldFigures(none)
    })

    it('keeps hostile text inert, in every column', async () => {
      const hostile = [
        '<img src=x onerror="window.hacked=1">',
        '"><script>window.hacked=1</script>',
        "'-alert(1)-'",
        '=HYPERLINK("http://evil.example","x")',
        '__proto__',
        '\u202eevil\u0000\u001b[31m',
        `${'\u{1F4A5}'.repeat(50)}${'long '.repeat(200)}`,
      ]
      const rows = hostile.map((text, index) =>
        JSON.stringify({
          call_id: text,
          agent_id: text,
          customer_id: text,
          start_time: `2025-01-0${index + 1}T10:00:00Z`,
          end_time: `2025-01-0${index + 1}T10:05:00Z`,
          issue_type: text,
          resolution: text,
        }),
      )
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const agents = `agent_id,name,region\n${hostile.map((text) => Array(3).fill(quoted(text)).join(',')).join('\n')}\n`
      const log = `${rows.join('\n')}\n`
      await withCalls(
        log,
        async (page) => {
          for (const dimension of ['issue', 'region', 'resolution']) {
            const bars = page.locator(`[data-dimension=${dimension}] button`)
            await bars.nth(0).click()
            await bars.nth(1).click()
          }
          await page.getByRole('button', { name: 'Reset all' }).click()
          const shown = await page.locator('[data-dimension=issue] .name').allTextContents()
          for (const text of hostile) expect(shown.map((name) => name.trim())).toContain(text.trim())
          await page.locator('[data-filter=agent] > button').click()
          await page.locator('.chart').first().locator('.part').first().hover()
          expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
          expect(
            await page.evaluate(() => document.querySelectorAll('main img, main script, main iframe, main a').length),
          ).toBe(0)
          const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.locator('[data-role=export]').click(),
          ])
          const csv = readFileSync(await download.path(), 'utf8')
          expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
          expect(csv).not.toMatch(/(^|,)"?[=@+-](?!\d)/m)
        },
        agents,
      )
      // and in the address
      const page = await calls(`issue=${encodeURIComponent(hostile[0] ?? '')}`)
      expect(await page.locator('.chip').textContent()).toContain(hostile[0])
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    })

    it('shows the monthly report and its three answers', async () => {
      const page = await fresh()
      await page.goto(`${served.address}?view=months`)
      const cards = page.locator('.months-page .card')
      await cards.first().waitFor()
      expect(await cards.nth(0).locator('.note').textContent()).toBe('Portland ME has most: 23.')
      expect(await cards.nth(1).locator('.note').textContent()).toBe('2025-02, with 23 interactions.')
      expect(await cards.nth(2).locator('.note').textContent()).toMatch(/^Portland ME: 13\.32 minutes over 17 calls/)
      expect(await cards.last().locator('tbody tr').count()).toBe(25)
      await page.getByRole('button', { name: '2025-03' }).click()
      expect(queryOf(page)).toBe('view=months&month=2025-03')
      expect(await cards.last().locator('tbody td:first-child').allTextContents()).toEqual(Array(9).fill('2025-03'))
    })

    it('fits a narrow window without scrolling sideways', async () => {
      const page = await fresh({ viewport: { width: 360, height: 800 } })
      await openCalls(page, served.address, 'period=30d')
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(360)
    })
  },
)
