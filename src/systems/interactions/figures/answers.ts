/**
 * The answers about customers as the API gives them and `interactions show` prints them.
 * @module
 */

/** A customer with counts per channel, as a query gives it. */
export interface CountedCustomer {
  readonly customer_id: number
  /** Whether the customers file has the id. */
  readonly isKnown: boolean
  readonly interactions: ReadonlyMap<string, number>
}

/** A customer with counts per channel, zeros included. */
export interface CustomerAnswer {
  readonly customer_id: number
  /** There only where the customers file does not have the id. */
  readonly known?: false
  readonly interactions: Readonly<Record<string, number>>
}

/**
 * Returns a customer as an answer says it.
 *
 * @example
 * const counts = { customer_id: 4, isKnown: false, interactions: new Map([['Bird', 1], ['Call', 1]]) }
 * customerAnswer(counts) // { customer_id: 4, known: false, interactions: { Bird: 1, Call: 1 } }
 */
export function customerAnswer({ customer_id, isKnown, interactions }: CountedCustomer): CustomerAnswer {
  return { customer_id, ...(!isKnown && { known: false }), interactions: Object.fromEntries(interactions) }
}

/** How many interactions of a type's customers were about a product. */
export interface ProductCount {
  readonly product: string
  readonly interaction_count: number
}

/** The products that a type of customers talked about. */
export interface TypeAnswer {
  readonly customer_type: string
  readonly products: readonly ProductCount[]
}

/** A group by type and product, as a query gives it. */
export interface TypedProduct {
  readonly values: { readonly type?: string | number; readonly product?: string | number }
  readonly interaction_count: number
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Returns groups by type and product as one row a type, types and products in code-unit order.
 *
 * @example
 * typeAnswers([{ values: { type: 'Red', product: 'Sand' }, interaction_count: 7 }])
 * // [{ customer_type: 'Red', products: [{ product: 'Sand', interaction_count: 7 }] }]
 */
export function typeAnswers(groups: readonly TypedProduct[]): TypeAnswer[] {
  const types = new Map<string, ProductCount[]>()
  for (const { values, interaction_count } of groups) {
    const type = String(values.type)
    const products = types.get(type) ?? []
    products.push({ product: String(values.product), interaction_count })
    types.set(type, products)
  }
  return [...types]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([customer_type, products]) => ({
      customer_type,
      products: products.sort((a, b) => byCodeUnits(a.product, b.product)),
    }))
}
