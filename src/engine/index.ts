/**
 * The meaning of a job as SQL: a plan that no dialect has touched, and one writer of it for each dialect.
 * @module
 */
export type { EngineConnection, RowColumns } from './connection.ts'
export { DIALECT_NAMES, type Dialect, type DialectName } from './dialect.ts'
export { dialectOf } from './dialects.ts'
export { type DuckdbOptions, type DuckdbSettings, openDuckdb } from './duckdb.ts'
export type { Aggregate, CaseBranch, Expression, Extreme, Operator, WindowFunction } from './expression.ts'
export { type FoldOptions, foldPlan, ORDER, STAGED } from './fold-plan.ts'
export type { MonthRange } from './month-plan.ts'
export { openPostgres } from './postgres.ts'
export type { Projection, Relation } from './relation.ts'
export { renderCreate, renderQuery, renderReplace, type SortColumn } from './render.ts'
export {
  connectSpark,
  type SparkConnection,
  type SparkOptions,
  type SparkQueryOptions,
  type SparkStatementOptions,
} from './spark/connect-spark.ts'
export { openSpark } from './spark/open-spark.ts'
export type { SparkParameters, SparkValue } from './spark/parameters.ts'
export {
  ENGINE_NAMES,
  type EngineName,
  type EngineState,
  type EngineStateOptions,
  engineState,
} from './state/engine-state.ts'
export type { RollupPlan, RollupPlans } from './state/rollup-plan.ts'
