import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanRows } from '../../../../src/systems/transcripts/clean/clean-rows.ts'
import { analyseTranscript } from '../../../../src/systems/transcripts/figures/analysis/analyse-transcript.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'

const CALLS = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', 'transcripts')

interface Call {
  readonly call_id: string
  readonly agent_name: string
  readonly timestamp: string
  readonly transcript_text: string
}

const classic = (text: string) => analyseTranscript(text, { profile: 'classic' })

describe.skipIf(!existsSync(CALLS))(
  'the profile classic on 150 real calls (skipped where ../shared/data is not there)',
  () => {
    const calls = existsSync(CALLS)
      ? readdirSync(CALLS).map((name): Call => JSON.parse(readFileSync(join(CALLS, name), 'utf8')))
      : []
    const column = (name: keyof Call) => [name, encodeTexts(calls.map((call) => call[name]))] as const
    const given = () =>
      frameOf([column('call_id'), column('agent_name'), column('timestamp'), column('transcript_text')])

    it('finds the conversions, upsells and moods of the original program', () => {
      const found = calls.map(({ transcript_text }) => classic(transcript_text))
      const upsells = found.flatMap(({ upsells }) => upsells)
      const moods = (label: string) => found.filter(({ mood }) => mood.label === label).length
      expect(found.filter(({ conversion }) => conversion.isConversion).length).toBe(31)
      expect(upsells.map(({ amountCents }) => amountCents)).toEqual([7500, 10_000])
      expect([moods('positive'), moods('neutral'), moods('negative')]).toEqual([132, 16, 2])
    })

    it.each(['classic', 'default'] as const)('has calls of 48 to 82 seconds, 64.5 in the mean: %s', (profile) => {
      const { frame, issues } = cleanRows(given(), { profile })
      const seconds = [...(frame.columns.get('call_duration_seconds') ?? [])].map(Number)
      expect(issues).toEqual([])
      expect([Math.min(...seconds), Math.max(...seconds)]).toEqual([48, 82])
      expect((seconds.reduce((sum, one) => sum + one, 0) / seconds.length).toFixed(1)).toBe('64.5')
    })
  },
)

describe('the profile classic', () => {
  it('takes the match that begins first, and of two parts the last second one', () => {
    const { conversion } = classic('Customer: Yes, book it. I want to book it again, go ahead.')
    expect(conversion.phrase).toBe('yes, book it. i want to book')
    expect(conversion.confidence).toBeCloseTo(0.7 + (0.3 * 10) / 58)
  })

  it('cuts a phrase after 255 units, and never through a character', () => {
    const { conversion } = classic(`Customer: yes ${'\u{1f600}'.repeat(150)} book`)
    expect(conversion.phrase?.length).toBe(254)
    expect(conversion.phrase?.isWellFormed()).toBe(true)
  })

  it('takes the first number near an upsell, and names the matched words', () => {
    const { upsells } = classic('Agent: Call 555 to add the Premium   plan for $1,200.50.')
    expect(upsells.map(({ product, amountCents }) => [product, amountCents])).toEqual([['Add The', 55_500]])
    expect(classic('Agent: The premium plan.').upsells).toEqual([])
  })

  it('knows no contracted negator, and calls twenty words sure', () => {
    expect(classic("I don't love it").mood.label).toBe('positive')
    expect(classic('not so happy').mood.label).toBe('negative')
    expect(classic('great '.repeat(25)).mood.confidence).toBe(1)
    expect(classic('great bad').mood).toMatchObject({ label: 'neutral', score: 0, confidence: 0.1 })
  })
})
