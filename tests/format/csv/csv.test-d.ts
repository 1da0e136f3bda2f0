import type { Table } from 'apache-arrow'
import type { ColumnTable } from 'arquero'
import { describe, expectTypeOf, it } from 'vitest'
import { checkCsv, readCsv } from '../../../src/format/csv/table.ts'
import { defineTable, string } from '../../../src/table/contract.ts'

const bytes = new Uint8Array()
const contract = defineTable('t', { a: string() })

describe('readCsv', () => {
  it('gives an Arquero table unless another is asked for', () => {
    expectTypeOf(readCsv(bytes)).toEqualTypeOf<ColumnTable>()
    expectTypeOf(readCsv(bytes, contract, { as: 'arquero' })).toEqualTypeOf<ColumnTable>()
    expectTypeOf(readCsv(bytes, contract, { as: 'arrow' })).toEqualTypeOf<Table>()
    expectTypeOf(checkCsv(bytes, contract, { as: 'arrow' }).table).toEqualTypeOf<Table>()
  })

  it('takes bytes, and options that exist', () => {
    // @ts-expect-error text has no bytes until it is encoded
    readCsv('a,b\n')
    // @ts-expect-error there is no such kind of table
    readCsv(bytes, contract, { as: 'frame' })
    // @ts-expect-error the delimiter is text
    readCsv(bytes, contract, { delimiter: 9 })
  })
})
