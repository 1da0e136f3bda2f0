/** The page's counts against the same model as the API's, and their edges. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type CellFilter, countCells, filterProblem } from '../../../src/systems/interactions/figures/cell-counts.ts'
import { historyOfCells, interactionCells } from '../../../src/systems/interactions/figures/cells.ts'
import { framesOf } from './frames.ts'
import {
  channelsOf,
  customersOf,
  groupsOf,
  idsOf,
  type ModelData,
  type ModelDimension,
  type ModelFilter,
  severalProducts,
  typesOf,
} from './model.ts'
import { anyData, anyFilter } from './worlds.ts'

const cellsOf = (data: ModelData) => interactionCells(...framesOf(data))
const filterOf = ({ channel, type, customer, start_date, end_date }: ModelFilter): CellFilter => ({
  ...{ channels: channel, types: type, customer: customer[0] ?? null, start: start_date, end: end_date },
})

/** Lines of counts without their zeros, in any order. */
function linesOf(counts: ReadonlyMap<string, ReadonlyMap<string, number>>) {
  return [...counts]
    .flatMap(([first, inner]) => Array.from(inner, ([second, count]) => [first, second, count] as const))
    .filter(([, , count]) => count > 0)
    .map((line) => JSON.stringify(line))
    .sort()
}

function modelLines(data: ModelData, filter: ModelFilter, by: readonly [ModelDimension, ModelDimension]) {
  return groupsOf(data, filter, by)
    .map(({ values, interaction_count }) => JSON.stringify([...by.map((name) => values[name]), interaction_count]))
    .sort()
}

describe('countCells', () => {
  test.prop([anyData, anyFilter])('counts as a model in plain JavaScript does', (data, any) => {
    const asked = { ...any, customer: any.customer.slice(0, 1) }
    const cells = cellsOf(data)
    expect([cells.channels, cells.types, cells.customers.ids]).toEqual([channelsOf(data), typesOf(data), idsOf(data)])
    const counts = countCells(cells, filterOf(asked))
    const customers = counts.customers.map(counts.customer)
    expect(customers.map((one) => ({ ...one, interactions: [...one.interactions] }))).toEqual(customersOf(data, asked))
    const totals = groupsOf(data, asked, ['channel'])
    expect(counts.total).toBe(totals.reduce((sum, { interaction_count }) => sum + interaction_count, 0))
    expect([...counts.byChannel].filter(([, count]) => count > 0)).toEqual(
      totals
        .map(({ values, interaction_count }) => [values.channel, interaction_count] as const)
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
    expect(linesOf(counts.byMonth)).toEqual(modelLines(data, asked, ['month', 'channel']))
    expect(linesOf(counts.byType)).toEqual(modelLines(data, asked, ['type', 'channel']))
    const sold = new Map(
      counts.products.map(({ customer_type, products }) => [
        customer_type,
        new Map(products.map(({ product, interaction_count }) => [product, interaction_count])),
      ]),
    )
    expect(linesOf(sold)).toEqual(modelLines(data, asked, ['type', 'product']))
    expect(counts.monthsWithSeveralProducts).toEqual(severalProducts(data, asked))
    expect([...counts.byMonth.keys()]).toEqual([...counts.byMonth.keys()].sort())
  })

  test.prop([anyData, fc.nat()])('depends on no order of the rows', (data, seed) => {
    const mixed = <Row>(rows: readonly Row[]) => {
      const at = rows.length === 0 ? 0 : seed % rows.length
      return [...rows.slice(at), ...rows.slice(0, at)].reverse()
    }
    const { customers, interactions, products } = data
    const other = { customers: mixed(customers), interactions: mixed(interactions), products: mixed(products) }
    expect(cellsOf(other)).toEqual(cellsOf(data))
  })
})

describe('filterProblem', () => {
  const data: ModelData = {
    customers: [{ customer_id: 1, occupation: null, type: 'Red' }],
    interactions: [{ at: '2020-02-11T16:10', channel: 'Email', customer_id: 4, topic: null }],
    products: [],
  }
  const all: CellFilter = { channels: [], types: [], customer: null, start: null, end: null }
  it.each([
    [{}, null],
    [{ channels: ['Email'], types: ['Red', 'Unknown'], customer: 4 }, null],
    [{ channels: ['Email', 'email'] }, 'no interaction has the channel email'],
    [{ types: ['Blue'] }, 'no customer has the type Blue'],
    [{ customer: 7 }, 'no customer and no interaction has the id 7'],
    [{ start: '2020-02-02', end: '2020-02-01' }, 'the last day, 2020-02-01, is before the first, 2020-02-02'],
  ])('of %j is %s', (change, problem) => {
    expect(filterProblem(cellsOf(data), { ...all, ...change })).toBe(problem)
  })
})

describe('historyOfCells', () => {
  it('names no unknown customer where there is no customers file', () => {
    const interactions = [{ at: '2020-02-11T16:10', channel: 'Email', customer_id: 4, topic: null }]
    const none = historyOfCells(cellsOf({ customers: [], interactions, products: [] }))
    expect(none.unknownCustomers).toEqual([])
    const one = [{ customer_id: 1, occupation: null, type: null }]
    const some = historyOfCells(cellsOf({ customers: one, interactions, products: [] }))
    expect(some.unknownCustomers).toEqual([{ subject: '4', day: '2020-02-11', count: 1 }])
  })
})
