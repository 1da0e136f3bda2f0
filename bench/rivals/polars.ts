/**
 * The job in polars: text columns read by its CSV reader, cast to their types, anti-join and concat, one group-by.
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pl, { type DataFrame } from 'nodejs-polars'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

const KEYS: Record<string, string> = {
  interactions: 'interaction_id',
  agents: 'agent_id',
  contact_centers: 'contact_center_id',
  service_categories: 'category_id',
}
const STAMPS = ['timestamp', 'interaction_start', 'agent_resolution_timestamp', 'interaction_end']
const NUMBERS = ['call_duration_minutes', 'satisfaction_rating']

// every column is read as text first: a blank may stand in a number, anything in a delete row
function read(path: string): DataFrame {
  const frame = pl.readCSV(path, { inferSchemaLength: 0 })
  const columns = frame.columns.map((name) => {
    const text = pl.col(name).str.strip()
    if (STAMPS.includes(name)) return text.str.strptime(pl.Datetime('ms'), '%Y-%m-%dT%H:%M:%SZ').alias(name)
    if (NUMBERS.includes(name)) return text.cast(pl.Float64).alias(name)
    return text.alias(name)
  })
  return frame.select(...columns)
}

function apply(base: DataFrame, delta: DataFrame, key: string): DataFrame {
  const last = delta.unique({ subset: [key], keep: 'last', maintainOrder: true })
  const kept = base.join(last.select(key), { on: key, how: 'anti' })
  const written = last.filter(pl.col('action').str.toLowerCase().neq(pl.lit('delete'))).drop('action')
  return pl.concat([kept, written.select(...base.columns)])
}

/** Each step on its own, in one fresh process. */
export async function steps(inputs: Inputs): Promise<Pick<Outcome, 'steps' | 'report'>> {
  const timings: Step[] = []
  const tables: Record<string, DataFrame> = {}
  for (const table of Object.keys(KEYS)) {
    const path = join(inputs.data, 'initial', `${table}.csv`)
    tables[table] = await measured(table === 'interactions' ? timings : [], 'read', () => read(path))
  }
  for (const [index, month] of inputs.months.entries()) {
    for (const [table, key] of Object.entries(KEYS)) {
      const path = join(inputs.data, 'delta', `${table}_delta_${month}.csv`)
      if (!existsSync(path)) continue
      const delta = read(path)
      const isTimed = table === 'interactions'
      tables[table] = await measured(isTimed ? timings : [], index === 0 ? 'apply' : 'apply again', () =>
        apply(tables[table] as DataFrame, delta, key),
      )
    }
  }
  const { interactions, contact_centers, service_categories } = tables as Record<string, DataFrame>
  const dated = await measured(timings, 'month', () =>
    (interactions as DataFrame)
      .withColumns(
        pl.col('interaction_start').fillNull(pl.col('timestamp')).cast(pl.Datetime('ms', 'UTC')).alias('start'),
      )
      .withColumns(pl.col('start').cast(pl.Datetime('ms', 'America/New_York')).alias('start'))
      .withColumns(pl.col('start').dt.strftime('%Y-%m').alias('month')),
  )
  const report = await measured(timings, 'report', () => {
    const isCall = pl.col('channel').str.toLowerCase().eq(pl.lit('phone'))
    const label = (name: string) =>
      pl
        .when(pl.col(name).eq(pl.lit('')))
        .then(pl.lit(null))
        .otherwise(pl.col(name))
        .fillNull(pl.lit('Unknown'))
        .alias(name)
    return (
      dated
        .filter(pl.col('month').isNotNull())
        .join(contact_centers as DataFrame, { on: 'contact_center_id', how: 'left' })
        .join(service_categories as DataFrame, { on: 'category_id', how: 'left' })
        .withColumns(
          label('contact_center_name'),
          label('department'),
          isCall.cast(pl.Int32).fillNull(pl.lit(0)).alias('calls'),
        )
        .withColumns(pl.col('call_duration_minutes').fillNull(pl.lit(0)).mul(pl.col('calls')).alias('minutes'))
        .groupBy('month', 'contact_center_name', 'department')
        .agg(
          pl.col('month').count().alias('total_interactions'),
          pl.col('calls').sum().alias('total_calls'),
          pl.col('minutes').sum().alias('total_call_duration'),
        )
        // the columns are the row's
        .toRecords() as unknown as ReportRow[]
    )
  })
  return { steps: timings, report }
}
