/**
 * Calls over time: the period in detail, and below it all data with the period marked.
 * @module
 */
import * as Plot from '@observablehq/plot'
import { card } from '../../../page/card.ts'
import { Chart, type Target } from '../../../page/charts/chart.ts'
import { draw, HEIGHT, placer, widthOf } from '../../../page/charts/plot-frame.ts'
import { element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, dayText, shortText } from '../../../page/figure-text.ts'
import { formatDay } from '../../../time/instant.ts'
import type { Timeline, TimelineBucket } from '../figures/timeline.ts'
import type { Actions } from './actions.ts'
import type { CallsFigures } from './calls-figures.ts'
import { windowText } from './kpi-words.ts'
import { NO_MATCH, type View } from './view.ts'
import { stretchText, tickText } from './words.ts'

const DAY = 86_400_000
const UNITS = { hour: 'hour', day: 'day', week: 'week', month: 'month' } as const
const STRIP = 46

const dayOf = (milliseconds: number) => formatDay(Math.floor(milliseconds / DAY))

/** The days from the first stretch to the last. */
function daysOf(first: TimelineBucket, last: TimelineBucket): { from: string; to: string } {
  return { from: dayOf(first.from), to: dayOf(last.to - 1) }
}

/** How far back the comparison lies, in milliseconds of wall time. */
function backOf({ windows: { compared, previous } }: CallsFigures): number {
  if (compared?.ruler === 'day' && previous?.ruler === 'day') return (compared.from - previous.from) * DAY
  return compared?.ruler === 'instant' && previous?.ruler === 'instant' ? compared.after - previous.after : 0
}

function tipOf({ unit }: Timeline, { from, calls, previous, isPartial }: TimelineBucket, back: number) {
  const lines: [string, string][] = [['Calls', countText(calls)]]
  if (previous !== null) lines.push([stretchText(from - back, unit), countText(previous)])
  if (isPartial) lines.push(['Not whole', `a part of the ${UNITS[unit]}, or not over; not compared`])
  return { title: stretchText(from, unit), lines }
}

function previousText({ windows: { previous } }: CallsFigures): string {
  return previous === null ? '' : windowText(previous)
}

function mostOf(buckets: readonly TimelineBucket[]): number {
  return Math.max(1, ...buckets.map(({ calls, previous }) => Math.max(calls, previous ?? 0)))
}

/** Labels under the middle of each stretch, as many as fit, always with the last one. */
function axisOf({ unit, buckets }: Timeline, width: number): Plot.Markish {
  const step = Math.max(1, Math.ceil(buckets.length / Math.max(2, Math.floor((width - 46) / 76))))
  const labelled = buckets.filter((_, index) => (buckets.length - 1 - index) % step === 0)
  const room = step === 1 && width / buckets.length > 88 ? 'wide' : 'narrow'
  return Plot.text(labelled, {
    x: ({ from, to }: TimelineBucket) => (from + to) / 2,
    text: ({ from }: TimelineBucket) => tickText(from, unit, room),
    frameAnchor: 'bottom',
    dy: 16,
    fill: 'currentColor',
  })
}

function drawTimeline(timeline: Timeline, width: number, back: number): { drawing: SVGSVGElement; targets: Target[] } {
  const { unit, buckets } = timeline
  const [first, last] = [buckets[0], buckets.at(-1)]
  const inset = buckets.length > 90 ? 0.25 : Math.min(3, (width / buckets.length) * 0.12)
  const hasPrevious = buckets.some(({ previous }) => previous !== null)
  const drawing = draw({
    width,
    height: HEIGHT,
    x: { type: 'utc', domain: [first?.from ?? 0, last?.to ?? 1], axis: null },
    y: { label: null, ticks: 4, nice: true, tickFormat: shortText, domain: [0, mostOf(buckets)] },
    marks: [
      Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.rectY(buckets, {
        x1: 'from',
        x2: 'to',
        y: 'calls',
        fill: 'var(--accent)',
        fillOpacity: ({ isPartial }: TimelineBucket) => (isPartial ? 0.5 : 1),
        insetLeft: inset,
        insetRight: inset,
        rx: 2,
      }),
      hasPrevious
        ? Plot.ruleY(buckets, {
            x1: 'from',
            x2: 'to',
            y: 'previous',
            stroke: 'var(--second)',
            strokeWidth: 2,
            insetLeft: inset,
            insetRight: inset,
          })
        : null,
      Plot.ruleY([0], { stroke: 'var(--axis)' }),
      axisOf(timeline, width),
    ],
    opacity: { type: 'identity' },
  })
  const x = placer(drawing, 'x')
  const targets = buckets.map((bucket): Target => {
    const [left, right] = [x(bucket.from), x(bucket.to)]
    const title = stretchText(bucket.from, unit)
    return {
      x: left,
      y: 0,
      width: right - left,
      height: HEIGHT - 26,
      label: `${title}: ${countText(bucket.calls)} calls`,
      tip: tipOf(timeline, bucket, back),
      isSelected: false,
    }
  })
  return { drawing, targets }
}

function drawStrip(timeline: Timeline, width: number, window: readonly [number, number] | null): SVGSVGElement {
  const { buckets } = timeline
  const middle = ({ from, to }: TimelineBucket) => (from + to) / 2
  const domain = [buckets[0]?.from ?? 0, buckets.at(-1)?.to ?? 1]
  return draw({
    width,
    height: STRIP,
    marginTop: 2,
    marginBottom: 16,
    x: { type: 'utc', domain, label: null, ticks: Math.max(2, Math.floor(width / 140)), tickSize: 0 },
    y: { axis: null, domain: [0, mostOf(buckets)] },
    marks: [
      Plot.areaY(buckets, { x: middle, y: 'calls', fill: 'var(--faint)', curve: 'monotone-x' }),
      window &&
        Plot.areaY(buckets, {
          x: middle,
          y: (bucket: TimelineBucket) => (bucket.to > window[0] && bucket.from < window[1] ? bucket.calls : Number.NaN),
          fill: 'var(--accent)',
          fillOpacity: 0.55,
          curve: 'monotone-x',
        }),
      window &&
        Plot.rect([window], {
          x1: ([from]: number[]) => from,
          x2: ([, to]: number[]) => to,
          fill: 'var(--accent)',
          fillOpacity: 0.12,
        }),
      window && Plot.ruleX(window, { stroke: 'var(--accent)', strokeWidth: 1.5 }),
    ],
  })
}

/** Returns the card of calls over time. */
export function timelineView(actions: Actions): View {
  const pickDays = (buckets: readonly TimelineBucket[]) => (first: number, last: number) => {
    const [from, to] = [buckets[first], buckets[last]]
    if (from !== undefined && to !== undefined) actions.setPeriod(daysOf(from, to))
  }
  let shown: Timeline = { unit: 'day', buckets: [] }
  let whole: Timeline = shown
  const chart = new Chart({
    label: 'Calls over time. Arrow keys move, Shift extends, Enter looks at those days, Escape at all.',
    onPick: (first, last) => pickDays(shown.buckets)(first, last),
    onClear: () => actions.clear('period'),
  })
  const strip = new Chart({
    label: 'All of the data. Drag to choose a period.',
    onPick: (first, last) => pickDays(whole.buckets)(first, last),
    onClear: () => actions.clear('period'),
  })
  strip.element.classList.add('strip')
  const note = element('span', {})
  const legend = element('p', { class: 'legend' })
  const section = card({ title: 'Calls over time', class: 'wide', note, tools: [legend] }, chart.element, strip.element)

  const update = (figures: CallsFigures) => {
    shown = figures.timeline
    whole = figures.whole
    const isEmpty = shown.buckets.every(({ calls, previous }) => calls === 0 && (previous ?? 0) === 0)
    note.textContent = `Per ${UNITS[shown.unit]}. Drag over days to look at them alone.`
    const hasPrevious = shown.buckets.some(({ previous }) => previous !== null)
    legend.replaceChildren(
      ...(hasPrevious
        ? [
            element('span', { class: 'key now' }, 'This period'),
            element('span', { class: 'key before' }, previousText(figures)),
          ]
        : []),
      ...(shown.buckets.some(({ isPartial }) => isPartial)
        ? [element('span', { class: 'key part' }, `Not a whole ${UNITS[shown.unit]}`)]
        : []),
    )
    if (isEmpty) chart.show(nothingHere(NO_MATCH))
    else {
      const { drawing, targets } = drawTimeline(shown, widthOf(chart.element), backOf(figures))
      chart.draw(drawing, targets)
    }
    const [first, last] = [shown.buckets[0], shown.buckets.at(-1)]
    const isNarrowed = figures.filter.period !== undefined && first !== undefined && last !== undefined
    const drawing = drawStrip(whole, widthOf(strip.element), isNarrowed ? [first.from, last.to] : null)
    const x = placer(drawing, 'x')
    strip.draw(
      drawing,
      whole.buckets.map(({ from, to, calls }) => ({
        x: x(from),
        y: 0,
        width: x(to) - x(from),
        height: STRIP - 16,
        label: `${stretchText(from, whole.unit)}: ${countText(calls)} calls`,
        tip: { title: `${dayText(from)} – ${dayText(to - 1)}`, lines: [['Calls', countText(calls)]] },
        isSelected: isNarrowed && to > first.from && from < last.to,
      })),
    )
    strip.element.hidden = whole.buckets.length < 2 || isEmpty
  }
  return { element: section, update }
}
