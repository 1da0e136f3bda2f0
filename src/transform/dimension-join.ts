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
}

const OPTIONS = { on: true, select: true, unknown: true } satisfies OptionNames<JoinOptions>

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

/** Returns an index of the dimension's rows that have a key. Rows without a key are never found. */
function indexOf(dimension: Frame, names: readonly string[]): { index: KeyIndex; rows: Int32Array } {
  const { badRows } = keyBytes(dimension, names)
  const bad = new Set(badRows)
  const rows = countUp(dimension.rows).filter((row) => !bad.has(row))
  const keyed = frameOf(names.map((name) => [name, takeColumn(columnOf(dimension, name), rows)] as const))
  const index = KeyIndex.of(keyBytes(keyed, names))
  if (index.groups < rows.length) {
    const at = index.groupOf.findIndex((group, row) => index.firstRows[group] !== row)
    const [first, second] = [index.firstRows[index.groupOf[at] as number] as number, at].map(
      (row) => rows[row] as number,
    )
    throw new ContractError(
      'dimension_duplicate_key',
      `dimension rows ${(first as number) + 1} and ${(second as number) + 1} have one key (${names.join(', ')}); ` +
        'a dimension has one row a key: remove one of them',
      { details: { columns: names, rows: [(first as number) + 1, (second as number) + 1] } },
    )
  }
  return { index, rows }
}

/** Returns the dimension row of each key, −1 where there is none. */
function lookUp(keys: KeyBytes, index: KeyIndex, rows: Int32Array): Int32Array {
  const found = index
    .findAll(keys)
    .map((group) => (group < 0 ? -1 : (rows[index.firstRows[group] as number] as number)))
  for (const row of keys.badRows) found[row] = -1
  return found
}

/** Returns the dimension row of each fact row, −1 where there is none. */
function matchRows(fact: Frame, dimension: Frame, on: readonly (readonly [string, string])[]): Int32Array {
  const names = on.map(([name]) => name)
  const { index, rows } = indexOf(
    dimension,
    on.map(([, name]) => name),
  )
  const columns = names.map((name) => columnOf(fact, name, 'reference column'))
  // a column of nulls has no kind and matches nothing
  if (rows.length === 0 || columns.some((column) => column.kind === 'null')) return new Int32Array(fact.rows).fill(-1)
  const [only] = columns
  if (columns.length > 1 || !(only instanceof DictionaryColumn)) return lookUp(keyBytes(fact, names), index, rows)
  // look up each distinct reference once
  const distinct = frameOf([['key', encodeTexts(only.values, names[0])]])
  const found = lookUp(keyBytes(distinct, ['key']), index, rows)
  return only.codes.map((code) => (code < 0 ? -1 : (found[code] as number)))
}

/**
 * Returns a text attribute at those rows. Row −1 gives the unknown member; a null in a found row
 * stays null.
 */
function attributeText({ codes, values }: DictionaryColumn, rows: Int32Array, unknown: string): DictionaryColumn {
  const known = values.indexOf(unknown)
  const unknownCode = known < 0 ? values.length : known
  return new DictionaryColumn(
    rows.map((row) => (row < 0 ? unknownCode : (codes[row] as number))),
    known < 0 && rows.includes(-1) ? [...values, unknown] : values,
  )
}

function attribute(column: Column, rows: Int32Array, unknown: string): Column {
  if (column.kind === 'text') return attributeText(codedText(column), rows, unknown)
  // a column of nulls counts as text, so the attributes of an empty dimension are unknown, not null
  if (column.kind === 'null' && rows.includes(-1)) {
    return attributeText(new DictionaryColumn(new Int32Array(column.length).fill(-1), []), rows, unknown)
  }
  return takeColumn(column, rows)
}

/**
 * Returns the fact with attributes of the dimension added last: all rows, in their order. In rows
 * without a match, text attributes hold the unknown member and other kinds null.
 * @throws ContractError dimension_duplicate_key, column_exists, column_not_found, key_type
 */
export function joinFrames(fact: Frame, dimension: Frame, options: JoinOptions): Frame {
  refuseUnknown(options, OPTIONS)
  const { unknown = UNKNOWN } = options
  const rows = matchRows(fact, dimension, pairsOf('on', options))
  let joined = fact
  for (const [name, source] of pairsOf('select', options)) {
    const column = attribute(columnOf(dimension, source, 'attribute'), rows, unknown)
    joined = addColumn(joined, name, column, `select it under another name: { select: { new_name: '${source}' } }`)
  }
  return joined
}
