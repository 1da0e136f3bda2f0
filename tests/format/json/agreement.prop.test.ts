import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { jsonFrame } from '../../../src/format/json/read.ts'
import type { Frame } from '../../../src/table/frame.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 2000)

const rowsOf = ({ rows, columns }: Frame) =>
  Array.from({ length: rows }, (_, row) => {
    const cells = Array.from(columns, ([name, column]) => [name, column.at(row)] as const)
    return Object.fromEntries(cells.filter(([, value]) => value !== null))
  })

/** A row as JSON.parse has it: names whose value is null are as good as missing. */
function plainRow(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}

/** Whether a number says what its text said: finite, and the same digits. */
function keepsDigits(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const digits = (text: string) =>
    text
      .replace(/[eE].*/, '')
      .replace(/[-.]/g, '')
      .replace(/^0+|0+$/g, '')
  return digits(source) === digits(String(value))
}

/** What JSON.parse makes of a document, or `refused`; where the two may differ on purpose, `other`. */
function authority(text: string): object[] | 'refused' | 'other' {
  let isOther = false
  let parsed: unknown
  try {
    parsed = JSON.parse(text, (name, value, context?: { source?: string }) => {
      const source = context?.source ?? ''
      // the reader keeps what JSON.parse rounds
      if (typeof value === 'number' && !(Number.isSafeInteger(value) || /[.eE]/.test(source))) isOther = true
      if (typeof value === 'number' && !keepsDigits(source, value)) isOther = true
      // half a surrogate pair has no bytes
      if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) isOther = true
      return value
    })
  } catch {
    return 'refused'
  }
  if (isOther) return 'other'
  if (!Array.isArray(parsed)) return 'refused'
  if (!parsed.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))) return 'refused'
  return parsed.map(plainRow)
}

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('NaN', '-Infinity', '', 'é', '\\', '"'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
)
const document = fc
  .array(fc.dictionary(fc.constantFrom('a', 'b', 'ü', '__proto__', ''), cell, { maxKeys: 3 }), { maxLength: 4 })
  .chain((rows) => fc.constantFrom(undefined, 1).map((indent) => JSON.stringify(rows, null, indent)))

/** The document with a few characters changed, lost or doubled. */
const damaged = fc
  .tuple(
    document,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...'{}[]:,"\\0-.eEtfn 1u\n\u0001')), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [place, letter]) => {
      const at = place % (edited.length + 1)
      return edited.slice(0, at) + letter + edited.slice(at + (place % 2))
    }, text),
  )

function read(text: string): unknown {
  try {
    return rowsOf(jsonFrame(new TextEncoder().encode(text)).frame)
  } catch (error) {
    expect(error).toMatchObject({ name: 'FormatError' })
    return error
  }
}

describe('jsonFrame and JSON.parse', () => {
  test.prop([document], { numRuns })('agree on what every sound document says', (text) => {
    const expected = authority(text)
    fc.pre(expected !== 'other')
    // a column of numbers reads the words for numbers too
    fc.pre(!/"(NaN|-?Infinity)"/.test(text))
    expect(read(text)).toEqual(expected)
  })

  test.prop([damaged], { numRuns })('agree on which damaged documents are none', (text) => {
    const expected = authority(text)
    fc.pre(expected !== 'other' && !/"(NaN|-?Infinity)"/.test(text))
    const actual = read(text)
    if (expected === 'refused') expect(actual).toBeInstanceOf(Error)
    // JSON.parse takes the last of two equal names
    else if (!(actual instanceof Error && /a name that occurs only once/.test(actual.message)))
      expect(actual).toEqual(expected)
  })
})
