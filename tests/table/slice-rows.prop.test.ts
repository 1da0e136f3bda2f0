import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { frameOf } from '../../src/table/frame.ts'
import { countUp, sliceRows, takeRows } from '../../src/table/take.ts'
import { column, shown } from './arbitraries.ts'

describe('sliceRows', () => {
  const cut = fc.integer({ min: 0, max: 12 }).chain((rows) =>
    fc.record({
      columns: fc.array(column(rows), { minLength: 1, maxLength: 4 }),
      from: fc.integer({ min: 0, max: rows }),
      size: fc.integer({ min: 0, max: rows }),
      again: fc.integer({ min: 0, max: rows }),
    }),
  )

  test.prop([cut], { numRuns: 500 })(
    'is the rows that are taken one by one, also of a slice',
    ({ columns, from, size, again }) => {
      const frame = frameOf(columns.map((one, at) => [`c${at}`, one] as const))
      const to = Math.min(frame.rows, from + size)
      const slice = sliceRows(frame, from, to)
      const taken = takeRows(frame, countUp(to - from, from))
      for (const name of frame.columns.keys()) {
        expect(shown(slice.columns.get(name) as never)).toEqual(shown(taken.columns.get(name) as never))
      }
      const begin = Math.min(again, slice.rows)
      const inner = sliceRows(slice, begin, slice.rows)
      const rest = takeRows(frame, countUp(slice.rows - begin, from + begin))
      for (const name of frame.columns.keys()) {
        expect(shown(inner.columns.get(name) as never)).toEqual(shown(rest.columns.get(name) as never))
      }
    },
  )
})
