import { type ErrorCode, FormatError } from '../../../errors.ts'
import { nearestWord } from '../../../spelling.ts'
import { BigIntColumn, type Column, NumberColumn } from '../../../table/column.ts'
import type { ColumnContract, TableContract } from '../../../table/contract.ts'
import { grown } from '../../../table/headroom.ts'
import { ValidMask } from '../../text/valid-mask.ts'
import { type CellProblems, type CellRule, type CellSink, type Cells, missingCode, NO_VALUE } from '../cells.ts'
import type { CellForms, CompiledDuration } from '../forms.ts'

/** Durations in a declared form, as numbers of a declared unit. In a column of integers they must be whole. */
export class DurationSink implements CellSink {
  readonly expected: string
  readonly isDeclared = true
  readonly #kind: 'float64' | 'int32' | 'int64'
  readonly #form: CompiledDuration
  readonly #missing: ErrorCode | null
  readonly #valid = new ValidMask()
  #values = new Float64Array(0)

  constructor(kind: 'float64' | 'int32' | 'int64', rule: CellRule, form: CompiledDuration) {
    this.expected = kind === 'float64' ? form.expected : `${form.expected}, whole in the unit of the column`
    this.#kind = kind
    this.#form = form
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
    this.#valid.reserve(capacity)
  }

  read({ bytes, starts, ends, width, rows }: Cells, column: number, row: number, problems: CellProblems): void {
    const values = this.#values
    this.#valid.setValid(row, rows)
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      // a cell with doubled quotes or NULs has a negative end: it is no duration
      const value = end > start ? this.#form.parse(bytes, start, end) : Number.NaN
      if (this.#holds(value)) {
        values[row + i] = value
        continue
      }
      values[row + i] = 0
      this.#valid.setNull(row + i)
      if (end === NO_VALUE || end === start) {
        if (this.#missing !== null) problems.add(i, column, this.#missing)
      } else problems.add(i, column, 'type_mismatch')
    }
  }

  #holds(value: number): boolean {
    if (this.#kind === 'float64') return !Number.isNaN(value)
    return this.#kind === 'int32' ? (value | 0) === value : Number.isSafeInteger(value)
  }

  finish(rows: number): Column {
    const values = this.#values.subarray(0, rows)
    const valid = this.#valid.finish(rows)
    if (this.#kind === 'int64') return new BigIntColumn('int64', BigInt64Array.from(values, BigInt), valid)
    return new NumberColumn(this.#kind, this.#kind === 'int32' ? Int32Array.from(values) : values, valid)
  }
}

/**
 * Returns the sink of a column of durations: of the kind that its contract has, doubles without one.
 * @throws FormatError invalid_option - the column does not hold numbers
 */
export function durationSink(
  name: string,
  { contract }: { readonly contract?: ColumnContract },
  form: CompiledDuration,
): CellSink {
  if (contract === undefined) return new DurationSink('float64', { isNullable: true, isKey: false }, form)
  const { kind, isNullable, role } = contract
  if (kind === 'float64' || kind === 'int32' || kind === 'int64') {
    return new DurationSink(kind, { isNullable, isKey: role === 'key' }, form)
  }
  const message = `durations.${name} is declared for a column of kind ${kind}; only a column of numbers counts a duration`
  throw new FormatError('invalid_option', message, { details: { option: 'durations', column: name } })
}

/**
 * Refuses durations of a column that neither the contract nor the file has: a misspelt name would leave them undeclared.
 * @throws FormatError invalid_option
 */
export function refuseDurations(
  names: readonly string[],
  forms: CellForms | null,
  contract: TableContract | undefined,
): void {
  const known = [...Object.keys(contract?.columns ?? {}), ...names]
  for (const name of forms?.durations?.keys() ?? []) {
    if (known.includes(name)) continue
    const meant = nearestWord(name, known)
    const hint = meant === null ? '' : `; did you mean "${meant}"?`
    throw new FormatError('invalid_option', `durations names "${name}", which is no column${hint}`, {
      details: { option: 'durations', column: name },
    })
  }
}
