/**
 * The drawing of interactions over time; picking bars narrows the page to their days.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, shortText } from '../../../page/figure-text.ts'
import type { TimeBucket, TimeCounts } from '../figures/over-time.ts'
import type { InteractionsState } from './state.ts'

/** Names under the drawing. */
const NAMED = 6

export interface TimeCard {
  readonly element: HTMLElement
  draw(counts: TimeCounts): void
}

/** Returns the card. `choose` is given the first and last day of what was picked, or nulls for all days. */
export function timeCard(choose: (days: Pick<InteractionsState, 'start' | 'end'>) => void): TimeCard {
  let shown: readonly TimeBucket[] = []
  const chart = new Chart({
    label:
      'Interactions over time. Arrow keys move, Enter narrows the page to a bar, Shift with arrow keys chooses several, Escape takes all days.',
    onPick: (first, last) => choose({ start: shown[first]?.first ?? null, end: shown[last]?.last ?? null }),
    onClear: () => choose({ start: null, end: null }),
  })
  const note = document.createElement('span')
  return {
    element: card({ title: 'Over time', class: 'wide', note }, chart.element),
    draw({ unit, buckets }) {
      shown = buckets
      note.textContent = `One bar a ${unit}, of the chosen channels. A bar, or several, narrow the page to their days.`
      if (buckets.length === 0) {
        chart.show(nothingHere('No interactions.'))
        return
      }
      const step = Math.max(1, Math.ceil(buckets.length / NAMED))
      const drawing = draw({
        width: widthOf(chart.element),
        height: HEIGHT,
        x: {
          domain: [0, buckets.length],
          label: null,
          ticks: buckets.map((_, at) => at).filter((at) => at % step === 0),
          tickFormat: (at: number) => buckets[at]?.name ?? '',
        },
        y: { label: null, ticks: 4, nice: true, zero: true, tickFormat: shortText },
        marks: [
          Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
          Plot.rectY(buckets, {
            x1: (_: TimeBucket, at: number) => at,
            x2: (_: TimeBucket, at: number) => at + 1,
            y: 'count',
            fill: 'var(--accent)',
            // many narrow bars would be nothing but gaps
            ...(buckets.length <= 120 && { insetLeft: 0.75, insetRight: 0.75 }),
          }),
        ],
      })
      const x = placer(drawing, 'x')
      chart.draw(
        drawing,
        buckets.map(({ name, count }, at): Target => {
          const text = countText(count)
          return {
            ...{ x: x(at), y: 0, width: x(at + 1) - x(at), height: HEIGHT - 26 },
            label: `${name}: ${text} ${count === 1 ? 'interaction' : 'interactions'}`,
            tip: { title: name, lines: [['Interactions', text]] },
            isSelected: false,
          }
        }),
      )
    },
  }
}
