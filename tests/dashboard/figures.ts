/**
 * The figures that the page shows, read from it, and the same figures of the command line.
 * @module
 */
import type { Page } from 'playwright-core'
import type { KpiChange } from '../../src/systems/calls/figures/change.ts'
import { supportEtl } from '../cli/command-line.ts'

/** Figures by what they tell. */
export interface Figures {
  readonly kpis: Readonly<Record<string, number | null>>
  readonly changes: Readonly<Record<string, number | null>>
  /** Changes as text, and the colour of each. */
  readonly told: Readonly<Record<string, string>>
  /** Means without the one call that moves them. */
  readonly odd: Readonly<Record<string, number | null>>
  readonly timeline: readonly number[]
  readonly durations: readonly number[]
  readonly heat: readonly number[]
  readonly issue: Readonly<Record<string, number>>
  readonly region: Readonly<Record<string, number>>
  readonly resolution: Readonly<Record<string, number>>
  readonly rating: Readonly<Record<string, number>>
  readonly agents: readonly string[]
  readonly rows: number
}

/** Resolves when the worker has answered, and the calls that the filter selects are drawn. */
export async function drawnCalls(page: Page): Promise<void> {
  await page.locator('.calls-page:not([aria-busy])').waitFor({ state: 'attached' })
}

/** Reads everything that the page shows of a selection, when all of it is drawn. */
export async function shownFigures(page: Page): Promise<Figures> {
  await drawnCalls(page)
  return page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll(selector)]
    const value = (element: Element | null) => {
      const text = element?.getAttribute('data-value')
      return text === null || text === undefined ? null : Number(text)
    }
    const counts = (chart: Element | undefined) =>
      [...(chart?.querySelectorAll('.part') ?? [])].map((part) =>
        Number(/: ([\d,]+) calls$/.exec(part.getAttribute('aria-label') ?? '')?.[1]?.replaceAll(',', '')),
      )
    const members = (dimension: string) =>
      Object.fromEntries(
        all(`[data-dimension=${dimension}] button`).map((one) => [one.getAttribute('data-member'), value(one) ?? 0]),
      )
    const charts = all('.chart:not(.strip)')
    const kpis = all('.kpi')
    const name = (kpi: Element) => kpi.getAttribute('data-kpi') ?? ''
    const pager = document.querySelector('.pager .place')?.textContent ?? ''
    return {
      kpis: Object.fromEntries(kpis.map((kpi) => [name(kpi), value(kpi.querySelector('.figure'))])),
      changes: Object.fromEntries(kpis.map((kpi) => [name(kpi), value(kpi.querySelector('.change'))])),
      told: Object.fromEntries(
        kpis.map((kpi) => {
          const change = kpi.querySelector('.change')
          return [name(kpi), `${change?.firstChild?.textContent} ${change?.className}`]
        }),
      ),
      odd: Object.fromEntries(kpis.map((kpi) => [name(kpi), value(kpi.querySelector('.odd'))])),
      timeline: counts(charts[0]),
      durations: counts(charts[1]),
      heat: counts(charts[2]),
      issue: members('issue'),
      region: members('region'),
      resolution: members('resolution'),
      rating: members('rating'),
      agents: all('.agents tbody button').map((one) => `${one.getAttribute('data-member')} ${value(one)}`),
      rows: Number((/of ([\d,]+)/.exec(pager)?.[1] ?? '0').replaceAll(',', '')),
    }
  })
}

interface MemberRow {
  readonly member: string | null
  readonly calls: number
}

const byMember = (rows: readonly MemberRow[]) =>
  Object.fromEntries(rows.map(({ member, calls }) => [member ?? '', calls]))
const KPIS = [
  'calls',
  'average_handle_minutes',
  'resolution_rate',
  'escalations',
  'median_minutes',
  'p90_minutes',
  'average_rating',
]

/** The text of a change and its colour, written down apart from the page. */
function toldText(change: KpiChange | undefined): string {
  if (change === undefined || change.told === null) return '– change even'
  const { told, unit, verdict } = change
  const sign = told > 0 ? '+' : told < 0 ? '−' : ''
  const digits = Math.abs(told).toFixed(unit === 'stars' ? 2 : 1)
  const colour = { better: 'good', worse: 'bad' }[verdict as string] ?? 'even'
  return `${sign}${digits}${{ percent: '%', points: ' points', stars: '' }[unit]} change ${colour}`
}

/** What `support-etl calls summary` says of the same file under the same query, in the page's form. */
export function toldFigures(data: string, query: string): Figures {
  const { stdout, stderr, status } = supportEtl(['calls', 'summary', '--data', data, '--query', query, '--json'])
  if (status !== 0) throw new Error(stderr)
  const told = JSON.parse(stdout)
  // a change is shown where its text can be told: shares need something to be a share of
  const change = (name: string) => {
    const one = told.change?.[name]
    const isShare = !['resolution_rate', 'average_rating'].includes(name)
    return one === undefined || (isShare && one.relative === null) ? null : one.difference
  }
  const isEmpty = (rows: readonly MemberRow[]) => rows.every(({ calls }) => calls === 0)
  const bars = (rows: readonly MemberRow[]) => (isEmpty(rows) ? {} : byMember(rows))
  const counts = (rows: readonly { readonly calls: number; readonly previous?: number | null }[]) =>
    rows.every(({ calls, previous }) => calls === 0 && !previous) ? [] : rows.map(({ calls }) => calls)
  return {
    kpis: Object.fromEntries(KPIS.map((name) => [name, told.kpis[name]])),
    changes: Object.fromEntries(KPIS.map((name) => [name, change(name)])),
    told: Object.fromEntries(KPIS.map((name) => [name, toldText(told.change?.[name])])),
    odd: Object.fromEntries(KPIS.map((name) => [name, told.odd_calls[name]?.mean_without ?? null])),
    timeline: counts(told.timeline.stretches),
    durations: counts(told.durations),
    heat: counts(told.heat_map),
    issue: bars(told.by_issue),
    region: bars(told.by_region),
    resolution: bars(told.by_resolution),
    rating: bars(told.by_rating),
    agents: told.agents.slice(0, 10).map(({ member, calls }: MemberRow) => `${member ?? ''} ${calls}`),
    rows: told.kpis.calls,
  }
}
