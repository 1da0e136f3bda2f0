/**
 * Interactions per day: what anomalies are found in.
 * @module
 */
import { type Kysely, sql } from 'kysely'
import type { DayCount, InteractionHistory, Series } from '../figures/anomalies.ts'
import type { InteractionsSchema } from './schema.ts'

const wallDay = sql<string>`to_char(i.started_on AT TIME ZONE 'UTC', 'YYYY-MM-DD')`
const count = sql<number>`count(*)::integer`
/** Days with fewer are no reason to look at a customer. */
const BUSY = 4

/** Puts rows of one subject after the other together; they come in order. */
function seriesOf(rows: readonly (DayCount & { readonly subject: string | number })[]): Series[] {
  const series = new Map<string, DayCount[]>()
  for (const { subject, day, count: found } of rows) {
    const days = series.get(String(subject)) ?? []
    days.push({ day, count: found })
    series.set(String(subject), days)
  }
  return [...series].map(([subject, days]) => ({ subject, days }))
}

/** Returns the days of channels and of the customers who had a busy one, and the ids that only interactions know. */
export async function interactionHistory(database: Kysely<InteractionsSchema>): Promise<InteractionHistory> {
  const channels = await database
    .selectFrom('interactions as i')
    .select(['i.channel as subject', wallDay.as('day'), count.as('count')])
    .groupBy(['i.channel', wallDay])
    .orderBy(wallDay)
    .execute()
  const busy = database
    .selectFrom('interactions as i')
    .select('i.customer_id')
    .groupBy(['i.customer_id', wallDay])
    .having(sql<boolean>`count(*) >= ${sql.lit(BUSY)}`)
  const customers = await database
    .selectFrom('interactions as i')
    .select(['i.customer_id as subject', wallDay.as('day'), count.as('count')])
    .where('i.customer_id', 'in', busy)
    .groupBy(['i.customer_id', wallDay])
    .orderBy(wallDay)
    .execute()
  // without a customers file nobody is known, and that is no news of a single one
  const unknown = await database
    .selectFrom('interactions as i')
    .leftJoin('customers as c', 'c.customer_id', 'i.customer_id')
    .select(['i.customer_id as subject', sql<string>`min(${wallDay})`.as('day'), count.as('count')])
    .where('c.customer_id', 'is', null)
    .where(({ exists, selectFrom }) => exists(selectFrom('customers').select('customer_id')))
    .groupBy('i.customer_id')
    .execute()
  return {
    channels: seriesOf(channels),
    customers: seriesOf(customers),
    unknownCustomers: unknown.map(({ subject, ...first }) => ({ subject: String(subject), ...first })),
  }
}
