/** An independent model of the queries: loops over plain rows, no SQL, no code of the project. */

export interface ModelCustomer {
  readonly customer_id: number
  readonly occupation: string | null
  readonly type: string | null
}
export interface ModelInteraction {
  /** `2020-02-11T16:10`. */
  readonly at: string
  readonly channel: string
  readonly customer_id: number
  readonly topic: string | null
}
export interface ModelProduct {
  readonly month: string
  readonly product: string
}
export interface ModelData {
  readonly customers: readonly ModelCustomer[]
  readonly interactions: readonly ModelInteraction[]
  readonly products: readonly ModelProduct[]
}
export interface ModelFilter {
  readonly channel: readonly string[]
  readonly type: readonly string[]
  readonly customer: readonly number[]
  readonly start_date: string | null
  readonly end_date: string | null
}
export type ModelDimension = 'month' | 'type' | 'channel' | 'product' | 'customer' | 'topic'

const or = (value: string | null | undefined): string => value ?? 'Unknown'
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

export const channelsOf = ({ interactions }: ModelData): string[] => unique(interactions.map((i) => i.channel)).sort()

export function typeOf({ customers }: ModelData, id: number): string {
  return or(customers.find((c) => c.customer_id === id)?.type)
}

export function idsOf({ customers, interactions }: ModelData): number[] {
  return unique([...customers, ...interactions].map((row) => row.customer_id)).sort((a, b) => a - b)
}

export const typesOf = (data: ModelData): string[] => unique(idsOf(data).map((id) => typeOf(data, id))).sort()

function counts(data: ModelData, filter: ModelFilter): ModelInteraction[] {
  return data.interactions.filter((i) => {
    const day = i.at.slice(0, 10)
    if (filter.channel.length > 0 && !filter.channel.includes(i.channel)) return false
    if (filter.customer.length > 0 && !filter.customer.includes(i.customer_id)) return false
    if (filter.type.length > 0 && !filter.type.includes(typeOf(data, i.customer_id))) return false
    if (filter.start_date !== null && day < filter.start_date) return false
    return filter.end_date === null || day <= filter.end_date
  })
}

export function customersOf(data: ModelData, filter: ModelFilter) {
  const shown = filter.channel.length > 0 ? unique(filter.channel).sort() : channelsOf(data)
  const counted = counts(data, filter)
  return idsOf(data)
    .filter((id) => filter.customer.length === 0 || filter.customer.includes(id))
    .filter((id) => filter.type.length === 0 || filter.type.includes(typeOf(data, id)))
    .map((id) => ({
      customer_id: id,
      isKnown: data.customers.some((c) => c.customer_id === id),
      interactions: shown.map((channel) => [
        channel,
        counted.filter((i) => i.customer_id === id && i.channel === channel).length,
      ]),
    }))
}

export function groupsOf(data: ModelData, filter: ModelFilter, by: readonly ModelDimension[]) {
  const groups = new Map<string, { values: Record<string, string | number>; interaction_count: number }>()
  for (const i of counts(data, filter)) {
    const month = i.at.slice(0, 7)
    const sold = data.products.filter((p) => p.month === month).map((p) => p.product)
    const products = by.includes('product') ? (sold.length === 0 ? ['Unknown'] : sold) : ['']
    for (const product of products) {
      const all = {
        month,
        type: typeOf(data, i.customer_id),
        channel: i.channel,
        product,
        customer: i.customer_id,
        topic: or(i.topic),
      }
      const values = Object.fromEntries(by.map((name) => [name, all[name]]))
      const key = JSON.stringify(by.map((name) => values[name]))
      const group = groups.get(key) ?? { values, interaction_count: 0 }
      group.interaction_count += 1
      groups.set(key, group)
    }
  }
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  return [...groups.values()].sort((a, b) => {
    for (const name of by) {
      const [x, y] = [a.values[name] as string | number, b.values[name] as string | number]
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : byBytes(String(x), String(y))
      if (order !== 0) return order
    }
    return 0
  })
}

export function severalProducts(data: ModelData, filter: ModelFilter): string[] {
  return unique(counts(data, filter).map((i) => i.at.slice(0, 7)))
    .filter((month) => data.products.filter((p) => p.month === month).length > 1)
    .sort()
}
