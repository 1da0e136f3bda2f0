import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { centerCallTails, centerHandleTime } from '../../../../src/systems/support/figures/call-times.ts'
import { namesOf } from '../../../../src/systems/support/figures/cube-report.ts'
import { cubeFrom, cubeMetadata } from '../../../../src/systems/support/figures/cube-storage.ts'
import {
  countMonthChanges,
  interactionMonths,
  monthMissingRows,
} from '../../../../src/systems/support/figures/interaction-month.ts'
import {
  busiestMonth,
  callsAfterResolution,
  callsByContactCenter,
  handleTime,
  interactionsByContactCenter,
  longestAverageCall,
} from '../../../../src/systems/support/figures/questions.ts'
import {
  buildSupportReport,
  supportCube,
  supportReport,
  updateSupportCube,
} from '../../../../src/systems/support/figures/support-report.ts'
import { TimestampColumn } from '../../../../src/table/column.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { dimensions, interactionsOf, numbers, rowsOf, stamps, texts } from './frames.ts'

const none = 'report.csv' as never
const report = table({
  month: ['2025-01', '2025-02', 'Unknown', '2025-01'],
  contact_center_name: ['Oslo', 'Oslo', 'Bergen', 'Bergen'],
  department: ['A', 'A', 'A', 'A'],
  total_interactions: [2, 3, 9, null],
  total_calls: [1, 2, 0, 1],
  total_call_duration: [3.5, 10, 0, 0.1],
})

describe('what is no table', () => {
  const changes = { before: table({}), after: table({}) }
  const cube = supportCube(interactionsOf([]))
  const tables = { interactions: interactionsOf([]), ...dimensions }

  it.each<[string, () => unknown]>([
    ['report', () => interactionsByContactCenter(none)],
    ['report', () => callsByContactCenter(none)],
    ['report', () => busiestMonth(none)],
    ['report', () => longestAverageCall(none)],
    ['interactions', () => handleTime(none, dimensions.contactCenters)],
    ['contactCenters', () => handleTime(interactionsOf([]), none)],
    ['interactions', () => callsAfterResolution(none, dimensions.contactCenters)],
    ['contactCenters', () => callsAfterResolution(interactionsOf([]), none)],
    ['interactions', () => supportCube(none)],
    ['before', () => updateSupportCube(cube, { ...changes, before: none })],
    ['after', () => updateSupportCube(cube, { before: interactionsOf([]), after: none })],
    ['contactCenters', () => supportReport(cube, { ...dimensions, contactCenters: none })],
    ['serviceCategories', () => supportReport(cube, { ...dimensions, serviceCategories: none })],
    ['contactCenters', () => buildSupportReport({ ...tables, contactCenters: none })],
    ['serviceCategories', () => buildSupportReport({ ...tables, serviceCategories: none })],
  ])('is refused by the name that the question has for it: %s', (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'unsupported_table', message: `${name} is not an Arquero or Arrow table` }),
    )
  })
})

describe('an option that a question does not know', () => {
  const facts = interactionsOf([])
  const { contactCenters } = dimensions

  it.each<[string, () => unknown]>([
    ['month', () => interactionsByContactCenter(report, { month: ['2025-01'] } as never)],
    ['month', () => callsByContactCenter(report, { month: ['2025-01'] } as never)],
    ['zone', () => handleTime(facts, contactCenters, { zone: 'UTC' } as never)],
    ['zone', () => callsAfterResolution(facts, contactCenters, { zone: 'UTC' } as never)],
  ])('is refused by its name: %s', (name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(name) }))
  })
})

describe('the questions', () => {
  it('count null as nothing, and Unknown months as months that win nothing', () => {
    expect(interactionsByContactCenter(report).objects()).toEqual([
      { contact_center_name: 'Bergen', total_interactions: 9 },
      { contact_center_name: 'Oslo', total_interactions: 5 },
    ])
    expect(busiestMonth(report)).toEqual({ month: '2025-02', total_interactions: 3 })
  })

  it('divide exact sums', () => {
    expect(callsByContactCenter(report).objects()).toEqual([
      { contact_center_name: 'Oslo', total_calls: 3, total_call_duration: 13.5, average_call_minutes: 4.5 },
      { contact_center_name: 'Bergen', total_calls: 1, total_call_duration: 0.1, average_call_minutes: 0.1 },
    ])
    expect(longestAverageCall(report)).toEqual({
      contact_center_name: 'Oslo',
      total_calls: 3,
      total_call_duration: 13.5,
      average_call_minutes: 4.5,
    })
  })

  it('look at the months asked for', () => {
    const months = ['2025-02', 'Unknown']
    expect(callsByContactCenter(report, { months }).objects()).toEqual([
      { contact_center_name: 'Oslo', total_calls: 2, total_call_duration: 10, average_call_minutes: 5 },
      { contact_center_name: 'Bergen', total_calls: 0, total_call_duration: 0, average_call_minutes: null },
    ])
  })
})

describe('interactionMonths', () => {
  const at = (start: (string | null)[], other?: (string | null)[]) =>
    frameOf([
      ['interaction_start', stamps(start)],
      ...(other === undefined ? [] : [['timestamp', stamps(other)] as const]),
    ])

  it('counts what fell back and what is in no month', () => {
    const frame = at([null, '2025-03-01T04:59Z', null], ['2025-03-01T05:00Z', '2020-01-01T00:00Z', null])
    const { months, fallbacks, missing, timeZone, monthFrom } = interactionMonths(frame)
    expect([...months]).toEqual(['2025-03', '2025-02', null])
    expect([fallbacks, missing, timeZone, monthFrom]).toEqual([1, 1, 'America/New_York', 'interaction_start'])
    expect([...monthMissingRows(frame)]).toEqual([2])
  })

  it('falls back to no column but timestamp, and not from timestamp itself', () => {
    expect(interactionMonths(at([null]))).toMatchObject({ fallbacks: 0, missing: 1 })
    const own = interactionMonths(at(['2025-01-01T12:00Z'], [null]), { monthFrom: 'timestamp' })
    expect(own).toMatchObject({ fallbacks: 0, missing: 1, monthFrom: 'timestamp' })
    expect(interactionMonths(at([null, null], [null, null]))).toMatchObject({ fallbacks: 0, missing: 2 })
  })

  it('falls back between columns of different units', () => {
    const frame = frameOf([
      ['interaction_start', new TimestampColumn(Float64Array.of(Number.NaN), { unit: 's' })],
      ['timestamp', new TimestampColumn(Float64Array.of(Date.UTC(2025, 2, 1, 5) * 1000 - 1), { unit: 'us' })],
    ])
    expect([...interactionMonths(frame).months]).toEqual(['2025-02'])
  })

  it('names a month column that is not there', () => {
    expect(() => interactionMonths(at([null]), { monthFrom: 'ended_at' })).toThrow('month column "ended_at"')
  })

  it('knows how many interactions another zone or column would move', () => {
    const frame = at(
      ['2025-03-01T01:00Z', '2025-03-01T12:00Z', null, null],
      ['2025-03-01T12:00Z', '2025-03-05T12:00Z', null, '2025-06-01T00:00Z'],
    )
    const moved = (options: Parameters<typeof countMonthChanges>[2]) => countMonthChanges(frame, {}, options)
    expect([moved({}), moved({ timeZone: 'UTC' }), moved({ monthFrom: 'timestamp' })]).toEqual([0, 2, 1])
    expect(countMonthChanges(at([null], ['2025-06-01T00:00Z']), {}, { monthFrom: 'timestamp' })).toBe(0)
    expect(countMonthChanges(at(['2025-01-01T12:00Z'], [null]), {}, { monthFrom: 'timestamp' })).toBe(1)
  })

  it('lists every row that is in no month', () => {
    expect([...monthMissingRows(at([null, '2025-01-01T00:00Z', null, null]))]).toEqual([0, 2, 3])
    expect([...monthMissingRows(at(['2025-01-01T00:00Z']))]).toEqual([])
  })
})

describe('namesOf', () => {
  const dimension = frameOf([
    ['id', texts(['1', '2', '3', null, null, '', '', '4'])],
    ['name', texts(['Oslo', ' ', null, 'x', 'y', 'z', 'w', 'Oslo'])],
  ])

  it('is Unknown where the id is null or not there, or the name null or blank', () => {
    const names = namesOf(texts(['1', '2', '3', '9', null, '', '4']), dimension, 'id', 'name')
    expect([...names]).toEqual(['Oslo', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Unknown', 'Oslo'])
    expect([...namesOf(texts(['1', '4']), dimension, 'id', 'name')]).toEqual(['Oslo', 'Oslo'])
  })

  it('tells programs which key a dimension has twice', () => {
    const twice = frameOf([
      ['id', texts(['1', '2', '2'])],
      ['name', texts(['a', 'b', 'c'])],
    ])
    expect(() => namesOf(texts([]), twice, 'id', 'name')).toThrow(
      expect.objectContaining({
        code: 'dimension_duplicate_key',
        details: { columns: ['id'], rows: [2, 3] },
      }),
    )
  })
})

describe('cubeFrom', () => {
  const cube = supportCube(interactionsOf([]))
  const metadata = cubeMetadata(cube)

  it.each(Object.keys(metadata))('misses %s', (name) => {
    const wrong = { ...metadata, [name]: undefined }
    expect(() => cubeFrom(cube.cells, wrong)).toThrow(
      expect.objectContaining({ code: 'cube_mismatch', details: { metadata: wrong } }),
    )
  })

  it.each(['-1', 'many'])('takes no %s for a count', (count) => {
    expect(() => cubeFrom(cube.cells, { ...metadata, month_fallbacks: count })).toThrow('rebuild it')
    expect(() => cubeFrom(cube.cells, { ...metadata, month_missing: count })).toThrow('rebuild it')
  })
})

describe('call times', () => {
  const call = {
    start: '2025-02-10T15:00Z',
    resolved: '2025-02-10T15:10Z',
    end: '2025-02-10T15:10:30Z',
    channel: 'phone',
  }
  const { contactCenters } = dimensions

  it('are exact to the microsecond, also where stamps are', () => {
    const micros = (iso: string, more: number) => Date.parse(iso) * 1000 + more
    const column = (...values: number[]) => new TimestampColumn(Float64Array.from(values), { unit: 'us' })
    const frame = frameOf([
      ...interactionsOf([{ ...call, center: 'ctr1' }]).columns,
      ['interaction_start', column(micros(call.start, 1))],
      ['agent_resolution_timestamp', column(micros(call.start, 4))],
    ])
    expect(rowsOf(centerHandleTime(frame, contactCenters))).toEqual([['Oslo', 1, 1, 3 / 6e7]])
  })

  it('have the columns that their names say', () => {
    const frame = interactionsOf([{ ...call, center: 'ctr1' }])
    expect([...centerHandleTime(frame, contactCenters).columns.keys()]).toEqual([
      'contact_center_name',
      'total_calls',
      'handled_calls',
      'average_handle_minutes',
    ])
    expect([...centerCallTails(frame, contactCenters).columns.keys()]).toEqual([
      'contact_center_name',
      'total_calls',
      'calls_after_resolution',
      'average_minutes_after_resolution',
      'rated_calls',
      'rated_calls_after_resolution',
    ])
  })

  it('count a call that ended as it was resolved as one without a tail', () => {
    const frame = interactionsOf([
      { ...call, center: 'ctr1', end: call.resolved, rating: 3 },
      { ...call, center: 'ctr1', end: '2025-02-10T15:09Z' },
      { ...call, center: 'ctr1', rating: 0 },
      { ...call, center: 'ctr1', end: null },
    ])
    expect(rowsOf(centerCallTails(frame, contactCenters))).toEqual([['Oslo', 4, 1, 0.5, 2, 1]])
  })

  it('count no call of another month, and none without a month', () => {
    const frame = interactionsOf([
      { ...call, center: 'ctr1' },
      { ...call, center: 'ctr1', start: null },
    ])
    expect(rowsOf(centerCallTails(frame, contactCenters, { months: ['2025-02'] }))[0]?.[1]).toBe(1)
    expect(rowsOf(centerCallTails(frame, contactCenters, { months: [] }))).toEqual([])
    expect(rowsOf(centerCallTails(frame, contactCenters))[0]?.[1]).toBe(2)
  })

  it('are those of the zone that tells the months', () => {
    const frame = interactionsOf([{ ...call, start: '2025-03-01T01:00Z', center: 'ctr1' }])
    const rows = (timeZone: string) =>
      rowsOf(centerHandleTime(frame, contactCenters, { months: ['2025-02'], timeZone }))
    expect([rows('America/New_York').length, rows('UTC').length]).toEqual([1, 0])
  })
})

describe('numbers that are no counts', () => {
  it('are refused where a report holds text instead', () => {
    const odd = frameOf([
      ['month', texts(['2025-01'])],
      ['contact_center_name', texts(['Oslo'])],
      ['total_interactions', texts(['2'])],
      ['total_calls', numbers([1])],
      ['total_call_duration', numbers([1])],
    ])
    expect(() => interactionsByContactCenter(odd)).toThrow(expect.objectContaining({ code: 'type_mismatch' }))
  })
})
