/** Runs that are killed anywhere between the first delivery and the last copy: nothing is lost, doubled or half published. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/index.ts'
import { runPipeline } from '../../../../src/pipeline/index.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { reconcile } from '../../../../src/systems/complaints/job/reconcile.ts'
import { counting, mortal } from '../../../pipeline/mortal.ts'
import { contentOfLake, placeOf, run, worldOf } from '../worlds.ts'

/** How often the process dies, at calls spread over the whole run. */
const KILLS = 24
let process = 9000
const alone = () => {
  const own = ++process
  return {
    identify: () => ({ host: 'here', process: own, startedAt: null, boot: null }),
    isRunning: (owner: { readonly process: number }) =>
      owner.process === own ? ('running' as const) : ('gone' as const),
  }
}

describe('complaints run', () => {
  it('ends the same when it is killed before any call to its lake and started again', {
    timeout: 900_000,
  }, async () => {
    const { files, truth } = worldOf({ customers: 1000, days: 4, profile: 'adversarial', seed: 31 })
    const later = truth.later.map(({ folder }) => folder)
    const [first = ''] = truth.days
    const whole = memoryStore()
    await run(placeOf(files), whole, { days: [first] })
    const { store, calls } = counting(whole)
    // the rest of the days, one of them corrected and one late
    await runPipeline(complaintsJob, { data: placeOf(files, ...later), out: store, format: 'parquet' }, alone())
    const expected = await contentOfLake(whole)
    const all = calls()
    for (let nth = 0; nth < KILLS; nth++) {
      const last = 2 + Math.floor((nth * (all - 2)) / KILLS)
      const where = `killed before call ${last} of ${all}`
      const out = memoryStore()
      await run(placeOf(files), out, { days: [first] })
      const given = { data: placeOf(files, ...later), format: 'parquet' } as const
      await expect(runPipeline(complaintsJob, { ...given, out: mortal(out, last) }, alone()), where).rejects.toThrow()
      // what readers see meanwhile is a whole version, the one before or the new one
      expect((await reconcile({ out })).isWhole, where).toBe(true)
      await runPipeline(complaintsJob, { ...given, out }, alone())
      expect(await contentOfLake(out), where).toEqual(expected)
      expect((await reconcile({ out })).isWhole, where).toBe(true)
    }
  })
})
