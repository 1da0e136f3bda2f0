import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Temporal as Polyfill } from '@js-temporal/polyfill'
import { Table, Timestamp, TimeUnit, vectorFromArray } from 'apache-arrow'
import { table } from 'arquero'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkTable } from '../../src/table/check/check-table.ts'
import { BooleanColumn, DateColumn, TimestampColumn } from '../../src/table/column.ts'
import { defineTable, key, string, timestamp } from '../../src/table/contract.ts'
import { frameOf } from '../../src/table/frame.ts'
import { loadTemporal, type TemporalNamespace } from '../../src/time/temporal.ts'
import { applyDelta } from '../../src/transform/apply-delta.ts'
import { convertTimeZone } from '../../src/transform/convert-timezone.ts'
import { localMonth } from '../../src/transform/local-month.ts'
import { toTemporal } from '../../src/transform/to-temporal.ts'

afterEach(() => vi.unstubAllGlobals())

const native = (globalThis as { Temporal?: TemporalNamespace }).Temporal
const IMPLEMENTATIONS: [string, TemporalNamespace][] = [
  ['polyfill', Polyfill],
  ...(native === undefined ? [] : [['runtime', native] as [string, TemporalNamespace]]),
]
const texts = (cells: readonly unknown[]) => cells.map((cell) => (cell === null ? null : String(cell)))
const back = (cells: readonly unknown[]) => texts(toTemporal(table({ at: cells }), 'at'))

describe.each(IMPLEMENTATIONS)(
  'cells of Temporal values of the %s',
  (_, { Instant, ZonedDateTime, PlainDateTime, PlainDate }) => {
    const nanoseconds = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })

    it('come back as they were, to the nanosecond', async () => {
      await loadTemporal()
      fc.assert(
        fc.property(fc.array(fc.option(nanoseconds), { minLength: 1, maxLength: 5 }), (list) => {
          const instants = list.map((value) => (value === null ? null : new Instant(value)))
          const zoned = list.map((value) => (value === null ? null : new ZonedDateTime(value, 'Europe/Oslo')))
          const walls = zoned.map((value) => value?.toPlainDateTime() ?? null)
          const days = zoned.map((value) => value?.toPlainDate() ?? null)
          for (const cells of [instants, zoned, walls, days]) expect(back(cells)).toEqual(texts(cells))
        }),
        { numRuns: 100 },
      )
    })

    it('come back from the ends of their ranges, and from other calendars', async () => {
      await loadTemporal()
      const days = [new PlainDate(-271821, 4, 19), new PlainDate(275760, 9, 13), new PlainDate(2024, 2, 29)]
      expect(back(days)).toEqual(texts(days))
      const instants = [new Instant(-(864n * 10n ** 19n)), new Instant(864n * 10n ** 19n)]
      expect(back(instants)).toEqual(texts(instants))
      expect(back([PlainDate.from('2025-03-01[u-ca=hebrew]')])).toEqual(['2025-03-01'])
      expect(back([PlainDateTime.from('2025-03-01T10:30[u-ca=buddhist]')])).toEqual(['2025-03-01T10:30:00'])
    })

    it('are read by the verbs as what they are', () => {
      const at = [Instant.from('2025-03-01T01:30:00Z'), null]
      expect(localMonth(table({ at }), 'at', 'America/New_York').array('month')).toEqual(['2025-02', null])
      const zoned = [ZonedDateTime.from('2025-03-01T01:30:00+01:00[Europe/Oslo]')]
      expect(convertTimeZone(table({ at: zoned }), 'at', 'UTC').array('at')).toEqual(['2025-03-01T00:30:00'])
      const walls = [PlainDateTime.from('2025-03-01T01:30:00')]
      const source = { sourceTimeZone: 'Europe/Oslo' }
      expect(convertTimeZone(table({ at: walls }), 'at', 'UTC', source).array('at')).toEqual(['2025-03-01T00:30:00'])
      const contract = defineTable('calls', { id: key(string()), at: timestamp() })
      const checked = checkTable(table({ id: ['C1'], at: [at[0]] }), contract)
      expect([checked.issues, checked.table.array('at')]).toEqual([[], [new Date('2025-03-01T01:30:00Z')]])
      const base = table({ id: ['C1'], at: [new Date(0)] })
      const delta = table({ id: ['C1'], at: [at[0]], action: ['update'] })
      expect(applyDelta(base, delta, 'id').array('at')).toEqual([new Date('2025-03-01T01:30:00Z')])
    })

    it('are refused where a column would lose something of them', () => {
      const zoned = ['2025-03-01T01:30[Europe/Oslo]', '2025-03-01T01:30[Asia/Tokyo]'].map((text) =>
        ZonedDateTime.from(text),
      )
      expect(() => back([null, ...zoned])).toThrow(
        'column "at" row 3: the ZonedDateTime is in Asia/Tokyo, the first one in Europe/Oslo',
      )
      expect(back(zoned.map((value) => value.withTimeZone('Europe/Oslo')))).toHaveLength(2)
      expect(back(zoned.map((value) => value.toInstant()))).toHaveLength(2)
      const far = [Instant.from('3000-01-01T00:00:00Z'), new Instant(1n)]
      expect(() => back(far)).toThrow(
        expect.objectContaining({ code: 'timestamp_invalid', message: expect.stringContaining('column "at" row 1') }),
      )
      expect(() => back([new Instant(0n), new PlainDate(2025, 1, 1)])).toThrow('row 1')
    })
  },
)

describe('toTemporal', () => {
  it('gives what each kind of column holds', async () => {
    await loadTemporal()
    const frame = frameOf([
      ['s', new TimestampColumn(Float64Array.of(1, Number.NaN), { unit: 's' })],
      ['us', new TimestampColumn(Float64Array.of(-1, 0), { unit: 'us', zone: null })],
      ['ns', new TimestampColumn(BigInt64Array.of(-1n, 0n), { unit: 'ns', zone: 'Asia/Tokyo' })],
      ['day', new DateColumn(Int32Array.of(-1, 0))],
      ['flag', new BooleanColumn(Uint8Array.of(1, 0))],
    ])
    expect(texts(toTemporal(frame, 's'))).toEqual(['1970-01-01T00:00:01Z', null])
    expect(texts(toTemporal(frame, 'us'))).toEqual(['1969-12-31T23:59:59.999999', '1970-01-01T00:00:00'])
    expect(texts(toTemporal(frame, 'ns'))).toEqual([
      '1970-01-01T08:59:59.999999999+09:00[Asia/Tokyo]',
      '1970-01-01T09:00:00+09:00[Asia/Tokyo]',
    ])
    expect(texts(toTemporal(frame, 'day'))).toEqual(['1969-12-31', '1970-01-01'])
    expect(() => toTemporal(frame, 'flag')).toThrow('column "flag" holds boolean; expected timestamps or days')
    expect(() => toTemporal(frame, 'nowhere')).toThrow(expect.objectContaining({ code: 'column_not_found' }))
    const at = vectorFromArray([0, null], new Timestamp(TimeUnit.MILLISECOND, 'UTC'))
    expect(texts(toTemporal(new Table({ at }), 'at'))).toEqual(['1970-01-01T00:00:00Z', null])
    expect(back([null, null])).toEqual([null, null])
    const far = frameOf([['day', new DateColumn(Int32Array.of(0, 2 ** 31 - 1))]])
    expect(() => toTemporal(far, 'day')).toThrow('column "day" row 2: Temporal does not hold it')
  })
})

describe('loading Temporal', () => {
  const root = join(import.meta.dirname, '..', '..')
  const inProcess = (script: string) => {
    const node = ['--conditions=support-etl-source', '--input-type=module', '-e', script]
    const { stdout, stderr } = spawnSync(process.execPath, node, { cwd: root, encoding: 'utf8' })
    return stdout.trim() || stderr
  }

  it('takes the polyfill where the runtime has none, and says so before', () => {
    const told = inProcess(`
      delete globalThis.Temporal
      const { table } = await import('arquero')
      const { loadTemporal, toTemporal } = await import('support-etl')
      const calls = table({ at: [new Date(0)] })
      try { toTemporal(calls, 'at') } catch ({ code, message }) { console.log(code, message) }
      await loadTemporal()
      console.log(String(toTemporal(calls, 'at')[0]))`)
    expect(told).toContain('unsupported_type this runtime has no Temporal of its own; call "await loadTemporal()" once')
    expect(told).toContain('1970-01-01T00:00:00Z')
  })

  it('is no part of run, nor of importing the library, with a Temporal of the runtime or without', () => {
    for (const before of ['', 'delete globalThis.Temporal']) {
      const told = inProcess(`
        ${before}
        import { registerHooks } from 'node:module'
        const loaded = []
        registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
        await import('support-etl')
        const { memoryStore } = await import('support-etl/connect')
        const { supportJob } = await import('support-etl/support')
        const { runPipeline } = await import('support-etl/pipeline')
        await runPipeline(supportJob, { data: 'examples/data/support', out: memoryStore() })
        console.log(loaded.length > 50, loaded.filter((url) => /js-temporal|jsbi/.test(url)).length)`)
      expect(told).toBe('true 0')
    }
  })
})
