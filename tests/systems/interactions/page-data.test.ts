import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { committedPlace } from '../../../src/dashboard/committed-place.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { countCells } from '../../../src/systems/interactions/figures/cell-counts.ts'
import { interactionsJob } from '../../../src/systems/interactions/job/interactions-job.ts'
import type { InteractionsSnapshot } from '../../../src/systems/interactions/page/snapshot.ts'
import { interactionsPageData } from '../../../src/systems/interactions/routes/page-data.ts'
import { hasReal, REAL, SMALL } from './real-files.ts'

const effects = nodeEffects()
const ALL = { channels: [], types: [], customer: null, start: null, end: null }

function pageOf(out = memoryStore()) {
  const placeOf = (job: { readonly name: string }) =>
    committedPlace(job as never, async () => [{ id: '', out }], effects)
  const data = interactionsPageData({ effects, values: {}, placeOf: placeOf as never })
  const read = async (file: string) => JSON.parse(new TextDecoder().decode((await data.read(file)) ?? undefined))
  return { data, read, run: (from: string | typeof out) => runPipeline(interactionsJob, { data: from, out }, effects) }
}

describe('the data of the interactions page', () => {
  it('is null before anything is imported', async () => {
    const { data, read } = pageOf()
    expect(await data.files()).toEqual([
      'data/interactions-commit.json',
      'data/interactions.json',
      'data/interactions-glance.json',
    ])
    for (const file of await data.files()) expect(await read(file)).toBeNull()
    expect(await data.read('data/else.json')).toBeNull()
  })

  it('follows the commits', async () => {
    const { read, run } = pageOf()
    await run(memoryStore(SMALL))
    expect(await read('data/interactions-glance.json')).toEqual({
      ...{ interactions: 5, customers: 4, channels: 3, first_day: '2021-02-17', last_day: '2021-12-31' },
    })
    const first = await read('data/interactions-commit.json')
    const more = `${SMALL['interactions.csv']}01/01/2022 00:00,Letter,3\r\n`
    await run(memoryStore({ ...SMALL, 'interactions.csv': more }))
    expect(await read('data/interactions-commit.json')).not.toEqual(first)
    expect((await read('data/interactions.json')).channels).toEqual(['Call', 'Email', 'Letter', 'Visit'])
  })

  it.skipIf(!hasReal)('is right for the files that the system was asked for with', async () => {
    const { read, run } = pageOf()
    await run(REAL)
    const snapshot: InteractionsSnapshot = await read('data/interactions.json')
    const counts = countCells(snapshot, ALL)
    expect(Object.fromEntries(counts.byChannel)).toEqual({ Bird: 6, Boat: 2, Call: 3, Email: 6, Post: 1 })
    expect(
      Object.fromEntries(
        Array.from(counts.byMonth, ([month, one]) => [month, [...one.values()].reduce((a, b) => a + b)]),
      ),
    ).toEqual({
      ...{ '2019-10': 1, '2020-01': 1, '2020-02': 8, '2020-03': 6, '2020-06': 1, '2021-06': 1 },
    })
    expect(counts.products).toEqual([
      {
        customer_type: 'Blue',
        products: [
          { product: 'Orange', interaction_count: 1 },
          { product: 'Sand', interaction_count: 4 },
        ],
      },
      { customer_type: 'Orange', products: [{ product: 'Sand', interaction_count: 6 }] },
      { customer_type: 'Red', products: [{ product: 'Sand', interaction_count: 7 }] },
    ])
    const until = countCells(snapshot, { ...ALL, customer: 4, end: '2020-03-05' })
    expect(Object.fromEntries(until.byChannel)).toEqual({ Bird: 2, Boat: 0, Call: 1, Email: 0, Post: 0 })
  })
})
