/** Durations against an independent writer, and quotients against exact arithmetic. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileDuration,
  DURATION_UNITS,
  type DurationUnit,
  type DurationWriting,
} from '../../src/time/duration-form.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)
const encoder = new TextEncoder()

function parsed(text: string, form: DurationWriting, unit: DurationUnit, decimal: '.' | ',' = '.'): number {
  // in the middle of other bytes, as a cell is
  const bytes = encoder.encode(`1${text}1`)
  return compileDuration(form, unit, decimal)(bytes, 1, bytes.length - 1)
}

const two = (value: number) => String(value).padStart(2, '0')
const SIZES = { hours: 3_600_000n, minutes: 60_000n, seconds: 1000n, milliseconds: 1n } as const

/** The nearest double of milliseconds in a unit, by long division to 25 digits. */
function exact(milliseconds: number, unit: DurationUnit): number {
  const size = SIZES[unit]
  const scaled = (BigInt(milliseconds) * 10n ** 25n) / size
  const digits = scaled.toString().padStart(26, '0')
  return Number(`${digits.slice(0, -25)}.${digits.slice(-25)}`)
}

const moment = fc.integer({ min: 0, max: 999 * 3_600_000 })
const unit = fc.constantFrom(...DURATION_UNITS)

describe('compileDuration', () => {
  it('reads what a clock, ISO 8601 and numbers write, as the nearest double of the unit', () => {
    fc.assert(
      fc.property(moment, unit, fc.boolean(), (milliseconds, target, isLong) => {
        const seconds = Math.floor(milliseconds / 1000)
        const rest = milliseconds % 1000
        const fraction = rest === 0 && !isLong ? '' : `.${String(rest).padStart(3, '0')}${isLong ? '000' : ''}`
        const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
        const wanted = exact(milliseconds, target)
        const written: readonly (readonly [DurationWriting, string])[] = [
          ['hh:mm:ss', `${two(hours)}:${two(minutes)}:${two(seconds % 60)}${fraction}`],
          ['hh:mm:ss', `${hours}:${two(minutes)}:${two(seconds % 60)}${fraction.replace('.', ',')}`],
          ['mm:ss', `${Math.floor(seconds / 60)}:${two(seconds % 60)}${fraction}`],
          ['iso', `PT${hours}H${minutes}M${seconds % 60}${fraction}S`],
          ['iso', `P${Math.floor(hours / 24)}DT${hours % 24}H${minutes}M${seconds % 60}${fraction}S`],
          ['iso', `pt${seconds}${fraction}s`],
          ['seconds', `${seconds}${fraction}`],
          ['milliseconds', `${milliseconds}`],
        ]
        for (const [form, text] of written) expect([text, parsed(text, form, target)]).toEqual([text, wanted])
        const negative = parsed(`-${written[0]?.[1]}`, 'hh:mm:ss', target)
        expect(negative).toBe(wanted === 0 ? 0 : -wanted)
      }),
      { numRuns, examples: [[838_800, 'minutes', false]] },
    )
  })

  it('gives a number or NaN for any text, and NaN for what no form writes', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'0159:.,-PTHMSDWptx '), maxLength: 14 })
    const clock = /^-?\d+:[0-5]\d:[0-5]\d(?:[.,]\d+)?$/
    const iso = /^-?[Pp](?=.)(?:\d+[Ww])?(?:\d+[Dd])?(?:[Tt](?=\d)(?:\d+[Hh])?(?:\d+[Mm])?(?:\d+(?:[.,]\d+)?[Ss])?)?$/
    fc.assert(
      fc.property(letters, (text) => {
        expect(Number.isNaN(parsed(text, 'hh:mm:ss', 'seconds'))).toBe(!clock.test(text))
        expect(Number.isNaN(parsed(text, 'iso', 'seconds'))).toBe(!iso.test(text))
        expect(Number.isNaN(parsed(text, 'seconds', 'seconds'))).toBe(!/^-?\d+(?:\.\d+)?$/.test(text))
        expect(Number.isNaN(parsed(text, 'seconds', 'seconds', ','))).toBe(!/^-?\d+(?:,\d+)?$/.test(text))
      }),
      { numRuns: numRuns * 5, examples: [['P1DT'], ['PT'], ['P'], ['P1W1D'], ['-0:00:00'], ['1:2:3']] },
    )
  })

  it('takes no number that a double cannot hold exactly, and no long time over hostile text', () => {
    expect(parsed('9007199254740991', 'milliseconds', 'milliseconds')).toBe(9_007_199_254_740_991)
    expect(parsed('9007199254740993', 'milliseconds', 'milliseconds')).toBeNaN()
    expect(parsed('00:00:01.0000000001', 'hh:mm:ss', 'seconds')).toBeNaN()
    expect(parsed('00:00:01.0000000000', 'hh:mm:ss', 'seconds')).toBe(1)
    const before = performance.now()
    for (const text of ['9'.repeat(100_000), 'P'.repeat(100_000), `0.${'0'.repeat(100_000)}`, '1:'.repeat(50_000)]) {
      for (const form of ['hh:mm:ss', 'iso', 'seconds'] as const) parsed(text, form, 'minutes')
    }
    expect(performance.now() - before).toBeLessThan(500)
  })
})
