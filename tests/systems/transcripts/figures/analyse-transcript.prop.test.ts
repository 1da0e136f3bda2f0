import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { transcriptText } from '../../../../src/systems/transcripts/clean/transcript-text.ts'
import { analyseTranscript } from '../../../../src/systems/transcripts/figures/analysis/analyse-transcript.ts'
import {
  evidenceRows,
  findingRows,
  upsellRows,
} from '../../../../src/systems/transcripts/figures/analysis/finding-rows.ts'
import {
  evidenceFromText,
  findingsToText,
  upsellsFromText,
} from '../../../../src/systems/transcripts/figures/analysis/finding-text.ts'
import { parseTurns } from '../../../../src/systems/transcripts/figures/turns.ts'
import { NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { takeRows } from '../../../../src/table/take.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'

const words = fc.oneof(
  fc.constantFrom(
    ...[
      'Would you like the extended warranty for $29.99?',
      'Shall I?',
      "It's $12 a month.",
      'Anything else?',
      'Goodbye.',
    ],
    ...[
      'Yes please.',
      "No, I don't need that.",
      'Scratch that.',
      "I'll think about it.",
      'Both!',
      'Sign me up.',
      'Okay.',
    ],
    ...[
      "I'm so frustrated!",
      'You have been wonderful.',
      "It isn't terrible",
      'Oh great,',
      'thanks',
      'twenty five dollars',
    ],
    ...[
      'the sports pack',
      'and the lounge pass for $39',
      '4111 1111 1111 1111',
      '’',
      '\u200b',
      '\n',
      '😀',
      'é',
      ':',
      '(',
      '$',
    ],
  ),
  fc.string({ maxLength: 6 }),
)
const turn = fc
  .tuple(fc.constantFrom('Agent: ', 'Customer: ', 'CALLER:', '\nrep (Ann): ', ''), fc.array(words, { maxLength: 5 }))
  .map(([label, said]) => label + said.join(' '))
const transcript = fc.array(turn, { maxLength: 8 }).map((turns) => turns.join(' ').toWellFormed())
const profile = fc.constantFrom('default' as const, 'classic' as const)

describe('a transcript', () => {
  test.prop([transcript])('has turns in order, whose words stand where they say', (text) => {
    let end = 0
    for (const { offset, text: said } of parseTurns(text)) {
      expect(offset).toBeGreaterThanOrEqual(end)
      expect(text.slice(offset, offset + said.length)).toBe(said)
      expect(said.trim()).toBe(said)
      end = offset + said.length
    }
  })

  test.prop([transcript, profile])('has evidence in order, of the very words and of who says them', (text, profile) => {
    const { evidence, upsells, mood, conversion } = analyseTranscript(text, { profile })
    const turns = parseTurns(text)
    let last = 0
    for (const { offset, text: found, speaker } of evidence) {
      expect(offset).toBeGreaterThanOrEqual(last)
      expect(text.slice(offset, offset + found.length)).toBe(found)
      last = offset
      const own = turns.find((one) => one.offset <= offset && offset < one.offset + one.text.length)
      if (profile === 'default') expect(own?.speaker).toBe(speaker)
    }
    const count = (metric: string) => evidence.filter((one) => one.metric === metric).length
    expect([count('positive'), count('negative')]).toEqual([mood.positiveCount, mood.negativeCount])
    expect(conversion.isConversion).toBe(count('conversion') > 0)
    expect(count('upsell')).toBe(upsells.length)
    expect(conversion.phrase?.isWellFormed() ?? true).toBe(true)
    expect(mood.confidence).toBeGreaterThanOrEqual(0)
    expect(mood.confidence).toBeLessThanOrEqual(1)
    for (const { amountCents } of upsells) expect(Number.isSafeInteger(amountCents ?? 0)).toBe(true)
  })

  test.prop([transcript, transcript])('is read alike, whatever was read before it', (first, second) => {
    const alone = analyseTranscript(second)
    analyseTranscript(first)
    expect(analyseTranscript(second)).toEqual(alone)
  })

  test.prop([transcript])('is clean once it was cleaned', (text) => {
    const clean = transcriptText(text)
    expect(transcriptText(clean)).toBe(clean)
    expect(clean).not.toMatch(/(?!\n)[\p{Cc}\u200b\ufeff’]| {2}/u)
  })

  test.prop([transcript])('keeps its findings as text', (text) => {
    const { evidence, upsells, scorecard, talk } = analyseTranscript(text)
    const stored = findingsToText({ evidence, upsells, scorecard, talk })
    expect(evidenceFromText(stored)).toEqual(evidence)
    expect(upsellsFromText(stored)).toEqual(upsells)
    const { talk: counts, scorecard: marks } = JSON.parse(stored)
    expect(counts).toEqual([talk.agentTurns, talk.customerTurns, talk.agentWords, talk.customerWords])
    expect(marks).toEqual(Object.fromEntries(scorecard.map(({ criterion, isMet }) => [criterion, Number(isMet)])))
  })

  test.prop([fc.array(transcript, { minLength: 1, maxLength: 6 })])(
    'is one row, whatever rows stand beside it',
    (texts) => {
      // lone halves of characters cannot be stored: cleaning has refused them
      const stored = texts.map((text) => transcriptText(text).toWellFormed())
      const records: Frame = frameOf([
        ['call_id', encodeTexts(stored.map((_, at) => `C${at}`))],
        ['agent_name', encodeTexts(stored.map(() => 'Ann'))],
        ['call_timestamp', new TimestampColumn(new Float64Array(stored.length), { unit: 'us' })],
        ['transcript_text', encodeTexts(stored)],
        [
          'transcript_length',
          new NumberColumn(
            'int32',
            Int32Array.from(stored, ({ length }) => length),
          ),
        ],
        ['call_duration_seconds', new NumberColumn('int32', new Int32Array(stored.length))],
      ])
      const cells = ({ rows, columns }: Frame) =>
        Array.from({ length: rows }, (_, row) => Array.from(columns.values(), (column) => column.at(row)))
      const all = findingRows(records).frame
      const each = stored.map((_, row) => findingRows(takeRows(records, Int32Array.of(row))).frame)
      expect(cells(all)).toEqual(each.flatMap(cells))
      expect(cells(evidenceRows(all))).toEqual(each.flatMap((frame) => cells(evidenceRows(frame))))
      expect(cells(upsellRows(all))).toEqual(each.flatMap((frame) => cells(upsellRows(frame))))
    },
  )
})
