/** The model's tables as the job commits them. */
import { NumberColumn, TimestampColumn } from '../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import type { ModelData } from './model.ts'

export function framesOf({ customers, interactions, products }: ModelData): readonly [Frame, Frame, Frame] {
  const ids = (rows: readonly { readonly customer_id: number }[]) =>
    new NumberColumn(
      'int32',
      Int32Array.from(rows, (row) => row.customer_id),
    )
  const seconds = Float64Array.from(interactions, ({ at }) => Date.parse(`${at}:00Z`) / 1000)
  return [
    frameOf([
      ['customer_id', ids(customers)],
      ['type', encodeTexts(customers.map(({ type }) => type))],
    ]),
    frameOf([
      ['started_on', new TimestampColumn(seconds, { unit: 's' })],
      ['channel', encodeTexts(interactions.map(({ channel }) => channel))],
      ['customer_id', ids(interactions)],
    ]),
    frameOf([
      ['month', encodeTexts(products.map(({ month }) => month))],
      ['product', encodeTexts(products.map(({ product }) => product))],
    ]),
  ]
}
