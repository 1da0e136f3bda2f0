/**
 * The routes of the support system: its report.
 * @module
 */
import type { Route } from '../../../server/route.ts'
import { supportReportRoute } from './support-report.ts'

export const SUPPORT_ROUTES: readonly Route[] = [supportReportRoute]
