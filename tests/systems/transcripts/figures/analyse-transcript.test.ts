import { describe, expect, it } from 'vitest'
import { analyseTranscript } from '../../../../src/systems/transcripts/figures/analysis/analyse-transcript.ts'

/** Turns of agent and customer, one after the other. */
const call = (...turns: readonly string[]) =>
  turns.map((words, at) => `${at % 2 === 0 ? 'Agent' : 'Customer'}: ${words}`).join(' ')

const moodOf = (...turns: readonly string[]) => analyseTranscript(call('Hello.', ...turns)).mood.label
const sold = (...turns: readonly string[]) => {
  const { conversion, upsells } = analyseTranscript(call(...turns))
  return [
    conversion.isConversion,
    ...upsells.map(({ product, amountCents, isAccepted }) => [product, amountCents, isAccepted]),
  ]
}

const OFFER = 'Would you like the extended warranty for $29.99?'

describe('analyseTranscript: mood', () => {
  it('hears the customer, not the courtesies of the agent', () => {
    expect(analyseTranscript(call("Great, wonderful, I'm happy to help!", 'My number is 12.')).mood.label).toBe(
      'neutral',
    )
    expect(analyseTranscript(call('This is terrible, I am so sorry.', 'My number is 12.')).mood.label).toBe('neutral')
  })

  it('turns a mood with negators, contracted or curly ones too', () => {
    expect(moodOf("I'm very happy with it.")).toBe('positive')
    expect(moodOf("I'm not happy with it.")).toBe('negative')
    expect(moodOf('I wasn’t impressed.')).toBe('negative')
    expect(moodOf("It isn't terrible.")).toBe('neutral')
    expect(moodOf("I couldn't be happier!")).toBe('positive')
  })

  it('takes politeness and the names of days for no mood', () => {
    expect(moodOf('Good morning, is there a problem with my line?')).toBe('neutral')
    expect(moodOf('No problem. Have a great day, thanks, goodbye.')).toBe('neutral')
  })

  it('hears sarcasm', () => {
    expect(moodOf('Oh great, another outage. Thanks for nothing.')).toBe('negative')
  })

  it('counts what is said, and gives the mean of it as score', () => {
    const { mood } = analyseTranscript(
      call('Hi.', 'This is ridiculous. Terrible experience.', 'Fixed.', 'Excellent service.'),
    )
    expect([mood.positiveCount, mood.negativeCount, mood.score]).toEqual([1, 2, (1 - 2) / 3])
    expect(analyseTranscript(call('Hi.', 'Bye.')).mood).toEqual({
      ...{ label: 'neutral', score: 0, confidence: 0.5, positiveCount: 0, negativeCount: 0 },
    })
  })
})

describe('analyseTranscript: deals', () => {
  it('needs an offer for a yes, and a commitment needs none', () => {
    expect(sold('Is your router white?', 'Yes.')).toEqual([false])
    expect(sold(OFFER, 'Yes.')).toEqual([true, ['extended warranty', 2999, true]])
    expect(sold('How can I help?', 'Sign me up.')).toEqual([true])
  })

  it('takes no question, no hedge and no refusal for a yes', () => {
    for (const answer of [
      'Can I add it later?',
      "Don't sign me up.",
      'If I upgraded, what then?',
      'I might take it.',
    ]) {
      expect(sold(OFFER, answer)[0], answer).toBe(false)
    }
    expect(sold(OFFER, 'No, thanks.')).toEqual([false, ['extended warranty', 2999, false]])
    expect(sold(OFFER, "I'll think about it.")).toEqual([false, ['extended warranty', 2999, false]])
  })

  it('lets the last statement win', () => {
    expect(sold(OFFER, "No. Well, hang on. Okay, let's add it.")).toEqual([true, ['extended warranty', 2999, true]])
    expect(sold(OFFER, 'Yes. Actually no, scratch that.')).toEqual([false, ['extended warranty', 2999, false]])
    expect(sold(OFFER, 'Yes.', 'Added.', 'On second thought, forget it.')[0]).toBe(false)
  })

  it('keeps what was sold when the customer has nothing else to ask', () => {
    expect(sold(OFFER, 'Yes.', 'Anything else?', "No, that's it.")).toEqual([true, ['extended warranty', 2999, true]])
  })

  it('waits two turns for an answer', () => {
    expect(sold(OFFER, 'Does it cover spills?', 'It does.', 'Okay, do it.')[0]).toBe(true)
    expect(sold(OFFER, 'Hm.', 'It covers spills.', 'Ah.', 'My name is Ann.', 'Okay.')[0]).toBe(false)
  })

  it('finds each of several products with its own price, and only those that are taken', () => {
    const offer = 'For your trip, the travel insurance is $12 and the lounge pass is $39.'
    expect(sold(offer, 'Both, please.')).toEqual([true, ['travel insurance', 1200, true], ['lounge pass', 3900, true]])
    expect(sold(offer, "I'll take the lounge pass.")).toEqual([true, ['lounge pass', 3900, true]])
  })

  it('takes as a price neither a phone number nor a discount nor what it cost before', () => {
    const offer = 'Call us at 800-555-0199. The sports pack is normally $20, with $5 off it is $15. Shall I add it?'
    expect(sold(offer, 'Yes.')).toEqual([true, ['sports pack', 1500, true]])
    expect(sold('Order 4417 has shipped. The sports pack is seven dollars, shall I add it?', 'Sure.')).toEqual([
      ...[true, ['sports pack', 700, true]],
    ])
  })

  it('names products without verbs, and takes those that the customer asks for', () => {
    expect(sold('I also have some additional options.', 'Include the premium support for $75.')).toEqual([
      ...[true, ['premium support', 7500, true]],
    ])
  })
})

describe('analyseTranscript: evidence', () => {
  const text = call(
    'Good morning, this is Ann. How can I help?',
    "I'm really frustrated, the line is down.",
    `I'm so sorry to hear that. ${OFFER}`,
    'Fine, add it. Thank you so much, you have been wonderful.',
    'Have a nice day!',
  )

  it('names rule, speaker and the very words, in order of the text', () => {
    const { evidence } = analyseTranscript(text)
    expect(evidence.map(({ offset }) => offset)).toEqual(evidence.map(({ offset }) => offset).sort((a, b) => a - b))
    for (const { offset, text: words } of evidence) expect(text.slice(offset, offset + words.length)).toBe(words)
    expect(new Set(evidence.map(({ metric }) => metric))).toEqual(
      new Set(['scorecard', 'negative', 'upsell', 'conversion', 'positive']),
    )
  })

  it('fills in the scorecard, and who speaks how much', () => {
    const { scorecard, talk } = analyseTranscript(text)
    expect(scorecard.filter(({ isMet }) => isMet).map(({ criterion }) => criterion)).toEqual([
      ...['greeting', 'identification', 'empathy', 'offer', 'closing'],
    ])
    expect([talk.agentTurns, talk.customerTurns]).toEqual([3, 2])
    expect(analyseTranscript('').talk.agentShare).toBeNull()
  })

  it('says nothing about words without a speaker', () => {
    const { conversion, mood, evidence } = analyseTranscript('Sign me up, this is terrible.')
    expect([conversion.isConversion, mood.label, evidence]).toEqual([false, 'neutral', []])
  })
})
