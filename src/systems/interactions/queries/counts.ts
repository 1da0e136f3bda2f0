/**
 * The queries of the API: counts of interactions per customer and channel, by any dimensions, and per table. Each is plain SQL
 * that a Postgres server and the embedded database run alike; those of one answer belong into one transaction.
 * @module
 */
import { type Kysely, sql } from 'kysely'
import type { CountedCustomer } from '../figures/answers.ts'
import { EXPRESSIONS, factsOf, typeOfCustomer, wantedTypes } from './facts.ts'
import {
  type Dimension,
  type InteractionFilter,
  type InteractionGroup,
  type InteractionsSchema,
  NO_FILTER,
  type Slice,
  type TABLES,
} from './schema.ts'

type Database = Kysely<InteractionsSchema>

const count = sql<number>`count(*)::integer`

/** By UTF-16 code units, as JavaScript compares: the order of channels in every answer. */
function inOrder(names: readonly string[]): string[] {
  return [...names].sort()
}

/** Returns every channel that an interaction has, in code-unit order. */
export async function allChannels(database: Database): Promise<string[]> {
  const rows = await database.selectFrom('interactions').select('channel').distinct().execute()
  return inOrder(rows.map(({ channel }) => channel))
}

/** All ids: those of the customers file, and those that only interactions know. */
function everyCustomer(database: Database) {
  return database
    .selectFrom(
      database
        .selectFrom('customers')
        .select('customer_id')
        .union(database.selectFrom('interactions').select('customer_id'))
        .as('u'),
    )
    .leftJoin('customers as c', 'c.customer_id', 'u.customer_id')
}

/** Returns every type that a customer has, in code-unit order; `Unknown` where one has none. */
export async function allTypes(database: Database): Promise<string[]> {
  const rows = await everyCustomer(database).select(typeOfCustomer.as('type')).distinct().execute()
  return inOrder(rows.map(({ type }) => type))
}

/** Customers in order of their ids; those of other types, or with other ids than asked for, are left out. */
function wantedCustomers(database: Database, filter: InteractionFilter) {
  const types = wantedTypes(filter)
  let wanted = everyCustomer(database)
  if (types !== null) wanted = wanted.where(types)
  if (filter.customer.length > 0) wanted = wanted.where('u.customer_id', 'in', [...filter.customer])
  return wanted
}

/** Returns how many customers a filter selects. */
export async function countCustomers(database: Database, filter: InteractionFilter): Promise<number> {
  const { rows } = await wantedCustomers(database, filter).select(count.as('rows')).executeTakeFirstOrThrow()
  return rows
}

/**
 * Returns customers with their counts per channel, zeros included, in order of their ids. `channel` of the filter chooses which
 * channels are shown, the days which interactions count.
 */
export async function customerCounts(
  database: Database,
  filter: InteractionFilter,
  { offset, limit }: Slice,
): Promise<CountedCustomer[]> {
  const listed = await wantedCustomers(database, filter)
    .select(['u.customer_id', sql<boolean>`c.customer_id IS NOT NULL`.as('is_known')])
    .orderBy('u.customer_id')
    .limit(limit)
    .offset(offset)
    .execute()
  if (listed.length === 0) return []
  const shown = filter.channel.length === 0 ? await allChannels(database) : inOrder([...new Set(filter.channel)])
  const customer = listed.map(({ customer_id }) => customer_id)
  const counted = await factsOf(database, { ...filter, customer }, { products: false })
    .select([EXPRESSIONS.customer.as('customer_id'), EXPRESSIONS.channel.as('channel'), count.as('count')])
    .groupBy(['i.customer_id', 'i.channel'])
    .execute()
  const found = new Map(counted.map((row) => [`${row.customer_id} ${row.channel}`, row.count]))
  return listed.map(({ customer_id, is_known }) => ({
    customer_id,
    isKnown: is_known,
    interactions: new Map(shown.map((channel) => [channel, found.get(`${customer_id} ${channel}`) ?? 0])),
  }))
}

/**
 * Returns one customer with counts per channel; null for an id that neither file knows. A customer of another type than the
 * filter asks for has zeros.
 */
export async function oneCustomer(
  database: Database,
  id: number,
  filter: InteractionFilter,
): Promise<CountedCustomer | null> {
  const slice = { offset: 0, limit: 1 }
  const [counts] = await customerCounts(database, { ...filter, customer: [id] }, slice)
  if (counts !== undefined || filter.type.length === 0) return counts ?? null
  const [other] = await customerCounts(database, { ...filter, customer: [id], type: [] }, slice)
  if (other === undefined) return null
  return { ...other, interactions: new Map(Array.from(other.interactions.keys(), (channel) => [channel, 0])) }
}

function groupsOf(database: Database, filter: InteractionFilter, by: readonly Dimension[]) {
  const facts = factsOf(database, filter, { products: by.includes('product') })
  return facts.groupBy(by.map((name) => EXPRESSIONS[name]))
}

/** Returns how many groups there are. */
export async function countGroups(
  database: Database,
  filter: InteractionFilter,
  by: readonly Dimension[],
): Promise<number> {
  const groups = groupsOf(database, filter, by).select(sql`1`.as('one'))
  const { rows } = await database.selectFrom(groups.as('g')).select(count.as('rows')).executeTakeFirstOrThrow()
  return rows
}

/**
 * Returns counts by dimensions, in order of the dimensions' values; only groups that have an interaction. An interaction of a month
 * with several products counts under each of them.
 */
export async function interactionGroups(
  database: Database,
  filter: InteractionFilter,
  by: readonly Dimension[],
  slice: Slice | null = null,
): Promise<InteractionGroup[]> {
  let query = groupsOf(database, filter, by)
    .select(by.map((name) => EXPRESSIONS[name].as(name)))
    .select(count.as('interaction_count'))
  for (const name of by) {
    const value = EXPRESSIONS[name]
    query = query.orderBy(name === 'customer' ? value : sql`${value} COLLATE "C"`)
  }
  if (slice !== null) query = query.limit(slice.limit).offset(slice.offset)
  const rows = await query.execute()
  return rows.map(({ interaction_count, ...values }) => ({
    values: values as InteractionGroup['values'],
    interaction_count,
  }))
}

/** Returns the months with several products in which the filter selects an interaction, in order. */
export async function monthsWithSeveralProducts(database: Database, filter: InteractionFilter): Promise<string[]> {
  const rows = await factsOf(database, filter, { products: true })
    .select(EXPRESSIONS.month.as('month'))
    .groupBy(EXPRESSIONS.month)
    .having(sql<boolean>`count(DISTINCT p.product) > 1`)
    .orderBy(EXPRESSIONS.month)
    .execute()
  return rows.map(({ month }) => String(month))
}

/** Returns how many rows a table has. */
export async function countRows(database: Database, table: (typeof TABLES)[number]): Promise<number> {
  const { rows } = await database.selectFrom(table).select(count.as('rows')).executeTakeFirstOrThrow()
  return rows
}

/** Returns which of the asked names no interaction or customer has; empty where all are known. */
export async function unknownNames(
  database: Database,
  { channel, type }: Pick<InteractionFilter, 'channel' | 'type'> = NO_FILTER,
): Promise<{ readonly name: 'channel' | 'type'; readonly value: string; readonly allowed: readonly string[] }[]> {
  const allowed = {
    channel: channel.length === 0 ? [] : await allChannels(database),
    type: type.length === 0 ? [] : await allTypes(database),
  }
  const asked = { channel, type }
  return (['channel', 'type'] as const).flatMap((name) =>
    asked[name]
      .filter((value) => !allowed[name].includes(value))
      .map((value) => ({ name, value, allowed: allowed[name] })),
  )
}
