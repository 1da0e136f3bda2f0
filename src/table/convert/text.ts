/**
 * Text to columns of other kinds, parsed once per distinct value where it is dictionary-coded.
 * @module
 */

import { BigIntColumn, type Column, DictionaryColumn, type TextColumn, type Utf8Column } from '../column.ts'
import { takeColumn } from '../take.ts'
import { codedText, plainText } from '../utf8.ts'
import { buildBooleans, buildDays, buildNumbers, buildTimestamps, type Misfits } from './build-cells.ts'
import { isNumberKind, nullsOf, type Target } from './column-form.ts'
import { instantToDay, parseBigInt, parseBoolean, parseNumber, type Strictness } from './parse-cells.ts'
import { instantParser, timestampBytes } from './text-instants.ts'

type TextAt = (row: number) => string | null

function buildBigInts(misfits: Misfits, kind: 'int64' | 'uint64', textAt: TextAt, strictness: Strictness): Column {
  const values = kind === 'int64' ? new BigInt64Array(misfits.length) : new BigUint64Array(misfits.length)
  const valid = new Uint8Array(misfits.length)
  for (let row = 0; row < misfits.length; row++) {
    const text = textAt(row)
    if (text === null) continue
    const value = parseBigInt(text, kind, strictness)
    if (value === null) misfits[row] = 1
    else {
      values[row] = value
      valid[row] = 1
    }
  }
  return new BigIntColumn(kind, values, valid.includes(0) ? valid : null)
}

function parseTexts(misfits: Misfits, textAt: TextAt, target: Target, strictness: Strictness): Column {
  const { kind } = target
  /** Returns a function that parses a row's text, undefined where it is null. */
  const cell =
    <Value>(parse: (text: string) => Value) =>
    (row: number) => {
      const text = textAt(row)
      return text === null ? undefined : parse(text)
    }
  if (isNumberKind(kind)) {
    const narrow = kind === 'float32' ? Math.fround : (value: number) => value
    const parse = (text: string) => {
      const value = parseNumber(text, narrow, strictness)
      return Number.isNaN(value) ? null : value
    }
    return buildNumbers(misfits, kind, cell(parse))
  }
  switch (kind) {
    case 'int64':
    case 'uint64':
      return buildBigInts(misfits, kind, textAt, strictness)
    case 'boolean':
      return buildBooleans(
        misfits,
        cell((text) => parseBoolean(text, strictness)),
      )
    default:
      for (let row = 0; row < misfits.length; row++) if (textAt(row) !== null) misfits[row] = 1
      return nullsOf(target, misfits.length)
  }
}

function parseTimestamps(misfits: Misfits, column: Utf8Column, target: Target, strictness: Strictness): Column {
  const instantAt = instantParser(column, target, strictness)
  if (target.kind === 'timestamp') return buildTimestamps(misfits, target, instantAt)
  return buildDays(misfits, (row) => {
    const instant = instantAt(row)
    return instant && instantToDay(instant)
  })
}

/** Returns the dictionary with lone surrogates removed; the rows of such entries become misfits. */
function wellFormed(column: DictionaryColumn, misfits: Misfits): DictionaryColumn {
  const { codes, values } = column
  if (values.every((value) => value.isWellFormed())) return column
  const isBad = values.map((value) => !value.isWellFormed())
  const kept = codes.map((code, row) => {
    if (code < 0 || !isBad[code]) return code
    misfits[row] = 1
    return -1
  })
  return new DictionaryColumn(
    kept,
    values.map((value, code) => (isBad[code] ? '' : value)),
  )
}

/** Returns the text in the wanted kind or encoding, and marks the rows that do not fit. */
export function convertText(column: TextColumn, target: Target, strictness: Strictness, misfits: Misfits): Column {
  if (target.kind === 'text') {
    if (target.encoding !== 'plain') return codedText(column)
    return plainText(column.encoding === 'plain' ? column : wellFormed(column, misfits))
  }
  const isInstant = target.kind === 'timestamp' || target.kind === 'date'
  if (column.encoding === 'plain') {
    if (isInstant) return parseTimestamps(misfits, column, target, strictness)
    return parseTexts(misfits, (row) => column.at(row), target, strictness)
  }
  const { codes, values } = column
  const entries = new Uint8Array(values.length)
  const parsed = isInstant
    ? parseTimestamps(entries, timestampBytes(values), target, strictness)
    : parseTexts(entries, (code) => values[code] ?? null, target, strictness)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code >= 0) misfits[row] = entries[code] as number
  }
  return takeColumn(parsed, codes)
}
