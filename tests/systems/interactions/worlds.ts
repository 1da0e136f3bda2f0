/** Random tables and filters for the laws of this system. */
import fc from 'fast-check'
import { DIMENSIONS } from '../../../src/systems/interactions/queries/schema.ts'
import type { ModelData, ModelFilter } from './model.ts'

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

export const anyData: fc.Arbitrary<ModelData> = fc.record({
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
export const anyFilter: fc.Arbitrary<ModelFilter> = fc.record({
  ...{ channel: some(name), type: some(name), customer: some(id), start_date: bound, end_date: bound },
})
export const anyDimensions = fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { minLength: 1 })
