/**
 * Looks up a fact's references in a dimension, by codes or by key bytes.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import { type Column, DictionaryColumn } from '../table/column.ts'
import { columnOf, type Frame, frameOf } from '../table/frame.ts'
import { type KeyBytes, keyBytes } from '../table/key/key.ts'
import { KeyIndex } from '../table/key/key-index.ts'
import { countUp, takeColumn } from '../table/take.ts'
import { UNKNOWN } from '../table/unknown-member.ts'
import { codedText, encodeTexts } from '../table/utf8.ts'
import { addColumn } from './local-time.ts'

/** The columns that find a dimension row, and the attributes to add to the fact. */
export interface JoinOptions {
  /** A column of both tables, several, or `{ fact_column: dimension_column }`. */
  readonly on: string | readonly string[] | Readonly<Record<string, string>>
  /** Attributes of the dimension, or `{ new_name: attribute }`. */
  readonly select: string | readonly string[] | Readonly<Record<string, string>>
  /** The value of text attributes where no row is found; `Unknown` by default. */
  readonly unknown?: string
  /** A null or blank text attribute in a found row: `keep` it (default), or make it `unknown` too. */
  readonly blank?: 'keep' | 'unknown'
}

const OPTIONS = { on: true, select: true, unknown: true, blank: true } satisfies OptionNames<JoinOptions>

/** Returns pairs: the name in the fact or the result, and the dimension's column. */
function pairsOf(option: 'on' | 'select', { [option]: names }: JoinOptions): readonly (readonly [string, string])[] {
  if (typeof names === 'string') return [[names, names]]
  const all = Array.isArray(names) ? names : isRecord(names) ? Object.values(names) : []
  const isFit = all.length > 0 && all.every((name) => typeof name === 'string')
  const record = option === 'on' ? '{ fact_column: dimension_column }' : '{ new_name: attribute }'
  refuseUnless(isFit, option, names, `the name of a column, several, or ${record}`)
  // TypeScript does not tell a readonly array from a record
  if (Array.isArray(names)) return (names as readonly string[]).map((name) => [name, name] as const)
  return Object.entries(names)
}

/** The dimension's rows that have a key, indexed by it. */
export interface DimensionIndex {
  readonly index: KeyIndex
  readonly rows: Int32Array
}

function repeatedKey(names: readonly string[], rows: readonly [number, number]): ContractError {
  const [first, second] = rows.map((row) => row + 1) as [number, number]
  return new ContractError(
    'dimension_duplicate_key',
    `dimension rows ${first} and ${second} have one key (${names.join(', ')}); ` +
      'a dimension has one row per key: remove one of them',
    { details: { columns: names, rows: [first, second] } },
  )
}

/**
 * Returns the dimension's rows by their key. Rows without a key are never found. `refuse` makes the
 * error for two rows (0-based) with the same key.
 * @throws ContractError dimension_duplicate_key, column_not_found, key_type
 */
export function indexDimension(
  dimension: Frame,
  names: readonly string[],
  refuse: typeof repeatedKey = repeatedKey,
): DimensionIndex {
  const { badRows } = keyBytes(dimension, names)
  const bad = new Set(badRows)
  const rows = countUp(dimension.rows).filter((row) => !bad.has(row))
  const keyed = frameOf(names.map((name) => [name, takeColumn(columnOf(dimension, name), rows)] as const))
  const index = KeyIndex.of(keyBytes(keyed, names))
  if (index.groups < rows.length) {
    const at = index.groupOf.findIndex((group, row) => index.firstRows[group] !== row)
    const first = index.firstRows[index.groupOf[at] as number] as number
    throw refuse(names, [rows[first] as number, rows[at] as number])
  }
  return { index, rows }
}

/** Returns the dimension row of each key, −1 where there is none. */
function lookUp(keys: KeyBytes, { index, rows }: DimensionIndex): Int32Array {
  const found = index
    .findAll(keys)
    .map((group) => (group < 0 ? -1 : (rows[index.firstRows[group] as number] as number)))
  for (const row of keys.badRows) found[row] = -1
  return found
}

/**
 * Returns the dimension row of each fact row, by the named columns of the fact; −1 where there is
 * none.
 * @throws ContractError column_not_found, key_type
 */
export function matchRows(fact: Frame, names: readonly string[], dimension: DimensionIndex): Int32Array {
  const columns = names.map((name) => columnOf(fact, name, 'reference column'))
  // a column of nulls has no kind and matches nothing
  if (dimension.rows.length === 0 || columns.some((column) => column.kind === 'null')) {
    return new Int32Array(fact.rows).fill(-1)
  }
  const [only] = columns
  if (columns.length > 1 || !(only instanceof DictionaryColumn)) return lookUp(keyBytes(fact, names), dimension)
  // look up each distinct reference once
  const distinct = frameOf([['key', encodeTexts(only.values, names[0])]])
  const found = lookUp(keyBytes(distinct, ['key']), dimension)
  return only.codes.map((code) => (code < 0 ? -1 : (found[code] as number)))
}

type Unknowns = Required<Pick<JoinOptions, 'unknown' | 'blank'>>

/** Returns the dimension's codes, with the unknown member's code for null or blank text. */
function withoutBlanks({ codes, values }: DictionaryColumn, unknownCode: number): Int32Array {
  const isBlank = values.map((value) => value.trim() === '')
  return codes.map((code) => (code < 0 || isBlank[code] === true ? unknownCode : code))
}

/** Returns a text attribute of the dimension at those rows; row −1 gives the unknown member. */
export function attributeText(
  column: DictionaryColumn,
  rows: Int32Array,
  { unknown, blank }: Unknowns,
): DictionaryColumn {
  const { values } = column
  const known = values.indexOf(unknown)
  const unknownCode = known < 0 ? values.length : known
  const given = blank === 'keep' ? column.codes : withoutBlanks(column, unknownCode)
  const codes = rows.map((row) => (row < 0 ? unknownCode : (given[row] as number)))
  return new DictionaryColumn(codes, known < 0 && codes.includes(unknownCode) ? [...values, unknown] : values)
}

function attribute(column: Column, rows: Int32Array, unknowns: Unknowns): Column {
  if (column.kind === 'text') return attributeText(codedText(column), rows, unknowns)
  // a column of nulls counts as text, so the attributes of an empty dimension are unknown, not null
  if (column.kind === 'null' && (unknowns.blank === 'unknown' || rows.includes(-1))) {
    return attributeText(new DictionaryColumn(new Int32Array(column.length).fill(-1), []), rows, unknowns)
  }
  return takeColumn(column, rows)
}

/**
 * Returns the fact with attributes of the dimension added last: all rows, in their order. In rows
 * without a match, text attributes hold the unknown member and other kinds null. With
 * `blank: 'unknown'`, null and blank texts in found rows become the unknown member too.
 * @throws ContractError dimension_duplicate_key, column_exists, column_not_found, key_type
 */
export function joinFrames(fact: Frame, dimension: Frame, options: JoinOptions): Frame {
  refuseUnknown(options, OPTIONS)
  const { unknown = UNKNOWN, blank = 'keep' } = options
  refuseUnless(blank === 'keep' || blank === 'unknown', 'blank', blank, '"keep" or "unknown"')
  const on = pairsOf('on', options)
  const index = indexDimension(
    dimension,
    on.map(([, name]) => name),
  )
  const rows = matchRows(
    fact,
    on.map(([name]) => name),
    index,
  )
  let joined = fact
  for (const [name, source] of pairsOf('select', options)) {
    const column = attribute(columnOf(dimension, source, 'attribute'), rows, { unknown, blank })
    joined = addColumn(joined, name, column, `select it under another name: { select: { new_name: '${source}' } }`)
  }
  return joined
}
