/**
 * How many complaints there are: by day, and by the members of a dimension. Choosing one narrows the page.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { memberBars, replaceBars } from '../../../page/charts/member-bars.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, shortText } from '../../../page/figure-text.ts'
import { formatDay } from '../../../time/instant.ts'
import type { DayFigures } from '../figures/days.ts'
import { shareText } from '../figures/words.ts'
import { type ComplaintDimension, MEMBERS } from './state.ts'
import { NO_MATCH, type View } from './view.ts'

/** A bar: a day, or the days of a week from Monday on. */
export interface DayBucket {
  readonly from: string
  readonly to: string
  /** Whether the data ends within it. */
  readonly isPartial: boolean
  readonly complaints: number
  readonly resolved: number
}

const DAY = 86_400_000
/** Up to so many days each has a bar of its own. */
const MOST_DAYS = 92
/** Names under the drawing. */
const NAMED = 6

/** The number of a day since 1970-01-01, which was a Thursday. */
const numberOf = (day: string): number => Date.parse(day) / DAY
const mondayOf = (day: number): number => day - ((day + 3) % 7)

/** Returns the bars of days, with those that have no complaint: a bar a day, or a week where there are many. */
export function dayBuckets(days: readonly DayFigures[]): {
  readonly unit: 'day' | 'week'
  readonly buckets: readonly DayBucket[]
} {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return { unit: 'day', buckets: [] }
  const [from, to] = [numberOf(first.openedOn), numberOf(last.openedOn)]
  const unit = to - from < MOST_DAYS ? 'day' : 'week'
  const [size, start] = unit === 'day' ? [1, from] : [7, mondayOf(from)]
  const buckets = Array.from({ length: Math.floor((to - start) / size) + 1 }, (_, at) => {
    const begin = start + at * size
    return {
      // the first and the last week hold no days outside the data
      from: formatDay(Math.max(from, begin)),
      to: formatDay(Math.min(to, begin + size - 1)),
      isPartial: begin < from || begin + size - 1 > to,
      ...{ complaints: 0, resolved: 0 },
    }
  })
  for (const { openedOn, complaints, resolved } of days) {
    const bucket = buckets[Math.floor((numberOf(openedOn) - start) / size)]
    if (bucket === undefined) continue
    bucket.complaints += complaints
    bucket.resolved += resolved
  }
  return { unit, buckets }
}

/** Returns the card of complaints over time. `choose` is given the first and last day that were picked, or nulls. */
export function timeCard(choose: (days: { readonly from: string | null; readonly to: string | null }) => void): View {
  let shown: readonly DayBucket[] = []
  const chart = new Chart({
    label:
      'Complaints by day of opening. Arrow keys move, Enter narrows the page to a bar, Shift with arrow keys chooses several, Escape takes all days.',
    onPick: (first, last) => choose({ from: shown[first]?.from ?? null, to: shown[last]?.to ?? null }),
    onClear: () => choose({ from: null, to: null }),
  })
  const note = element('span', {})
  return {
    element: card({ title: 'Complaints over time', class: 'wide', note }, chart.element),
    update({ figures }) {
      const { unit, buckets } = dayBuckets(figures.days)
      shown = buckets
      note.textContent = `By day of opening, a bar a ${unit}; its lower part is resolved. A bar, or several, narrow the page to their days.${buckets.some(({ isPartial }) => isPartial) ? ' Faded bars are incomplete weeks.' : ''}`
      if (buckets.length === 0) {
        chart.show(nothingHere(NO_MATCH))
        return
      }
      const step = Math.max(1, Math.ceil(buckets.length / NAMED))
      const inset = buckets.length <= 120 ? 0.75 : 0
      const bars = (height: 'complaints' | 'resolved', fill: string) =>
        Plot.rectY(buckets, {
          x1: (_: DayBucket, at: number) => at,
          x2: (_: DayBucket, at: number) => at + 1,
          ...{ y: height, fill, insetLeft: inset, insetRight: inset },
          fillOpacity: ({ isPartial }: DayBucket) => (isPartial ? 0.5 : 1),
        })
      const drawing = draw({
        width: widthOf(chart.element),
        height: HEIGHT,
        x: {
          domain: [0, buckets.length],
          label: null,
          ticks: buckets.map((_, at) => at).filter((at) => at % step === 0),
          tickFormat: (at: number) => buckets[at]?.from.slice(2) ?? '',
        },
        y: { label: null, ticks: 4, nice: true, zero: true, tickFormat: shortText },
        marks: [
          Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
          bars('complaints', 'var(--faint-strong)'),
          bars('resolved', 'var(--accent)'),
        ],
        opacity: { type: 'identity' },
      })
      const x = placer(drawing, 'x')
      chart.draw(
        drawing,
        buckets.map(({ from, to, isPartial, complaints, resolved }, at): Target => {
          const title = from === to ? from : `${from} – ${to}`
          const lines: [string, string][] = [
            ['Complaints', countText(complaints)],
            ['Resolved', countText(resolved)],
            ...(isPartial ? [['Not whole', 'a part of the week'] as [string, string]] : []),
          ]
          return {
            ...{ x: x(at), y: 0, width: x(at + 1) - x(at), height: HEIGHT - 26 },
            label: `${title}: ${lines.map(([name, text]) => `${name} ${text}`).join(', ')}`,
            tip: { title, lines },
            isSelected: false,
          }
        }),
      )
    },
  }
}

/** Returns the card of a dimension. */
export function dimensionCard(dimension: ComplaintDimension, title: string, choose: (member: string) => void): View {
  const list = element('ul', { class: 'bars', 'data-dimension': dimension })
  return {
    element: card({ title, class: 'quarter' }, list),
    update({ figures, state }) {
      const counts = figures.counts[dimension]
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
      const chosen = state[dimension]
      replaceBars(
        list,
        memberBars(
          MEMBERS[dimension].map((member) => {
            const value = counts[member] ?? 0
            const isChosen = chosen.includes(member)
            return {
              ...{ member, name: member, value, text: countText(value) },
              share: shareText(total === 0 ? null : value / total),
              ...{ isChosen, isOff: chosen.length > 0 && !isChosen },
            }
          }),
          choose,
        ),
      )
    },
  }
}
