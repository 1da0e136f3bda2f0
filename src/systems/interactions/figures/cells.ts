/**
 * The committed tables as cells: how many interactions each customer had on each day through each channel. It is what the page
 * counts from; no filter of it needs a finer grain.
 * @module
 */
import { TimestampColumn } from '../../../table/column.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import type { DayCount, InteractionHistory, Series } from './anomalies.ts'

/** One product of one month of wall time, `2020-02`. */
export interface MonthProduct {
  readonly month: string
  readonly product: string
}

/** All interactions, in columns; numbers in them are places in the lists. */
export interface InteractionCells {
  /** Every channel that an interaction has, in code-unit order. */
  readonly channels: readonly string[]
  /** Every type that a customer has, in code-unit order; `Unknown` where one has none. */
  readonly types: readonly string[]
  /** Ids of the customers file and those that only interactions know, ascending. */
  readonly customers: {
    readonly ids: readonly number[]
    readonly types: readonly number[]
    /** The places of those that the customers file does not have. */
    readonly unknown: readonly number[]
  }
  /** In code-unit order of month and product. */
  readonly products: readonly MonthProduct[]
  /** Days of wall time with an interaction, ascending. */
  readonly days: readonly string[]
  /** One entry a day, customer and channel, in this order. */
  readonly cells: {
    readonly day: readonly number[]
    readonly customer: readonly number[]
    readonly channel: readonly number[]
    readonly count: readonly number[]
  }
}

/** The distinct values in order, and the place of each. */
function placesOf<Value extends string | number>(values: Iterable<Value>): readonly [Value[], Map<Value, number>] {
  const list = [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return [list, new Map(list.map((value, place) => [value, place]))]
}

const texts = (frame: Frame, name: string): string[] => {
  const column = columnOf(frame, name)
  return Array.from({ length: frame.rows }, (_, row) => String(column.at(row)))
}

const numbers = (frame: Frame, name: string): number[] => {
  const column = columnOf(frame, name)
  return Array.from({ length: frame.rows }, (_, row) => Number(column.at(row)))
}

/** The days of wall time at which interactions began; the job keeps wall time as if it were UTC. */
function daysOf(interactions: Frame): string[] {
  const column = columnOf(interactions, 'started_on')
  if (!(column instanceof TimestampColumn)) throw new Error('started_on is no timestamp')
  const known = new Map<number, string>()
  return Array.from({ length: interactions.rows }, (_, row) => {
    const day = Math.floor(column.milliseconds(row) / 86_400_000)
    const text = known.get(day) ?? new Date(day * 86_400_000).toISOString().slice(0, 10)
    known.set(day, text)
    return text
  })
}

/** Returns the tables of the job as cells. */
export function interactionCells(customers: Frame, interactions: Frame, products: Frame): InteractionCells {
  const [rowDays, rowChannels] = [daysOf(interactions), texts(interactions, 'channel')]
  const [rowCustomers, knownIds] = [numbers(interactions, 'customer_id'), numbers(customers, 'customer_id')]
  const [days, dayAt] = placesOf(rowDays)
  const [channels, channelAt] = placesOf(rowChannels)
  const [ids, customerAt] = placesOf([...knownIds, ...rowCustomers])

  const typeColumn = columnOf(customers, 'type')
  const typeOf = new Map(knownIds.map((id, row) => [id, String(typeColumn.at(row) ?? UNKNOWN)]))
  const customerTypes = ids.map((id) => typeOf.get(id) ?? UNKNOWN)
  const [types, typeAt] = placesOf(customerTypes)

  // a cell's number puts cells in order of day, customer and channel
  const counts = new Map<number, number>()
  for (let row = 0; row < interactions.rows; row++) {
    const place = (dayAt.get(rowDays[row] as string) as number) * ids.length
    const customer = customerAt.get(rowCustomers[row] as number) as number
    const cell = (place + customer) * channels.length + (channelAt.get(rowChannels[row] as string) as number)
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  }
  const cells = Float64Array.from(counts.keys()).sort()
  const pairs = Array.from(cells, (cell) => Math.floor(cell / channels.length))
  const [months, names] = [texts(products, 'month'), texts(products, 'product')]
  return {
    channels,
    types,
    customers: {
      ids,
      types: customerTypes.map((type) => typeAt.get(type) as number),
      unknown: ids.flatMap((id, place) => (typeOf.has(id) ? [] : [place])),
    },
    products: months
      .map((month, row) => ({ month, product: names[row] as string }))
      .sort((a, b) => (a.month < b.month || (a.month === b.month && a.product < b.product) ? -1 : 1)),
    days,
    cells: {
      day: pairs.map((pair) => Math.floor(pair / ids.length)),
      customer: pairs.map((pair) => pair % ids.length),
      channel: Array.from(cells, (cell) => cell % channels.length),
      count: Array.from(cells, (cell) => counts.get(cell) as number),
    },
  }
}

/** Adds counts of a day to a series; days come in order. */
function addDay(series: Map<number, DayCount[]>, subject: number, day: string, count: number): void {
  const days = series.get(subject) ?? []
  series.set(subject, days)
  const last = days.at(-1)
  if (last?.day === day) days[days.length - 1] = { day, count: last.count + count }
  else days.push({ day, count })
}

/** Returns the history that anomalies are found in. */
export function historyOfCells({ channels, customers, days, cells }: InteractionCells): InteractionHistory {
  const [byChannel, byCustomer] = [new Map<number, DayCount[]>(), new Map<number, DayCount[]>()]
  for (const [at, count] of cells.count.entries()) {
    const day = days[cells.day[at] as number] as string
    addDay(byChannel, cells.channel[at] as number, day, count)
    addDay(byCustomer, cells.customer[at] as number, day, count)
  }
  const seriesOf = (found: ReadonlyMap<number, DayCount[]>, names: readonly (string | number)[]): Series[] =>
    [...found].map(([place, counts]) => ({ subject: String(names[place]), days: counts }))
  // without a customers file nobody is known, and that is no news of a single one
  const unknown = customers.unknown.length === customers.ids.length ? [] : customers.unknown
  return {
    channels: seriesOf(byChannel, channels),
    customers: seriesOf(byCustomer, customers.ids),
    unknownCustomers: unknown.map((place) => {
      const all = byCustomer.get(place) ?? []
      const count = all.reduce((sum, day) => sum + day.count, 0)
      return { subject: String(customers.ids[place]), day: all[0]?.day ?? '', count }
    }),
  }
}
