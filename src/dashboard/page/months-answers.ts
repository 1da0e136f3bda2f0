/**
 * The three questions about the monthly report, answered by the library's own functions.
 * @module
 */
import {
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  monthOfMost,
} from '../../systems/support/figures/center-totals.ts'
import { NumberColumn } from '../../table/column.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { encodeTexts } from '../../table/utf8.ts'
import type { ReportRow, SupportSnapshot } from '../support-snapshot.ts'
import { card } from './card.ts'
import { element, setProperty } from './element.ts'
import { countText, oneDecimal, twoDecimals } from './words.ts'

/** The report's rows as the table that the questions are asked of. */
export function reportFrame(rows: readonly ReportRow[]): Frame {
  const text = (name: 'month' | 'contact_center_name' | 'department') =>
    encodeTexts(
      rows.map((row) => row[name]),
      name,
    )
  const count = (name: 'total_interactions' | 'total_calls') =>
    new NumberColumn(
      'int32',
      Int32Array.from(rows, (row) => row[name]),
    )
  return frameOf([
    ['month', text('month')],
    ['contact_center_name', text('contact_center_name')],
    ['department', text('department')],
    ['total_interactions', count('total_interactions')],
    ['total_calls', count('total_calls')],
    [
      'total_call_duration',
      new NumberColumn(
        'float64',
        Float64Array.from(rows, (row) => row.total_call_duration),
      ),
    ],
  ])
}

interface Measured {
  readonly name: string
  readonly value: number | null
  readonly text: string
  readonly isFirst: boolean
}

/** More contact centers than this are cut, and the cut is told; months are all shown. */
const MOST = 15

/** Bars with their figures; not to click, only to compare. */
function bars(all: readonly Measured[], shown = all.length): HTMLElement {
  const rows = all.slice(0, shown)
  const most = Math.max(0, ...rows.map(({ value }) => value ?? 0))
  return element(
    'ul',
    { class: 'bars still' },
    ...rows.map(({ name, value, text, isFirst }) => {
      const fill = element('span', { class: 'fill' })
      setProperty(fill, '--share', most === 0 || value === null ? 0 : value / most)
      return element(
        'li',
        {},
        element(
          'span',
          { class: `bar ${isFirst ? 'is-first' : ''}` },
          element('span', { class: 'name' }, name),
          element('span', { class: 'count' }, text),
          element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
        ),
      )
    }),
    all.length > shown && element('li', { class: 'rest' }, `${all.length - shown} more`),
  )
}

function cells(frame: Frame, name: string, value: string): { name: string; value: number | null }[] {
  const [names, values] = [frame.columns.get(name), frame.columns.get(value)]
  return Array.from({ length: frame.rows }, (_, row) => ({
    name: String(names?.at(row)),
    // a column of numbers
    value: (values?.at(row) as number | null | undefined) ?? null,
  }))
}

/** Interactions by month, in order of time. */
function byMonth(rows: readonly ReportRow[]): Map<string, number> {
  const months = new Map<string, number>()
  for (const { month, total_interactions } of rows) months.set(month, (months.get(month) ?? 0) + total_interactions)
  return new Map([...months].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Returns the three cards, for the months that are looked at. */
export function answerCards(snapshot: SupportSnapshot, months: readonly string[]): HTMLElement[] {
  const rows = months.length === 0 ? snapshot.report : snapshot.report.filter(({ month }) => months.includes(month))
  const report = reportFrame(rows)
  const [centers, calls] = [centerInteractions(report), centerCalls(report)]
  const busiest = monthOfMost(report)
  const longest = centerOfLongestCalls(report)
  const first = cells(centers, 'contact_center_name', 'total_interactions')
  const most = first[0]
  return [
    card(
      {
        title: 'Interactions by contact center',
        class: 'third',
        note: most ? `${most.name} has most: ${countText(most.value)}.` : 'None.',
      },
      bars(
        first.map(({ name, value }, place) => ({ name, value, text: countText(value), isFirst: place === 0 })),
        MOST,
      ),
    ),
    card(
      {
        title: 'Busiest month',
        class: 'third',
        note: busiest ? `${busiest.month}, with ${countText(busiest.total_interactions)} interactions.` : 'None.',
      },
      bars(
        [...byMonth(rows)].map(([name, value]) => ({
          name,
          value,
          text: countText(value),
          isFirst: name === busiest?.month,
        })),
      ),
    ),
    card(
      {
        title: 'Longest average call',
        class: 'third',
        note: longest
          ? `${longest.contact_center_name}: ${twoDecimals(longest.average_call_minutes)} minutes over ${countText(longest.total_calls)} calls.`
          : 'Nobody has calls.',
      },
      bars(
        cells(calls, 'contact_center_name', 'average_call_minutes').map(({ name, value }) => ({
          name,
          value,
          text: value === null ? '–' : `${oneDecimal(value)} min`,
          isFirst: name === longest?.contact_center_name,
        })),
        MOST,
      ),
    ),
  ]
}
