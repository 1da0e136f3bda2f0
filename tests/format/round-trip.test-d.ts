import type { Table } from 'apache-arrow'
import type { ColumnTable } from 'arquero'
import { describe, expectTypeOf, it } from 'vitest'
import { readArrow, readCsv, readJson, readJsonLines, readParquet, writeParquet } from '../../src/format/index.ts'
import { agents } from '../../src/systems/support/tables.ts'

const bytes = new Uint8Array(0)

describe('readers', () => {
  it('give an Arquero table unless an Arrow table is asked for', () => {
    expectTypeOf(readArrow(bytes)).toEqualTypeOf<ColumnTable>()
    expectTypeOf(readCsv(bytes, agents)).toEqualTypeOf<ColumnTable>()
    expectTypeOf(readJson(bytes, agents, { as: 'arquero' })).toEqualTypeOf<ColumnTable>()
    expectTypeOf(readArrow(bytes, undefined, { as: 'arrow' })).toExtend<Table>()
    expectTypeOf(readCsv(bytes, agents, { as: 'arrow' })).toExtend<Table>()
    expectTypeOf(readJsonLines(bytes, agents, { as: 'arrow' })).toExtend<Table>()
    expectTypeOf(readParquet(bytes, agents)).resolves.toEqualTypeOf<ColumnTable>()
    expectTypeOf(readParquet(bytes, agents, { as: 'arrow' })).resolves.toExtend<Table>()
  })

  it('know no other kind of table', () => {
    // @ts-expect-error there are two kinds
    readJson(bytes, agents, { as: 'polars' })
    // @ts-expect-error a contract is no option
    readArrow(bytes, { as: 'arrow' })
  })

  it('of Parquet are asynchronous, and so is its writer', () => {
    expectTypeOf(writeParquet).returns.toEqualTypeOf<Promise<Uint8Array>>()
  })
})
