/** Adversarial worlds of many seeds: every planted fault ends where the ground truth says. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/index.ts'
import { expectCounts, expectEnds } from '../ground-truth.ts'
import { contentOfLake, placeOf, run, worldOf } from '../worlds.ts'

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 101)

describe.each(SEEDS)('an adversarial world of seed %i', (seed) => {
  it('ends as its ground truth says, in any order of days and with later deliveries', async () => {
    const { files, truth } = worldOf({ customers: 5000, profile: 'adversarial', days: 4 + (seed % 3), seed })
    const out = memoryStore()
    await run(placeOf(files), out)
    await expectCounts(out, truth.files, truth.agents)
    await expectEnds(out, truth.files, truth.faults)

    const reversed = memoryStore()
    for (const day of truth.days.toReversed()) await run(placeOf(files), reversed, { days: [day] })
    expect(await contentOfLake(reversed)).toEqual(await contentOfLake(out))

    const later = truth.later.map(({ folder }) => folder)
    await run(placeOf(files, ...later), out)
    const fresh = memoryStore()
    await run(placeOf(files, ...later), fresh)
    expect(await contentOfLake(out)).toEqual(await contentOfLake(fresh))
    for (const { folder, code } of truth.refused) {
      await expect(run(placeOf(files, folder), out)).rejects.toMatchObject({ code })
    }
  }, 120_000)
})
