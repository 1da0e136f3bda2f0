import { describe, expect, it } from 'vitest'
import { analyseTranscript } from '../../../../src/systems/transcripts/figures/analysis/analyse-transcript.ts'
import { phraseParts } from '../../../../src/systems/transcripts/figures/language/phrase-pattern.ts'
import {
  checkRulePack,
  defaultRules,
  extendRules,
  type RulePack,
} from '../../../../src/systems/transcripts/figures/rules/rule-pack.ts'

const plain = (): RulePack => JSON.parse(JSON.stringify(defaultRules))

describe('checkRulePack', () => {
  it('takes the default rules, as they are and out of a file', () => {
    expect(checkRulePack(defaultRules)).toBe(defaultRules)
    expect(checkRulePack(plain())).toEqual(defaultRules)
  })

  it('knows every rule by one id', () => {
    const { mood, deals, scorecard } = defaultRules
    const ids = [...mood.rules, ...deals, ...scorecard].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('says which member does not fit', () => {
    const pack = plain()
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ ...pack, name: '' }, 'pack.name is not a text'],
      [
        { ...pack, moods: [] },
        'pack.moods is not known; pack has name, version, sets, mood, deals, products, scorecard',
      ],
      [{ ...pack, sets: { yes: 'yes' } }, 'pack.sets.yes is not a list'],
      [{ ...pack, deals: [{ id: 'a', kind: 'sell', phrases: [] }] }, 'pack.deals[0].kind is not one of commit,'],
      [
        { ...pack, mood: { negators: [], rules: [{ ...pack.mood.rules[0], weight: 0 }] } },
        'pack.mood.rules[0].weight is not a number above 0, 10 at most',
      ],
      [{ ...pack, products: undefined }, 'pack.products is not an object'],
    ]
    for (const [rules, message] of wrong) {
      expect(() => checkRulePack(rules)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
      expect(() => checkRulePack(rules)).toThrow(message)
    }
  })
})

describe('extendRules', () => {
  it('adds rules of its own, of which the new ones win', () => {
    const rules = extendRules(defaultRules, 'shop', '2', {
      mood: { rules: [{ id: 'shop.ok', polarity: 'none', weight: 1, negated: 'keep', phrases: ['terrible'] }] },
      sets: { yes: ['aye'] },
    })
    expect([rules.name, rules.version]).toEqual(['default+shop', `${defaultRules.version}+2`])
    expect(analyseTranscript('Customer: Terrible!', { rules }).mood.label).toBe('neutral')
    expect(analyseTranscript('Customer: Terrible!').mood.label).toBe('negative')
    const offer = 'Agent: Shall I add the sports pack for $7? Customer: Aye.'
    expect(analyseTranscript(offer, { rules }).conversion.isConversion).toBe(true)
    expect(analyseTranscript(offer).conversion.isConversion).toBe(false)
  })

  it('refuses what no pack has', () => {
    expect(() => extendRules(defaultRules, 'shop', '1', { product: {} } as object)).toThrow('did you mean "products"?')
    expect(() => extendRules(defaultRules, 'shop', '1', { products: { tails: [] } } as object)).toThrow(
      'pack.products.tails is not known',
    )
  })
})

describe('phrases', () => {
  const sets = { yes: ['yes', 'of course'] }

  it('are words, wordings, words that may be missing, sets and gaps', () => {
    expect(phraseParts("(i'll|we'll) [just|only] take ..2 plan", sets)).toEqual([
      {
        wordings: [
          ['i', 'will'],
          ['we', 'will'],
        ],
      },
      { wordings: [['just'], ['only'], []] },
      { wordings: [['take']] },
      { most: 2 },
      { wordings: [['plan']] },
    ])
    expect(phraseParts('@yes please', sets)[0]).toEqual({ wordings: [['yes'], ['of', 'course']] })
  })

  it.each([
    ['', 'has no word that must be there'],
    ['[yes]', 'has no word that must be there'],
    ['..2 plan', 'begins or ends with a gap'],
    ['a ..2 b ..2 c ..2 d', 'has more than 2'],
    ['a ..9 b', 'has the gap ..9; 4 words at most'],
    ['@no way', 'names @no, which is not in the sets'],
    ['@__proto__ way', 'names @__proto__, which is not in the sets'],
    ['(a|(b) c', 'has brackets in brackets'],
    ['(a|) b', 'has an empty part'],
    ['a b c d e f g h i j k l m', 'has 13 parts; 12 are the most'],
  ])('that do not fit are refused: %j', (phrase, message) => {
    expect(() => phraseParts(phrase, sets)).toThrow(message)
  })
})
