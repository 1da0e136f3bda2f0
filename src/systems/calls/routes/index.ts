/**
 * The routes of the calls system: its figures.
 * @module
 */
import type { Route } from '../../../server/route.ts'
import { callsSummaryRoute } from './calls-summary.ts'

export const CALLS_ROUTES: readonly Route[] = [callsSummaryRoute]
