import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MoneyReader } from '../../../../src/systems/transcripts/figures/language/money.ts'
import { tokensOf, Vocabulary } from '../../../../src/systems/transcripts/figures/language/tokens.ts'

const vocabulary = new Vocabulary()
const reader = new MoneyReader(vocabulary)
function amountsIn(text: string) {
  const tokens = tokensOf(text, vocabulary)
  return reader.find(text, tokens, 0, tokens.count)
}
const centsIn = (text: string) => amountsIn(text).map(({ cents }) => cents)

const ONES =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'
const FIRST = ONES.split(' ')

/** A number from 1 to 999,999 in words, as people say it: with or without hyphens and `and`. */
function spelled(number: number, hyphen: string, and: string): string {
  if (number < 20) return FIRST[number - 1] ?? ''
  if (number < 100) {
    const tens = TENS.split(' ')[Math.floor(number / 10) - 2] ?? ''
    return number % 10 === 0 ? tens : `${tens}${hyphen}${spelled(number % 10, hyphen, and)}`
  }
  const [scale, word] = number < 1000 ? [100, 'hundred'] : [1000, 'thousand']
  const head = `${spelled(Math.floor(number / scale), hyphen, and)} ${word}`
  return number % scale === 0 ? head : `${head} ${and}${spelled(number % scale, hyphen, and)}`
}

describe('an amount of money', () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999_999 }))
  test.prop([number, fc.constantFrom('-', ' '), fc.constantFrom('and ', ''), fc.integer({ min: 0, max: 99 })])(
    'is the number that its words say, with its cents',
    (dollars, hyphen, and, cents) => {
      const words = spelled(dollars, hyphen, and)
      expect(centsIn(`That is ${words} dollars, all right`)).toEqual([dollars * 100])
      expect(centsIn(`${words} a month`)).toEqual(dollars === 1 ? [] : [dollars * 100])
      if (cents === 0) return
      const whole = [dollars * 100 + cents]
      expect(centsIn(`${words} dollars and ${spelled(cents, hyphen, and)} cents`)).toEqual(whole)
      expect(centsIn(`$${dollars.toLocaleString('en')} and ${cents} cents`)).toEqual(whole)
      expect(centsIn(`$${dollars}.${String(cents).padStart(2, '0')}`)).toEqual(whole)
    },
  )

  it.each([
    ['a hundred dollars', 10_000],
    ['twelve hundred bucks', 120_000],
    ['a thousand and fifty pounds', 105_000],
    ['$ 30', 3000],
    ['USD 30', 3000],
    ['30€', 3000],
    ['for nineteen ninety-nine', 1999],
    ['forty-nine ninety-five a month', 4995],
    ['nine ninety-nine a month', 999],
    ['ninety-nine cents', 99],
  ])('is read from %j', (text, cents) => {
    expect(centsIn(text)).toEqual([cents])
  })

  it.each([
    // 2.50 or 250, 9.99 or 999, a year, a list, a number of a line
    ...['for two fifty', 'two fifty a month', 'for nine ninety-nine', 'in nineteen ninety-nine', 'it was twenty ten'],
    ...['ten twenty thirty dollars', 'call five five five one two one two', 'for thirty', 'a hundred', 'hundred of us'],
  ])('is not guessed from %j', (text) => {
    expect(centsIn(text)).toEqual([])
  })
})
