/**
 * The figures of one column of the rows in view, with its filter.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element, setProperty } from '../../../page/element.ts'
import { countText } from '../../../page/figure-text.ts'
import type { FactHeader } from '../../../page/selection/fact-set.ts'
import type { ColumnFigures, FactFilter } from '../../../page/selection/selection.ts'
import type { ColumnContract } from '../../../table/contract.ts'

const DAY = 86_400_000
const measure = new Intl.NumberFormat('en', { maximumFractionDigits: 4 })

/** How a missing value reads. */
export const BLANK = 'blank'

/** Whole numbers keep every digit. */
function numberText(text: string | null): string {
  if (text === null) return '–'
  return measure.format(/^-?\d+$/.test(text) ? BigInt(text) : Number(text))
}

/** Figures by name, in the order of the card. */
function lines({ kind }: FactHeader, figures: ColumnFigures, isMeant: boolean): readonly (readonly [string, string])[] {
  const { rows, blank, distinct, least, most, median, mean, sum } = figures
  const isMeasure = kind === 'number' || kind === 'integer'
  const plain = (text: string | null) => (isMeasure ? numberText(text) : (text ?? '–'))
  return [
    ['Rows', countText(rows)],
    ['Blank', countText(blank)],
    ['Distinct', countText(distinct)],
    ...(kind === 'boolean'
      ? []
      : ([
          ['Least', plain(least)],
          ['Most', plain(most)],
        ] as const)),
    ...(median === null ? [] : ([['Median', plain(median)]] as const)),
    ...(mean === null || !isMeant ? [] : ([['Mean', measure.format(mean)]] as const)),
    ...(sum === null || !isMeant ? [] : ([['Sum', measure.format(sum)]] as const)),
  ]
}

export interface ColumnActions {
  /** Sets the column's filter; a void one takes it away. */
  filter(filter: FactFilter): void
  close(): void
}

function memberBars(figures: ColumnFigures, filter: FactFilter, actions: ColumnActions): HTMLElement {
  const chosen = filter.members ?? []
  const most = Math.max(1, ...figures.members.map(({ rows }) => rows))
  const toggle = (member: string | null) => () =>
    actions.filter({
      ...filter,
      members: chosen.includes(member) ? chosen.filter((one) => one !== member) : [...chosen, member],
    })
  return element(
    'ul',
    { class: 'bars', 'aria-label': 'Values' },
    ...figures.members.map(({ member, rows }) => {
      const fill = element('span', { class: 'fill' })
      setProperty(fill, '--share', rows / most)
      const isChosen = chosen.includes(member)
      return element(
        'li',
        {},
        button(
          element(
            'span',
            { class: 'bar' },
            element('span', { class: 'name' }, member ?? BLANK),
            element('span', { class: 'count' }, countText(rows)),
            element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
          ),
          {
            class: chosen.length > 0 && !isChosen ? 'is-off' : '',
            'aria-pressed': String(isChosen),
            'data-member': member ?? '',
          },
          toggle(member),
        ),
      )
    }),
    figures.others > 0 && element('li', { class: 'rest' }, `${countText(figures.others)} more: search for them.`),
  )
}

function searchField(filter: FactFilter, actions: ColumnActions): HTMLElement {
  const field = element('input', {
    type: 'search',
    placeholder: 'Contains',
    'aria-label': 'Contains',
    'data-field': 'contains',
    onchange: () => {
      const { contains: _, ...rest } = filter
      actions.filter(field.value === '' ? rest : { ...rest, contains: field.value })
    },
  })
  field.value = filter.contains ?? ''
  return field
}

/** Two ends of a range: of instants and days as days, both included; of numbers as they are. */
function rangeFields({ kind }: FactHeader, filter: FactFilter, actions: ColumnActions): HTMLElement {
  const isDay = kind === 'timestamp' || kind === 'date'
  const unit = kind === 'timestamp' ? DAY : 1
  const shown = (value: number | undefined) => {
    if (value === undefined) return ''
    return isDay ? new Date(Math.floor(value / unit) * DAY).toISOString().slice(0, 10) : String(value)
  }
  const read = (text: string, end: 'from' | 'to') => {
    if (text === '') return undefined
    if (!isDay) return Number(text)
    const day = Date.parse(text) / DAY
    // the last millisecond of the day is still in it
    return kind === 'date' ? day : end === 'from' ? day * DAY : (day + 1) * DAY - 0.001
  }
  const apply = () => {
    const [from, to] = [read(low.value, 'from'), read(high.value, 'to')]
    actions.filter({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) })
  }
  const field = (label: string, value: string) => {
    const input = element('input', { type: isDay ? 'date' : 'number', step: isDay ? null : 'any', onchange: apply })
    input.value = value
    return [element('label', {}, label, input), input] as const
  }
  const [lowLabel, low] = field('From', shown(filter.from))
  const [highLabel, high] = field('to', shown(filter.to))
  return element('div', { class: 'range-row' }, lowLabel, highLabel)
}

/** Returns the card of a column's figures. */
export function columnCard(
  header: FactHeader,
  figures: ColumnFigures,
  filter: FactFilter,
  contract: ColumnContract | null,
  actions: ColumnActions,
): HTMLElement {
  // the sum of numbers that only name something says nothing
  const isMeant = contract === null || contract.role === 'measure'
  const isDimension = header.kind === 'text' || header.kind === 'boolean'
  return card(
    {
      title: header.name,
      class: 'column',
      note: isDimension ? 'Of the rows in view. Click a value to filter.' : 'Of the rows in view.',
      tools: [button('Close', { class: 'quiet' }, actions.close)],
    },
    element(
      'dl',
      { class: 'figures' },
      ...lines(header, figures, isMeant).map(([name, text]) =>
        element('div', {}, element('dt', {}, name), element('dd', { 'data-figure': name }, text)),
      ),
    ),
    isDimension ? searchField(filter, actions) : rangeFields(header, filter, actions),
    isDimension && memberBars(figures, filter, actions),
  )
}
