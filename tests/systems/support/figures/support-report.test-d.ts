import type { Table } from 'apache-arrow'
import type { ColumnTable } from 'arquero'
import { buildSupportReport, type Frame, interactionsByContactCenter, supportCube, supportReport } from 'support-etl'
import { expectTypeOf, test } from 'vitest'

declare const arquero: ColumnTable
declare const arrow: Table
declare const frame: Frame

test('a report is the kind of table its fact is', () => {
  const dimensions = { contactCenters: arrow, serviceCategories: frame }
  expectTypeOf(buildSupportReport({ interactions: arquero, ...dimensions })).toEqualTypeOf<ColumnTable>()
  expectTypeOf(buildSupportReport({ interactions: arrow, ...dimensions })).toEqualTypeOf<Table>()
  expectTypeOf(supportReport(supportCube(frame), dimensions)).toEqualTypeOf<Table>()
  expectTypeOf(interactionsByContactCenter(arquero)).toEqualTypeOf<ColumnTable>()
})

test('what is no table or no option does not compile', () => {
  // @ts-expect-error rows of objects are no table
  supportCube([{ channel: 'phone' }])
  // @ts-expect-error the option is called timeZone
  supportCube(frame, { zone: 'UTC' })
})
