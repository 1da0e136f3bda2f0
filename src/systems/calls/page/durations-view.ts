/**
 * How long calls take.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, percentText, shortText } from '../../../page/figure-text.ts'
import type { DurationBin } from '../figures/durations.ts'
import type { CallFilter } from '../figures/filter.ts'
import type { Actions } from './actions.ts'
import { NO_MATCH, type View } from './view.ts'
import { rangeText } from './words.ts'

function isInside({ from, to }: DurationBin, minutes: CallFilter['minutes']): boolean {
  if (minutes === undefined) return true
  return (to === null || to > (minutes.from ?? 0)) && from < (minutes.to ?? Number.POSITIVE_INFINITY)
}

/** Returns the filter of a range of bins; the last bin has no upper end. */
function minutesOf(first: DurationBin, last: DurationBin): NonNullable<CallFilter['minutes']> {
  return { ...(first.from === 0 ? {} : { from: first.from }), ...(last.to === null ? {} : { to: last.to }) }
}

/** Returns the card of durations. */
export function durationsView(actions: Actions): View {
  let bins: readonly DurationBin[] = []
  const chart = new Chart({
    label: 'Call duration. Arrow keys move, Shift extends, Enter filters, Escape takes the filter away.',
    onPick: (first, last) => {
      const [from, to] = [bins[first], bins[last]]
      if (from !== undefined && to !== undefined) actions.setMinutes(minutesOf(from, to))
    },
    onClear: () => actions.clear('minutes'),
  })
  return {
    element: card(
      { title: 'Duration', note: 'Minutes per call. Click a bar or drag a range to filter.' },
      chart.element,
    ),
    update({ durations, filter: { minutes } }) {
      bins = durations
      const total = bins.reduce((sum, { calls }) => sum + calls, 0)
      if (total === 0) {
        chart.show(nothingHere(NO_MATCH))
        return
      }
      const last = bins.length - 1
      const drawing = draw({
        width: widthOf(chart.element),
        height: HEIGHT,
        x: {
          domain: [0, bins.length],
          label: null,
          ticks: bins
            .map((_, index) => index)
            .filter((index) => index % Math.ceil(bins.length / 8) === 0 && index < last - 1),
          tickFormat: (index: number) => String(bins[index]?.from ?? ''),
        },
        y: { label: null, ticks: 4, nice: true, tickFormat: shortText, zero: true },
        opacity: { type: 'identity' },
        marks: [
          Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
          Plot.rectY(bins, {
            x1: (_: DurationBin, index: number) => index,
            x2: (_: DurationBin, index: number) => index + 1,
            y: 'calls',
            fill: (bin: DurationBin) => (bin.to === null ? 'var(--faint-strong)' : 'var(--accent)'),
            fillOpacity: (bin: DurationBin) => (isInside(bin, minutes) ? 1 : 0.22),
            insetLeft: 0.75,
            insetRight: 0.75,
            rx: 2,
          }),
          Plot.ruleY([0], { stroke: 'var(--axis)' }),
          Plot.text([last], { x: last + 0.5, y: 0, dy: 15, text: () => `${bins[last]?.from}+`, fill: 'currentColor' }),
        ],
        color: { type: 'identity' },
      })
      const x = placer(drawing, 'x')
      chart.draw(
        drawing,
        bins.map((bin, index): Target => {
          const words = rangeText({ from: bin.from, to: bin.to })
          return {
            x: x(index),
            y: 0,
            width: x(index + 1) - x(index),
            height: HEIGHT - 26,
            label: `${words}: ${countText(bin.calls)} calls`,
            tip: {
              title: words,
              lines: [
                ['Calls', countText(bin.calls)],
                ['Share', percentText(bin.calls / total)],
              ],
            },
            isSelected: minutes !== undefined && isInside(bin, minutes),
          }
        }),
      )
    },
  }
}
