/**
 * The one selection of facts: which rows count, and the figures of their columns.
 * @module
 */
import { percentiles } from '../../aggregate/percentiles.ts'
import { ContractError } from '../../errors.ts'
import { type FactColumn, type FactSet, isBlank, numberText } from './fact-set.ts'
import { type Marks, markMembers, markRows, pageOfRows, passingRows } from './marks.ts'
import { orderMembers, orderNumbers } from './order.ts'

/** What a column has to hold: one of some members, a text within it in any case, or a number of a range, both ends included. */
export interface FactFilter {
  readonly members?: readonly (string | null)[]
  readonly contains?: string
  readonly from?: number
  readonly to?: number
}

/** Filters by column; a row counts where it passes all. */
export type FactFilters = Readonly<Record<string, FactFilter>>

/** Facts with filters applied. */
export interface FactSelection {
  readonly set: FactSet
  readonly filters: FactFilters
  /** Bits of the filters that each row fails. */
  readonly failed: Marks
  /** The bit of each filtered column. */
  readonly bits: ReadonlyMap<string, number>
}

/** So many columns can be filtered at once. */
const MOST_FILTERS = 31

function columnOf({ columns }: FactSet, name: string): FactColumn {
  const column = columns.get(name)
  if (column !== undefined) return column
  throw new ContractError(
    'column_not_found',
    `there is no column "${name}"; there are ${[...columns.keys()].join(', ')}`,
  )
}

function mark(failed: Marks, bit: number, column: FactColumn, filter: FactFilter): void {
  const { members, contains, from, to } = filter
  if (column.form === 'members') {
    const wanted = contains?.toLowerCase()
    const found =
      wanted === undefined
        ? members
        : column.members.filter(
            (member) => member?.toLowerCase().includes(wanted) && (members === undefined || members.includes(member)),
          )
    // a text that is in no member leaves no row; an empty choice would leave all
    if (found?.length === 0 && wanted !== undefined) markRows(failed, bit, () => true)
    else markMembers(failed, bit, column, found)
    return
  }
  const [low, high] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY]
  const { values } = column
  markRows(failed, bit, (row) => !((values[row] as number) >= low && (values[row] as number) <= high))
}

/** Returns the facts with filters applied. `before`, a selection of the same set, saves work. */
export function selectFacts(set: FactSet, filters: FactFilters, before?: FactSelection): FactSelection {
  const names = Object.keys(filters)
  if (names.length > MOST_FILTERS) {
    throw new ContractError('invalid_option', `${names.length} columns are filtered; at most ${MOST_FILTERS} can be`)
  }
  const base = before?.set === set ? before : undefined
  const failed = base === undefined ? new Uint32Array(set.rows) : base.failed.slice()
  const bits = new Map<string, number>()
  for (const [name, bit] of base?.bits ?? []) {
    if (Object.hasOwn(filters, name)) bits.set(name, bit)
    else markRows(failed, bit, () => false)
  }
  for (const name of names) {
    const column = columnOf(set, name)
    const filter = filters[name] as FactFilter
    const known = bits.get(name)
    if (known !== undefined && JSON.stringify(base?.filters[name]) === JSON.stringify(filter)) continue
    const taken = new Set(bits.values())
    const bit = known ?? Array.from({ length: MOST_FILTERS }, (_, at) => 2 ** at).find((one) => !taken.has(one)) ?? 0
    bits.set(name, bit)
    mark(failed, bit, column, filter)
  }
  return { set, filters, failed, bits }
}

/** Every bit that counts, without the filters of some columns. */
function bitsOf({ bits }: FactSelection, except: readonly string[] = []): number {
  let all = 0
  for (const [name, bit] of bits) if (!except.includes(name)) all |= bit
  return all
}

/** Returns the rows that count, in the order of the set; `except` looks past the filters of some columns. */
export function rowsOfSelection(selection: FactSelection, except: readonly string[] = []): Int32Array {
  return passingRows(selection.failed, bitsOf(selection, except))
}

/** Returns all rows of a set ordered by a column: ascending, rows without a value last, equal ones in the set's order. */
export function orderFacts(set: FactSet, name: string): Int32Array {
  const column = columnOf(set, name)
  if (column.form === 'members') return orderMembers(column)
  if (column.exact === null) return orderNumbers(column.values)
  const { exact } = column
  const rows = Int32Array.from({ length: set.rows }, (_, row) => row)
  return rows.sort((a, b) => {
    const [blankA, blankB] = [isBlank(column, a), isBlank(column, b)]
    if (blankA || blankB) return Number(blankA) - Number(blankB) || a - b
    const [one, other] = [exact[a] as bigint, exact[b] as bigint]
    return one < other ? -1 : one > other ? 1 : a - b
  })
}

/** Returns the rows of a page of the selection, along an order of {@link orderFacts} or in reverse. */
export function pageOfFacts(
  selection: FactSelection,
  order: Int32Array,
  page: { readonly direction?: 'ascending' | 'descending'; readonly from: number; readonly size: number },
): number[] {
  return pageOfRows(selection.failed, bitsOf(selection), order, page)
}

/** A member and its rows. */
export interface MemberCount {
  readonly member: string | null
  readonly rows: number
}

/** The figures of a column in a selection. Those of numbers are null for text, and where no row has a value. */
export interface ColumnFigures {
  readonly name: string
  readonly rows: number
  /** Rows without a value. */
  readonly blank: number
  /** Different values, the missing one not counted. */
  readonly distinct: number
  /** As text of the column's kind. */
  readonly least: string | null
  readonly most: string | null
  readonly median: string | null
  /** Of numbers alone: the mean of instants says nothing. */
  readonly mean: number | null
  readonly sum: number | null
  /** The most frequent members of a dimension, past its own filter; empty for numbers. */
  readonly members: readonly MemberCount[]
  /** How many more members there are. */
  readonly others: number
}

/** Members shown of a dimension. */
const MOST_MEMBERS = 50

function memberFigures(
  selection: FactSelection,
  name: string,
  column: FactColumn & { readonly form: 'members' },
): ColumnFigures {
  const { codes, members } = column
  const rows = rowsOfSelection(selection)
  const own = new Int32Array(members.length)
  for (const row of rows) own[codes[row] as number] = (own[codes[row] as number] as number) + 1
  const past = new Int32Array(members.length)
  for (const row of rowsOfSelection(selection, [name]))
    past[codes[row] as number] = (past[codes[row] as number] as number) + 1
  const found = members
    .map((member, code) => ({ member, rows: past[code] as number }))
    .filter(({ rows: count }) => count > 0)
    .sort((a, b) => b.rows - a.rows)
  const named = members.filter((member, code) => member !== null && (own[code] as number) > 0) as string[]
  const [least, most] = named.reduce<[string | null, string | null]>(
    ([low, high], member) => [
      low === null || member < low ? member : low,
      high === null || member > high ? member : high,
    ],
    [null, null],
  )
  const blank = members.reduce((sum, member, code) => sum + (member === null ? (own[code] as number) : 0), 0)
  return {
    ...{ name, rows: rows.length, blank, distinct: named.length, least, most },
    ...{ median: null, mean: null, sum: null },
    members: found.slice(0, MOST_MEMBERS),
    others: Math.max(0, found.length - MOST_MEMBERS),
  }
}

/** Returns the figures of a column. */
export function columnFigures(selection: FactSelection, name: string): ColumnFigures {
  const column = columnOf(selection.set, name)
  if (column.form === 'members') return memberFigures(selection, name, column)
  const rows = rowsOfSelection(selection)
  const { kind, exact } = column
  const kept = rows.filter((row) => !isBlank(column, row))
  const values = Float64Array.from(kept, (row) => column.values[row] as number).sort()
  // in the order of the values, as 64-bit integers where doubles cannot hold them
  const ordered = exact === null ? null : BigInt64Array.from(kept, (row) => exact[row] as bigint).sort()
  const text = (at: number) => {
    const value = ordered === null ? values.at(at) : ordered.at(at)
    if (value === undefined) return null
    return typeof value === 'bigint' ? String(value) : numberText(kind, value)
  }
  const isMeasure = kind === 'number' || kind === 'integer'
  const sum = isMeasure && values.length > 0 ? values.reduce((total, value) => total + value, 0) : null
  const [median] = values.length === 0 ? [null] : percentiles(values, [0.5])
  const different = new Set<number | bigint>(ordered ?? values)
  return {
    ...{ name, rows: rows.length, blank: rows.length - kept.length, distinct: different.size },
    ...{ least: text(0), most: text(-1) },
    median: median === null || median === undefined ? null : numberText(kind, median),
    mean: sum === null ? null : sum / values.length,
    sum,
    ...{ members: [], others: 0 },
  }
}
