/**
 * The page of the monthly job: month × contact center × department, and the three answers with their evidence.
 * @module
 */

import { card, tellScope } from '../../../page/card.ts'
import type { MountedPage, QualityNote, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText, percentText, twoDecimals } from '../../../page/figure-text.ts'
import type { PageStore } from '../../../page/store.ts'
import type { Frame } from '../../../table/frame.ts'
import { type AnswerFigures, answerFigures, newestQuarter, rankingText } from '../figures/answers.ts'
import { UNKNOWN } from '../tables.ts'
import { answerCards, reportFrame } from './months-answers.ts'
import type { SupportSnapshot } from './snapshot.ts'
import type { MonthsState } from './state.ts'

/** The value in the address that means all months. */
const ALL = 'all'

/** The months that the whole page shows. */
interface Scope {
  /** Null for all months. */
  readonly months: readonly string[] | null
  /** Text for every heading. */
  readonly text: string
}

/**
 * Returns the months that an address selects: the months it names, all of them, or the newest
 * whole quarter where it names no month. `known` are the months of the report.
 */
export function scopeOf(chosen: MonthsState['months'], known: readonly string[]): Scope {
  const range = (months: readonly string[]) =>
    months.length < 2 ? (months[0] ?? '') : `${months[0]} – ${months.at(-1)}`
  const quarter = chosen.length === 0 ? newestQuarter(known) : null
  if (quarter !== null) {
    const there = quarter.months.filter((month) => known.includes(month))
    return { months: quarter.months, text: `${quarter.name}, ${range(there)}${quarter.isWhole ? '' : ', not whole'}` }
  }
  if (chosen.length === 0 || chosen.includes(ALL)) return { months: null, text: `all months, ${range(known)}` }
  return { months: chosen, text: chosen.join(', ') }
}

function monthButtons(
  months: readonly string[],
  { months: chosen }: MonthsState,
  store: PageStore<MonthsState>,
): HTMLElement {
  const named = chosen.filter((month) => month !== ALL)
  const toggle = (month: string) => () =>
    store.change({ months: named.includes(month) ? named.filter((one) => one !== month) : [...named, month].sort() })
  const one = (label: string, name: string, isOn: boolean, act: () => void) =>
    button(label, { 'aria-pressed': String(isOn), 'data-month': name }, act)
  const quarter = newestQuarter(months)
  return element(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Months' },
    quarter && one(quarter.name, 'quarter', chosen.length === 0, () => store.change({ months: [] })),
    one('All months', ALL, chosen.includes(ALL), () => store.change({ months: [ALL] })),
    ...months.map((month) => one(month, month, named.includes(month), toggle(month))),
  )
}

function evidence({ calls, ranking }: AnswerFigures): HTMLElement {
  const told = calls.map((row) => [
    row.contact_center_name,
    countText(row.total_calls),
    twoDecimals(row.average_call_minutes),
    twoDecimals(row.average_handle_minutes),
    countText(row.calls_after_resolution),
    percentText(row.total_calls === 0 ? null : row.calls_after_resolution / row.total_calls),
    twoDecimals(row.average_minutes_after_resolution),
    countText(row.rated_calls),
  ])
  const titles = [
    'Contact center',
    'Calls',
    'Minutes',
    'Until resolved',
    'Went on after',
    'Share',
    'Minutes after',
    'Rated',
  ]
  const conclusion = ranking === null ? '' : rankingText(ranking)
  return card(
    {
      title: 'What makes calls long',
      class: 'wide',
      note: `${conclusion}${conclusion === '' ? '' : ' '}A call’s duration also counts what follows its resolution, such as a survey.`,
    },
    figureTable('Calls by contact center', titles, told, 1),
  )
}

/** What the snapshot is, for the head of the page. */
export function tellReport({
  commit,
  committed_at,
  time_zone,
  month_from,
  quarantined,
  report,
}: SupportSnapshot): Told {
  const unknown = report.reduce(
    (sum, row) => sum + (row.contact_center_name === UNKNOWN ? row.total_interactions : 0),
    0,
  )
  const notes: (QualityNote | false)[] = [
    { text: `commit ${commit}` },
    quarantined > 0 && {
      text: `${countText(quarantined)} ${quarantined === 1 ? 'row' : 'rows'} in quarantine`,
      isWarning: true,
    },
    unknown > 0 && {
      text: `${countText(unknown)} of unknown contact centers`,
      query: new URLSearchParams({ month: ALL, center: UNKNOWN }).toString(),
      isWarning: true,
    },
  ]
  return {
    about: `Months of ${month_from} in ${time_zone}`,
    asOf: committed_at,
    quality: notes.filter((note) => note !== false),
  }
}

/** The rows of the report, of one center or of all. */
function reportCard(
  rows: SupportSnapshot['report'],
  { center }: MonthsState,
  store: PageStore<MonthsState>,
): HTMLElement {
  const shown = rows.filter(({ contact_center_name: name }) => center === null || name === center)
  const told = shown.map((row) => [
    row.month,
    row.contact_center_name,
    row.department,
    countText(row.total_interactions),
    countText(row.total_calls),
    twoDecimals(row.total_call_duration),
  ])
  const titles = ['Month', 'Contact center', 'Department', 'Interactions', 'Calls', 'Minutes']
  const note = center === null ? 'by month, contact center and department' : `of ${center}`
  return card(
    {
      title: 'Support report',
      class: 'wide',
      note: `${countText(shown.length)} ${shown.length === 1 ? 'row' : 'rows'} ${note}.`,
      tools: center === null ? [] : [button('All centers', { class: 'quiet' }, () => store.change({ center: null }))],
    },
    shown.length === 0 ? nothingHere('No rows in these months.') : figureTable('Rows of the report', titles, told, 3),
  )
}

/** Returns the page; it follows the store. */
export function monthsPage(store: PageStore<MonthsState>): MountedPage<SupportSnapshot> {
  const outer = element('div', { class: 'months-page' })
  let snapshot: SupportSnapshot | null = null
  let report: Frame | null = null

  const update = (state: MonthsState) => {
    if (snapshot === null) return
    if (snapshot.report.length === 0) {
      outer.replaceChildren(nothingHere('The report has no rows: no interaction is committed.'))
      return
    }
    const months = [...new Set(snapshot.report.map(({ month }) => month))].sort()
    const hadFocus = outer.contains(document.activeElement) ? document.activeElement?.getAttribute('data-month') : null
    const scope = scopeOf(
      state.months,
      months.filter((month) => month !== UNKNOWN),
    )
    const rows = snapshot.report.filter(({ month }) => scope.months === null || scope.months.includes(month))
    report ??= reportFrame(snapshot.report)
    const figures = answerFigures(report, snapshot.calls, scope.months)
    outer.replaceChildren(
      element('div', { class: 'filters' }, element('div', { class: 'filter-row' }, monthButtons(months, state, store))),
      element('div', { class: 'grid' }, ...answerCards(figures), evidence(figures), reportCard(rows, state, store)),
    )
    tellScope(outer, scope.text)
    for (const one of outer.querySelectorAll<HTMLElement>('[data-month]')) {
      if (hadFocus !== null && one.getAttribute('data-month') === hadFocus) one.focus()
    }
  }
  store.subscribe(update)
  return {
    element: outer,
    show(next) {
      snapshot = next
      report = null
      update(store.state)
      return tellReport(next)
    },
  }
}
