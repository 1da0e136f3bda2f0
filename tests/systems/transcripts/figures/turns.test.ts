import { describe, expect, it } from 'vitest'
import { parseTurns } from '../../../../src/systems/transcripts/figures/turns.ts'

const speakers = (text: string) => parseTurns(text).map(({ speaker, text }) => [speaker, text])

describe('parseTurns', () => {
  it('gives each turn its speaker and the place of its words', () => {
    const text = 'Agent: Hello.  Customer:  My line is down. '
    for (const { offset, text: words } of parseTurns(text)) expect(text.startsWith(words, offset)).toBe(true)
    expect(speakers(text)).toEqual([
      ['agent', 'Hello.'],
      ['customer', 'My line is down.'],
    ])
  })

  it('knows labels in capitals, with a name in brackets, and by other words', () => {
    expect(speakers('REP: Hi. Caller 2: Hello. Agent (Ann): Yes? CLIENT: No.')).toEqual([
      ['agent', 'Hi.'],
      ['customer', 'Hello.'],
      ['agent', 'Yes?'],
      ['customer', 'No.'],
    ])
  })

  it('takes a small label at the start of a line or sentence, and nowhere else', () => {
    expect(speakers('agent: hi\ncustomer: I told your agent: no way')).toEqual([
      ['agent', 'hi'],
      ['customer', 'I told your agent: no way'],
    ])
  })

  it('takes small labels anywhere where the transcript has no sentences', () => {
    expect(speakers('agent: hi how can i help customer: my line is down agent: ok')).toEqual([
      ['agent', 'hi how can i help'],
      ['customer', 'my line is down'],
      ['agent', 'ok'],
    ])
  })

  it('knows labels in bold', () => {
    const text = '**Agent:** Hello.\n\n**Customer:** *My* line is down.'
    for (const { offset, text: words } of parseTurns(text)) expect(text.startsWith(words, offset)).toBe(true)
    expect(speakers(text)).toEqual([
      ['agent', 'Hello.'],
      ['customer', 'My* line is down.'],
    ])
  })

  it('needs the whole word of a label, however it is joined to what is before it', () => {
    const joined = ["it's-Agent: a", 'x_Agent: a', 'éAgent: a', 'myAgent: a', `${'a'.repeat(12)}Agent: a`, "'Agent: a"]
    for (const text of joined) expect(speakers(text), text).toEqual([['unknown', text]])
    expect(speakers(`${'a'.repeat(80)} Agent: a`)).toEqual([
      ['unknown', 'a'.repeat(80)],
      ['agent', 'a'],
    ])
    expect(speakers('Hi.\tAgent: a')).toEqual([
      ['unknown', 'Hi.'],
      ['agent', 'a'],
    ])
  })

  it('leaves colons of times, addresses and other words alone', () => {
    expect(speakers('Customer: It was 10:30, see http://x.example, note: my-Agent: no')).toEqual([
      ['customer', 'It was 10:30, see http://x.example, note: my-Agent: no'],
    ])
  })

  it('calls words before the first label unknown, and leaves empty turns out', () => {
    expect(speakers('Recorded line. Agent: Customer: Hi')).toEqual([
      ['unknown', 'Recorded line.'],
      ['customer', 'Hi'],
    ])
    expect(parseTurns('')).toEqual([])
  })

  it('names as a label no member that every object has', () => {
    expect(speakers('constructor: a. Customer: b')).toEqual([
      ['unknown', 'constructor: a.'],
      ['customer', 'b'],
    ])
  })
})
