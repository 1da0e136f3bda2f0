import * as arrow from 'apache-arrow'
import * as aq from 'arquero'
import { describe, expect, it } from 'vitest'
import { frameOf } from '../../src/table/frame.ts'
import { buildTable, viewTable } from '../../src/table/table-like.ts'
import { encodeTexts } from '../../src/table/utf8.ts'

const frame = frameOf([['id', encodeTexts(['a', 'b'])]])

describe('viewTable', () => {
  it('reads Arquero and Arrow tables alike', () => {
    const values = { id: ['a', 'b', 'a'] }
    expect(viewTable(aq.table(values))).toEqual(viewTable(arrow.tableFromArrays(values)))
  })

  it('returns a frame as it is', () => {
    expect(viewTable(frame)).toBe(frame)
  })

  it.each([[null], [[{ id: 1 }]], ['a,b'], [{ id: [1] }]])(
    'refuses %j, by the name that the caller gives it',
    (value) => {
      expect(() => viewTable(value as never, 'delta')).toThrow(
        expect.objectContaining({ code: 'unsupported_table', message: expect.stringMatching(/^delta is not/) }),
      )
    },
  )
})

describe('buildTable', () => {
  it('returns the kind of table it is shown', () => {
    expect(buildTable(frame, aq.table({ id: ['x'] }))).toBeInstanceOf(aq.ColumnTable)
    expect(buildTable(frame, arrow.tableFromArrays({ id: ['x'] }))).toBeInstanceOf(arrow.Table)
    expect(buildTable(frame, frame)).toBe(frame)
  })
})
