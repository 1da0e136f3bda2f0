import { describe, expect, it } from 'vitest'
import { cleanRows } from '../../../../src/systems/transcripts/clean/clean-rows.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'

type Given = readonly [name: string | null, timestamp: string | null, text: string | null]

function bronze(...rows: readonly Given[]): Frame {
  return frameOf([
    ['call_id', encodeTexts(rows.map((_, at) => `C${at + 1}`))],
    ['agent_name', encodeTexts(rows.map(([name]) => name))],
    ['timestamp', encodeTexts(rows.map(([, timestamp]) => timestamp))],
    ['transcript_text', encodeTexts(rows.map(([, , text]) => text))],
  ])
}

const columnOf = (frame: Frame, name: string) => [...(frame.columns.get(name) ?? [])]
const TIME = '2025-03-01T10:00:00'

describe('cleanRows', () => {
  it('spells names and text in one way, and counts length and seconds', () => {
    const { frame } = cleanRows(
      bronze(['  jean-luc  o’brien ', TIME, 'Agent:\u200b  It’s  \u0007 “fine”\r\n\n customer: ok ']),
    )
    expect(columnOf(frame, 'agent_name')).toEqual(["Jean-Luc O'Brien"])
    expect(columnOf(frame, 'transcript_text')).toEqual(['Agent: It\'s "fine"\ncustomer: ok'])
    expect(columnOf(frame, 'transcript_length')).toEqual([31])
    expect(columnOf(frame, 'call_duration_seconds')).toEqual([2])
  })

  it('keeps names in both cases, and calls nobody Unknown Agent', () => {
    const names = ['McDonald', 'MCDONALD', "o'brien", 'DeShawn van Dyk', 'ludwig van beethoven', ' - ', '']
    const { frame } = cleanRows(bronze(...names.map((name): Given => [name, TIME, 'x'])))
    expect(columnOf(frame, 'agent_name')).toEqual([
      ...[
        'McDonald',
        'McDonald',
        "O'Brien",
        'DeShawn van Dyk',
        'Ludwig van Beethoven',
        'Unknown Agent',
        'Unknown Agent',
      ],
    ])
  })

  it('reads timestamps with any offset as UTC, to the microsecond', () => {
    const { frame } = cleanRows(bronze(['A', '2025-03-01T10:00:00.123456+05:30', 'x'], ['A', TIME, 'x']))
    const times = frame.columns.get('call_timestamp') as unknown as { values: Float64Array }
    expect([...times.values]).toEqual([1740803400123456, 1740823200000000])
  })

  it('refuses rows with a reason, and keeps the place of the others', () => {
    const { frame, parents, issues } = cleanRows(
      bronze([null, TIME, 'x'], ['A', '2025-02-30T10:00:00', ' \n'], ['A', TIME, 'x'], ['A', null, null]),
    )
    expect([columnOf(frame, 'call_id'), [...parents]]).toEqual([['C3'], [2]])
    expect(issues.map(({ row, code, column, found }) => [row, code, column, found])).toEqual([
      [0, 'null_value', 'agent_name', null],
      [1, 'timestamp_invalid', 'timestamp', '2025-02-30T10:00:00'],
      [1, 'null_value', 'transcript_text', null],
      [3, 'null_value', 'timestamp', null],
      [3, 'null_value', 'transcript_text', null],
    ])
  })

  it('cleans as the original does in the profile classic', () => {
    const given = bronze(["mcdonald o'brien", TIME, ' Agent:\n It’s\u0007'], ['A', `${TIME}Z`, 'x'])
    const { frame, issues } = cleanRows(given, { profile: 'classic' })
    expect(columnOf(frame, 'agent_name')).toEqual(["Mcdonald O'brien"])
    expect(columnOf(frame, 'transcript_text')).toEqual(['Agent: It’s'])
    expect(issues.map(({ row, code }) => [row, code])).toEqual([[1, 'timestamp_invalid']])
  })

  it('masks personal details where it is asked to, and counts them', () => {
    const { frame, masked } = cleanRows(bronze(['A', TIME, 'Customer: 4111 1111 1111 1111, ann@example.com']), {
      personalDetails: 'mask',
    })
    expect(columnOf(frame, 'transcript_text')).toEqual(['Customer: [card], [email]'])
    expect(masked).toEqual({ card: 1, phone: 0, email: 1, account: 0 })
  })
})
