/**
 * The support operation's four tables: one fact and three dimensions, as the source systems export
 * them.
 * @module
 */
import {
  date,
  defineTable,
  float64,
  key,
  measure,
  nullable,
  reference,
  string,
  timestamp,
} from '../../table/contract.ts'

/** Fact, one row per interaction of a customer with a contact center. Timestamps are UTC. */
export const interactions = defineTable('interactions', {
  interaction_id: key(string()),
  timestamp: nullable(timestamp()),
  channel: nullable(string()),
  category_id: nullable(reference('service_categories', string())),
  agent_id: nullable(reference('agents', string())),
  contact_center_id: nullable(reference('contact_centers', string())),
  interaction_start: nullable(timestamp()),
  agent_resolution_timestamp: nullable(timestamp()),
  interaction_end: nullable(timestamp()),
  call_duration_minutes: nullable(measure(float64())),
  satisfaction_rating: nullable(measure(float64())),
})

/** Dimension, one row per agent. */
export const agents = defineTable('agents', {
  agent_id: key(string()),
  full_name: nullable(string()),
  contact_center_id: nullable(reference('contact_centers', string())),
  hire_date: nullable(date()),
  category_id: nullable(reference('service_categories', string())),
})

/** Dimension, one row per contact center. */
export const contactCenters = defineTable('contact_centers', {
  contact_center_id: key(string()),
  contact_center_name: nullable(string()),
  location: nullable(string()),
})

/** Dimension, one row per service category, with the department responsible for it. */
export const serviceCategories = defineTable('service_categories', {
  category_id: key(string()),
  category_name: nullable(string()),
  department: nullable(string()),
})

export { UNKNOWN } from '../../table/unknown-member.ts'
