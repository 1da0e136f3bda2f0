/**
 * Orders a delta's changes by one of its columns (D21).
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import type { Column, OpaqueColumn, TextColumn } from '../../../table/column.ts'
import { countUp } from '../../../table/take.ts'
import { codedText } from '../../../table/utf8.ts'
import { SAMPLE_SIZE } from '../delta-summary.ts'
import type { WhereIsRow } from './actions.ts'
import { rankTexts, type SequenceKind, sequenceKind } from './sequence-text.ts'

type Comparable = number | bigint

function cannotOrder(column: Column, name: string): DeltaError {
  return new DeltaError(
    'invalid_option',
    `option sequenceBy names column "${name}", which holds ${column.kind}; name a column of numbers, moments, days or text`,
    { details: { option: 'sequenceBy', column: name, kind: column.kind } },
  )
}

/** The names of the kinds in messages. */
const NAMES = {
  timestamp: 'a timestamp',
  day: 'a day',
  number: 'a number',
  text: 'other text',
  unreadable: 'a date that is not ISO 8601',
} satisfies Record<SequenceKind, string>

/**
 * Throws where rows are of several kinds, or dates cannot be read. `kinds` has one entry per row.
 */
function refuseKinds(kinds: readonly string[], name: string, where: WhereIsRow): void {
  const [first] = kinds
  const other = kinds.findIndex((kind) => kind !== first)
  const unreadable = kinds.indexOf(NAMES.unreadable)
  const bad = unreadable >= 0 ? unreadable : other
  if (bad < 0) return
  const found = kinds[bad] as string
  const rows: number[] = []
  for (let row = 0; row < kinds.length && rows.length < SAMPLE_SIZE; row++) if (kinds[row] === found) rows.push(row + 1)
  const why =
    bad === unreadable
      ? `${found}, so sequenceBy cannot order it; write it as 2025-01-31T14:30:00Z`
      : `${found}, but ${where(0)} holds ${first}; sequenceBy orders values of one kind: write all of them as timestamps, or all as numbers`
  throw new DeltaError('type_mismatch', `${where(bad)}: column "${name}" holds ${why}`, {
    details: { column: name, expected: bad === unreadable ? NAMES.timestamp : first, found, rows },
  })
}

/**
 * Returns the rank of each row's text, compared as what the text represents: an instant, a day, a
 * number or text.
 */
function textRanks(column: TextColumn, name: string, where: WhereIsRow): Int32Array {
  const { codes, values } = codedText(column)
  const codeOf = new Int32Array(values.length).fill(-1)
  const used: string[] = []
  // unused entries do not count
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (codeOf[code] !== -1) continue
    codeOf[code] = used.length
    used.push(values[code] as string)
  }
  const kinds = used.map(sequenceKind)
  const [kind = 'text'] = kinds
  if (kind === 'unreadable' || kinds.some((other) => other !== kind)) {
    const kindOf = (code: number) => kinds[codeOf[code] as number] as SequenceKind
    refuseKinds(
      Array.from(codes, (code) => NAMES[kindOf(code)]),
      name,
      where,
    )
  }
  const ranks = rankTexts(used, kind)
  return codes.map((code) => ranks[codeOf[code] as number] as number)
}

function plainKind(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return NAMES.number
  if (typeof value === 'string') return 'text'
  return Object.prototype.toString.call(value) === '[object Date]' ? 'a Date' : `a value of type ${typeof value}`
}

/**
 * Returns plain values of several types as comparable numbers. Only numbers and bigints have a
 * common order.
 */
function plainNumbers(column: OpaqueColumn, name: string, where: WhereIsRow): readonly Comparable[] {
  if (column.origin !== null) throw cannotOrder(column, name)
  const kinds = column.values.map(plainKind)
  refuseKinds(kinds, name, where)
  if (kinds[0] !== NAMES.number) throw cannotOrder(column, name)
  // all of them are numbers or bigints
  return column.values as readonly Comparable[]
}

function comparableValues(column: Column, name: string, where: WhereIsRow): ArrayLike<Comparable> {
  switch (column.kind) {
    case 'text':
      return textRanks(column, name, where)
    case 'opaque':
      return plainNumbers(column, name, where)
    case 'boolean':
    case 'null':
      throw cannotOrder(column, name)
    default:
      return column.values
  }
}

function checkSequence(column: Column, name: string, where: WhereIsRow): void {
  const rows: number[] = []
  for (let row = 0; row < column.length && rows.length < SAMPLE_SIZE; row++) {
    if (column.isNull(row) || Number.isNaN(column.at(row))) rows.push(row)
  }
  const [first] = rows
  if (first === undefined) return
  throw new DeltaError(
    'null_sequence',
    `${where(first)}: column "${name}" is null, but sequenceBy orders the changes by it; give every row a value`,
    { details: { column: name, rows: rows.map((row) => row + 1) } },
  )
}

/** The rows in order of a sequence, and the rank of each. Tied rows share a rank. */
export interface DeltaSequence {
  /** null where the rows are in order already. */
  readonly order: Int32Array | null
  readonly ranks: Int32Array
}

/**
 * Returns the delta's rows ordered by its sequence column, lowest first; tied rows keep their
 * order. Timestamp text is compared as instants, number text as numbers, any other text by code
 * units.
 * @throws DeltaError null_sequence - a row has no value; type_mismatch - the values are of several
 * kinds, or dates that are not ISO 8601; invalid_option - the column cannot be ordered
 */
export function sequenceRows(column: Column, name: string, where: WhereIsRow): DeltaSequence {
  const { length } = column
  if (length > 0) checkSequence(column, name, where)
  const values = length > 0 ? comparableValues(column, name, where) : []
  const at = (row: number) => values[row] as Comparable
  let isSorted = true
  for (let row = 1; row < length && isSorted; row++) isSorted = at(row - 1) <= at(row)
  const order = countUp(length)
  if (!isSorted) order.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b))
  const ranks = new Int32Array(length)
  let rank = 0
  for (let i = 1; i < length; i++) {
    if (at(order[i - 1] as number) !== at(order[i] as number)) rank++
    ranks[i] = rank
  }
  return { order: isSorted ? null : order, ranks }
}
