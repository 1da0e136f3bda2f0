import { describe, expect, it } from 'vitest'
import type { InputRecord } from '../../../src/pipeline/log/commit-record.ts'
import { LedgerUnits, ledgerUnits } from '../../../src/pipeline/log/ledger-units.ts'

const input = (table: string, unit: string) => ({ table, unit }) as InputRecord
const letters = (text: string) => new LedgerUnits([...text].map((unit) => input('calls', unit)))
const found = (units: LedgerUnits, asked: string) => [...asked].map((unit) => units.find(unit)?.unit ?? '-').join('')

describe('the units of a ledger', () => {
  it.each([
    ['in its order', 'abcdef', 'abcdef'],
    ['in another order', 'fbdace', 'fbdace'],
    ['some of them', 'bdf', 'bdf'],
    ['one again and again', 'aabba', 'aabba'],
    ['between unknown ones', 'xaybzf', '-a-b-f'],
    ['twice over', 'abcdefabcdef', 'abcdefabcdef'],
  ])('are found %s', (_, asked, expected) => {
    expect(found(letters('abcdef'), asked)).toBe(expected)
  })

  it('are those of their table', () => {
    const units = ledgerUnits([input('calls', 'a'), input('teams', 'a'), input('calls', 'b')], ['calls', 'halls'])
    expect(units.get('calls')?.inputs.map(({ unit }) => unit)).toEqual(['a', 'b'])
    expect(units.get('halls')?.inputs).toEqual([])
    expect(units.get('halls')?.find('a')).toBeNull()
    expect(units.has('teams')).toBe(false)
  })
})
