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

/** What the page says of the state, and what its filters offer. */
export interface InteractionsOverview
  extends Pick<InteractionsSnapshot, 'place' | 'commit' | 'committed_at' | 'quarantined' | 'channels' | 'types'> {
  readonly customers: number
  /** Customers that only interactions know. */
  readonly unknownCustomers: number
  /** Of wall time; null where there is no interaction. */
  readonly firstDay: string | null
  readonly lastDay: string | null
}

/** Returns what the page says of a state. */
export function overviewOf(snapshot: InteractionsSnapshot): InteractionsOverview {
  const { place, commit, committed_at, quarantined, channels, types, customers, days } = snapshot
  return {
    ...{ place, commit, committed_at, quarantined, channels, types },
    customers: customers.ids.length,
    unknownCustomers: customers.unknown.length,
    firstDay: days[0] ?? null,
    lastDay: days.at(-1) ?? null,
  }
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
