/** A place in Spark whose process dies before a statement: what it wrote stays on the cluster, and nothing more comes. */
import { join } from 'node:path'
import { folderStore } from '../../../src/connect/index.ts'
import type { SparkConnection } from '../../../src/engine/index.ts'
import { enginePlace } from '../../../src/engine/state/engine-place.ts'
import { sparkVersions } from '../../../src/engine/state/spark-versions.ts'
import { openSpools } from '../../../src/engine/state/spool-files.ts'
import { nodeEffects } from '../../../src/pipeline/index.ts'
import { supportPlans } from '../../../src/systems/support/index.ts'

export class Killed extends Error {}

/** Where the place is, and before which call of the session its process dies. */
export interface MortalOptions {
  readonly spark: SparkConnection
  readonly out: string
  readonly schema: string
  readonly last: number
}

/** Returns the place, and how many calls it made. */
export function mortalPlace({ spark, out, schema, last }: MortalOptions) {
  let calls = 0
  const live = (): void => {
    if (calls++ >= last) throw new Killed(`before call ${last}`)
  }
  const mortal: SparkConnection = {
    async *query(...given: Parameters<SparkConnection['query']>) {
      live()
      yield* spark.query(...given)
    },
    async exec(...given) {
      live()
      await spark.exec(...given)
    },
    async createView(...given) {
      live()
      await spark.createView(...given)
    },
    close: async () => {},
  } as SparkConnection
  const parts = {
    ...{ folder: folderStore(out, { temporaryFolder: '.support-etl/data' }), plans: async () => supportPlans },
    ...{ newHash: nodeEffects().newHash, newSpools: () => openSpools(join(out, '.support-etl', 'data')) },
    state: sparkVersions({ at: [schema], open: async () => mortal }),
    address: { engine: 'spark', url: 'sc://localhost:15002/' },
  }
  return { place: enginePlace(parts), count: () => calls }
}
