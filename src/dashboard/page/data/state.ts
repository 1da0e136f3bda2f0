/**
 * What the page of data shows, in its address: `/data/NAME?at=FOLDER&sort=-rows&is.hall=H1&has.name=bo&from.hours=2&column=hall`.
 * @module
 */
import type { FactOrder } from '../../../page/selection/facts.ts'
import type { FactFilter, FactFilters } from '../../../page/selection/selection.ts'
import type { AddressForm } from '../../../page/store.ts'

export interface DataState extends FactOrder {
  /** The folder of the table's place; empty for the dashboard's own. */
  readonly at: string
  /** The table; null for the list of all. */
  readonly name: string | null
  readonly filters: FactFilters
  /** The column whose figures are shown. */
  readonly column: string | null
  /** Of the rows, from 0. */
  readonly page: number
}

/** A prefix of a parameter for each part of a filter; what follows it is the column's name. */
const PARTS = ['is', 'blank', 'has', 'from', 'to'] as const
type Part = (typeof PARTS)[number]

function withPart(filter: FactFilter, part: Part, value: string): FactFilter {
  const { members = [] } = filter
  if (part === 'is') return { ...filter, members: [...members, value] }
  if (part === 'blank') return { ...filter, members: [...members, null] }
  if (part === 'has') return { ...filter, contains: value }
  const number = Number(value)
  return value.trim() === '' || Number.isNaN(number) ? filter : { ...filter, [part]: number }
}

/** Whether a filter says nothing. */
export function isVoid({ members, contains, from, to }: FactFilter): boolean {
  return !members?.length && !contains && from === undefined && to === undefined
}

function filtersOf(query: URLSearchParams): FactFilters {
  const filters = new Map<string, FactFilter>()
  for (const [name, value] of query) {
    const part = PARTS.find((prefix) => name.startsWith(`${prefix}.`))
    if (part === undefined) continue
    const column = name.slice(part.length + 1)
    filters.set(column, withPart(filters.get(column) ?? {}, part, value))
  }
  return Object.fromEntries([...filters].filter(([, filter]) => !isVoid(filter)))
}

export const dataAddress: AddressForm<DataState> = {
  fromQuery(text, path = []) {
    const query = new URLSearchParams(text)
    const sort = query.get('sort')
    const isDescending = sort?.startsWith('-') ?? false
    return {
      problem: null,
      state: {
        at: query.get('at') ?? '',
        name: path[0] ?? null,
        filters: filtersOf(query),
        sort: sort === null ? null : isDescending ? sort.slice(1) : sort,
        direction: isDescending ? 'descending' : 'ascending',
        column: query.get('column'),
        page: 0,
      },
    }
  },
  toQuery({ at, filters, sort, direction, column }) {
    const query = new URLSearchParams()
    if (at !== '') query.set('at', at)
    if (sort !== null) query.set('sort', direction === 'descending' ? `-${sort}` : sort)
    for (const [name, { members = [], contains, from, to }] of Object.entries(filters)) {
      for (const member of members) query.append(member === null ? `blank.${name}` : `is.${name}`, member ?? '1')
      if (contains) query.set(`has.${name}`, contains)
      if (from !== undefined) query.set(`from.${name}`, String(from))
      if (to !== undefined) query.set(`to.${name}`, String(to))
    }
    if (column !== null) query.set('column', column)
    return query.toString()
  },
  toPath: ({ name }) => (name === null ? [] : [name]),
}
