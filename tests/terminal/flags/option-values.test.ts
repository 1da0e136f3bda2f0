import { describe, expect, it } from 'vitest'
import { parseCount, parseShare, quarterMonths } from '../../../src/terminal/flags/option-values.ts'

const refusal = (message: string) => expect.objectContaining({ code: 'invalid_option', message })

describe('quarterMonths', () => {
  it('names the three months', () => {
    expect(quarterMonths('--quarter', '2025-Q1')).toEqual(['2025-01', '2025-02', '2025-03'])
    expect(quarterMonths('--quarter', '2024q4')).toEqual(['2024-10', '2024-11', '2024-12'])
    expect(quarterMonths('--quarter', '  2024-q2\n')).toEqual(['2024-04', '2024-05', '2024-06'])
    expect(quarterMonths('--quarter', '0999Q3')).toEqual(['0999-07', '0999-08', '0999-09'])
  })

  it.each(['2025-Q5', '2025-Q0', 'Q1', '2025', '2025--Q1', '12025-Q1', '2025-Q11', '2025-Q1 x', 'x 2025-Q1'])(
    'refuses "%s"',
    (text) => {
      expect(() => quarterMonths('--quarter', text)).toThrow(
        refusal(`--quarter "${text}": expected a quarter such as 2025-Q1`),
      )
    },
  )
})

describe('parseShare', () => {
  it('reads a percentage', () => {
    expect(['5%', '0.5 %', ' 12.25 %\t', '0%', '100%'].map((text) => parseShare('--max-quarantined', text))).toEqual([
      ...[0.05, 0.005, 0.1225, 0, 1],
    ])
  })

  it.each(['5', '101%', '100.1%', '-1%', 'five', '5%x', '5% of', 'x5%', '5%%', '.5%', '5.%', '5,5%', '%', ''])(
    'refuses "%s"',
    (text) => {
      expect(() => parseShare('--max-quarantined', text)).toThrow(
        refusal(`--max-quarantined "${text}": expected a share such as 5%, at most 100%`),
      )
    },
  )
})

describe('parseCount', () => {
  it('reads digits, grouped or not', () => {
    expect(
      ['1000', '1_000_000', ' 7 ', '\t1_0\n', '0', '007'].map((text) => parseCount('--interactions', text)),
    ).toEqual([...[1000, 1_000_000, 7, 10, 0, 7]])
  })

  it.each(['1e6', '-1', '+1', '1.5', '', ' ', '_1', '1 000', '12x', 'x12', '0x1f', 'many'])('refuses "%s"', (text) => {
    expect(() => parseCount('--seed', text)).toThrow(refusal(`--seed "${text}": expected a whole number`))
  })
})
