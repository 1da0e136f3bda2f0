import { ContractError, FormatError } from '../../../errors.ts'
import { nearestWord } from '../../../spelling.ts'
import type { ColumnContract, TableContract } from '../../../table/contract.ts'
import { FAMILIAR_DELIMITERS, shownDelimiter } from '../dialect.ts'
import { type CsvPlace, placeText } from '../errors.ts'

/** How the header matches the contract's columns. */
export interface CsvHeader {
  /** The file's column names in order, trimmed and with aliases resolved. */
  readonly names: readonly string[]
  /** Columns outside the contract that are left out, as declared. */
  readonly dropped: readonly string[]
  /** Columns of the contract that the file lacks; metadata columns are never missing. */
  readonly missing: readonly string[]
  /** Named columns of the file outside the contract; the action column does not count. */
  readonly extra: readonly string[]
}

/** How one column of the file is used. */
export type ColumnUse =
  | { readonly use: 'contract'; readonly contract: ColumnContract }
  | { readonly use: 'action' }
  | { readonly use: 'loose' }
  | { readonly use: 'discard' }
  | { readonly use: 'forbid' }
  | { readonly use: 'unnamed' }

/** A header, and how each column of its file is used. */
export interface BoundHeader {
  readonly header: CsvHeader
  readonly uses: readonly ColumnUse[]
}

/** Columns that a header may have or lack beside the contract's. */
export interface HeaderOptions {
  /** The file's name, for messages. */
  readonly file?: string | undefined
  /**
   * The column of a delta that holds the action of each change. It is read as text, and need not
   * be in the contract.
   */
  readonly actionColumn?: string | undefined
  /** Names in the file, with the contract's names for them. */
  readonly columnAliases?: Readonly<Record<string, string>> | undefined
  /**
   * `error` (default): every column must be there. `omit`: only the key must be there; the frame
   * lacks other missing columns.
   */
  readonly missingColumns?: 'error' | 'omit' | undefined
  readonly unnamedColumns?: 'drop' | 'name'
  readonly repeatedColumns?: 'error' | 'number'
  readonly extraColumns?: 'contract' | 'drop'
}

/** The policies that allow a column without a name, as long as it has no value. */
const WITHOUT_NAME: ReadonlySet<string> = new Set(['freeze', 'discard_row'])

export const COLUMN_LIMIT = 10_000

const quoted = (names: Iterable<string>) => Array.from(names, (name) => `"${name}"`).join(', ')
const normal = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '')

function findDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  // columns without a name do not count here: their values decide later
  return names.find((name) => name !== '' && seen.size === seen.add(name).size)
}

/** The names of the columns: as found, or as declared for those without a name and those that repeat one. */
function declaredNames(found: readonly string[], options: HeaderOptions): string[] {
  const { unnamedColumns, repeatedColumns, columnAliases = {} } = options
  const aliases = new Map(Object.entries(columnAliases))
  const seen = new Map<string, number>()
  return found.map((name, column) => {
    const own = name === '' && unnamedColumns === 'name' ? `column_${column + 1}` : name
    const count = (seen.get(own) ?? 0) + 1
    seen.set(own, count)
    const numbered = count > 1 && own !== '' && repeatedColumns === 'number' ? `${own}_${count}` : own
    return aliases.get(numbered) ?? numbered
  })
}

/** Returns the error for a header line that has another delimiter. */
export function otherDelimiter(where: string, looks: string, delimiter: string): FormatError {
  const shown = shownDelimiter(delimiter)
  const line = delimiter === '\t' ? '"sep=" and a tab' : `sep=${delimiter}`
  return new FormatError('csv_invalid', `${where}: the header ${looks}, and "${shown}" seems to separate its names`, {
    advice: [
      {
        option: 'delimiter',
        value: `'${shown}'`,
        typed: `"${shown}"`,
        otherwise: 'save it with commas between the cells',
      },
      `add a first line before it: ${line}`,
    ],
    details: { delimiter },
  })
}

function refuseOtherDelimiter(
  names: readonly string[],
  where: string,
  delimiter: string,
  contract: TableContract | undefined,
): void {
  const known = new Set(Object.keys(contract?.columns ?? {}))
  const countKnown = (some: readonly string[]) => some.filter((name) => known.has(name.trim())).length
  const count = countKnown(names)
  const line = names.join(delimiter)
  const other = FAMILIAR_DELIMITERS.find((one) => {
    const cells = one === delimiter ? [] : line.split(one)
    // names known to the contract prove it; a single name only suggests it
    return count > 0 || cells.length < 2 ? false : names.length === 1 || countKnown(cells) > 1
  })
  if (other === undefined) return
  const looks = names.length === 1 ? 'is one column' : `is ${names.length} columns that the contract does not know`
  throw otherDelimiter(where, looks, other)
}

/**
 * Returns how each column of the file is used; `delimiter` is null when it is certain.
 * @throws FormatError csv_invalid - the header seems to have another delimiter
 * @throws FormatError limit_exceeded - more than 10,000 columns
 * @throws FormatError header_missing - several columns, all without names
 * @throws ContractError column_duplicate - a name occurs twice
 * @throws ContractError column_renamed - a name differs from the contract's only in case or inner
 *   spacing
 * @throws ContractError column_missing - a key column is missing, or any column with
 *   `missingColumns: 'error'`
 * @throws ContractError column_extra - a column is not in the contract, which is frozen
 */
export function bindHeader(
  found: readonly string[],
  contract: TableContract | undefined,
  delimiter: string | null,
  options: HeaderOptions,
  place: CsvPlace = { file: options.file, row: 0, line: 1 },
): BoundHeader {
  const where = placeText(place)
  if (found.length > COLUMN_LIMIT) {
    const message = `${where}: ${found.length} columns; at most ${COLUMN_LIMIT} are read, export fewer of them`
    throw new FormatError('limit_exceeded', message)
  }
  if (found.length > 1 && found.every((name) => name === '') && options.unnamedColumns !== 'name') {
    throw new FormatError(
      'header_missing',
      `${where}: found ${found.length} blank cells, expected the column names; delete the lines before the header line`,
      { details: { ...place } },
    )
  }
  const names = declaredNames(found, options)
  const columns = new Map(Object.entries(contract?.columns ?? {}))
  if (delimiter !== null) refuseOtherDelimiter(names, where, delimiter, contract)
  const duplicate = findDuplicate(names)
  if (duplicate !== undefined) {
    throw new ContractError(
      'column_duplicate',
      `${where}: column "${duplicate}" occurs ${names.filter((name) => name === duplicate).length} times; give each column its own name`,
      { details: { column: duplicate, names } },
    )
  }
  if (contract === undefined) {
    const uses = names.map((name): ColumnUse => ({ use: name === options.actionColumn ? 'action' : 'loose' }))
    return { header: { names, dropped: [], missing: [], extra: [] }, uses }
  }
  const present = new Set(names)
  const header: CsvHeader = {
    names,
    missing: [...columns].filter(([name, { role }]) => role !== 'metadata' && !present.has(name)).map(([name]) => name),
    ...extraNames(
      names.filter((name) => name !== '' && !columns.has(name) && name !== options.actionColumn),
      options,
    ),
  }
  refuseMismatch(header, contract, where, options)
  const unknown = { freeze: 'discard', evolve: 'loose', discard_value: 'discard', discard_row: 'forbid' } as const
  const uses = names.map((name): ColumnUse => {
    const column = columns.get(name)
    if (column !== undefined) return { use: 'contract', contract: column }
    if (name === '' && WITHOUT_NAME.has(contract.unknownColumns)) return { use: 'unnamed' }
    if (header.dropped.includes(name)) return { use: 'discard' }
    return { use: name === options.actionColumn ? 'action' : unknown[contract.unknownColumns] }
  })
  return { header, uses }
}

/** Columns outside the contract: what its policy decides, or what the dialect drops. */
function extraNames(names: readonly string[], { extraColumns }: HeaderOptions): Pick<CsvHeader, 'extra' | 'dropped'> {
  return extraColumns === 'drop' ? { extra: [], dropped: names } : { extra: names, dropped: [] }
}

function refuseMismatch(header: CsvHeader, contract: TableContract, where: string, options: HeaderOptions): void {
  const { missing, dropped } = header
  // a renamed column is no column to drop
  const extra = [...header.extra, ...dropped]
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
      `${where}: column "${first.found}" is unknown; did you mean "${first.expected}"?`,
      {
        advice: [
          'rename it',
          { option: 'columnAliases', value: `{ ${JSON.stringify(first.found)}: '${first.expected}' }` },
        ],
        details,
      },
    )
  }
  const isNeeded = (name: string) => contract.key.includes(name) || options.missingColumns !== 'omit'
  const lacking = missing.filter(isNeeded)
  if (lacking.length > 0) {
    const what = lacking.length === 1 ? 'column' : 'columns'
    throw new ContractError(
      'column_missing',
      `${where}: ${what} ${quoted(lacking)} of table "${contract.name}" not found; the file has ${quoted(header.names)}`,
      { advice: ['add what is missing, name and cells', { option: 'columnAliases' }], details },
    )
  }
  if (header.extra.length > 0 && contract.unknownColumns === 'freeze') {
    const what = header.extra.length === 1 ? 'column' : 'columns'
    throw new ContractError(
      'column_extra',
      `${where}: ${what} ${quoted(header.extra)} not in table "${contract.name}"`,
      {
        advice: [
          {
            inCode: 'add to the contract, or set its unknownColumns to evolve, discard_value or discard_row',
            otherwise: 'take it out of the file, name and cells',
          },
          { option: 'extraColumns', value: "'drop'", effect: 'leave it out' },
        ],
        details,
      },
    )
  }
}
