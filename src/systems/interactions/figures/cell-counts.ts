/**
 * Counts the cells that a filter selects, as the page shows them: per customer and channel, month, type and product.
 * @module
 */
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { type CountedCustomer, type TypeAnswer, typeAnswers } from './answers.ts'
import type { InteractionCells } from './cells.ts'
import { overTime, type TimeCounts } from './over-time.ts'

/** Which interactions count; an empty list allows all, null is no bound. Days are those of wall time, both included. */
export interface CellFilter {
  readonly channels: readonly string[]
  readonly types: readonly string[]
  readonly customer: number | null
  readonly start: string | null
  readonly end: string | null
}

/** Counts of one line, channel by channel. */
export type ChannelCounts = ReadonlyMap<string, number>

/** What a filter selects. */
export interface CellCounts {
  /** The channels that are shown, in code-unit order. */
  readonly channels: readonly string[]
  readonly total: number
  /** Zeros included. */
  readonly byChannel: ChannelCounts
  /** The customers that the filter selects, by their places; zeros included. */
  readonly customers: readonly number[]
  readonly overTime: TimeCounts
  /** Only months with an interaction, ascending. */
  readonly byMonth: ReadonlyMap<string, ChannelCounts>
  /** Only types with an interaction, in code-unit order. */
  readonly byType: ReadonlyMap<string, ChannelCounts>
  /** An interaction of a month with several products counts under each. */
  readonly products: readonly TypeAnswer[]
  /** The months where that happened. */
  readonly monthsWithSeveralProducts: readonly string[]
  /** Returns the counts of a customer, by its place. */
  customer(place: number): CountedCustomer
}

/** Sums by a first and a second key. */
class Sums<First, Second> {
  readonly all = new Map<First, Map<Second, number>>()

  add(first: First, second: Second, count: number): void {
    const inner = this.all.get(first) ?? new Map<Second, number>()
    this.all.set(first, inner)
    inner.set(second, (inner.get(second) ?? 0) + count)
  }
}

function productsByMonth({ products }: InteractionCells): ReadonlyMap<string, readonly string[]> {
  const months = new Map<string, string[]>()
  for (const { month, product } of products) {
    const list = months.get(month) ?? []
    months.set(month, list)
    list.push(product)
  }
  return months
}

/** Returns what in a filter the data does not have, in words; null where all is there. */
export function filterProblem(
  { channels, types, customers }: InteractionCells,
  { channels: asked, types: askedTypes, customer, start, end }: CellFilter,
): string | null {
  const channel = asked.find((one) => !channels.includes(one))
  if (channel !== undefined) return `no interaction has the channel ${channel}`
  const type = askedTypes.find((one) => !types.includes(one))
  if (type !== undefined) return `no customer has the type ${type}`
  if (customer !== null && !customers.ids.includes(customer)) {
    return `no customer and no interaction has the id ${customer}`
  }
  if (start !== null && end !== null && end < start) return `the last day, ${end}, is before the first, ${start}`
  return null
}

/** Returns the counts of the cells that a filter selects. */
export function countCells(data: InteractionCells, filter: CellFilter): CellCounts {
  const { channels: allChannels, types, customers, days, cells } = data
  const channels = filter.channels.length === 0 ? allChannels : [...new Set(filter.channels)].sort()
  const ofType = types.map((type) => filter.types.length === 0 || filter.types.includes(type))
  const wanted = customers.ids.map(
    (id, place) => ofType[customers.types[place] as number] === true && (filter.customer ?? id) === id,
  )
  const ofChannel = allChannels.map((channel) => channels.includes(channel))
  const ofDay = days.map((day) => (filter.start ?? day) <= day && day <= (filter.end ?? day))

  const zeros = () => new Map(channels.map((channel) => [channel, 0]))
  const byChannel = zeros()
  const [byCustomer, byMonth] = [new Sums<number, string>(), new Sums<string, string>()]
  const [byType, typeMonths] = [new Sums<string, string>(), new Sums<string, string>()]
  const byDay = new Map<string, number>()
  let total = 0
  for (const [at, count] of cells.count.entries()) {
    const [day, customer, channelAt] = [cells.day[at], cells.customer[at], cells.channel[at]] as [
      number,
      number,
      number,
    ]
    if (!ofDay[day] || !wanted[customer] || !ofChannel[channelAt]) continue
    const channel = allChannels[channelAt] as string
    const type = types[customers.types[customer] as number] as string
    const name = days[day] as string
    const month = name.slice(0, -3)
    total += count
    byDay.set(name, (byDay.get(name) ?? 0) + count)
    byChannel.set(channel, (byChannel.get(channel) ?? 0) + count)
    byCustomer.add(customer, channel, count)
    byMonth.add(month, channel, count)
    byType.add(type, channel, count)
    typeMonths.add(type, month, count)
  }

  const sold = productsByMonth(data)
  const typeProducts = new Sums<string, string>()
  for (const [type, months] of typeMonths.all) {
    for (const [month, count] of months) {
      for (const product of sold.get(month) ?? [UNKNOWN]) typeProducts.add(type, product, count)
    }
  }
  const inOrder = ({ all }: Sums<string, string>): Map<string, ChannelCounts> =>
    new Map(
      [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, counts]) => [name, new Map([...zeros(), ...counts])]),
    )
  const groups = [...typeProducts.all].flatMap(([type, counts]) =>
    Array.from(counts, ([product, interaction_count]) => ({ values: { type, product }, interaction_count })),
  )
  const months = inOrder(byMonth)
  const unknown = new Set(customers.unknown)
  return {
    ...{ channels, total, byChannel, byMonth: months, byType: inOrder(byType), overTime: overTime(byDay) },
    customers: wanted.flatMap((isWanted, place) => (isWanted ? [place] : [])),
    products: typeAnswers(groups),
    monthsWithSeveralProducts: [...months.keys()].filter((month) => (sold.get(month)?.length ?? 0) > 1),
    customer: (place) => ({
      customer_id: customers.ids[place] as number,
      isKnown: !unknown.has(place),
      interactions: new Map([...zeros(), ...(byCustomer.all.get(place) ?? [])]),
    }),
  }
}
