/**
 * Interactions joined with their customers and products, filtered: what the other queries count.
 * @module
 */
import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import type { Dimension, InteractionFilter, InteractionsSchema } from './schema.ts'

/** The tables of a query about interactions, by their short names. */
export type Joined = {
  i: InteractionsSchema['interactions']
  c: { [Column in keyof InteractionsSchema['customers']]: InteractionsSchema['customers'][Column] | null }
  p: { [Column in keyof InteractionsSchema['products']]: InteractionsSchema['products'][Column] | null }
}
// biome-ignore lint/complexity/noBannedTypes: nothing is selected yet
export type Facts = SelectQueryBuilder<Joined, 'i' | 'c' | 'p', {}>

/** `started_on` is wall time kept as UTC, so that the session's zone changes nothing. */
const wallTime = sql`i.started_on AT TIME ZONE 'UTC'`
const wallMonth = sql<string>`to_char(${wallTime}, 'YYYY-MM')`

/** The type of a customer, for those that have none too. */
export const typeOfCustomer: RawBuilder<string> = sql<string>`coalesce(c.type, ${sql.lit(UNKNOWN)})`

/** What each dimension is; text sorts by code points in every database. */
export const EXPRESSIONS: Readonly<Record<Dimension, RawBuilder<string | number>>> = {
  month: wallMonth,
  type: typeOfCustomer,
  channel: sql<string>`i.channel`,
  product: sql<string>`coalesce(p.product, ${sql.lit(UNKNOWN)})`,
  customer: sql<number>`i.customer_id`,
  topic: sql<string>`coalesce(i.topic, ${sql.lit(UNKNOWN)})`,
}

/** A day as Postgres writes it: it knows no year 0, and calls it 1 BC. */
function dayText(day: string): string {
  return day.startsWith('0000') ? `0001${day.slice(4)} BC` : day
}

/** The customers' side of a filter. */
export function wantedTypes({ type }: Pick<InteractionFilter, 'type'>): RawBuilder<boolean> | null {
  return type.length === 0 ? null : sql<boolean>`${typeOfCustomer} = ANY(${sql.val([...type])}::text[])`
}

/** Conditions on single interactions: channel, customer, and the days from the first to the last. */
function conditions(filter: InteractionFilter): RawBuilder<boolean>[] {
  const { channel, customer, start_date: start, end_date: end } = filter
  const types = wantedTypes(filter)
  return [
    ...(channel.length === 0 ? [] : [sql<boolean>`i.channel = ANY(${sql.val([...channel])}::text[])`]),
    ...(customer.length === 0 ? [] : [sql<boolean>`i.customer_id = ANY(${sql.val([...customer])}::integer[])`]),
    ...(types === null ? [] : [types]),
    ...(start === null ? [] : [sql<boolean>`i.started_on >= ${dayText(start)}::timestamp AT TIME ZONE 'UTC'`]),
    // up to the end of the last day
    ...(end === null ? [] : [sql<boolean>`i.started_on < (${dayText(end)}::date + 1)::timestamp AT TIME ZONE 'UTC'`]),
  ]
}

/**
 * Returns the interactions that a filter selects, each with its customer. Only where products are asked for are they joined: in a
 * month with two of them an interaction is there twice.
 */
export function factsOf(
  database: Kysely<InteractionsSchema>,
  filter: InteractionFilter,
  { products }: { readonly products: boolean },
): Facts {
  const join = products ? wallMonth : sql<string>`NULL`
  let facts = database
    .selectFrom('interactions as i')
    .leftJoin('customers as c', 'c.customer_id', 'i.customer_id')
    .leftJoin('products as p', (on) => on.on(sql<boolean>`p.month = ${join}`)) as unknown as Facts
  for (const condition of conditions(filter)) facts = facts.where(condition)
  return facts
}
