/**
 * The routes of the interactions system.
 * @module
 */
import type { Route } from '../../../server/route.ts'
import { anomaliesRoute } from './anomalies.ts'
import { customerRoute, customersRoute } from './customers.ts'
import { importsRoute } from './imports.ts'
import { productsRoute } from './products.ts'
import { statsRoute } from './stats.ts'

export const INTERACTIONS_ROUTES: readonly Route[] = [
  customersRoute,
  productsRoute,
  customerRoute,
  statsRoute,
  anomaliesRoute,
  importsRoute,
]
