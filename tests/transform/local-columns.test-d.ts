import type { DataType, Table, Utf8, Vector } from 'apache-arrow'
import type { ColumnTable } from 'arquero'
import { convertTimeZone, type Frame, joinDimension, localMonth } from 'support-etl'
import { expectTypeOf, test } from 'vitest'

declare const arquero: ColumnTable
declare const typed: Table<{ at: Utf8; center: Utf8 }>
declare const arrow: Table
declare const frame: Frame

test('a table with typed columns has the new ones in its type', () => {
  expectTypeOf(localMonth(typed, 'at', 'UTC').getChild('month')).toEqualTypeOf<Vector<DataType> | null>()
  expectTypeOf(localMonth(typed, 'at', 'UTC').getChild('center')).toEqualTypeOf<Vector<Utf8> | null>()
  expectTypeOf(localMonth(typed, 'at', 'UTC', { as: 'm' }).getChild('m')).toEqualTypeOf<Vector<DataType> | null>()
  // @ts-expect-error it is called m
  localMonth(typed, 'at', 'UTC', { as: 'm' }).getChild('month')
})

test('a replaced column loses its type, an added one is there beside it', () => {
  expectTypeOf(convertTimeZone(typed, 'at', 'UTC').getChild('at')).toEqualTypeOf<Vector<DataType> | null>()
  const added = convertTimeZone(typed, ['at'], 'UTC', { suffix: '_local', offset: true })
  expectTypeOf(added.getChild('at')).toEqualTypeOf<Vector<Utf8> | null>()
  expectTypeOf(added.getChild('at_local')).toEqualTypeOf<Vector<DataType> | null>()
  expectTypeOf(added.getChild('at_offset_minutes')).toEqualTypeOf<Vector<DataType> | null>()
})

test('a join adds what it selects', () => {
  const joined = joinDimension(typed, frame, { on: 'center', select: { dept: 'department' } })
  expectTypeOf(joined.getChild('dept')).toEqualTypeOf<Vector<DataType> | null>()
  // @ts-expect-error the dimension's own name is not added
  joined.getChild('department')
  const named = joinDimension(typed, frame, { on: 'center', select: ['department'] })
  expectTypeOf(named.getChild('department')).toEqualTypeOf<Vector<DataType> | null>()
})

test('tables without typed columns keep their type', () => {
  expectTypeOf(localMonth(arquero, 'at', 'UTC')).toEqualTypeOf<ColumnTable>()
  expectTypeOf(localMonth(arrow, 'at', 'UTC')).toEqualTypeOf<Table>()
  expectTypeOf(joinDimension(frame, arquero, { on: 'a', select: 'b' })).toEqualTypeOf<Frame>()
})

test('wrong calls do not compile', () => {
  // @ts-expect-error the zone is missing
  localMonth(arquero, 'at')
  // @ts-expect-error select is missing
  joinDimension(arquero, arquero, { on: 'center' })
})
