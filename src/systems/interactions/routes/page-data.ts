/**
 * What the interactions page reads: which commit there is, its cells with what is odd in them, and the newest figures.
 * @module
 */
import { readState } from '../../../pipeline/state/committed-state.ts'
import { jsonFile, namedFiles, onceACommit } from '../../page-data.ts'
import type { CommittedPlace, PageData, PageSources } from '../../system.ts'
import { interactionAnomalies } from '../figures/anomalies.ts'
import { historyOfCells, interactionCells } from '../figures/cells.ts'
import { interactionsJob } from '../job/interactions-job.ts'
import {
  COMMIT,
  INTERACTIONS_GLANCE,
  type InteractionsCommit,
  type InteractionsGlance,
  type InteractionsSnapshot,
  SNAPSHOT,
} from '../page/snapshot.ts'

function glanceOf({ cells, customers, channels, days }: InteractionsSnapshot): InteractionsGlance {
  return {
    interactions: cells.count.reduce((sum, count) => sum + count, 0),
    customers: customers.ids.length,
    channels: channels.length,
    first_day: days[0] ?? null,
    last_day: days.at(-1) ?? null,
  }
}

/** Returns the data of the page. */
export function interactionsPageData({ effects, placeOf }: PageSources): PageData {
  const find = () => placeOf(interactionsJob)
  const readCommit = async (): Promise<InteractionsCommit | null> => {
    const place = await find()
    return place && { commit: place.commit, sha256: place.sha256 }
  }
  const shown = onceACommit(find, async ({ id, out, quarantined }: CommittedPlace): Promise<InteractionsSnapshot> => {
    const state = await readState(interactionsJob, { out }, effects)
    const cells = interactionCells(
      await state.loadTable('customers'),
      await state.loadTable('interactions'),
      await state.loadTable('products'),
    )
    return {
      ...{ place: id, commit: state.commit, committed_at: state.committedAt, quarantined },
      ...cells,
      anomalies: interactionAnomalies(historyOfCells(cells)),
    }
  })
  return namedFiles({
    [COMMIT]: jsonFile(readCommit),
    [SNAPSHOT]: jsonFile(shown),
    [INTERACTIONS_GLANCE]: jsonFile(async () => {
      const snapshot = await shown()
      return snapshot && glanceOf(snapshot)
    }),
  })
}
