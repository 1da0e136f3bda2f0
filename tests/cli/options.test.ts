import { describe, expect, it } from 'vitest'
import { parseChoice, parseChoices, parseCount, parseMonth, parseMonths, parseShare } from '../../src/cli/options.ts'

const refusal = (message: string) => expect.objectContaining({ code: 'invalid_option', message })

describe('parseMonth', () => {
  it('reads both spellings', () => {
    expect(['202502', ' 2025-02 '].map((text) => parseMonth('--as-of', text))).toEqual(['2025-02', '2025-02'])
  })

  it.each(['202513', '2025', 'February', '', '2025-2'])('refuses "%s"', (text) => {
    expect(() => parseMonth('--as-of', text)).toThrow(
      refusal(`--as-of "${text}": expected a month such as 202502 or 2025-02`),
    )
  })
})

describe('parseMonths', () => {
  it('reads a list', () => {
    expect(parseMonths('--months', '202502, 2025-03')).toEqual(['2025-02', '2025-03'])
  })
})

describe('parseShare', () => {
  it('reads a percentage', () => {
    expect(['5%', '0.5 %', '100%'].map((text) => parseShare('--max-quarantined', text))).toEqual([0.05, 0.005, 1])
  })

  it.each(['5', '101%', '-1%', 'five'])('refuses "%s"', (text) => {
    expect(() => parseShare('--max-quarantined', text)).toThrow(
      refusal(`--max-quarantined "${text}": expected a share such as 5%, at most 100%`),
    )
  })
})

describe('parseCount', () => {
  it('reads digits, grouped or not', () => {
    expect(['1000', '1_000_000'].map((text) => parseCount('--interactions', text))).toEqual([1000, 1_000_000])
  })

  it.each(['1e6', '-1', '1.5', '', 'many'])('refuses "%s"', (text) => {
    expect(() => parseCount('--seed', text)).toThrow(refusal(`--seed "${text}": expected a whole number`))
  })
})

describe('parseChoice', () => {
  it('names what there is', () => {
    expect(() => parseChoice('--format', 'xlsx', ['csv', 'json', 'parquet'])).toThrow(
      refusal('--format "xlsx": expected csv, json or parquet'),
    )
  })
})

describe('parseChoices', () => {
  it('reads a list of words', () => {
    expect(parseChoices('--publish', 'report, dimensions', ['report', 'dimensions'])).toEqual(['report', 'dimensions'])
  })
})
