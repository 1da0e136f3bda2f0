/**
 * The meaning of a job as SQL: a plan that no dialect has touched, and one writer of it for each dialect.
 * @module
 */
export type { Dialect, DialectName } from './dialects/dialect.ts'
export { DIALECTS, dialectOf } from './dialects/index.ts'
export type { Aggregate, CaseBranch, Expression, Extreme, WindowFunction } from './expression.ts'
export { type FoldOptions, foldPlan, ORDER, STAGED } from './fold-plan.ts'
export { BEYOND, type MonthRange, monthPlan } from './month-plan.ts'
export { columnsOf, type Projection, type Relation } from './relation.ts'
export { renderCreate, renderQuery, renderTable } from './render.ts'
