/**
 * Matches a table's columns with its contract's.
 * @module
 */
import { type Advice, ContractError } from '../../errors.ts'
import type { TableContract } from '../contract.ts'

/** A table's columns, divided by whether the contract knows them. */
export interface BoundColumns {
  /** Columns of the contract that the table has, in the contract's order. */
  readonly known: readonly string[]
  /** Columns that the contract does not know, in the table's order. */
  readonly extra: readonly string[]
}

/** What to do about a column that a frozen contract does not know. */
export const EXTRA_COLUMN_ADVICE: readonly Advice[] = [
  'take it out of the file, name and cells',
  { option: 'unknownColumns', value: "'evolve', 'discard_value' or 'discard_row'", effect: 'accept it' },
]

const normal = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '')
const quoted = (names: readonly string[]) =>
  `${names.length === 1 ? 'column' : 'columns'} ${names.map((name) => `"${name}"`).join(', ')}`

function refuseRenamed(missing: readonly string[], extra: readonly string[], where: string): void {
  for (const expected of missing) {
    const found = extra.find((name) => normal(name) === normal(expected))
    if (found === undefined) continue
    throw new ContractError('column_renamed', `${where}: column "${found}" is unknown; did you mean "${expected}"?`, {
      details: { found, expected },
    })
  }
}

/**
 * Returns which of the table's columns the contract knows. Columns in `passed` are neither known
 * nor extra.
 * @throws ContractError column_renamed - a name differs from the contract's only in case or spacing
 * @throws ContractError column_missing - the table lacks a column (with `omit`: a key column);
 * metadata columns may be absent
 * @throws ContractError column_extra - the table has a column that a frozen contract does not know
 */
export function bindColumns(
  names: readonly string[],
  contract: TableContract,
  options: {
    readonly passed: readonly string[]
    readonly missingColumns: 'error' | 'omit'
    readonly file: string | null
  },
): BoundColumns {
  const where = options.file ?? `table "${contract.name}"`
  const present = new Set(names)
  const columns = Object.entries(contract.columns)
  const missing = columns.filter(([name, { role }]) => role !== 'metadata' && !present.has(name)).map(([name]) => name)
  const extra = names.filter((name) => !Object.hasOwn(contract.columns, name) && !options.passed.includes(name))
  refuseRenamed(missing, extra, where)
  const lacking = missing.filter((name) => options.missingColumns === 'error' || contract.key.includes(name))
  if (lacking.length > 0) {
    throw new ContractError(
      'column_missing',
      `${where}: ${quoted(lacking)} of contract "${contract.name}" not found; the table has ${quoted(names)}`,
      { details: { columns: lacking, found: names } },
    )
  }
  if (extra.length > 0 && contract.unknownColumns === 'freeze') {
    throw new ContractError('column_extra', `${where}: ${quoted(extra)} not in contract "${contract.name}"`, {
      advice: EXTRA_COLUMN_ADVICE,
      details: { columns: extra },
    })
  }
  return { known: columns.filter(([name]) => present.has(name)).map(([name]) => name), extra }
}
