/**
 * Customers who share an address after repair: a repair may be wrong where it makes one address of two.
 * @module
 */
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf, selectColumns } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { KeyIndex } from '../../../table/key/key-index.ts'
import { KeySet } from '../../../table/key/key-set.ts'
import { markedRows, takeRows } from '../../../table/take.ts'
import { encodeTexts } from '../../../table/utf8.ts'

/** The rules that change a domain. */
const REPAIRS: ReadonlySet<unknown> = new Set(['domain_typo', 'domain_case'])

/** The columns that are looked at. */
export const COLLISION_COLUMNS = ['email', 'email_rule'] as const

/** Returns which rows have a cell that is one of some values. */
function rowsWith(frame: Frame, name: string, isWanted: (value: unknown) => boolean): Uint8Array {
  const column = columnOf(frame, name)
  if (!(column instanceof DictionaryColumn)) return Uint8Array.from(column, (value) => (isWanted(value) ? 1 : 0))
  const wanted = Uint8Array.from(column.values, (value) => (isWanted(value) ? 1 : 0))
  return Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : (wanted[code] as number)))
}

/** The rows that have an address. */
function addressed(customers: Frame): Frame {
  const column = columnOf(customers, 'email')
  const marks = Uint8Array.from({ length: customers.rows }, (_, row) => (column.isNull(row) ? 0 : 1))
  return takeRows(selectColumns(customers, COLLISION_COLUMNS), markedRows(marks))
}

/** Finds the addresses that several customers have. Of the other ones it holds hashes. */
export class SharedAddresses {
  readonly #seen = new KeySet()
  readonly #shared = new Set<string>()

  /** Looks at some cleaned customers. */
  look(customers: Frame): void {
    const frame = addressed(customers)
    const emails = columnOf(frame, 'email')
    for (const row of this.#seen.add(keyBytes(frame, ['email']))) this.#shared.add(String(emails.at(row)))
  }

  /** Begins to count the customers of the shared addresses. */
  count(): CollisionCounts {
    return new CollisionCounts([...this.#shared].sort())
  }
}

/** Counts the customers of shared addresses, and for how many of them the address was repaired. */
export class CollisionCounts {
  readonly #emails: readonly string[]
  readonly #index: KeyIndex
  readonly #customers: Float64Array
  readonly #repaired: Float64Array

  /** `emails` are different addresses, in order. */
  constructor(emails: readonly string[]) {
    this.#emails = emails
    this.#index = KeyIndex.of(keyBytes(frameOf([['email', encodeTexts(emails)]], emails.length), ['email']))
    this.#customers = new Float64Array(emails.length)
    this.#repaired = new Float64Array(emails.length)
  }

  /** Counts some cleaned customers. */
  look(customers: Frame): void {
    if (this.#emails.length === 0) return
    const frame = addressed(customers)
    const isRepaired = rowsWith(frame, 'email_rule', (rule) => REPAIRS.has(rule))
    const { rows, groups } = this.#index.found(keyBytes(frame, ['email']))
    for (let at = 0; at < rows.length; at++) {
      const group = groups[at] as number
      this.#customers[group] = (this.#customers[group] as number) + 1
      this.#repaired[group] = (this.#repaired[group] as number) + (isRepaired[rows[at] as number] as number)
    }
  }

  /** Returns the addresses that several customers have where one of them was repaired, by address. */
  collisions(): Frame {
    const wanted = Int32Array.from(this.#emails.keys()).filter((group) => (this.#repaired[group] as number) > 0)
    const numbers = (counts: Float64Array) =>
      new NumberColumn(
        'float64',
        Float64Array.from(wanted, (group) => counts[group] as number),
      )
    return frameOf(
      [
        ['email', encodeTexts(Array.from(wanted, (group) => this.#emails[group] as string))],
        ['customers', numbers(this.#customers)],
        ['repaired', numbers(this.#repaired)],
      ],
      wanted.length,
    )
  }
}
