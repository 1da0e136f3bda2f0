import { describe, expect, it } from 'vitest'
import { addCubes, changeCube } from '../../../../src/systems/support/figures/cube-arithmetic.ts'
import { cubeFrom, cubeMetadata } from '../../../../src/systems/support/figures/cube-storage.ts'
import { monthMissingRows } from '../../../../src/systems/support/figures/interaction-month.ts'
import { callTotals, cubeOf, type SupportCube } from '../../../../src/systems/support/figures/support-cube.ts'
import { BigIntColumn, NullColumn, NumberColumn } from '../../../../src/table/column.ts'
import { frameOf, withColumns } from '../../../../src/table/frame.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'
import { type Interaction, interactionsOf, rowsOf, texts } from './frames.ts'

const call: Interaction = {
  start: '2025-02-10T15:00Z',
  channel: 'phone',
  center: 'ctr1',
  category: 'bill',
  minutes: 2.5,
}
const cellsOf = (rows: readonly Interaction[], options = {}) => rowsOf(cubeOf(interactionsOf(rows), options).cells)

describe('cubeOf', () => {
  it('counts interactions, calls and minutes by month, contact center and category', () => {
    const rows = [
      call,
      { ...call, minutes: 4 },
      { ...call, channel: 'chat', minutes: null },
      { ...call, category: 'tech' },
    ]
    expect(cellsOf(rows)).toEqual([
      ['2025-02', 'ctr1', 'bill', 3, 2, 6_500_000],
      ['2025-02', 'ctr1', 'tech', 1, 1, 2_500_000],
    ])
  })

  it('takes the local month of interaction_start', () => {
    const late = { ...call, start: '2025-03-01T01:30Z' }
    expect(cellsOf([late])[0]?.[0]).toBe('2025-02')
    expect(cellsOf([late], { timeZone: 'UTC' })[0]?.[0]).toBe('2025-03')
  })

  it('tells daylight time from EST', () => {
    const spring = { ...call, start: '2025-04-01T04:30Z' }
    expect(cellsOf([spring])[0]?.[0]).toBe('2025-04')
    expect(cellsOf([spring], { timeZone: 'EST' })[0]?.[0]).toBe('2025-03')
  })

  it('falls back to timestamp where interaction_start is null, and counts it', () => {
    const rows = [call, { ...call, start: null, stamp: '2025-05-05T12:00Z' }]
    const cube = cubeOf(interactionsOf(rows))
    expect(rowsOf(cube.cells).map(([month]) => month)).toEqual(['2025-02', '2025-05'])
    expect(cube).toMatchObject({ monthFallbacks: 1, monthMissing: 0 })
  })

  it('counts a row without any month in no month, and says which it is', () => {
    const rows = interactionsOf([call, { ...call, start: null, stamp: null }])
    expect(cubeOf(rows)).toMatchObject({ monthFallbacks: 0, monthMissing: 1 })
    expect(rowsOf(cubeOf(rows).cells)).toHaveLength(1)
    expect(monthMissingRows(rows)).toEqual(Int32Array.of(1))
  })

  it('takes the month from another column when asked to', () => {
    const stamped = { ...call, stamp: '2025-03-20T12:00Z' }
    const cube = cubeOf(interactionsOf([stamped, { ...call, stamp: null }]), { monthFrom: 'timestamp' })
    expect(rowsOf(cube.cells).map(([month]) => month)).toEqual(['2025-03'])
    expect(cube).toMatchObject({ monthFrom: 'timestamp', monthFallbacks: 0, monthMissing: 1 })
  })

  it('knows a call by its channel, case and outer spaces ignored', () => {
    const channels = ['phone', ' Phone ', 'PHONE', 'phones', '', null]
    expect(cellsOf(channels.map((channel) => ({ ...call, channel })))).toEqual([
      ['2025-02', 'ctr1', 'bill', 6, 3, 7_500_000],
    ])
  })

  it('rounds each duration to a millionth, halves away from zero', () => {
    const rows = [0.0000005, -0.0000005, 0.0000004, 0.0000025, -1.2345674].map((minutes, row) => ({
      ...call,
      minutes,
      category: `c${row}`,
    }))
    expect(cellsOf(rows).map((cell) => cell[5])).toEqual([1, -1, 0, 3, -1_234_567])
  })

  it('leaves out a duration that is no number', () => {
    expect(cellsOf([call, { ...call, minutes: Number.NaN }, { ...call, minutes: null }])).toEqual([
      ['2025-02', 'ctr1', 'bill', 3, 3, 2_500_000],
    ])
  })

  it('keeps null ids as cells of their own, first', () => {
    const rows = [call, { ...call, center: null }, { ...call, center: '' }, { ...call, category: null }]
    expect(cellsOf(rows).map((cell) => cell.slice(1, 4))).toEqual([
      [null, 'bill', 1],
      ['', 'bill', 1],
      ['ctr1', null, 1],
      ['ctr1', 'bill', 1],
    ])
  })

  it('reads ids kept as bytes, stamps as text or epoch milliseconds, and columns of nulls', () => {
    const rows = [call, { ...call, center: 'ctr2' }]
    const frame = withColumns(interactionsOf(rows), [
      ['contact_center_id', encodeTexts(['ctr1', 'ctr2'])],
      ['interaction_start', texts(['2025-02-10T15:00:00', '2025-02-10T10:00:00-05:00'])],
      ['call_duration_minutes', new NullColumn(2)],
    ])
    const expected = [
      ['2025-02', 'ctr1', 'bill', 1, 1, 0],
      ['2025-02', 'ctr2', 'bill', 1, 1, 0],
    ]
    expect(rowsOf(cubeOf(frame).cells)).toEqual(expected)
    const whole = new BigIntColumn('int64', BigInt64Array.of(14n, 0n), Uint8Array.of(1, 0))
    expect(rowsOf(cubeOf(withColumns(frame, [['call_duration_minutes', whole]])).cells)[0]?.[5]).toBe(14_000_000)
    const epoch = new NumberColumn('float64', new Float64Array(2).fill(Date.UTC(2025, 1, 10)))
    expect(rowsOf(cubeOf(withColumns(frame, [['interaction_start', epoch]])).cells)).toEqual(expected)
  })

  it('sums exactly up to 2^53 and refuses what is past it, whatever the order', () => {
    const half = 2 ** 52 / 1e6
    const rows = [half, half, -half, half].map((minutes) => ({ ...call, minutes }))
    expect(cellsOf(rows)[0]?.[5]).toBe(2 ** 53)
    expect(() => cellsOf([...rows, { ...call, minutes: 0.000001 }])).toThrow(
      expect.objectContaining({ code: 'measure_overflow' }),
    )
    expect(() => cellsOf([{ ...call, minutes: Number.POSITIVE_INFINITY }])).toThrow('2^53')
    // what a null hides does not count, however the sum is taken
    const minutes = new NumberColumn('float64', Float64Array.of(3, -1, 9), Uint8Array.of(1, 1, 0))
    const hidden = withColumns(interactionsOf([call, call, call]), [['call_duration_minutes', minutes]])
    expect(rowsOf(cubeOf(hidden).cells)[0]?.[5]).toBe(2_000_000)
  })

  it('adds and takes away exactly, also where a step between passes 2^53', () => {
    const half = { ...call, minutes: 2 ** 52 / 1e6 }
    const debt = { ...call, minutes: -half.minutes }
    const least = { ...call, minutes: 0.000001 }
    const cube = (...rows: Interaction[]) => cubeOf(interactionsOf(rows))
    const small = cube(half, debt, least)
    const debts = interactionsOf([debt, debt])
    expect(rowsOf(changeCube(small, { before: debts, after: debts }).cells)[0]?.[5]).toBe(1)
    expect(rowsOf(addCubes(cube(half), cube(half)).cells)[0]?.[5]).toBe(2 ** 53)
    expect(() => addCubes(cube(half, half), cube(least))).toThrow(
      expect.objectContaining({ code: 'measure_overflow', details: { measure: 'call_duration_micro_minutes' } }),
    )
  })

  it('gives the same cells when there are too many combinations for a dense table', () => {
    const rows = Array.from({ length: 3000 }, (_, row) => ({
      ...call,
      center: `center ${(row * 7) % 1000}`,
      category: `category ${(row * 11) % 1500}`,
    }))
    const counts = new Map<string, number>()
    for (const { center, category } of rows) {
      counts.set(`${center}|${category}`, (counts.get(`${center}|${category}`) ?? 0) + 1)
    }
    const halves = [rows.slice(0, 1000), rows.slice(1000)].map((half) => cubeOf(interactionsOf(half)))
    expect(addCubes(...(halves as [SupportCube, SupportCube]))).toEqual(cubeOf(interactionsOf(rows)))
    const cells = cellsOf(rows)
    const names = cells.map(([, center, category]) => `${center}|${category}`)
    expect(new Map(cells.map((cell, row) => [names[row], cell[3]]))).toEqual(counts)
    expect(cells.map(([, center, category]) => [center, category])).toEqual(
      cells
        .map(([, center, category]) => [center as string, category as string] as const)
        .sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1)),
    )
  })

  it('has no cells for no rows', () => {
    expect(cellsOf([])).toEqual([])
  })

  it('names the column that is missing or of another kind', () => {
    const frame = interactionsOf([call])
    expect(() => cubeOf(frameOf([...frame.columns].filter(([name]) => name !== 'channel')))).toThrow('"channel"')
    expect(() => cubeOf(frame, { monthFrom: 'started' })).toThrow('month column "started" is not in the table')
    expect(() => cubeOf(withColumns(frame, [['call_duration_minutes', texts(['2'])]]))).toThrow(
      'column "call_duration_minutes" holds text; expected numbers',
    )
  })
})

describe('changeCube', () => {
  it('takes away the rows as they were and adds them as they are', () => {
    const cube = cubeOf(interactionsOf([call, { ...call, center: 'ctr2' }]))
    const changed = changeCube(cube, {
      before: interactionsOf([call]),
      after: interactionsOf([{ ...call, start: '2025-03-10T15:00Z', minutes: 4 }]),
    })
    expect(rowsOf(changed.cells)).toEqual([
      ['2025-02', 'ctr2', 'bill', 1, 1, 2_500_000],
      ['2025-03', 'ctr1', 'bill', 1, 1, 4_000_000],
    ])
  })

  it('refuses to take away what is not there', () => {
    const cube = cubeOf(interactionsOf([call]))
    const none = interactionsOf([])
    for (const stranger of [
      { ...call, center: 'ctr2' },
      { ...call, channel: 'chat' },
      { ...call, minutes: 9 },
    ]) {
      expect(() => changeCube(cube, { before: interactionsOf([stranger]), after: none })).toThrow(
        expect.objectContaining({ code: 'cube_mismatch' }),
      )
    }
  })
})

describe('changeCube with rows that the cube counted otherwise', () => {
  const remove = (counted: Interaction, removed: Interaction) => () =>
    changeCube(cubeOf(interactionsOf([counted])), { before: interactionsOf([removed]), after: interactionsOf([]) })
  const brief = { ...call, minutes: 0 }
  const chat = { ...brief, channel: 'chat' }

  it('refuses a call in place of a chat, and a chat in place of a call, though neither has minutes', () => {
    expect(remove(brief, brief)().cells.rows).toBe(0)
    expect(remove(chat, brief)).toThrow(expect.objectContaining({ code: 'cube_mismatch' }))
    expect(remove(brief, chat)).toThrow(expect.objectContaining({ code: 'cube_mismatch' }))
  })

  it('refuses rows that fell back to another column, or are in no month', () => {
    const fallen = { ...call, start: null, stamp: call.start ?? null }
    expect(remove(call, fallen)).toThrow('rows to subtract are not in the cube')
    expect(remove(call, { ...call, start: null })).toThrow('rows to subtract are not in the cube')
  })
})

describe('addCubes', () => {
  it('tells programs in what cubes differ', () => {
    const [one, other] = ['UTC', 'EST'].map((timeZone) => cubeOf(interactionsOf([call]), { timeZone }))
    expect(() => addCubes(one as SupportCube, other as SupportCube)).toThrow(
      expect.objectContaining({ code: 'cube_mismatch', details: { first: 'UTC', second: 'EST' } }),
    )
  })

  it('refuses cubes of different zones or month columns', () => {
    const cube = cubeOf(interactionsOf([call]))
    expect(() => addCubes(cube, cubeOf(interactionsOf([call]), { timeZone: 'UTC' }))).toThrow(
      'cubes of different time zones do not add up: "America/New_York" and "UTC"; build both with the same options',
    )
    expect(() => addCubes(cube, cubeOf(interactionsOf([call]), { monthFrom: 'timestamp' }))).toThrow('month columns')
  })
})

describe('cubeFrom', () => {
  it('gives back the cube whose cells and metadata were stored', () => {
    const cube = cubeOf(interactionsOf([call, { ...call, start: null }]), { timeZone: 'UTC' })
    expect(cubeFrom(cube.cells, cubeMetadata(cube))).toEqual(cube)
  })

  it('refuses metadata of something else', () => {
    const { cells } = cubeOf(interactionsOf([call]))
    expect(() => cubeFrom(cells, { time_zone: 'UTC' })).toThrow(expect.objectContaining({ code: 'cube_mismatch' }))
  })
})

describe('callTotals', () => {
  it('counts of rows together what the cube counts of them', () => {
    const odd = [Number.NaN, -5e-7, null, 5e-7, 1.0000005, -1.5, -0].map((minutes) => ({ ...call, minutes }))
    for (const rows of [odd, odd.slice(0, 1), odd.slice(1, 2), [{ ...call, channel: 'chat' }], []]) {
      const frame = interactionsOf(rows)
      const { total_interactions, total_calls, total_call_duration } = callTotals(frame)
      const sum = (place: number) => rowsOf(cubeOf(frame).cells).reduce((total, row) => total + Number(row[place]), 0)
      expect([total_interactions, total_calls, total_call_duration]).toEqual([sum(3), sum(4), sum(5) / 1e6])
    }
  })
})
