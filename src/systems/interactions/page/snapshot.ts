/**
 * The data of the interactions page: the cells of one commit, what is odd in them, and the newest figures.
 * @module
 */
import type { InteractionAnomaly } from '../figures/anomalies.ts'
import type { InteractionCells } from '../figures/cells.ts'

/** The committed state that the page shows. */
export interface InteractionsSnapshot extends InteractionCells {
  /** The folder of the state below the dashboard's own; empty for that itself. */
  readonly place: string
  readonly commit: number
  readonly committed_at: string
  readonly quarantined: number
  readonly anomalies: readonly InteractionAnomaly[]
}

/** What the page shows: the state, and whether the site has the rows that it was counted from. */
export interface ShownInteractions extends InteractionsSnapshot {
  readonly hasRows: boolean
}

/** The commit that the page shows: another one makes the page read again. */
export interface InteractionsCommit {
  readonly commit: number
  readonly sha256: string
}

/** All of it in a few figures, for the home page. */
export interface InteractionsGlance {
  readonly interactions: number
  readonly customers: number
  readonly channels: number
  readonly first_day: string | null
  readonly last_day: string | null
}

/** Where the page fetches them. */
export const SNAPSHOT = 'data/interactions.json'
export const COMMIT = 'data/interactions-commit.json'
export const INTERACTIONS_GLANCE = 'data/interactions-glance.json'
