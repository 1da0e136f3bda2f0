/**
 * The rows of `bench/engine-scale.ts`, made by arithmetic on whole numbers that DuckDB and Spark do alike: both have the same rows.
 * @module
 */
import type { Dialect } from '../src/engine/dialect.ts'

/** How large the extract and each of the two deltas are. */
export interface Scale {
  readonly rows: number
  readonly deltaRows: number
}

/** Batch 0 is the extract; 1 and 2 are deltas, whose keys are spread over those of the extract and a little beyond. */
export const BATCHES = [0, 1, 2] as const

/** Between the keys of a delta: some of its keys are beyond those of the extract. */
const spreadOf = ({ rows, deltaRows }: Scale): number => Math.ceil((rows * 1.02) / deltaRows)

/** A number below 2^31 - 1 that looks random, of a whole number; squared, so that two salts have nothing in common. None passes 2^63. */
function mixed(value: string, salt: number): string {
  const once = `(((${value}) * 48271 + ${7919 * salt}) % 2147483647)`
  return `(${once} * ${once} % 2147483647)`
}

/** 2024-01-01 in UTC, in epoch seconds; the rows are of the 393 days that begin there. */
const FIRST_SECOND = 1_704_067_200
const SECONDS = 34_000_000

function timestampOf(seconds: string, { name, types }: Dialect): string {
  if (name === 'spark') return `CAST(timestamp_seconds(${seconds}) AS ${types.timestamp})`
  return `make_timestamp((${seconds}) * 1000000)`
}

function actionOf(batch: number): string {
  if (batch === 0) return "'add'"
  return `CASE ${mixed('i', 2)} % 10 WHEN 0 THEN 'delete' WHEN 1 THEN 'add' ELSE 'update' END`
}

/** Returns the query of a batch's rows: the columns of staged interactions, in their order, and `n`, the number of the key, where asked. */
export function madeRows(batch: number, scale: Scale, dialect: Dialect, alsoNumber = false): string {
  const { text, int32, float64, int64 } = dialect.types
  const [count, step] = batch === 0 ? [scale.rows, 1] : [scale.deltaRows, spreadOf(scale)]
  const n = `(${batch} + i * ${step})`
  const start = `${FIRST_SECOND} + ${mixed(n, 1)} % ${SECONDS}`
  const code = (prefix: string, salt: number, codes: number) =>
    `concat('${prefix}', CAST(${mixed(n, salt)} % ${codes} AS ${text}))`
  const action = actionOf(batch)
  return `SELECT
    concat('INT', lpad(CAST(${n} AS ${text}), 10, '0')) AS interaction_id,
    ${timestampOf(start, dialect)} AS made_at,
    CASE ${mixed(n, 3 + batch)} % 4 WHEN 0 THEN 'phone' WHEN 1 THEN 'chat' WHEN 2 THEN 'email' ELSE 'Phone ' END AS channel,
    ${code('CAT', 14 + batch, 20)} AS category_id,
    ${code('AGT', 5, 500)} AS agent_id,
    ${code('CTR', 6, 12)} AS contact_center_id,
    ${timestampOf(start, dialect)} AS interaction_start,
    ${timestampOf(`${start} + 360`, dialect)} AS agent_resolution_timestamp,
    ${timestampOf(`${start} + 540`, dialect)} AS interaction_end,
    CAST(${mixed(n, 7 + batch)} % 4000 AS ${float64}) / 100 AS call_duration_minutes,
    CAST(1 + ${mixed(n, 8)} % 5 AS ${float64}) AS satisfaction_rating,
    'made-${batch}' AS made_of,
    CAST(i + 1 AS ${int32}) AS made_row,
    ${batch === 0 ? `CAST(NULL AS ${text})` : action} AS made_word,
    CAST(${batch} AS ${int32}) AS made_batch,
    CAST(i AS ${int64}) AS made_seq,
    ${action} AS made_action${alsoNumber ? `, ${n} AS n` : ''}
  FROM range(0, ${count}) AS r(i)`
}

/**
 * Returns the query of the sums that the cube has to have: interactions, calls, and 10^-6 minutes of calls. It folds nothing: which
 * delta has a key is arithmetic, so each batch gives the rows that no later one has.
 */
export function expectedSums(scale: Scale, dialect: Dialect): string {
  const { int64 } = dialect.types
  const spread = spreadOf(scale)
  const hasKey = (batch: number) =>
    `(n % ${spread} = ${batch % spread} AND n >= ${batch} AND n < ${batch + spread * scale.deltaRows})`
  const last = BATCHES.map((batch) => {
    const later = BATCHES.filter((other) => other > batch).map((other) => `NOT ${hasKey(other)}`)
    const where = [`made_action <> 'delete'`, ...later].join(' AND ')
    return `SELECT channel, call_duration_minutes FROM (${madeRows(batch, scale, dialect, true)}) AS made WHERE ${where}`
  })
  const isCall = "lower(trim(channel)) = 'phone'"
  return `SELECT CAST(COUNT(*) AS ${int64}) AS interactions,
    CAST(SUM(CASE WHEN ${isCall} THEN 1 ELSE 0 END) AS ${int64}) AS calls,
    CAST(SUM(CASE WHEN ${isCall} THEN CAST(round(call_duration_minutes * 1000000) AS ${int64}) ELSE 0 END) AS ${int64}) AS micro_minutes
    FROM (${last.join(' UNION ALL ')}) AS all_last`
}

/** Returns the query of the same sums in the cube. */
export function cubeSums(cube: string, { types: { int64 } }: Dialect): string {
  const measures = ['interactions', 'calls', 'call_duration_micro_minutes']
  return `SELECT ${measures.map((name) => `CAST(SUM(${name}) AS ${int64}) AS ${name}`).join(', ')} FROM ${cube}`
}
