/**
 * Full extracts and monthly deltas: `initial/<table>.csv`, then `delta/<table>_delta_<YYYYMM>.csv`.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { compactMonth, parseMonth } from '../job/month.ts'
import type { CsvFormat } from './formats/csv-format.ts'
import type { ReplayedSource } from './source.ts'

/** How extracts and deltas are written. */
export interface ExtractOptions {
  /** What `csv` gives; `csv()` by default. */
  readonly format?: CsvFormat
}

const OPTIONS = { format: true } satisfies OptionNames<ExtractOptions>

const INITIAL = 'initial/'
const DELTA = 'delta/'
const INITIAL_NAME = /^initial\/(.+)\.csv(?:\.gz)?$/
const DELTA_NAME = /^delta\/(.+)_delta_(\d{6})\.csv(?:\.gz)?$/

/** Where the extract of a table, or one month of its deltas, is expected. */
export function sourceName(table: string, month: string | null): string {
  return month === null ? `${INITIAL}${table}.csv` : `${DELTA}${table}_delta_${compactMonth(month)}.csv`
}

/**
 * Returns the source of a table that begins with a full extract and is changed by one delta a month, both CSV, plain or
 * packed with gzip. The ledger's unit is the month: it is applied once. Other content of an applied month is refused, and so
 * is a month before one that was applied; `apply: 'rebuild'` replays all of them in order.
 *
 * @throws PipelineError invalid_option - the format is not one of CSV files
 * @example
 * const { recognize } = extractsAndDeltas()
 * recognize('agents', 'delta/agents_delta_202503.csv') // { unit: '2025-03', month: '2025-03' }
 * recognize('agents', 'initial/agents.csv') // { unit: '', month: null }
 */
export function extractsAndDeltas(options: ExtractOptions = {}): ReplayedSource {
  refuseUnknown(options, OPTIONS, PipelineError)
  const { format } = options
  const isCsv = format === undefined || typeof format?.dialectOf === 'function'
  refuseUnless(isCsv, 'format', format, 'what csv() gives', PipelineError)
  return {
    law: 'replayed',
    kind: 'extracts_and_deltas',
    declaration: { kind: 'extracts_and_deltas', ...(format !== undefined && { format: format.declaration }) },
    ...(format !== undefined && { format }),
    prefixes: [INITIAL, DELTA],
    expected: 'initial/<table>.csv or delta/<table>_delta_<YYYYMM>.csv',
    recognize(table, name) {
      if (INITIAL_NAME.exec(name)?.[1] === table) return { unit: '', month: null }
      const [, found, digits = ''] = DELTA_NAME.exec(name) ?? []
      const month = parseMonth(digits)
      return found === table && month !== null ? { unit: month, month } : null
    },
  }
}
