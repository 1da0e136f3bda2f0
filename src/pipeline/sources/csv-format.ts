/**
 * CSV files of a source: one dialect for all of them, or several by name or month.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { type CsvDialect, DIALECT, dialect, resolveDialect } from '../../format/csv/dialect.ts'
import type { RecordParser } from '../../format/csv/read/csv-parse-records.ts'
import { csvReader } from '../../format/csv/read/reader.ts'
import { countUp } from '../../table/take.ts'
import { parseMonth } from '../month.ts'
import type { NamedFile, SourceFormat } from './formats.ts'

/** A dialect of some files of a source: those whose name or month fits. */
export interface NamedDialect extends CsvDialect {
  /** The names of the files, below the source place; `*` is any text: `log/2024-*`. All by default. */
  readonly names?: string
  /** The first month, such as `2025-06`, of deltas that are written so; extracts come before every month. */
  readonly from?: string
}

/** The format of CSV files; made by `csv`. */
export interface CsvFormat extends SourceFormat {
  readonly kind: 'csv'
  /** Whether a dialect begins with a month: only the inputs of `extractsAndDeltas` have one. */
  readonly needsMonths: boolean
  /** The dialect that a file is written in. */
  dialectOf(file: NamedFile): CsvDialect
}

const NAMED = { ...DIALECT, names: true, from: true } satisfies OptionNames<NamedDialect>

interface Choice {
  readonly fits: (file: NamedFile) => boolean
  readonly dialect: CsvDialect
  readonly declaration: Readonly<Record<string, unknown>>
}

function fitsName(names: string): (name: string) => boolean {
  const parts = names.split('*')
  // without a regular expression: many stars must not take long
  return (name) => {
    const [first = '', ...others] = parts
    if (!name.startsWith(first)) return false
    const last = others.pop()
    if (last === undefined) return name === first
    let at = first.length
    for (const part of others) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return name.length - last.length >= at && name.endsWith(last)
  }
}

/** `.gz` says that a file is packed, not how its text is written. */
const unpacked = (name: string) => (name.endsWith('.gz') ? name.slice(0, -3) : name)

function choiceOf(named: NamedDialect): Choice {
  refuseUnknown(named, NAMED, PipelineError)
  const { names, from, ...options } = named
  const isPattern = names === undefined || (typeof names === 'string' && names !== '')
  refuseUnless(isPattern, 'names', names, 'a name of files such as log/2024-*.csv', PipelineError)
  const month = typeof from === 'string' ? parseMonth(from) : null
  refuseUnless(from === undefined || month !== null, 'from', from, 'a month such as 2025-06', PipelineError)
  const fitsPattern = names === undefined ? () => true : fitsName(unpacked(names))
  return {
    fits: (file) => fitsPattern(unpacked(file.name)) && (month === null || (file.month ?? '') >= month),
    dialect: dialect(options),
    declaration: { kind: 'csv', ...options },
  }
}

/** Returns csv-parse where the dialect may need it. It is loaded only then. */
export async function foreignFor(dialect: CsvDialect): Promise<RecordParser | undefined> {
  if (dialect.strayQuotes !== 'text' && !resolveDialect(dialect).needsCsvParse) return undefined
  return (await import('../../format/csv/read/fallback.ts')).readByCsvParse
}

/**
 * Returns the format of CSV files with a header, plain or packed with gzip. Several dialects are distinguished by `names` and
 * `from`: the first that fits a file counts, and the last one must fit all. Where exports change in June, put the new dialect
 * before the old one: only files whose own dialect is another one are read again.
 *
 * @throws PipelineError, FormatError invalid_option - an option that it does not have, or that no file can be read with; a file
 *   that no dialect fits
 * @throws ContractError time_zone_unknown - the zone of its timestamps
 * @example
 * csv({ delimiter: ';', encoding: 'windows-1252' }).kind // 'csv'
 * const changed = csv([{ from: '2025-06', delimiter: ';', decimal: ',' }, { delimiter: ',' }])
 * changed.dialectOf({ name: 'delta/calls_delta_202507.csv', month: '2025-07' }) // { delimiter: ';', decimal: ',' }
 */
export function csv(options: CsvDialect | readonly NamedDialect[] = {}): CsvFormat {
  const choices = Array.isArray(options)
    ? (options as readonly NamedDialect[]).map(choiceOf)
    : [choiceOf(options as CsvDialect)]
  const named: readonly NamedDialect[] = Array.isArray(options) ? options : [options]
  const last = named.at(-1)
  const isWhole = last !== undefined && last.names === undefined && last.from === undefined
  const expected = "an object such as { delimiter: ';' }, or a list whose last dialect has neither names nor from"
  refuseUnless(isWhole, 'options', options, expected, PipelineError)
  const [only] = choices
  // the last one fits every file
  const choiceFor = (file: NamedFile): Choice => choices.find(({ fits }) => fits(file)) as Choice
  const isOne = choices.length === 1
  return {
    kind: 'csv',
    needsMonths: named.some(({ from }) => from !== undefined),
    declaration: isOne ? (only as Choice).declaration : { kind: 'csv', dialects: named },
    ...(isOne ? {} : { declarationOf: (file: NamedFile) => choiceFor(file).declaration }),
    dialectOf: (file) => choiceFor(file).dialect,
    async read({ bytes, contract, file, month = null, missingColumns = 'error' }) {
      const options = choiceFor({ name: file, month }).dialect
      const given = { contract, file, missingColumns, expectedBytes: bytes.length, foreign: await foreignFor(options) }
      const reader = csvReader({ ...options, ...given })
      reader.push(bytes)
      const { frame, issues, rejected, records, recordCount } = reader.end()
      return { frame, issues, rejected, records: records ?? countUp(frame.rows, 1), recordCount }
    },
  }
}
