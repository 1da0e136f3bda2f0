/** What every database must answer alike: the queries against a model in plain JavaScript, over random tables. */
import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createTableSql, layoutOf } from '../../../src/pipeline/destinations/postgres/table-layout.ts'
import { interactionAnomalies } from '../../../src/systems/interactions/figures/anomalies.ts'
import { historyOfCells, interactionCells } from '../../../src/systems/interactions/figures/cells.ts'
import {
  allChannels,
  allTypes,
  countCustomers,
  countGroups,
  countRows,
  customerCounts,
  interactionGroups,
  knownNames,
  monthsWithSeveralProducts,
  oneCustomer,
} from '../../../src/systems/interactions/queries/counts.ts'
import { interactionHistory } from '../../../src/systems/interactions/queries/history.ts'
import type { InteractionsSchema } from '../../../src/systems/interactions/queries/schema.ts'
import { customers, interactions, products } from '../../../src/systems/interactions/tables.ts'
import { framesOf } from './frames.ts'
import { channelsOf, customersOf, groupsOf, idsOf, type ModelData, severalProducts, typesOf } from './model.ts'
import { anyData, anyDimensions, anyFilter } from './worlds.ts'

/** Creates the tables of a delivery. */
export async function createTables(database: Kysely<InteractionsSchema>): Promise<void> {
  for (const contract of [customers, interactions, products]) {
    for (const statement of createTableSql(contract.name, layoutOf(contract)))
      await sql.raw(statement).execute(database)
  }
}

async function fill(database: Kysely<InteractionsSchema>, data: ModelData): Promise<void> {
  await sql`TRUNCATE customers, interactions, products`.execute(database)
  if (data.customers.length > 0)
    await database
      .insertInto('customers')
      .values([...data.customers])
      .execute()
  if (data.products.length > 0)
    await database
      .insertInto('products')
      .values([...data.products])
      .execute()
  if (data.interactions.length === 0) return
  const rows = data.interactions.map(({ at: wall, ...row }) => ({ ...row, sentiment: null, started_on: `${wall}:00Z` }))
  await database
    .insertInto('interactions')
    .values(rows as never)
    .execute()
}

const shown = (counts: Awaited<ReturnType<typeof customerCounts>>) =>
  counts.map((row) => ({ ...row, interactions: [...row.interactions] }))

/** Runs the laws of the queries on a database. */
export function describeQueries(open: () => Promise<Kysely<InteractionsSchema>>, runs: number): void {
  describe('the queries', () => {
    it(`answer as a model in plain JavaScript does (${runs} tables)`, { timeout: 600_000 }, async () => {
      const database = await open()
      const property = fc.asyncProperty(
        ...([anyData, anyFilter, anyDimensions, fc.nat(4), fc.nat(6)] as const),
        async (data, filter, by, offset, limit) => {
          await fill(database, data)
          const slice = { offset, limit }
          expect(await allChannels(database)).toEqual(channelsOf(data))
          expect(await allTypes(database)).toEqual(typesOf(data))
          const all = customersOf(data, filter)
          expect(await countCustomers(database, filter)).toBe(all.length)
          expect(shown(await customerCounts(database, filter, slice))).toEqual(all.slice(offset, offset + limit))
          const groups = groupsOf(data, filter, by)
          expect(await countGroups(database, filter, by)).toBe(groups.length)
          expect(await interactionGroups(database, filter, by)).toEqual(groups)
          expect(await interactionGroups(database, filter, by, slice)).toEqual(groups.slice(offset, offset + limit))
          expect(await monthsWithSeveralProducts(database, filter)).toEqual(severalProducts(data, filter))
          for (const customer of [...idsOf(data).slice(0, 2), 77]) {
            const own = customersOf(data, { ...filter, customer: [customer] })[0]
            const any = customersOf(data, { ...filter, customer: [customer], type: [] })[0]
            const found = await oneCustomer(database, customer, filter)
            const zeros = any && { ...any, interactions: any.interactions.map(([channel]) => [channel, 0]) }
            expect(found === null ? undefined : shown([found])[0]).toEqual(own ?? zeros)
          }
          expect(await knownNames(database)).toEqual({ channel: channelsOf(data), type: typesOf(data) })
          expect(await countRows(database, 'interactions')).toBe(data.interactions.length)
          // the page finds the same in the commit
          const history = historyOfCells(interactionCells(...framesOf(data)))
          expect(interactionAnomalies(history)).toEqual(interactionAnomalies(await interactionHistory(database)))
        },
      )
      await fc.assert(property, { numRuns: runs })
    })

    it('count no interaction twice or never: groups of any dimensions but products add up to all', async () => {
      const database = await open()
      const property = fc.asyncProperty(anyData, anyFilter, anyDimensions, async (data, filter, by) => {
        await fill(database, data)
        const sum = (rows: readonly { interaction_count: number }[]) =>
          rows.reduce((all, { interaction_count }) => all + interaction_count, 0)
        const single = by.filter((dimension) => dimension !== 'product')
        if (single.length === 0) return
        expect(sum(await interactionGroups(database, filter, single))).toBe(
          sum(await interactionGroups(database, filter, ['channel'])),
        )
      })
      await fc.assert(property, { numRuns: Math.ceil(runs / 4) })
    })
  })
}
