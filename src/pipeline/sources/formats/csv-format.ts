/**
 * CSV files of a source: one dialect for all of them, or several by name or month.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { PipelineError } from '../../../errors.ts'
import { type CsvDialect, DIALECT, dialect, resolveDialect } from '../../../format/csv/dialect.ts'
import { editRecords } from '../../../format/csv/edit-records.ts'
import type { RecordParser } from '../../../format/csv/read/csv-parse-records.ts'
import { csvReader } from '../../../format/csv/read/reader.ts'
import { countUp } from '../../../table/take.ts'
import type { DialectFormat } from './formats.ts'
import { chooserOf, type FileChoice, type NamedFile, plainOptions } from './named-formats.ts'
import { csvNotes } from './reading-notes.ts'
import { findLines, replaceLines } from './source-lines.ts'

/** A dialect of some files of a source: those whose name or month fits. */
export interface NamedDialect extends CsvDialect, FileChoice {}

/** The format of CSV files; made by `csv`. */
export interface CsvFormat extends DialectFormat {
  readonly kind: 'csv'
  /** Whether a dialect begins with a month: only the inputs of `extractsAndDeltas` have one. */
  readonly needsMonths: boolean
  /** The dialect that a file is written in. */
  dialectOf(file: NamedFile): CsvDialect
}

const NAMED = { ...DIALECT, names: true, from: true } satisfies OptionNames<NamedDialect>

/** Rows that are handed on together, at least, where a file is read in batches. */
const BATCH_ROWS = 1 << 16

/** What a file is without a declaration: saying it changes nothing. */
const DEFAULTS: Readonly<Partial<Record<keyof CsvDialect, unknown>>> = {
  ...{ delimiter: ',', quote: '"', strayQuotes: 'error', encoding: 'utf-8', decimal: '.' },
  ...{ dates: 'yyyy-MM-dd', skipLines: 0, headerRow: 1, ragged: 'reject' },
  ...{ unnamedColumns: 'drop', repeatedColumns: 'error', extraColumns: 'contract' },
}

/** Returns csv-parse where the dialect may need it. It is loaded only then. */
export async function foreignFor(dialect: CsvDialect): Promise<RecordParser | undefined> {
  if (dialect.strayQuotes !== 'text' && !resolveDialect(dialect).needsCsvParse) return undefined
  return (await import('../../../format/csv/read/fallback.ts')).readByCsvParse
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
  const named: readonly NamedDialect[] = Array.isArray(options) ? options : [options]
  for (const one of named) refuseUnknown(one, NAMED, PipelineError)
  const choose = chooserOf(named)
  const dialects = new Map(named.map((one) => [one, dialect(withoutChoice(one))]))
  // the chooser gives one of the keys
  return csvFormatOf(named, (file) => dialects.get(choose(file)) as CsvDialect)
}

function withoutChoice({ names: _, from: __, ...options }: NamedDialect): CsvDialect {
  return options
}

/**
 * Returns the format of CSV files of which each has its own dialect; `dialects` are all of them, as messages and commits have
 * them. Equal dialects are one value.
 */
export function csvFormatOf(
  dialects: readonly NamedDialect[],
  dialectOf: (file: NamedFile) => CsvDialect,
  isOne = dialects.length === 1,
): CsvFormat {
  const declare = (own: NamedDialect) => ({ kind: 'csv', ...plainOptions(own, DEFAULTS) })
  const [first = {}] = dialects
  const declarations = new Map<CsvDialect, Readonly<Record<string, unknown>>>()
  const declarationOf = (file: NamedFile) => {
    const own = dialectOf(file)
    const known = declarations.get(own) ?? declare(own)
    declarations.set(own, known)
    return known
  }
  return {
    kind: 'csv',
    needsMonths: dialects.some(({ from }) => from !== undefined),
    declaration: isOne ? declare(first) : { kind: 'csv', dialects },
    ...(isOne ? {} : { declarationOf }),
    dialectOf,
    async read({ bytes, contract, file, month = null, missingColumns = 'error' }) {
      const options = dialectOf({ name: file, month })
      const given = { contract, file, missingColumns, expectedBytes: bytes.length, foreign: await foreignFor(options) }
      const reader = csvReader({ ...options, ...given })
      reader.push(bytes)
      const { frame, issues, rejected, records, recordCount, notes } = reader.end()
      const rows = { frame, issues, rejected, records: records ?? countUp(frame.rows, 1) }
      return { ...rows, recordCount, notes: csvNotes(notes) }
    },
    async *readBatches({ chunks, contract, file, month = null, missingColumns = 'error' }) {
      const options = dialectOf({ name: file, month })
      const reader = csvReader({ ...options, contract, file, missingColumns, foreign: await foreignFor(options) })
      for await (const chunk of chunks) {
        reader.push(chunk)
        const batch = reader.take(BATCH_ROWS)
        if (batch !== null) yield batch
      }
      const { frame, issues, rejected, records, recordCount, notes } = reader.end()
      yield { frame, issues, rejected, records: records ?? countUp(frame.rows, 1) }
      return { recordCount, notes: csvNotes(notes) }
    },
    editRecords: (chunks, named, edit) => editRecords(chunks, { dialect: dialectOf(named), file: named.name, edit }),
    async replaceRecords(bytes, texts, file) {
      const own = dialectOf(file)
      return replaceLines(bytes, texts, file.name, { dialect: own, foreign: await foreignFor(own) })
    },
    async findRecords(bytes, wanted, file) {
      const own = dialectOf(file)
      return findLines(bytes, wanted, { dialect: own, foreign: await foreignFor(own) })
    },
  }
}
