/**
 * The tables of the database as queries see them, and what every query about interactions may be asked.
 * @module
 */

/** The tables that a delivery keeps at the last commit; their columns are those of the contracts. */
export interface InteractionsSchema {
  customers: { customer_id: number; occupation: string | null; type: string | null }
  interactions: {
    started_on: Date
    channel: string
    customer_id: number
    topic: string | null
    sentiment: string | null
  }
  products: { month: string; product: string }
}

/** The names of the tables. */
export const TABLES = ['customers', 'interactions', 'products'] as const

/** What interactions may be counted by. `month` and `product` are those of the wall time at which one began. */
export const DIMENSIONS = ['month', 'type', 'channel', 'product', 'customer', 'topic'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Which interactions count; an empty list allows all. */
export interface InteractionFilter {
  readonly channel: readonly string[]
  /** Types of customers; `Unknown` are those without one, and ids that only interactions know. */
  readonly type: readonly string[]
  readonly customer: readonly number[]
  /** The first and the last calendar day of wall time, both included; null where there is no bound. */
  readonly start_date: string | null
  readonly end_date: string | null
}

/** Counts everything. */
export const NO_FILTER: InteractionFilter = { channel: [], type: [], customer: [], start_date: null, end_date: null }

/** A part of a list: rows from `offset` on. */
export interface Slice {
  readonly offset: number
  readonly limit: number
}

/** How many interactions have these values of the dimensions that were asked for. */
export interface InteractionGroup {
  readonly values: Readonly<Partial<Record<Dimension, string | number>>>
  readonly interaction_count: number
}
