/**
 * The interactions system's tables: who the customers are, when they talked to us, and which product a month was about.
 * @module
 */
import { defineTable, int32, key, nullable, reference, string, timestamp } from '../../table/contract.ts'

/** Dimension, one row per customer. Both attributes may be unknown. */
export const customers = defineTable('customers', {
  customer_id: key(int32()),
  occupation: nullable(string()),
  type: nullable(string()),
})

/**
 * Fact, one row per interaction. The source gives no id: equal rows are different interactions.
 * `started_on` is wall time as the source wrote it, to the minute; it is kept as if it were UTC, and no zone is ever applied to
 * it. `topic` and `sentiment` are null where the source does not have them.
 */
export const interactions = defineTable('interactions', {
  started_on: timestamp({ unit: 's' }),
  channel: string(),
  customer_id: reference('customers', int32()),
  topic: nullable(string()),
  sentiment: nullable(string()),
})

/** Dimension, one row per month and product: what was sold in that month of wall time, `2019-01`. */
export const products = defineTable('products', {
  month: key(string()),
  product: key(string()),
})
