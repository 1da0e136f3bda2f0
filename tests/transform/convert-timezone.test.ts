import { Table, Timestamp, TimeUnit, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { toArrow } from '../../src/table/arrow/arrow.ts'
import { NULL_NANOSECONDS, TimestampColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { convertTimeZone } from '../../src/transform/convert-timezone.ts'

const NEW_YORK = 'America/New_York'
const wallsOf = (values: unknown[], options = {}) =>
  convertTimeZone(table({ at: values }), 'at', NEW_YORK, options).array('at')

describe('convertTimeZone', () => {
  it('shows the clock on the wall as text without offset, in place', () => {
    const calls = table({ at: [new Date('2025-03-01T01:30Z'), null], channel: ['phone', 'chat'] })
    expect(convertTimeZone(calls, 'at', NEW_YORK).objects()).toEqual([
      { at: '2025-02-28T20:30:00', channel: 'phone' },
      { at: null, channel: 'chat' },
    ])
    expect(calls.get('at', 0)).toEqual(new Date('2025-03-01T01:30Z'))
  })

  it('reads Dates, epoch milliseconds, bigints and ISO text alike', () => {
    const instant = Date.UTC(2025, 6, 1, 1, 30, 0, 250)
    const walls = ['2025-06-30T21:30:00.250']
    expect(wallsOf([new Date(instant)])).toEqual(walls)
    expect(wallsOf([instant])).toEqual(walls)
    expect(wallsOf([BigInt(instant)])).toEqual(walls)
    expect(wallsOf(['2025-07-01T01:30:00.250Z'])).toEqual(walls)
    expect(wallsOf(['2025-07-01 07:00:00.25+05:30'])).toEqual(walls)
  })

  it('takes text without a zone for UTC, or for the source zone', () => {
    const text = ['2025-07-01T01:30:00', '2025-07-01T01:30:00Z']
    expect(wallsOf(text)).toEqual(['2025-06-30T21:30:00', '2025-06-30T21:30:00'])
    expect(wallsOf(text, { sourceTimeZone: 'Europe/Oslo' })).toEqual(['2025-06-30T19:30:00', '2025-06-30T21:30:00'])
  })

  it('takes a timestamp without a zone for the source zone, too', () => {
    const walls = frameOf([['at', new TimestampColumn(Float64Array.of(Date.UTC(2025, 6, 1, 1, 30)), { zone: null })]])
    const options = { sourceTimeZone: 'Europe/Oslo' }
    expect(convertTimeZone(walls, 'at', 'UTC', options).columns.get('at')?.at(0)).toBe('2025-06-30T23:30:00')
  })

  it('adds columns with a suffix, and the offsets that tell the hour that comes twice', () => {
    const calls = table({ at: ['2025-11-02T05:30Z', '2025-11-02T06:30Z', null] })
    expect(convertTimeZone(calls, ['at'], NEW_YORK, { suffix: '_local', offset: true }).objects()).toEqual([
      { at: '2025-11-02T05:30Z', at_local: '2025-11-02T01:30:00', at_offset_minutes: -240 },
      { at: '2025-11-02T06:30Z', at_local: '2025-11-02T01:30:00', at_offset_minutes: -300 },
      { at: null, at_local: null, at_offset_minutes: null },
    ])
  })

  it('gives an Arrow table timestamps of the same unit without zone', () => {
    for (const unit of [TimeUnit.SECOND, TimeUnit.MILLISECOND, TimeUnit.MICROSECOND, TimeUnit.NANOSECOND]) {
      const at = vectorFromArray([Date.UTC(2025, 2, 1, 1, 30), null], new Timestamp(unit, 'UTC'))
      const local = tableFromIPC(tableToIPC(convertTimeZone(new Table({ at }), 'at', NEW_YORK)))
      expect(local.schema.fields[0]?.type).toMatchObject({ unit, timezone: null })
      expect([local.getChild('at')?.get(0), local.getChild('at')?.get(1)]).toEqual([
        Date.UTC(2025, 1, 28, 20, 30),
        null,
      ])
    }
  })

  it('keeps nanoseconds and microseconds exact', () => {
    const nanos = new TimestampColumn(BigInt64Array.of(1_740_792_600_123_456_789n, -1n, NULL_NANOSECONDS), {
      unit: 'ns',
    })
    const frame = convertTimeZone(frameOf([['at', nanos]]), 'at', NEW_YORK)
    expect((frame.columns.get('at') as TimestampColumn).values).toEqual(
      BigInt64Array.of(1_740_774_600_123_456_789n, -18_000_000_000_001n, NULL_NANOSECONDS),
    )
    const fine = convertTimeZone(frameOf([['at', nanos]]), 'at', 'UTC').columns.get('at')
    expect(fine).toEqual(new TimestampColumn(nanos.values, { unit: 'ns', zone: null }))
    const micros = convertTimeZone(
      toArrow(frameOf([['at', new TimestampColumn(Float64Array.of(7), { unit: 'us' })]])),
      'at',
      '+01:00',
    )
    expect(micros.getChild('at')?.data[0]?.values[0]).toBe(3_600_000_007n)
  })

  it('keeps microseconds of text', () => {
    const frame = convertTimeZone(table({ at: ['2025-03-01T01:30:00.000007Z', '2025-03-01T01:30Z'] }), 'at', 'UTC')
    expect(frame.column('at')).toEqual(
      new TimestampColumn(Float64Array.of(Date.UTC(2025, 2, 1, 1, 30) * 1000 + 7, Date.UTC(2025, 2, 1, 1, 30) * 1000), {
        unit: 'us',
        zone: null,
      }),
    )
  })

  it('names the rows whose text is not a timestamp', () => {
    expect(() => wallsOf(['2025-03-01T01:30Z', '1 March', null, '2025-02-30T00:00', '1 March'])).toThrow(
      expect.objectContaining({
        code: 'timestamp_invalid',
        message: expect.stringContaining('column "at" rows 2, 4: the text is not an ISO timestamp'),
        details: { column: 'at', rows: [2, 4], found: ['1 March', '2025-02-30T00:00'] },
      }),
    )
  })

  it.each([
    [{ at: [true] }, 'at', {}, 'type_mismatch'],
    [{ at: [0] }, 'on', {}, 'column_not_found'],
    [{ at: [0], at_local: [0] }, 'at', { suffix: '_local' }, 'column_exists'],
    [{ at: [0], at_offset_minutes: [0] }, 'at', { offset: true }, 'column_exists'],
  ])('refuses %j', (columns, name, options, code) => {
    expect(() => convertTimeZone(table(columns as never), name, NEW_YORK, options)).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it.each([
    [{ at: [0], at_local: [0] }, { suffix: '_local' }, '"at_local"; choose another suffix'],
    [{ at: [0], at_offset_minutes: [0] }, { offset: true }, '"at_offset_minutes"; rename it or leave offset out'],
  ])('says how a column of %j stays', (columns, options, cure) => {
    expect(() => convertTimeZone(table(columns), 'at', NEW_YORK, options)).toThrow(cure)
  })

  it('refuses a zone that is not there', () => {
    expect(() => convertTimeZone(table({ at: [0] }), 'at', 'America/Bostn')).toThrow(
      expect.objectContaining({ code: 'time_zone_unknown' }),
    )
  })

  it('takes nanoseconds without a zone for the source zone, and keeps them exact', () => {
    const walls = new TimestampColumn(BigInt64Array.of(1_751_333_400_123_456_789n, NULL_NANOSECONDS), {
      unit: 'ns',
      zone: null,
    })
    const options = { sourceTimeZone: 'Europe/Oslo' }
    const inUtc = (column: TimestampColumn) =>
      (convertTimeZone(frameOf([['at', column]]), 'at', 'UTC', options).columns.get('at') as TimestampColumn).values
    const twoHours = 7_200_000_000_000n
    expect(inUtc(walls)).toEqual(BigInt64Array.of(1_751_333_400_123_456_789n - twoHours, NULL_NANOSECONDS))
    // a column with a zone of its own holds instants already
    expect(inUtc(new TimestampColumn(walls.values, { unit: 'ns' }))).toEqual(walls.values)
  })
})
