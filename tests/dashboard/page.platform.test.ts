import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { dashboardData } from '../../src/dashboard/data.ts'
import { exportDashboard } from '../../src/dashboard/export.ts'
import { typeOf } from '../../src/dashboard/page-files.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { supportEtl } from '../cli/command-line.ts'
import { chromiumPath, clean, openCalls, serve } from './browser.ts'
import { sharedDashboard } from './dashboard.ts'
import { drawnCalls, shownFigures, toldFigures } from './figures.ts'

describe.skipIf(chromiumPath === undefined)(
  'the dashboard in Chromium (apt-get install chromium, or CHROMIUM=path)',
  () => {
    const dashboard = sharedDashboard()
    const { fresh, calls, queryOf, expectToldFigures, data, withCalls } = dashboard

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
      expect(dashboard.complaints().length).toBeGreaterThan(0)
      dashboard.complaints().splice(0)
    })

    it('tells what of a broken link it could not read, and shows all calls', async () => {
      const page = await calls('period=sometimes&issue=Billing')
      expect(await page.locator('.notice').textContent()).toContain('period: "sometimes" is not 7d')
      expect((await shownFigures(page)).kpis.calls).toBe(toldFigures(data, '').kpis.calls)
    })

    it('sorts by any column and turns pages', async () => {
      const page = await calls()
      const cells = (column: number) => page.locator(`.calls tbody td:nth-child(${column})`).allTextContents()
      await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
      await drawnCalls(page)
      const rising = (await cells(8)).map(Number)
      expect(rising).toEqual(rising.toSorted((a, b) => a - b))
      await page.locator('.calls').getByRole('button', { name: 'Minutes' }).click()
      await drawnCalls(page)
      expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
      expect(Number((await cells(8))[0])).toBeGreaterThan(100)
      const first = await cells(2)
      await page.getByRole('button', { name: 'Next' }).click()
      await drawnCalls(page)
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
      await tabTo('28 days')
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      expect(await queryOf(page)).toBe('period=28d')
      await drawnCalls(page)
      await tabTo('Region')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Space')
      expect(await queryOf(page)).toMatch(/region=/)
      await drawnCalls(page)
      await page.keyboard.press('Escape')
      expect(await focused()).toMatch(/^Region/)

      const chart = page.locator('.chart').first()
      await chart.focus()
      await page.keyboard.press('End')
      const active = await chart.getAttribute('aria-activedescendant')
      expect(await page.locator(`[id="${active}"]`).getAttribute('aria-label')).toMatch(/^Sun, 29 Jun 2025: \d+ calls$/)
      for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowLeft')
      await page.keyboard.press('Enter')
      expect(await queryOf(page)).toContain('period=2025-06-25..2025-06-29')
      await drawnCalls(page)
      expect(await chart.evaluate((element) => element === document.activeElement)).toBe(true)
      await page.keyboard.press('Escape')
      expect(await queryOf(page)).not.toContain('period')

      const bar = page.locator('[data-dimension=issue] button').first()
      await bar.focus()
      const name = await bar.getAttribute('data-member')
      await page.keyboard.press('Enter')
      await drawnCalls(page)
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
        await openCalls(page, dashboard.address(), 'period=30d&issue=Billing')
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
      const told = toldFigures(data, await queryOf(page))
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
      const nothing = await serve(dashboard.pages(), memoryStore())
      const page = await fresh({}, nothing.address)
      await page.goto(nothing.address)
      // the home page says how to get data for each system
      await page.getByText('support-etl calls clean').waitFor()
      await page.getByText('support-etl generate').waitFor()
      const pages = page.getByRole('navigation', { name: 'Pages' })
      await pages.getByRole('link', { name: 'Calls' }).click()
      await page.getByRole('heading', { name: 'No calls yet' }).waitFor()
      await pages.getByRole('link', { name: 'Data' }).click()
      await page.getByRole('heading', { name: 'No data yet' }).waitFor()
      await pages.getByRole('link', { name: 'Monthly report' }).click()
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
            await page.evaluate(() => document.querySelectorAll('main img, main script, main iframe').length),
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

    it('shows the monthly report of the newest whole quarter, with the figures of `answers`', async () => {
      const page = await fresh()
      await page.goto(`${dashboard.address()}support`)
      const cards = page.locator('.months-page .card')
      await cards.first().waitFor()
      const answers = (...quarter: string[]) =>
        JSON.parse(supportEtl(['answers', '--out', join(dirname(data), 'output'), '--json', ...quarter]).stdout)
      const expectAnswers = async (told: ReturnType<typeof answers>) => {
        const [most] = told.interactionsByContactCenter
        expect(await cards.nth(0).locator('.note').textContent()).toBe(
          `${most.contact_center_name} has most: ${most.total_interactions}.`,
        )
        expect(await cards.nth(0).locator('.count').allTextContents()).toEqual(
          told.interactionsByContactCenter.map(({ total_interactions }: { total_interactions: number }) =>
            String(total_interactions),
          ),
        )
        expect(await cards.nth(1).locator('.note').textContent()).toBe(
          `${told.busiestMonth.month}, with ${told.busiestMonth.total_interactions} interactions.`,
        )
        const evidence = await cards.nth(3).locator('tbody tr').all()
        const shown = await Promise.all(evidence.map((row) => row.locator('td').allTextContents()))
        const text = (value: number | null) => (value === null ? '–' : value.toFixed(2))
        expect(shown.map((cells) => [cells[0], cells[1], cells[2], cells[3], cells[4], cells[6], cells[7]])).toEqual(
          told.calls.map((row: Record<string, number>) => [
            row.contact_center_name,
            String(row.total_calls),
            text(row.average_call_minutes ?? null),
            text(row.average_handle_minutes ?? null),
            String(row.calls_after_resolution),
            text(row.average_minutes_after_resolution ?? null),
            String(row.rated_calls),
          ]),
        )
      }
      const scopes = async () => [...new Set(await cards.locator('h2 .scope').allTextContents())]
      expect(await scopes()).toEqual(['2025-Q1, 2025-01 – 2025-03'])
      await expectAnswers(answers())
      expect(await cards.nth(2).locator('.note').textContent()).toMatch(/^Portland ME: 13\.22 minutes over 16 calls/)
      expect(await cards.nth(3).locator('.note').textContent()).toContain(
        'The ranking reverses: Portland ME is first of 4',
      )
      await page.getByRole('button', { name: 'All months' }).click()
      expect([await queryOf(page), await scopes()]).toEqual(['month=all', ['all months, 2025-01 – 2025-04']])
      await expectAnswers(answers('--quarter', 'all'))
      expect(await cards.last().locator('tbody tr').count()).toBe(25)
      await page.getByRole('button', { name: '2025-03', exact: true }).click()
      expect([await queryOf(page), await scopes()]).toEqual(['month=2025-03', ['2025-03']])
      expect(await cards.last().locator('tbody td:first-child').allTextContents()).toEqual(Array(9).fill('2025-03'))
      await page.getByRole('button', { name: '2025-Q1' }).click()
      expect([await queryOf(page), await scopes()]).toEqual(['', ['2025-Q1, 2025-01 – 2025-03']])
    })

    it('fits a narrow window without scrolling sideways', async () => {
      const page = await fresh({ viewport: { width: 360, height: 800 } })
      await openCalls(page, dashboard.address(), 'period=30d')
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(360)
    })

    it('works as files on any server, under the policy that the page itself carries', async () => {
      const site = memoryStore()
      const source = folderStore(dirname(data))
      const out = folderStore(join(dirname(data), 'output'))
      const sources = { systems: SYSTEMS, values: { data: basename(data) }, places: async () => [{ id: '', out }] }
      const pageData = await dashboardData(sources, { ...nodeEffects(), openSource: () => source })
      const names = await exportDashboard(site, dashboard.pages(), pageData)
      const files = new Map<string, Uint8Array>()
      for (const name of names) for await (const bytes of site.read(name)) files.set(name, bytes.slice())
      const server = createServer((request, response) => {
        const name = new URL(request.url ?? '/', 'http://x').pathname.slice(1) || 'index.html'
        response.writeHead(files.has(name) ? 200 : 404, { 'content-type': typeOf(name) }).end(files.get(name))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const page = await fresh({}, address)
      await page.goto(`${address}#/calls?period=30d`)
      await page.locator('html[data-ready=calls]').waitFor()
      expect(await shownFigures(page)).toEqual(toldFigures(data, 'period=30d'))
      // an address of an earlier version, and the other pages
      await page.goto(`${address}index.html?period=30d`)
      await page.locator('html[data-ready=calls]').waitFor()
      expect(page.url()).toBe(`${address}index.html#/calls?period=30d`)
      await page.getByRole('link', { name: 'Monthly report' }).click()
      await page.locator('html[data-ready=support]').waitFor()
      await page.getByRole('link', { name: 'Home' }).click()
      await page.getByRole('link', { name: 'support_report' }).click()
      await page.locator('.facts tbody tr').first().waitFor()
      expect(page.url()).toBe(`${address}index.html#/data/support_report`)
      expect(await page.locator('.data-page .pager .place').textContent()).toBe('1–20 of 25')
      await page.close()
      server.closeAllConnections()
      server.close()
    })
  },
)
