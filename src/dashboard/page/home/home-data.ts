/**
 * What the home page shows.
 * @module
 */
import type { Glances, Page } from '../../../page/define-page.ts'
import type { Places } from '../../../page/places.ts'

/** A system, and its newest figures; null while it has no data. */
export interface SystemGlance {
  readonly page: Page
  readonly glances: Glances | null
}

/** What the home page shows. */
export interface HomeData {
  readonly systems: readonly SystemGlance[]
  readonly places: Places
}
