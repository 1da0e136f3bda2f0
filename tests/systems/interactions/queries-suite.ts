/** What every database must answer alike: the queries against a model in plain JavaScript, over random tables. */
import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createTableSql, layoutOf } from '../../../src/pipeline/destinations/postgres/table-layout.ts'
import {
  allChannels,
  allTypes,
  countCustomers,
  countGroups,
  countRows,
  customerCounts,
  interactionGroups,
  monthsWithSeveralProducts,
  oneCustomer,
  unknownNames,
} from '../../../src/systems/interactions/queries/counts.ts'
import { DIMENSIONS, type InteractionsSchema } from '../../../src/systems/interactions/queries/schema.ts'
import { customers, interactions, products } from '../../../src/systems/interactions/tables.ts'
import {
  channelsOf,
  customersOf,
  groupsOf,
  idsOf,
  type ModelData,
  type ModelFilter,
  severalProducts,
  typesOf,
} from './model.ts'

/** Names that sort, quote and encode badly. */
const NAMES = [
  'Email',
  'Call',
  'bird',
  'Bird',
  'Zé',
  "O'Neil",
  '__proto__',
  '12',
  '%',
  'a,"b"',
  '😀',
  '\uFB00',
  'Unknown',
]
const name = fc.constantFrom(...NAMES)
const id = fc.constantFrom(1, 2, 3, 4, 5, 12, 2_147_483_647)
const month = fc.oneof(
  { weight: 4, arbitrary: fc.constant('2020-02') },
  fc.constantFrom('0001-01', '2019-12', '9999-12'),
)
// few days, side by side: a day's end is the next one's beginning
const day = fc.tuple(month, fc.constantFrom('05', '06', '29')).map((parts) => parts.join('-'))
const at = fc.tuple(day, fc.constantFrom('00:00', '23:59')).map((parts) => parts.join('T'))
const nullable = fc.option(name, { nil: null })

const anyData: fc.Arbitrary<ModelData> = fc.record({
  customers: fc.uniqueArray(fc.record({ customer_id: id, occupation: nullable, type: nullable }), {
    selector: (row) => row.customer_id,
  }),
  interactions: fc.array(fc.record({ at, channel: name, customer_id: id, topic: nullable }), {
    ...{ maxLength: 40, size: 'max' },
  }),
  products: fc.uniqueArray(fc.record({ month, product: name }), { selector: (row) => `${row.month} ${row.product}` }),
})
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant([] as T[]) }, fc.array(value, { maxLength: 3 }))
const bound = fc.option(fc.oneof({ weight: 5, arbitrary: day }, fc.constantFrom('0000-02-29', '9999-12-31')), {
  nil: null,
})
const anyFilter: fc.Arbitrary<ModelFilter> = fc.record({
  ...{ channel: some(name), type: some(name), customer: some(id), start_date: bound, end_date: bound },
})
const anyDimensions = fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { minLength: 1 })

/** Creates the tables of a delivery. */
export async function createTables(database: Kysely<InteractionsSchema>): Promise<void> {
  for (const contract of [customers, interactions, products]) {
    await sql.raw(createTableSql(contract.name, layoutOf(contract))).execute(database)
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
          const wrong = await unknownNames(database, filter)
          expect(wrong.map(({ value }) => value)).toEqual([
            ...filter.channel.filter((channel) => !channelsOf(data).includes(channel)),
            ...filter.type.filter((type) => !typesOf(data).includes(type)),
          ])
          expect(await countRows(database, 'interactions')).toBe(data.interactions.length)
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
