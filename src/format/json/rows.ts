/**
 * Parses JSON objects into columns, without row objects.
 * @module
 */
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { countUp, takeRows } from '../../table/take.ts'
import { stringBytes } from './cells.ts'
import { type CellColumn, straightColumn } from './columns.ts'
import { DeclaredColumn, isDeclared } from './declared.ts'
import { PLAIN_JSON, type ResolvedJson } from './dialect.ts'
import { LooseColumn } from './loose.ts'
import { beginsNumber, readValue, skipValue } from './nested.ts'
import type { ExpectedNumbers } from './numbers.ts'
import { constantOf, JSON_BYTES, type JsonConstant, type JsonScanner } from './scan.ts'
import { DEPTH_LIMIT } from './value.ts'

const { quote, comma, colon, openList, openObject, closeObject } = JSON_BYTES
const COLUMN_LIMIT = 10_000

interface Member {
  /** The names that lead to it, joined by points. */
  readonly path: string
  /** The object that has it; null for the row. */
  readonly parent: Member | null
  /** The name of its column; null where it has none. */
  readonly name: string | null
  /** The name as files usually write it, with its quotes. */
  readonly written: JsonConstant
  readonly index: number
  /** Null for an object whose members are columns, and for what is not read. */
  column: CellColumn | null
  /** The last row that has it, −1 for none. */
  row: number
}

function expectedNumbers(contract: ColumnContract | undefined): ExpectedNumbers {
  if (contract?.kind === 'text') return 'text'
  if (contract?.kind === 'int64') return 'integers'
  if (contract?.kind !== 'float64') return 'any'
  return contract.role === 'key' ? 'double keys' : 'doubles'
}

/** Parses rows into columns; names may come in any order, and any row may add new ones. */
export class RowReader {
  readonly #scanner: JsonScanner
  readonly #contract: TableContract | undefined
  readonly #dialect: ResolvedJson
  /**
   * Columns whose values do not match the contract's kind: parsed loosely, and checked afterwards.
   */
  readonly #loose: ReadonlySet<string>
  readonly #members: Member[] = []
  readonly #byPath = new Map<string, Member>()
  readonly #byColumn = new Map<string, Member>()
  /** Columns that must be parsed again, loosely. */
  readonly misread = new Set<string>()
  rows = 0
  readonly #refused: number[] = []

  constructor(
    scanner: JsonScanner,
    contract: TableContract | undefined,
    loose: ReadonlySet<string>,
    dialect: ResolvedJson = PLAIN_JSON,
  ) {
    this.#scanner = scanner
    this.#contract = contract
    this.#loose = loose
    this.#dialect = dialect
  }

  /** The column of a name; null for a name that is not read. */
  #columnName(path: string, parent: Member | null): string | null {
    const { columns, branches, dropsOthers } = this.#dialect.names
    const alias = columns.get(path)
    if (alias !== undefined) return alias
    // of an object that is opened for its aliases, nothing else is read
    if (parent !== null || branches.has(path)) return null
    const isKnown = this.#contract === undefined || Object.hasOwn(this.#contract.columns, path)
    return isKnown || !dropsOthers ? path : null
  }

  #newColumn(name: string): CellColumn {
    const columns = this.#contract?.columns
    const contract = columns !== undefined && Object.hasOwn(columns, name) ? columns[name] : undefined
    const { forms } = this.#dialect
    if (contract !== undefined && forms !== null && isDeclared(name, contract, forms)) {
      return new DeclaredColumn(forms)
    }
    const straight = contract === undefined || this.#loose.has(name) ? null : straightColumn(contract)
    return straight ?? new LooseColumn(expectedNumbers(contract))
  }

  #addMember(name: string, parent: Member | null, path: string): Member {
    if (this.#members.length === COLUMN_LIMIT) {
      throw this.#scanner.complain(`at most ${COLUMN_LIMIT} names`, this.#scanner.at, 'limit_exceeded')
    }
    const column = this.#columnName(path, parent)
    // two names of one column are one column, of which a row has one
    const twin = column === null ? undefined : this.#byColumn.get(column)
    const member: Member = twin ?? {
      path,
      parent,
      name: column,
      written: constantOf(stringBytes(name, name)),
      index: this.#members.length,
      column: column === null ? null : this.#newColumn(column),
      row: -1,
    }
    if (twin === undefined) this.#members.push(member)
    if (column !== null) this.#byColumn.set(column, member)
    this.#byPath.set(path, member)
    return member
  }

  /**
   * The member whose name is at the scanner's position; `next` is the member that followed in the
   * row before.
   */
  #readName(next: number, parent: Member | null): Member {
    const scanner = this.#scanner
    if (scanner.peek() !== quote) throw scanner.complain('a name in quotes')
    const begin = scanner.at
    let member = this.#members[next]
    if (member === undefined || member.parent !== parent || !scanner.takeBytes(member.written)) {
      scanner.readString()
      const name = scanner.text()
      const path = parent === null ? name : `${parent.path}.${name}`
      member = this.#byPath.get(path) ?? this.#addMember(name, parent, path)
    }
    if (member.row === this.rows) throw scanner.complain('a name that occurs only once', begin)
    member.row = this.rows
    return member
  }

  /** Reads an object for the names in it, or skips what is not read. */
  #readOther(member: Member, depth: number): void {
    const scanner = this.#scanner
    if (!this.#dialect.names.branches.has(member.path)) {
      skipValue(scanner, depth)
    } else if (scanner.peek() === openObject) {
      if (depth >= DEPTH_LIMIT) {
        throw scanner.complain(`at most ${DEPTH_LIMIT} levels of nesting`, scanner.at, 'limit_exceeded')
      }
      this.#readMembers(member, depth + 1)
    } else if (beginsNumber(scanner.peek()) || scanner.peek() === quote || scanner.readWord() !== null) {
      throw scanner.complain(`an object in ${JSON.stringify(member.path)}, or null`)
    }
  }

  #readCell(member: Member, depth: number): void {
    const scanner = this.#scanner
    const { column, name } = member
    if (column === null || name === null) {
      this.#readOther(member, depth)
      return
    }
    const byte = scanner.peek()
    let fits = true
    if (byte === quote) {
      scanner.readString()
      fits = column.addString(scanner, this.rows)
    } else if (beginsNumber(byte)) {
      const isInteger = scanner.readNumber()
      fits = column.addNumber(scanner, isInteger, this.rows)
    } else {
      const value = byte === openObject || byte === openList ? readValue(scanner, depth) : scanner.readWord()
      if (value !== null) fits = column.addOther(value, this.rows)
    }
    if (!fits) this.misread.add(name)
  }

  #readMembers(parent: Member | null, depth: number): void {
    const scanner = this.#scanner
    if (!scanner.take(openObject)) throw scanner.complain(`an object (row ${this.rows + 1})`)
    if (scanner.take(closeObject)) return
    let next = parent === null ? 0 : parent.index + 1
    do {
      const member = this.#readName(next, parent)
      scanner.expect(colon, '":"')
      this.#readCell(member, depth)
      next = member.index + 1
    } while (scanner.take(comma))
    scanner.expect(closeObject, '"," or "}"')
  }

  /** Parses the object at the scanner's position as the next row. */
  readRow(): void {
    this.#readMembers(null, 1)
    this.rows++
  }

  /**
   * Discards the last row, complete or not. Its values stay in the arrays, where no row shows
   * them.
   */
  refuse(row: number): void {
    this.#refused.push(row)
    this.rows = row + 1
  }

  #finishAll(): Frame {
    const columns = this.#members.flatMap(({ name, column }) =>
      name === null || column === null ? [] : [[name, column.finish(this.rows)] as const],
    )
    return frameOf(columns, this.rows)
  }

  finish(): Frame {
    if (this.#refused.length === 0) return this.#finishAll()
    const refused = new Set(this.#refused)
    const kept = countUp(this.rows).filter((row) => !refused.has(row))
    return takeRows(this.#finishAll(), kept)
  }
}
