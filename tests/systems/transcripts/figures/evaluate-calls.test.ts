import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  evaluateCalls,
  type LabelledCall,
} from '../../../../src/systems/transcripts/figures/evaluate/evaluate-calls.ts'
import { confusionOf } from '../../../../src/systems/transcripts/figures/evaluate/scores.ts'

const FILE = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'data', 'transcripts', 'labelled-calls.json')

type Written = LabelledCall & { readonly part: 'work' | 'scored' }
const { calls } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly calls: readonly Written[] }

describe('evaluateCalls', () => {
  it('tells how far it is', () => {
    const many = Array.from({ length: 1100 }, (_, at) => calls[at % 5] as Written)
    const told: unknown[] = []
    const evaluation = evaluateCalls(many, { onProgress: (done, total) => void told.push([done, total]) })
    expect(evaluation.calls).toBe(1100)
    expect(told).toEqual([
      [0, 1100],
      [500, 1100],
      [1000, 1100],
    ])
    expect(() => evaluateCalls(many, { onProgress: 1 as never })).toThrow('onProgress')
  })
})

describe('the labelled calls', () => {
  it('are 200 or more, in two parts, and marked where their labels say something', () => {
    expect(calls.length).toBeGreaterThanOrEqual(200)
    expect(calls.filter(({ part }) => part === 'scored').length).toBeGreaterThanOrEqual(100)
    expect(new Set(calls.map(({ call_id }) => call_id)).size).toBe(calls.length)
    expect(new Set(calls.map(({ transcript_text }) => transcript_text)).size).toBe(calls.length)
    for (const { transcript_text, mood, is_conversion, upsells, spans = [] } of calls) {
      for (const { offset, text } of spans) expect(transcript_text.slice(offset, offset + text.length)).toBe(text)
      const metrics = new Set(spans.map(({ metric }) => metric))
      expect(metrics.has('conversion'), transcript_text).toBe(is_conversion)
      if (mood !== 'neutral') expect(metrics.has(mood), transcript_text).toBe(true)
      if (upsells.some((upsell) => upsell.is_accepted)) expect(is_conversion).toBe(true)
    }
  })

  it.each([
    ['work', 0.95, 0.95],
    ['scored', 0.8, 0.95],
  ] as const)('are read well by the default rules: %s', (part, mood, conversion) => {
    const evaluation = evaluateCalls(calls.filter((call) => call.part === part))
    expect(evaluation.mood.macroF1.value).toBeGreaterThanOrEqual(mood)
    expect(evaluation.conversion.classes.find(({ name }) => name === 'conversion')?.f1.value).toBeGreaterThanOrEqual(
      conversion,
    )
  })

  it('are read badly by the classic ones', () => {
    expect(evaluateCalls(calls, { profile: 'classic' }).mood.macroF1.value).toBeLessThan(0.6)
  })
})

describe('evaluateCalls', () => {
  const call = (call_id: string, words: string, labels: Partial<LabelledCall> = {}): LabelledCall => ({
    call_id,
    transcript_text: `Agent: Shall I add the sports pack for $7? Customer: ${words}`,
    mood: 'neutral',
    is_conversion: false,
    upsells: [],
    ...labels,
  })
  const pack = { product: 'Sports Pack', amount_cents: 700, is_accepted: true }

  it('counts right, missed and needless findings, and names the wrong calls', () => {
    const evaluation = evaluateCalls([
      call('right', 'Yes.', { is_conversion: true, upsells: [pack] }),
      call('needless', 'Yes.'),
      call('missed', 'Hm.', { is_conversion: true, upsells: [pack], mood: 'negative' }),
      call('price', 'Yes.', { is_conversion: true, upsells: [{ ...pack, amount_cents: 800 }] }),
    ])
    expect(evaluation.conversion.counts).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(evaluation.upsells).toMatchObject({ labelled: 3, found: 3, right: 1 })
    expect(evaluation.upsellProducts).toMatchObject({ labelled: 3, found: 3, right: 2 })
    expect(evaluation.upsellAmounts.value).toBe(1 / 3)
    expect(evaluation.wrong).toEqual([
      { call_id: 'needless', labels: ['conversion', 'upsells'] },
      { call_id: 'missed', labels: ['mood', 'conversion', 'upsells'] },
      { call_id: 'price', labels: ['upsells'] },
    ])
    expect(evaluation.rules.find(({ metric }) => metric === 'conversion')).toMatchObject({
      ...{ rule: 'affirm', labelled: 3, found: 3, right: 2 },
      ...{ precision: { value: 2 / 3 }, recall: { value: 2 / 3 }, f1: { value: 2 / 3 } },
    })
  })

  it('counts the calls of a rule, however often it finds words in one', () => {
    const { rules } = evaluateCalls([
      call('often', 'I am so frustrated. Really frustrated!', { mood: 'negative' }),
      call('missed', 'I hate this.', { mood: 'negative' }),
      call('needless', 'I am furious.'),
    ])
    expect(rules.filter(({ metric }) => metric === 'negative')).toMatchObject([
      {
        rule: 'negative.anger',
        labelled: 2,
        found: 2,
        right: 1,
        precision: { value: 1 / 2 },
        recall: { value: 1 / 2 },
      },
      { rule: 'negative.word', labelled: 2, found: 1, right: 1, precision: { value: 1 }, recall: { value: 1 / 2 } },
    ])
  })

  it('has no score where there is nothing to score', () => {
    const { mood, conversion, upsells, spans } = evaluateCalls([])
    expect([mood.accuracy.value, conversion.macroF1.value, upsells.f1.value, spans]).toEqual([null, null, null, null])
  })

  it('gives F1 the interval of the share that it rises with', () => {
    const pairs = [
      ...Array.from({ length: 8 }, () => ['a', 'a'] as const),
      ...([
        ['a', 'b'],
        ['b', 'a'],
      ] as const),
      ...Array.from({ length: 10 }, () => ['b', 'b'] as const),
    ]
    const [a] = confusionOf(['a', 'b'], pairs).classes
    const precision = 8 / 9
    expect(a?.f1.value).toBeCloseTo((2 * precision * precision) / (precision + precision))
    expect(a?.f1.interval?.low).toBeLessThan(a?.f1.value ?? 0)
    expect(a?.f1.interval?.high).toBeGreaterThan(a?.f1.value ?? 1)
  })
})
