/**
 * The routes of the support system: its report.
 * @module
 */
import type { Route } from '../../../server/routes/route.ts'
import { supportReportRoute } from './support-report.ts'

export const SUPPORT_ROUTES: readonly Route[] = [supportReportRoute]
