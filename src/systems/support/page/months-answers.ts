/**
 * The three questions about the monthly report, answered by the library's own functions.
 * @module
 */

import { card } from '../../../page/card.ts'
import { bars } from '../../../page/charts/bars.ts'
import { countText, twoDecimals } from '../../../page/figure-text.ts'
import { NumberColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import type { AnswerFigures } from '../figures/answers.ts'
import type { ReportRow } from './snapshot.ts'

/** The report's rows as a frame, the input of the three questions. */
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

/** Contact centers shown, with a note of how many more there are; months are all shown. */
const MOST = 15

/** Returns the three cards of the answers. */
export function answerCards(figures: AnswerFigures): HTMLElement[] {
  const { interactionsByContactCenter: centers, busiestMonth, longestAverageCall: longest } = figures
  const [most] = centers
  return [
    card(
      {
        title: 'Interactions by contact center',
        class: 'third',
        note: most ? `${most.contact_center_name} has most: ${countText(most.total_interactions)}.` : 'None.',
      },
      bars(
        centers.map(({ contact_center_name: name, total_interactions: value }, place) => ({
          name,
          value,
          text: countText(value),
          isFirst: place === 0,
        })),
        MOST,
      ),
    ),
    card(
      {
        title: 'Busiest month',
        class: 'third',
        note: busiestMonth
          ? `${busiestMonth.month}, with ${countText(busiestMonth.total_interactions)} interactions.`
          : 'None.',
      },
      bars(
        figures.interactionsByMonth.map(({ month, total_interactions: value }) => ({
          name: month,
          value,
          text: countText(value),
          isFirst: month === busiestMonth?.month,
        })),
      ),
    ),
    card(
      {
        title: 'Longest average call',
        class: 'third',
        note: longest
          ? `${longest.contact_center_name}: ${twoDecimals(longest.average_call_minutes)} minutes over ${countText(longest.total_calls)} calls.`
          : 'No contact center has calls.',
      },
      bars(
        figures.calls.map(({ contact_center_name: name, average_call_minutes: value }) => ({
          name,
          value,
          text: `${twoDecimals(value)} min`,
          isFirst: name === longest?.contact_center_name,
        })),
        MOST,
      ),
    ),
  ]
}
