/**
 * Routes of one's own: how a system declares them, and what their schemas, pages and refusals are made of. `serve` answers them.
 * @module server
 */
export { type ErrorCode, ServerError } from '../errors.ts'
export type { Migration, SystemDatabase } from './database/system-database.ts'
export { PAGE_QUERY, type PageAnswer, type PageChoice, pageOf, pageRows, pageSchema } from './paging.ts'
export type { Problem, RequestFault } from './problem.ts'
export { calendarDay, calendarMonth, listOf, type NumberBounds, wholeNumber } from './query-values.ts'
export { requestInvalid } from './request-fault.ts'
export {
  defineRoute,
  type FormFile,
  type Route,
  type RouteContext,
  type RouteCsv,
  type RouteRequest,
  type RouteSpec,
  type Scope,
} from './route.ts'
