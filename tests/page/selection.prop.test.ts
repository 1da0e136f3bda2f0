import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { readCsv, writeCsv } from '../../src/format/csv/table.ts'
import { cellOf, type FactColumn, type FactSet, numberText } from '../../src/page/selection/fact-set.ts'
import { factsFrame } from '../../src/page/selection/facts-frame.ts'
import {
  columnFigures,
  type FactFilter,
  type FactFilters,
  orderFacts,
  pageOfFacts,
  rowsOfSelection,
  selectFacts,
} from '../../src/page/selection/selection.ts'

interface Row {
  readonly hall: string | null
  readonly hours: number | null
  readonly serial: bigint | null
  readonly day: number | null
}

const TEXTS = ['a', 'B', 'ab', 'Ba', '', 'ünë', '__proto__']
const rowOf = fc.record({
  hall: fc.option(fc.constantFrom(...TEXTS)),
  hours: fc.option(fc.integer({ min: -4, max: 4 })),
  // above 2^53, where doubles lose digits
  serial: fc.option(fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 4n })),
  day: fc.option(fc.integer({ min: -3, max: 3 })),
})

function members(values: readonly (string | null)[]): FactColumn {
  const known = [...new Set(values)]
  return { form: 'members', kind: 'text', codes: Int32Array.from(values, (one) => known.indexOf(one)), members: known }
}

function numbers(values: readonly (number | bigint | null)[], kind: 'number' | 'integer' | 'date'): FactColumn {
  const isExact = values.some((value) => typeof value === 'bigint')
  return {
    form: 'numbers',
    kind,
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
    valid: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
    exact: isExact ? BigInt64Array.from(values, (value) => BigInt(value ?? 0)) : null,
  }
}

function setOf(rows: readonly Row[]): FactSet {
  return {
    rows: rows.length,
    columns: new Map([
      ['hall', members(rows.map(({ hall }) => hall))],
      [
        'hours',
        numbers(
          rows.map(({ hours }) => hours),
          'number',
        ),
      ],
      [
        'serial',
        numbers(
          rows.map(({ serial }) => serial),
          'integer',
        ),
      ],
      [
        'day',
        numbers(
          rows.map(({ day }) => day),
          'date',
        ),
      ],
    ]),
  }
}

const range = fc.record(
  { from: fc.integer({ min: -4, max: 4 }), to: fc.integer({ min: -4, max: 4 }) },
  { requiredKeys: [] },
)
const filtersOf = fc.record(
  {
    hall: fc.record(
      {
        members: fc.uniqueArray(fc.option(fc.constantFrom(...TEXTS)), { minLength: 1, maxLength: 3 }),
        contains: fc.constantFrom('a', 'A', 'b', 'x', 'Ë'),
      },
      { requiredKeys: [] },
    ),
    hours: range,
    day: range,
  },
  { requiredKeys: [] },
)

function holds(value: string | number | null, { members: some, contains, from, to }: FactFilter): boolean {
  if (some !== undefined && !some.includes(value as string | null)) return false
  if (
    contains !== undefined &&
    !String(value ?? '')
      .toLowerCase()
      .includes(contains.toLowerCase())
  )
    return false
  if (contains !== undefined && value === null) return false
  if (typeof value === 'number') return value >= (from ?? -Infinity) && value <= (to ?? Infinity)
  // a range asks for a number
  return value !== null || some !== undefined || contains !== undefined
}

const passes = (row: Row, filters: FactFilters, except = ''): boolean =>
  Object.entries(filters).every(([name, filter]) => {
    const value = row[name as 'hall' | 'hours' | 'day']
    if (name === except) return true
    if (name === 'hall' && filter.members === undefined && filter.contains === undefined) return true
    return holds(value, filter)
  })

const places = (rows: readonly Row[], test: (row: Row) => boolean) =>
  rows.flatMap((row, place) => (test(row) ? [place] : []))

describe('selectFacts', () => {
  test.prop([fc.array(rowOf, { maxLength: 60 }), fc.array(filtersOf, { minLength: 1, maxLength: 5 })])(
    'counts the rows that pass every filter, whatever was selected before',
    (rows, steps) => {
      const set = setOf(rows)
      let selection = selectFacts(set, {})
      for (const filters of steps) {
        selection = selectFacts(set, filters, selection)
        expect([...rowsOfSelection(selection)]).toEqual(places(rows, (row) => passes(row, filters)))
        for (const name of Object.keys(filters)) {
          expect([...rowsOfSelection(selection, [name])]).toEqual(places(rows, (row) => passes(row, filters, name)))
        }
      }
    },
  )

  it('refuses a column that is not there, and more filters than bits', () => {
    const set = setOf([])
    expect(() => selectFacts(set, { none: {} })).toThrow(
      'there is no column "none"; there are hall, hours, serial, day',
    )
    const many = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`c${at}`, {}]))
    expect(() => selectFacts(set, many)).toThrow('32 columns are filtered; at most 31 can be')
  })

  it('filters 31 columns at once', () => {
    const names = Array.from({ length: 31 }, (_, at) => `c${at}`)
    const set: FactSet = {
      rows: 32,
      columns: new Map(
        names.map((name, at) => [
          name,
          numbers(
            Array.from({ length: 32 }, (_, row) => (row === at ? 1 : 0)),
            'number',
          ),
        ]),
      ),
    }
    const none = selectFacts(set, Object.fromEntries(names.map((name) => [name, { to: 0 }])))
    expect([...rowsOfSelection(none)]).toEqual([31])
    expect([...rowsOfSelection(none, ['c30'])]).toEqual([30, 31])
  })
})

const COLUMNS = ['hall', 'hours', 'serial', 'day'] as const

describe('orderFacts', () => {
  test.prop([fc.array(rowOf, { maxLength: 60 }), fc.constantFrom(...COLUMNS)])(
    'is ascending, rows without a value last, equal ones as they stood',
    (rows, name) => {
      const wanted = [...rows.entries()].sort(([one, { [name]: a }], [other, { [name]: b }]) => {
        if (a === null || b === null) return Number(a === null) - Number(b === null) || one - other
        return a < b ? -1 : a > b ? 1 : one - other
      })
      expect([...orderFacts(setOf(rows), name)]).toEqual(wanted.map(([place]) => place))
    },
  )
})

describe('pageOfFacts', () => {
  test.prop([fc.array(rowOf, { maxLength: 60 }), filtersOf, fc.nat({ max: 70 }), fc.integer({ min: 1, max: 9 })])(
    'cuts the selection, in order or in reverse',
    (rows, filters, from, size) => {
      const set = setOf(rows)
      const selection = selectFacts(set, filters)
      const order = orderFacts(set, 'hours')
      const all = [...order].filter((row) => passes(rows[row] as Row, filters))
      expect(pageOfFacts(selection, order, { from, size })).toEqual(all.slice(from, from + size))
      const back = pageOfFacts(selection, order, { direction: 'descending', from, size })
      expect(back).toEqual(all.toReversed().slice(from, from + size))
    },
  )
})

describe('columnFigures', () => {
  test.prop([fc.array(rowOf, { maxLength: 60 }), filtersOf])(
    'counts members past their own filter',
    (rows, filters) => {
      const figures = columnFigures(selectFacts(setOf(rows), filters), 'hall')
      const own = rows.filter((row) => passes(row, filters))
      const past = rows.filter((row) => passes(row, filters, 'hall'))
      const named = own.flatMap(({ hall }) => (hall === null ? [] : [hall])).sort()
      expect(figures).toMatchObject({
        rows: own.length,
        blank: own.filter(({ hall }) => hall === null).length,
        distinct: new Set(named).size,
        least: named[0] ?? null,
        most: named.at(-1) ?? null,
        others: 0,
      })
      const count = (member: string | null) => past.filter(({ hall }) => hall === member).length
      expect(figures.members.map(({ member, rows: of }) => [member, of])).toEqual(
        figures.members.map(({ member }) => [member, count(member)]),
      )
      expect(figures.members.length).toBe(new Set(past.map(({ hall }) => hall)).size)
      expect(figures.members.map(({ rows: of }) => of)).toEqual(
        figures.members.map(({ rows: of }) => of).sort((a, b) => b - a),
      )
    },
  )

  test.prop([fc.array(rowOf, { maxLength: 60 }), filtersOf])('sums up numbers', (rows, filters) => {
    const selection = selectFacts(setOf(rows), filters)
    const kept = rows.filter((row) => passes(row, filters))
    const hours = kept.flatMap((row) => (row.hours === null ? [] : [row.hours])).sort((a, b) => a - b)
    const sum = hours.reduce((total, value) => total + value, 0)
    expect(columnFigures(selection, 'hours')).toMatchObject({
      rows: kept.length,
      blank: kept.length - hours.length,
      distinct: new Set(hours).size,
      least: hours.length === 0 ? null : String(hours[0]),
      most: hours.length === 0 ? null : String(hours.at(-1)),
      sum: hours.length === 0 ? null : sum,
      mean: hours.length === 0 ? null : sum / hours.length,
    })
    const serials = kept.flatMap(({ serial }) => (serial === null ? [] : [serial])).sort((a, b) => (a < b ? -1 : 1))
    expect(columnFigures(selection, 'serial')).toMatchObject({
      distinct: new Set(serials).size,
      least: serials.length === 0 ? null : String(serials[0]),
      most: serials.length === 0 ? null : String(serials.at(-1)),
    })
    // the mean of days says nothing
    expect(columnFigures(selection, 'day')).toMatchObject({ mean: null, sum: null })
  })

  it('shows the 50 most frequent members and counts the others', () => {
    const values = Array.from({ length: 60 }, (_, at) => Array.from({ length: at + 1 }, () => `m${at}`)).flat()
    const set: FactSet = { rows: values.length, columns: new Map([['m', members(values)]]) }
    const { members: shown, others } = columnFigures(selectFacts(set, {}), 'm')
    expect([shown.length, others, shown[0]]).toEqual([50, 10, { member: 'm59', rows: 60 }])
  })
})

describe('the text of a cell', () => {
  it.each([
    ['timestamp', 0, '1970-01-01T00:00:00Z'],
    ['timestamp', 1_740_787_200_123, '2025-03-01T00:00:00.123Z'],
    ['timestamp', 1_740_787_200_123.5, '2025-03-01T00:00:00.123500Z'],
    ['timestamp', -0.5, '1969-12-31T23:59:59.999500Z'],
    ['timestamp', 1e300, '1e+300'],
    ['date', 20_148, '2025-03-01'],
    ['date', -719_528, '0000-01-01'],
    ['number', Number.NaN, 'NaN'],
    ['number', 0.1, '0.1'],
  ] as const)('%s %d is %s', (kind, value, text) => {
    expect(numberText(kind, value)).toBe(text)
  })

  test.prop([fc.array(rowOf, { minLength: 1, maxLength: 30 })])('is what a file of the rows holds', (rows) => {
    const set = setOf(rows)
    const read = readCsv(writeCsv(factsFrame(set, Int32Array.from(rows.keys())) as never)).objects() as Row[]
    for (const [place, { hours, serial, day }] of rows.entries()) {
      const cell = (name: string) => cellOf(set.columns.get(name) as FactColumn, place)
      expect([cell('hours'), cell('serial')]).toEqual(
        [hours, serial].map((value) => (value === null ? null : String(value))),
      )
      expect(cell('day')).toBe(day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10))
      expect(String(read[place]?.serial ?? null)).toBe(String(serial))
    }
  })
})
