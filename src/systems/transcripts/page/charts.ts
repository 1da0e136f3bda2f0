/**
 * Drawings of agents and of days; picking a part shows its calls.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { countText, shortText } from '../../../page/figure-text.ts'
import type { AgentRow, DayRow } from './snapshot.ts'
import { dollarText, rateText } from './words.ts'

/** A card with a drawing, and how it is drawn again. */
export interface ChartCard<Row> {
  readonly element: HTMLElement
  draw(rows: readonly Row[], chosen: string | null): void
}

/** An axis from zero to the highest figure, or to 100 where all are zero. */
const axis = (rows: readonly AgentRow[], figure: 'conversion_rate' | 'total_upsell_amount') => {
  const most = Math.max(0, ...rows.map((row) => row[figure]))
  return { label: null, nice: true, domain: [0, most === 0 ? 100 : most] }
}

/** Where a point can be hit. */
const REACH = 12

function chartOf(label: string, pick: (at: number) => void, clear: () => void): Chart {
  return new Chart({
    label: `${label} Arrow keys move, Enter shows the calls, Escape all of them.`,
    onPick: pick,
    onClear: clear,
  })
}

/** Returns the card of conversion against revenue, one point an agent. */
export function agentScatter(choose: (agent: string | null) => void): ChartCard<AgentRow> {
  let shown: readonly AgentRow[] = []
  const chart = chartOf(
    'Conversion rate and upsell revenue of agents.',
    (at) => choose(shown[at]?.agent_name ?? null),
    () => choose(null),
  )
  return {
    element: card(
      {
        title: 'Conversion and revenue',
        note: 'One point an agent: conversion rate to the right, upsell revenue up.',
      },
      chart.element,
    ),
    draw(rows, chosen) {
      shown = rows
      const drawing = draw({
        width: widthOf(chart.element),
        height: HEIGHT,
        x: { ...axis(rows, 'conversion_rate'), ticks: 5, tickFormat: (rate: number) => `${rate} %` },
        y: { ...axis(rows, 'total_upsell_amount'), ticks: 4, tickFormat: (amount: number) => `$${shortText(amount)}` },
        marks: [
          Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
          Plot.dot(rows, {
            x: 'conversion_rate',
            y: 'total_upsell_amount',
            r: 5,
            fill: 'var(--accent)',
            fillOpacity: (row: AgentRow) => (chosen === null || row.agent_name === chosen ? 0.85 : 0.25),
          }),
        ],
        opacity: { type: 'identity' },
      })
      const [x, y] = [placer(drawing, 'x'), placer(drawing, 'y')]
      chart.draw(
        drawing,
        rows.map((row): Target => {
          const lines: [string, string][] = [
            ['Calls', countText(row.total_calls)],
            ['Conversion rate', rateText(row.conversion_rate)],
            ['Upsell revenue', dollarText(row.total_upsell_amount)],
          ]
          return {
            x: x(row.conversion_rate) - REACH,
            y: y(row.total_upsell_amount) - REACH,
            width: 2 * REACH,
            height: 2 * REACH,
            label: `${row.agent_name}: ${lines.map(([name, text]) => `${name} ${text}`).join(', ')}`,
            tip: { title: row.agent_name, lines },
            isSelected: row.agent_name === chosen,
          }
        }),
      )
    },
  }
}

/** Returns the card of calls and conversions by day. */
export function dailyTrend(choose: (day: string | null) => void): ChartCard<DayRow> {
  let shown: readonly DayRow[] = []
  const chart = chartOf(
    'Calls and conversions by day.',
    (at) => choose(shown[at]?.metric_date ?? null),
    () => choose(null),
  )
  return {
    element: card({ title: 'Calls by day', note: 'Bars are calls, the lower part conversions.' }, chart.element),
    draw(rows, chosen) {
      shown = rows
      const band = (at: number) => ({ x1: at, x2: at + 1 })
      const bars = (height: 'total_calls' | 'total_conversions', fill: string) =>
        Plot.rectY(rows, {
          x1: (_: DayRow, at: number) => band(at).x1,
          x2: (_: DayRow, at: number) => band(at).x2,
          y: height,
          fill,
          fillOpacity: (row: DayRow) => (chosen === null || row.metric_date === chosen ? 1 : 0.3),
          insetLeft: 0.75,
          insetRight: 0.75,
        })
      const step = Math.max(1, Math.ceil(rows.length / 6))
      const most = Math.max(1, ...rows.map(({ total_calls }) => total_calls))
      const drawing = draw({
        width: widthOf(chart.element),
        height: HEIGHT,
        x: {
          domain: [0, Math.max(1, rows.length)],
          label: null,
          ticks: rows.map((_, at) => at).filter((at) => at % step === 0),
          tickFormat: (at: number) => rows[at]?.metric_date.slice(5) ?? '',
        },
        // there is no half of a call
        y: { label: null, ticks: Math.min(4, most), nice: true, zero: true, tickFormat: shortText },
        opacity: { type: 'identity' },
        marks: [
          Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
          bars('total_calls', 'var(--faint-strong)'),
          bars('total_conversions', 'var(--accent)'),
        ],
      })
      const x = placer(drawing, 'x')
      chart.draw(
        drawing,
        rows.map((row, at): Target => {
          const lines: [string, string][] = [
            ['Calls', countText(row.total_calls)],
            ['Conversions', countText(row.total_conversions)],
            ['Upsell revenue', dollarText(row.total_upsell_amount)],
          ]
          return {
            x: x(at),
            y: 0,
            width: x(at + 1) - x(at),
            height: HEIGHT - 26,
            label: `${row.metric_date}: ${lines.map(([name, text]) => `${name} ${text}`).join(', ')}`,
            tip: { title: row.metric_date, lines },
            isSelected: row.metric_date === chosen,
          }
        }),
      )
    },
  }
}
