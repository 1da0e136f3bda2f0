import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { cleanCalls } from '../../src/systems/calls/clean/clean-calls.ts'
import { CHANGE_RULES, callKpis } from '../../src/systems/calls/figures/kpis.ts'
import { callSet } from '../../src/systems/calls/figures/report.ts'
import { selectCalls } from '../../src/systems/calls/figures/selection.ts'
import { overviewOf } from '../../src/systems/calls/page/calls-figures.ts'
import {
  comparisonText,
  KPI_FIGURES,
  kpiTip,
  moodOf,
  oddText,
  scopeText,
  toldChange,
} from '../../src/systems/calls/page/kpi-words.ts'
import { agentNames, memberText, periodText, spanText } from '../../src/systems/calls/page/words.ts'
import { scopeOf } from '../../src/systems/support/page/months-page.ts'
import { call, log, setOf } from '../systems/calls/tables.ts'

const styles = (name: string) => readFileSync(join(import.meta.dirname, '../../src/page/styles', name), 'utf8')

/** So many calls in each of the two weeks before Monday, 20 January 2025, resolved as the shares say. */
function twoWeeks(count: number, before: number, now: number, rest: object = {}) {
  const week = (first: number, resolved: number) =>
    Array.from({ length: count }, (_, index) => ({
      at: new Date(Date.UTC(2025, 0, first + (index % 7), 10, index % 60)).toISOString(),
      minutes: 5 + (index % 4),
      resolution: index < resolved * count ? 'resolved' : 'open',
    }))
  return setOf(...week(6, before), ...week(13, now), { at: '2025-01-20T10:00:00Z' }, rest as { at: string })
}

/** What the page shows of the calls that a filter selects, as far as its scope is told. */
const scopeIn = (set: ReturnType<typeof setOf>, filter: Parameters<typeof selectCalls>[1]) => ({
  ...selectCalls(set, filter),
  overview: overviewOf(set),
})

const figureOf = (kpi: string) => KPI_FIGURES.find((figure) => figure.kpi === kpi) ?? KPI_FIGURES[0]
const lastDay = { at: '2025-01-20T11:00:00Z' }

function told(set: ReturnType<typeof setOf>, kpi: 'resolution_rate' | 'average_handle_minutes' | 'escalations') {
  const selection = selectCalls(set, { period: '7d' })
  const report = callKpis(selection)
  const figure = figureOf(kpi)
  if (figure === undefined) throw new Error(`no figure is called ${kpi}`)
  return { ...toldChange(report.change?.[kpi], selection), tip: kpiTip(figure, report, selection), report, figure }
}

describe('the colour of a change', () => {
  it('is green for the better, red for the worse, and grey for everything else', () => {
    expect(['better', 'worse', 'noise', 'same', 'changed', null].map((verdict) => moodOf(verdict as 'better'))).toEqual(
      ['good', 'bad', 'even', 'even', 'even', 'even'],
    )
  })

  it.each([
    [0.4, 0.7, '+30.0 points', 'good'],
    [0.7, 0.4, '−30.0 points', 'bad'],
    [0.5, 0.51, '+1.0 points', 'even'],
    [0.5, 0.5, '0.0 points', 'even'],
  ])('of a rate from %d to %d is that of %s: %s', (before, now, text, mood) => {
    expect(told(twoWeeks(200, before, now, lastDay), 'resolution_rate')).toMatchObject({ text, mood })
  })

  it('knows of each figure which way is better', () => {
    const better = Object.fromEntries(Object.entries(CHANGE_RULES).map(([kpi, rule]) => [kpi, rule.better]))
    expect(better).toEqual({
      calls: 'neither',
      resolved: 'neither',
      escalations: 'lower',
      rated: 'neither',
      resolution_rate: 'higher',
      average_handle_minutes: 'lower',
      median_minutes: 'lower',
      p90_minutes: 'lower',
      average_rating: 'higher',
    })
  })

  it('is green where the style sheets say good, and red where they say bad, in every theme', () => {
    expect(styles('cards.css')).toMatch(/\.change\.good \{\s*color: var\(--good\);/)
    expect(styles('cards.css')).toMatch(/\.change\.bad \{\s*color: var\(--bad\);/)
    for (const sheet of ['colours.css', 'print.css']) {
      const colours = [...styles(sheet).matchAll(/--(good|bad): #(..)(..)(..);/g)]
      expect(colours.length).toBeGreaterThan(1)
      for (const [, name, red = '', green = ''] of colours) {
        expect(Number.parseInt(green, 16) > Number.parseInt(red, 16), `${sheet} ${name}`).toBe(name === 'good')
      }
    }
  })
})

describe('the note of a figure', () => {
  it('has both periods with their dates, the change, and the interval of the difference', () => {
    const { tip, words } = told(twoWeeks(200, 0.5, 0.51, lastDay), 'resolution_rate')
    expect(tip.title).toBe('Resolution rate: resolved calls as a share of all calls')
    expect(tip.lines).toEqual([
      ['13 Jan – 19 Jan 2025', '51.0%'],
      ['6 Jan – 12 Jan 2025', '50.0%'],
      ['Change', '+1.0 points, within the noise of the sample'],
      ['95 % interval of the difference', '−8.7 to +10.7 points'],
    ])
    expect(words).toBe('within the noise of the sample, against 6 Jan – 12 Jan 2025')
  })

  it('says that few calls tell nothing', () => {
    const { tip, mood } = told(twoWeeks(1, 1, 1, lastDay), 'average_handle_minutes')
    expect(mood).toBe('even')
    expect(tip.lines.at(-1)).toEqual(['95 % interval of the difference', 'too few calls to tell'])
  })

  it('offers the mean without the one call that moves it', () => {
    const { report, figure, tip } = told(
      twoWeeks(200, 0.5, 0.5, { at: '2025-01-14T11:00:00Z', minutes: 1098 }),
      'average_handle_minutes',
    )
    expect(oddText(report, figure)).toBe('6.5 min without one call of 1,098.0 min')
    expect(tip.lines.slice(-2)).toEqual([
      ['One call moves it', '6.5 min without one call of 1,098.0 min'],
      ['95 % interval without that call', '6.3 to 6.7 min'],
    ])
    expect(told(twoWeeks(200, 0.5, 0.5, lastDay), 'average_handle_minutes').report.odd).toEqual({
      average_handle_minutes: null,
      average_rating: null,
    })
  })
})

describe('the scope of the page', () => {
  const set = twoWeeks(14, 0.5, 0.5, lastDay)
  const of = (filter: Parameters<typeof selectCalls>[1]) => comparisonText(scopeIn(set, filter))

  it('is told in dates, with what is compared and what is left out', () => {
    expect(of({})).toBe('All calls, 6 Jan – 20 Jan 2025. Choose a period to see what changed.')
    expect(of({ period: '7d' })).toBe(
      'Last 7 days, 13 Jan – 19 Jan 2025, compared with 6 Jan – 12 Jan 2025. 20 Jan 2025 may not be over and is left out.',
    )
    expect(of({ period: { from: '2025-01-19' } })).toBe(
      '19 Jan – 20 Jan 2025, of which 19 Jan 2025 is compared with 17 Jan 2025. Their weekdays differ. 20 Jan 2025 may not be over and is not compared.',
    )
    expect(of({ period: { from: '2025-01-18', to: '2025-01-19' } })).toBe(
      '18 Jan – 19 Jan 2025, compared with 16 Jan – 17 Jan 2025. Their weekdays differ.',
    )
    expect(of({ period: { from: '2025-01-20' } })).toBe(
      '20 Jan 2025. Nothing is compared, because no day of the period is known to be over. 20 Jan 2025 may not be over and is not compared.',
    )
    expect(of({ period: '28d' })).toContain('the data begins later than the other period')
    expect(of({ period: '7d', compare: 'none' })).toContain('13 Jan – 19 Jan 2025. Nothing is compared.')
  })

  it('is the dates of the period, or of all the data', () => {
    expect(scopeText(scopeIn(set, {}))).toBe('6 Jan – 20 Jan 2025')
    expect(scopeText(scopeIn(set, { period: '7d' }))).toBe('13 Jan – 19 Jan 2025')
    expect(scopeText(scopeIn(setOf(), {}))).toBe('')
    expect(spanText(Date.UTC(2024, 11, 30), Date.UTC(2025, 0, 5))).toBe('30 Dec 2024 – 5 Jan 2025')
    expect(['24h', '7d', '28d', '91d', '30d', '90d'].map((preset) => periodText(preset as '7d'))).toEqual([
      'last 24 hours',
      'last 7 days',
      'last 28 days',
      'last 91 days',
      'last 30 days',
      'last 90 days',
    ])
  })
})

describe('agentNames', () => {
  const agents = table({
    agent_id: ['A1', 'A2', 'A3'],
    agent_name: ['Ada Brook', 'Ben Cole', 'Ada Brook'],
    region: ['North', 'South', 'South'],
  })
  const rows = ['A1', 'A2', 'A3', 'A8', 'A9', null].map((agent_id, hour) =>
    call({
      call_id: `c${hour}`,
      agent_id,
      start_time: `2025-01-01T0${hour}:00:00Z`,
      end_time: `2025-01-01T0${hour}:05:00Z`,
    }),
  )
  const set = callSet(cleanCalls(log(...rows), agents).calls)

  it('tells agents of one name apart by their ids, and leaves other names alone', () => {
    const names = [...agentNames(set).values()]
    expect(names).toEqual(['Ada Brook (A1)', 'Ben Cole', 'Ada Brook (A3)', 'Unknown (A8)', 'Unknown (A9)', 'No agent'])
    expect(new Set(names).size).toBe(names.length)
    const { members } = set.dimensions.agent
    expect(members.map((member) => memberText(agentNames(set), 'agent', member))).toEqual(names)
  })

  it('does not call an agent by an id that another set needs', () => {
    const alone = setOf({ at: '2025-01-01T10:00:00Z', agent_id: 'A1' })
    expect(memberText(agentNames(alone), 'agent', 'A1')).toBe('Ada Brook')
    expect(memberText(agentNames(alone), 'agent', 'A7')).toBe('A7')
    expect(memberText(agentNames(alone), 'agent', null)).toBe('No agent')
  })
})

describe('the scope of the monthly report', () => {
  const months = ['2025-01', '2025-02', '2025-03', '2025-04']

  it('is the newest whole quarter unless the address names months', () => {
    expect(scopeOf([], months)).toEqual({ months: months.slice(0, 3), text: '2025-Q1, 2025-01 – 2025-03' })
    expect(scopeOf([], ['2025-02', '2025-03'])).toMatchObject({ text: '2025-Q1, 2025-02 – 2025-03, not whole' })
    expect(scopeOf(['all'], months)).toEqual({ months: null, text: 'all months, 2025-01 – 2025-04' })
    expect(scopeOf(['2025-01', '2025-04'], months)).toEqual({
      months: ['2025-01', '2025-04'],
      text: '2025-01, 2025-04',
    })
    expect(scopeOf([], [])).toMatchObject({ months: null })
  })
})
