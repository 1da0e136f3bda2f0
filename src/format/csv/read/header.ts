import { ContractError, FormatError } from '../../../errors.ts'
import { nearestWord } from '../../../spelling.ts'
import type { ColumnContract, TableContract } from '../../../table/contract.ts'

/** What the header says about the contract's columns. */
export interface CsvHeader {
  /** The file's column names in order, trimmed and with aliases resolved. */
  readonly names: readonly string[]
  /** Columns of the contract that the file lacks; metadata is not missed. */
  readonly missing: readonly string[]
  /** Columns of the file that the contract does not know; the action column is known. */
  readonly extra: readonly string[]
}

/** What is done with one column of the file. */
export type ColumnUse =
  | { readonly use: 'contract'; readonly contract: ColumnContract }
  | { readonly use: 'action' }
  | { readonly use: 'loose' }
  | { readonly use: 'discard' }
  | { readonly use: 'forbid' }

/** What is allowed of a header beside the contract's columns. */
export interface HeaderOptions {
  /** The file's name, for messages. */
  readonly file?: string | undefined
  /** The column of a delta that says what each change does; read as text, and known without being in the contract. */
  readonly actionColumn?: string | undefined
  /** Names in the file and the contract's names for them. */
  readonly columnAliases?: Readonly<Record<string, string>> | undefined
  /** `error` (default), or `omit`: only the key must be there, other missing columns are not in the frame. */
  readonly missingColumns?: 'error' | 'omit' | undefined
}

export const COLUMN_LIMIT = 10_000

const quoted = (names: Iterable<string>) => Array.from(names, (name) => `"${name}"`).join(', ')
const normal = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '')

function findDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name).size)
}

function refuseForeignDelimiter(names: readonly string[], where: string, delimiter: string): void {
  const [only] = names
  if (names.length !== 1 || only === undefined) return
  const found = [';', '\t', '|', ','].find((other) => other !== delimiter && only.split(other).length > 1)
  if (found === undefined) return
  const shown = found === '\t' ? '\\t' : found
  throw new FormatError(
    'csv_invalid',
    `${where}: the header is one column, but looks as if "${shown}" stood between its names; read it with { delimiter: '${shown}' }`,
    { details: { delimiter: found, names } },
  )
}

/**
 * Returns what is to be done with each column of the file.
 * @throws FormatError csv_invalid - the header looks delimited by another character
 * @throws FormatError limit_exceeded - more than 10,000 columns
 * @throws ContractError column_duplicate - a name stands twice
 * @throws ContractError column_renamed - a name differs from the contract's in case or inner spacing only
 * @throws ContractError column_missing - a column of the key is missing, or any where `missingColumns` is `error`
 * @throws ContractError column_extra - the contract does not know a column and is frozen
 */
export function bindHeader(
  found: readonly string[],
  contract: TableContract | undefined,
  delimiter: string | null,
  options: HeaderOptions,
): { header: CsvHeader; uses: readonly ColumnUse[] } {
  const where = `${options.file ?? 'input'} line 1`
  if (found.length > COLUMN_LIMIT) {
    throw new FormatError('limit_exceeded', `${where}: ${found.length} columns; at most ${COLUMN_LIMIT} are read`)
  }
  const aliases = new Map(Object.entries(options.columnAliases ?? {}))
  const names = found.map((name) => aliases.get(name) ?? name)
  const columns = new Map(Object.entries(contract?.columns ?? {}))
  if (delimiter !== null && !columns.has(names[0] ?? '')) refuseForeignDelimiter(found, where, delimiter)
  const duplicate = findDuplicate(names)
  if (duplicate !== undefined) {
    throw new ContractError(
      'column_duplicate',
      `${where}: column "${duplicate}" stands ${names.filter((name) => name === duplicate).length} times; give each column its own name`,
      { details: { column: duplicate, names } },
    )
  }
  if (contract === undefined) {
    const uses = names.map((name): ColumnUse => ({ use: name === options.actionColumn ? 'action' : 'loose' }))
    return { header: { names, missing: [], extra: [] }, uses }
  }
  const present = new Set(names)
  const header: CsvHeader = {
    names,
    missing: [...columns].filter(([name, { role }]) => role !== 'metadata' && !present.has(name)).map(([name]) => name),
    extra: names.filter((name) => !columns.has(name) && name !== options.actionColumn),
  }
  refuseMismatch(header, contract, where, options)
  const unknown = { freeze: 'discard', evolve: 'loose', discard_value: 'discard', discard_row: 'forbid' } as const
  const uses = names.map((name): ColumnUse => {
    const column = columns.get(name)
    if (column !== undefined) return { use: 'contract', contract: column }
    return { use: name === options.actionColumn ? 'action' : unknown[contract.unknownColumns] }
  })
  return { header, uses }
}

function refuseMismatch(header: CsvHeader, contract: TableContract, where: string, options: HeaderOptions): void {
  const { missing, extra } = header
  const { actionColumn } = options
  const sought =
    actionColumn === undefined || header.names.includes(actionColumn) ? missing : [...missing, actionColumn]
  const renamed = sought.flatMap((name) => {
    const others = name === actionColumn ? extra.filter((known) => nearestWord(known, [name]) !== null) : []
    const other = extra.find((known) => normal(known) === normal(name)) ?? (others.length === 1 ? others[0] : undefined)
    return other === undefined ? [] : [{ found: other, expected: name }]
  })
  const details = { table: contract.name, ...header, renamed }
  const [first] = renamed
  if (first !== undefined) {
    throw new ContractError(
      'column_renamed',
      `${where}: column "${first.found}" is unknown; did you mean "${first.expected}"? Rename it, or give columnAliases`,
      { details },
    )
  }
  const isNeeded = (name: string) => contract.key.includes(name) || options.missingColumns !== 'omit'
  const lacking = missing.filter(isNeeded)
  if (lacking.length > 0) {
    const what = lacking.length === 1 ? 'column' : 'columns'
    throw new ContractError(
      'column_missing',
      `${where}: ${what} ${quoted(lacking)} of table "${contract.name}" not found; the file has ${quoted(header.names)}`,
      { details },
    )
  }
  if (extra.length > 0 && contract.unknownColumns === 'freeze') {
    const what = extra.length === 1 ? 'column' : 'columns'
    throw new ContractError(
      'column_extra',
      `${where}: ${what} ${quoted(extra)} not in table "${contract.name}"; add to the contract, or set its unknownColumns to evolve, discard_value or discard_row`,
      { details },
    )
  }
}
