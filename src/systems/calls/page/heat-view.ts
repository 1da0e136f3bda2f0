/**
 * When calls come: hour of day by weekday.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { HOURS, WEEKDAYS } from '../figures/call-set.ts'
import type { HeatCell } from '../figures/heat-map.ts'
import type { Actions } from './actions.ts'
import { NO_MATCH, type View } from './view.ts'

/** Opacity of a cell: proportional to the square root, so that quiet hours still differ. */
function strength(calls: number, most: number): number {
  return calls === 0 ? 0 : 0.1 + 0.9 * Math.sqrt(calls / most)
}

function between(first: number, last: number): { weekdays: string[]; hours: string[] } {
  const [from, to] = [first, last].map((index) => ({ day: Math.floor(index / 24), hour: index % 24 })) as [
    { day: number; hour: number },
    { day: number; hour: number },
  ]
  const [firstHour, lastHour] = [Math.min(from.hour, to.hour), Math.max(from.hour, to.hour)]
  return { weekdays: WEEKDAYS.slice(from.day, to.day + 1), hours: HOURS.slice(firstHour, lastHour + 1) }
}

/** Returns the card of the week. */
export function heatView(actions: Actions): View {
  const chart = new Chart({
    label: 'Calls by weekday and hour. Arrow keys move, Shift extends, Enter filters, Escape takes the filter away.',
    columns: 24,
    onPick: (first, last) => {
      const { weekdays, hours } = between(first, last)
      actions.setHours(weekdays, hours)
    },
    onClear: () => actions.clear('weekday', 'hour'),
  })
  const scale = element(
    'p',
    { class: 'legend' },
    'Fewer',
    element('span', { class: 'ramp', 'aria-hidden': 'true' }),
    'More',
  )
  return {
    element: card(
      { title: 'Through the week', note: 'Calls by hour of day. Click or drag to filter.', tools: [scale] },
      chart.element,
    ),
    update({ heat: cells, filter: { weekday, hour } }) {
      const most = Math.max(...cells.map(({ calls }) => calls))
      if (most === 0) {
        chart.show(nothingHere(NO_MATCH))
        return
      }
      const isInside = (cell: HeatCell) =>
        (!weekday?.length || weekday.includes(cell.weekday)) && (!hour?.length || hour.includes(cell.hour))
      const isNarrowed = Boolean(weekday?.length || hour?.length)
      const width = widthOf(chart.element)
      const drawing = draw({
        width,
        height: HEIGHT,
        marginLeft: 34,
        padding: 0.06,
        x: {
          domain: HOURS,
          label: null,
          tickSize: 0,
          tickFormat: (text: string) => (Number(text) % (width < 380 ? 6 : 3) === 0 ? text : ''),
        },
        y: { domain: WEEKDAYS, label: null, tickSize: 0 },
        opacity: { type: 'identity' },
        marks: [
          Plot.cell(cells, { x: 'hour', y: 'weekday', fill: 'var(--empty-cell)', rx: 2 }),
          Plot.cell(cells, {
            x: 'hour',
            y: 'weekday',
            fill: 'var(--accent)',
            fillOpacity: (cell: HeatCell) => strength(cell.calls, most) * (isInside(cell) ? 1 : 0.3),
            rx: 2,
          }),
        ],
      })
      const [x, y] = [placer(drawing, 'x'), placer(drawing, 'y')]
      const [stepX, stepY] = [x('01') - x('00'), y('Tue') - y('Mon')]
      chart.draw(
        drawing,
        cells.map((cell): Target => {
          const title = `${cell.weekday} ${cell.hour}:00–${cell.hour}:59`
          return {
            x: x(cell.hour),
            y: y(cell.weekday),
            width: stepX,
            height: stepY,
            label: `${title}: ${countText(cell.calls)} calls`,
            tip: { title, lines: [['Calls', countText(cell.calls)]] },
            isSelected: isNarrowed && isInside(cell),
          }
        }),
      )
    },
  }
}
