/**
 * The delta rows: the rows of all deltas in one frame, with the kinds and dictionaries of the table
 * they change.
 * @module
 */
import { joinChunks } from '../../../table/chunks.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
  Utf8Column,
  type Validity,
} from '../../../table/column.ts'
import { kindsDiffer, sameArray, shiftEnds, takeColumn } from '../../../table/take.ts'

/** Returns a column of nulls in the kind of `like`. */
export function nullColumn(like: Column, rows: number): Column {
  return takeColumn(like, new Int32Array(rows).fill(-1))
}

type Values = NumberColumn['values'] | BigIntColumn['values']

function joinValues<Array extends Values>(parts: readonly Array[], rows: number): Array {
  const joined = sameArray(parts[0] as Array, rows)
  let at = 0
  for (const part of parts) {
    // all parts are of one array class; TypeScript checks the overloads of set one by one
    ;(joined as Float64Array).set(part as Float64Array, at)
    at += part.length
  }
  return joined
}

function joinValidity(parts: readonly { readonly valid: Validity; readonly length: number }[], rows: number): Validity {
  if (parts.every(({ valid }) => valid === null)) return null
  const joined = new Uint8Array(rows).fill(1)
  let at = 0
  for (const { valid, length } of parts) {
    if (valid !== null) joined.set(valid, at)
    at += length
  }
  return joined
}

function joinBytes(parts: readonly Utf8Column[], rows: number): Utf8Column {
  const spans = parts.map(({ bytes, offsets, length }) => bytes.subarray(offsets[0], offsets[length]))
  const bytes = joinChunks(spans)
  const offsets = new Int32Array(rows + 1)
  let [at, end] = [0, 0]
  for (const [i, part] of parts.entries()) {
    const shift = end - (part.offsets[0] as number)
    shiftEnds(part.offsets, 0, part.length, shift, offsets, at)
    at += part.length
    end += (spans[i] as Uint8Array).length
  }
  return new Utf8Column(bytes, offsets, joinValidity(parts, rows))
}

function hasClass<Kind extends Column>(
  parts: readonly Column[],
  kind: abstract new (...parameters: never[]) => Kind,
): parts is readonly Kind[] {
  return parts.every((part) => part instanceof kind)
}

/**
 * Returns the columns joined. They must be of one kind, and not dictionaries.
 * @throws ContractError type_mismatch - the kinds differ
 */
function joinColumns(parts: readonly Column[], like: Column): Column {
  const [first] = parts
  if (first === undefined) return nullColumn(like, 0)
  if (parts.length === 1) return first
  const rows = parts.reduce((sum, { length }) => sum + length, 0)
  if (hasClass(parts, Utf8Column)) return joinBytes(parts, rows)
  if (hasClass(parts, TimestampColumn)) {
    return new TimestampColumn(
      joinValues(
        parts.map(({ values }) => values as Float64Array),
        rows,
      ),
      parts[0],
    )
  }
  if (hasClass(parts, DateColumn))
    return new DateColumn(
      joinValues(
        parts.map(({ values }) => values),
        rows,
      ),
    )
  if (hasClass(parts, BooleanColumn)) {
    return new BooleanColumn(
      joinValues(
        parts.map(({ values }) => values),
        rows,
      ),
      joinValidity(parts, rows),
    )
  }
  if (hasClass(parts, NumberColumn)) {
    const [{ kind }] = parts as readonly [NumberColumn]
    return new NumberColumn(
      kind,
      joinValues(
        parts.map(({ values }) => values),
        rows,
      ),
      joinValidity(parts, rows),
    )
  }
  if (hasClass(parts, BigIntColumn)) {
    const [{ kind }] = parts as readonly [BigIntColumn]
    return new BigIntColumn(
      kind,
      joinValues(
        parts.map(({ values }) => values),
        rows,
      ),
      joinValidity(parts, rows),
    )
  }
  if (hasClass(parts, NullColumn)) return new NullColumn(rows)
  if (hasClass(parts, OpaqueColumn))
    return new OpaqueColumn(
      parts.flatMap(({ values }) => values),
      parts[0]?.origin,
    )
  throw kindsDiffer(first, parts.find(({ kind }) => kind !== first.kind) ?? first)
}

/** One dictionary for all sides, and each delta's new codes; null where its codes stay the same. */
interface SharedDictionary {
  readonly values: readonly string[]
  readonly codes: readonly (Int32Array | null)[]
}

/**
 * Returns one dictionary for all sides. The table's values come first, so its codes do not change.
 */
function shareDictionary(base: DictionaryColumn, deltas: readonly DictionaryColumn[]): SharedDictionary {
  const { values: known } = base
  const others = deltas.filter(({ values }) => values !== known)
  if (others.length === 0) return { values: known, codes: deltas.map(() => null) }
  // hash the deltas' values, because they are fewer
  const codes = new Map<string, number>()
  for (const { values } of others) for (const value of values) codes.set(value, -1)
  for (let code = 0; code < known.length; code++) {
    const value = known[code] as string
    if (codes.has(value)) codes.set(value, code)
  }
  const added: string[] = []
  for (const [value, code] of codes) {
    if (code >= 0) continue
    codes.set(value, known.length + added.length)
    added.push(value)
  }
  const recoded = deltas.map(({ values }) => {
    if (values === known) return null
    const to = new Int32Array(values.length)
    for (let code = 0; code < to.length; code++) to[code] = codes.get(values[code] as string) as number
    return to.every((code, was) => code === was) ? null : to
  })
  return { values: added.length === 0 ? known : [...known, ...added], codes: recoded }
}

/** Writes codes of another dictionary from position `at` on: code c becomes `to[c]`. */
function recode(codes: Int32Array, to: Int32Array, joined: Int32Array, at: number): void {
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    joined[at + row] = code < 0 ? -1 : (to[code] as number)
  }
}

function poolCodes(base: DictionaryColumn, deltas: readonly DictionaryColumn[]): { base: Column; pool: Column } {
  const { values, codes } = shareDictionary(base, deltas)
  const sides = (pool: Int32Array) => ({
    base: new DictionaryColumn(base.codes, values),
    pool: new DictionaryColumn(pool, values),
  })
  const [only, ...others] = deltas
  if (only !== undefined && others.length === 0 && codes[0] === null) return sides(only.codes)
  const joined = new Int32Array(deltas.reduce((rows, { length }) => rows + length, 0))
  let at = 0
  for (const [delta, column] of deltas.entries()) {
    const to = codes[delta] ?? null
    if (to === null) joined.set(column.codes, at)
    else recode(column.codes, to, joined, at)
    at += column.length
  }
  return sides(joined)
}

/**
 * Returns a column of the table, and the delta rows of it. A delta without the column (null) brings
 * nulls. All parts must be of one kind; only dictionaries are unified, and the table's codes stay
 * the same.
 */
export function poolColumn(
  base: Column,
  deltas: readonly (Column | null)[],
  rows: readonly number[],
): { base: Column; pool: Column } {
  const parts = deltas.map((delta, i) => delta ?? nullColumn(base, rows[i] as number))
  if (base instanceof DictionaryColumn && hasClass(parts, DictionaryColumn)) return poolCodes(base, parts)
  if (parts.some(({ kind }) => kind !== base.kind))
    throw kindsDiffer(base, parts.find(({ kind }) => kind !== base.kind) ?? base)
  return { base, pool: joinColumns(parts, base) }
}

/**
 * Whether the column may contain nulls, by fast native searches. Most columns then need no loop.
 */
export function hasNull(column: Column): boolean {
  if (column instanceof DictionaryColumn) return column.codes.includes(-1)
  if (column instanceof TimestampColumn) {
    const { values } = column
    return values instanceof Float64Array ? values.includes(Number.NaN) : values.includes(NULL_NANOSECONDS)
  }
  if (column instanceof DateColumn) return column.values.includes(NULL_DAY)
  if (column instanceof NullColumn || column instanceof OpaqueColumn) return true
  return column.valid?.includes(0) ?? false
}

/** Returns 1 for each null row; null where there is none. */
export function nullMask(column: Column): Uint8Array | null {
  if (!hasNull(column)) return null
  const mask = new Uint8Array(column.length)
  let count = 0
  if (column instanceof DictionaryColumn) {
    for (let row = 0; row < mask.length; row++) count += mask[row] = (column.codes[row] as number) < 0 ? 1 : 0
  } else if (column instanceof TimestampColumn) {
    const { values } = column
    if (values instanceof Float64Array) {
      for (let row = 0; row < mask.length; row++) count += mask[row] = Number.isNaN(values[row]) ? 1 : 0
    } else for (let row = 0; row < mask.length; row++) count += mask[row] = values[row] === NULL_NANOSECONDS ? 1 : 0
  } else if (column instanceof DateColumn) {
    for (let row = 0; row < mask.length; row++) count += mask[row] = column.values[row] === NULL_DAY ? 1 : 0
  } else if (column instanceof NullColumn || column instanceof OpaqueColumn) {
    for (let row = 0; row < mask.length; row++) count += mask[row] = column.isNull(row) ? 1 : 0
  } else {
    const { valid } = column
    if (valid === null) return null
    for (let row = 0; row < mask.length; row++) count += mask[row] = 1 - (valid[row] as number)
  }
  return count === 0 ? null : mask
}
