/**
 * The calls system's tables: a call log and an agents list as they arrive, and the curated fact
 * behind the reports.
 * @module
 */
import {
  date,
  defineTable,
  float64,
  int32,
  key,
  measure,
  nullable,
  reference,
  string,
  timestamp,
} from '../../table/contract.ts'

/**
 * Fact, one row per call, as `cleanCalls` makes it: ordered by start_time, then call_id.
 * Timestamps are UTC, in microseconds; `call_date` and `hour_of_day` are the wall time of
 * `start_time` in the time zone of the cleaning.
 */
export const curatedCalls = defineTable('calls', {
  call_id: key(string()),
  agent_id: nullable(reference('call_agents', string({ encoding: 'plain' }))),
  agent_name: string({ encoding: 'plain' }),
  region: string({ encoding: 'plain' }),
  customer_id: nullable(string({ encoding: 'plain' })),
  start_time: timestamp({ unit: 'us' }),
  end_time: timestamp({ unit: 'us' }),
  call_duration_minutes: measure(float64()),
  issue_type: nullable(string()),
  resolution: nullable(string()),
  rating: nullable(measure(float64())),
  call_date: date(),
  hour_of_day: int32(),
})

/**
 * Fact, one row per call, as a state keeps it: the columns of {@link curatedCalls} that do not depend on the agents list or on a
 * time zone.
 */
export const callFacts = defineTable('calls', {
  call_id: key(string()),
  agent_id: nullable(string()),
  customer_id: nullable(string({ encoding: 'plain' })),
  start_time: timestamp({ unit: 'us' }),
  end_time: timestamp({ unit: 'us' }),
  call_duration_minutes: measure(float64()),
  issue_type: nullable(string()),
  resolution: nullable(string()),
  rating: nullable(measure(float64())),
})

/**
 * Dimension, one row per agent, maintained by hand. `name` is read as agent_name; other columns
 * are ignored.
 */
export const callAgents = defineTable(
  'call_agents',
  {
    agent_id: key(string()),
    agent_name: nullable(string()),
    region: nullable(string()),
  },
  { unknownColumns: 'discard_value' },
)
