/**
 * Routes of one's own: how a system declares them, and what their schemas, pages and refusals are made of. `serve` answers them.
 * @module server
 */
export { type ErrorCode, ServerError } from '../errors.ts'
export type { Problem, RequestFault } from './answers/problem.ts'
export { requestInvalid } from './answers/request-fault.ts'
export type { RefusalStatus } from './answers/status.ts'
export type { Migration, SystemDatabase } from './database/system-database.ts'
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
export { PAGE_QUERY, type PageAnswer, type PageChoice, pageOf, pageRows, pageSchema } from './routes/paging.ts'
export { calendarDay, calendarMonth, listOf, type NumberBounds, wholeNumber } from './routes/query-values.ts'
