import { describe, expect, it } from 'vitest'
import { parseCount, parseShare, quarterMonths } from '../../src/terminal/option-values.ts'

const refusal = (message: string) => expect.objectContaining({ code: 'invalid_option', message })

describe('quarterMonths', () => {
  it('names the three months', () => {
    expect(quarterMonths('--quarter', '2025-Q1')).toEqual(['2025-01', '2025-02', '2025-03'])
    expect(quarterMonths('--quarter', '2024q4')).toEqual(['2024-10', '2024-11', '2024-12'])
  })

  it.each(['2025-Q5', 'Q1', '2025'])('refuses "%s"', (text) => {
    expect(() => quarterMonths('--quarter', text)).toThrow(
      refusal(`--quarter "${text}": expected a quarter such as 2025-Q1`),
    )
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
