/**
 * A table as plain arrays, which a worker filters, orders and sums up: its dimensions are text, its measures numbers.
 * @module
 */

/** What a column holds, for people and for the order of its rows. */
export type FactKind = 'text' | 'boolean' | 'number' | 'integer' | 'timestamp' | 'date'

/** A dimension: the member of every row, `members[codes[row]]`. */
export interface FactMembers {
  readonly form: 'members'
  readonly kind: 'text' | 'boolean'
  readonly codes: Int32Array
  readonly members: readonly (string | null)[]
}

/** A measure, an instant in epoch milliseconds, or a day since 1970-01-01. */
export interface FactNumbers {
  readonly form: 'numbers'
  readonly kind: 'number' | 'integer' | 'timestamp' | 'date'
  /** NaN for a row without a value. */
  readonly values: Float64Array
  /** 1 for rows with a value; null when every row has one. */
  readonly valid: Uint8Array | null
  /** 64-bit integers, where doubles cannot hold them. */
  readonly exact: BigInt64Array | null
}

export type FactColumn = FactMembers | FactNumbers

/** Facts, one a row. */
export interface FactSet {
  readonly rows: number
  readonly columns: ReadonlyMap<string, FactColumn>
}

/** The kind of a column, without its cells. */
export interface FactHeader {
  readonly name: string
  readonly kind: FactKind
}

/** Whether a row has no value. */
export function isBlank(column: FactColumn, row: number): boolean {
  if (column.form === 'members') return (column.members[column.codes[row] as number] ?? null) === null
  return column.valid !== null && column.valid[row] === 0
}

const DAY = 86_400_000

/** The text of a number of a kind: instants and days in UTC, as ISO 8601 writes them. */
export function numberText(kind: FactNumbers['kind'], value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (kind === 'timestamp') return instantText(value)
  if (kind === 'date') return dateText(value * DAY)?.slice(0, 10) ?? String(value)
  return String(value)
}

function dateText(milliseconds: number): string | null {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Whole milliseconds without their zeros, and finer digits as they are. */
function instantText(milliseconds: number): string {
  const whole = Math.floor(milliseconds)
  const text = dateText(whole)
  if (text === null) return String(milliseconds)
  const micros = Math.round((milliseconds - whole) * 1000)
  const fine = micros === 0 ? '' : String(micros).padStart(3, '0')
  const [seconds = '', rest = ''] = text.slice(0, -1).split('.')
  return `${seconds}${rest === '000' && fine === '' ? '' : `.${rest}${fine}`}Z`
}

/** The text of a cell; null where the row has no value. */
export function cellOf(column: FactColumn, row: number): string | null {
  if (column.form === 'members') return column.members[column.codes[row] as number] ?? null
  if (isBlank(column, row)) return null
  if (column.exact !== null) return String(column.exact[row])
  return numberText(column.kind, column.values[row] as number)
}
