/**
 * A call log that is declared to be written otherwise than as JSON lines or an array with ISO timestamps.
 * @module
 */
import { FormatError } from '../../../errors.ts'
import type { CsvDialect } from '../../../format/csv/dialect.ts'
import { type CellForms, resolveForms } from '../../../format/csv/forms.ts'
import { refuseDurations } from '../../../format/csv/read/durations.ts'
import { readByCsvParse } from '../../../format/csv/read/fallback.ts'
import type { CsvNote } from '../../../format/csv/read/notes.ts'
import { csvReader } from '../../../format/csv/read/reader.ts'
import { readDeclared } from '../../../format/json/declared.ts'
import { type JsonDialect, resolveJson } from '../../../format/json/dialect.ts'
import { jsonRecords } from '../../../format/json/records.ts'
import type { DeclaredKind } from '../../../pipeline/sources/formats/formats.ts'
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import {
  type ColumnContract,
  defineTable,
  float64,
  key,
  nullable,
  string,
  type TableContract,
  timestamp,
} from '../../../table/contract.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import { plainText } from '../../../table/utf8.ts'
import { CALL_ALIASES } from '../clean/call-columns.ts'
import type { CallReject } from '../clean/call-rejects.ts'
import type { Misfits } from '../clean/misfits.ts'
import { type CallLog, emptyLog, jsonRejects } from './call-log-reader.ts'

/** How a log is declared to be written. */
export interface DeclaredLog {
  readonly kind: DeclaredKind
  readonly dialect: CsvDialect & JsonDialect
}

const text = nullable(string({ encoding: 'plain' }))
const KINDS: Readonly<Record<keyof typeof CALL_ALIASES, ColumnContract>> = {
  ...{ call_id: text, agent_id: text, customer_id: text, issue_type: text, resolution: text },
  ...{ start_time: nullable(timestamp({ unit: 'us' })), end_time: nullable(timestamp({ unit: 'us' })) },
  ...{ duration_seconds: nullable(float64()), rating: nullable(float64()) },
}

/** Every name of every column of a log, with the kind of its cells. */
const CELLS = defineTable('calls', {
  ...Object.fromEntries(
    Object.entries(CALL_ALIASES).flatMap(([name, aliases]) => {
      // the aliases have the same names
      const own = KINDS[name as keyof typeof KINDS]
      return aliases.map((alias): [string, ColumnContract] => [alias, own])
    }),
  ),
  no_column: key(string()),
})

/** Whether a form of its own is declared for cells of a column. */
function hasForm(name: string, { kind }: ColumnContract, { stamps, numbers, durations }: CellForms): boolean {
  return kind === 'timestamp' ? stamps !== null : kind === 'float64' && (numbers !== null || !!durations?.has(name))
}

/** The columns that are read in declared forms. Without a form of its own, a cell is text that may be a word for null. */
function declaredColumns(forms: CellForms | null): TableContract {
  const columns = Object.entries<ColumnContract>(CELLS.columns).flatMap(([name, own]): [string, ColumnContract][] => {
    if (forms === null || name === 'no_column') return []
    if (hasForm(name, own, forms)) return [[name, own]]
    return forms.nulls === null ? [] : [[name, text]]
  })
  return { ...CELLS, columns: Object.fromEntries(columns) }
}

/** @throws FormatError invalid_option - durations of a column that a log does not have, or not counted in seconds */
function refuseUnits({ durations }: CsvDialect & JsonDialect, forms: CellForms | null): void {
  refuseDurations([], forms, CELLS)
  const unit = durations?.duration_seconds?.unit ?? 'seconds'
  if (unit === 'seconds') return
  throw new FormatError(
    'invalid_option',
    `the durations of duration_seconds are declared in ${unit}, and the column counts seconds; declare the unit seconds`,
    { details: { option: 'durations.duration_seconds.unit' } },
  )
}

/** The log with its cells read as declared, and the cells that are not written so. */
function inForms(log: CallLog, forms: CellForms | null, file: string): CallLog {
  if (forms === null) return log
  const contract = declaredColumns(forms)
  const texts = Object.keys(contract.columns).flatMap((name) => {
    const column = log.log.columns.get(name)
    return column instanceof DictionaryColumn ? [[name, plainText(column, name)] as const] : []
  })
  const { frame, issues } = readDeclared(withColumns(log.log, texts), contract, forms, file)
  const misfits = new Map<string, Map<number, { readonly found: string; readonly expected: string }>>()
  for (const { row, column, found, expected } of issues) {
    // an issue of a cell has its column
    const name = column as string
    const cells = misfits.get(name) ?? new Map()
    misfits.set(name, cells)
    cells.set(row - 1, { found: found ?? '', expected })
  }
  return { ...log, log: frame, misfits: misfits as Misfits }
}

/** The options that say how cells are written, and what becomes of columns that a contract does not have. */
const OF_CELLS: ReadonlySet<string> = new Set([
  ...['timestamps', 'dates', 'decimal', 'thousands', 'nulls', 'booleans', 'durations', 'extraColumns'],
])

/** The part of a dialect that says where cells are; what they are is read afterwards, when it is known of which column. */
function layoutOf(dialect: CsvDialect): CsvDialect {
  return Object.fromEntries(Object.entries(dialect).filter(([name]) => !OF_CELLS.has(name)))
}

function readCsvLog(
  bytes: Uint8Array,
  file: string,
  dialect: CsvDialect,
): CallLog & { readonly notes: readonly CsvNote[] } {
  const layout = layoutOf(dialect)
  const reader = csvReader({
    ...{ ...layout, file, types: 'text', lines: 'keep' },
    ...{ expectedBytes: bytes.length, foreign: readByCsvParse },
  })
  reader.push(bytes)
  const { frame, lines, issues, rejected, notes } = reader.end()
  const lineOf = new Map(rejected.map(({ row, line }) => [row, line]))
  const refused = issues.map(({ code, row, found, expected }): CallReject => {
    // without a contract, a record is refused as a whole, for its length or for being the header line
    const reason = code === 'header_repeated' ? 'header_repeated' : 'record_length'
    return { line: lineOf.get(row) ?? row, call_id: null, reason, column: null, found, expected }
  })
  // the reader was asked to keep them
  const numbered = withColumns(frame, [['_line', new NumberColumn('int32', lines as Int32Array)]])
  return { log: numbered, refused, notes }
}

function readJsonLog(bytes: Uint8Array, file: string, dialect: JsonDialect, forms: CellForms | null): CallLog {
  const { extraColumns: _, ...own } = dialect
  const contract = declaredColumns(forms)
  const { frame, lines, refused } = jsonRecords(bytes, { file, dialect: resolveJson(own), contract })
  const log: Frame = withColumns(frame, [['_line', new NumberColumn('int32', lines)]])
  return { log, refused: jsonRejects(refused) }
}

/**
 * Returns the rows of a log as it is declared to be written.
 * @throws FormatError - as the readers of CSV and JSON; empty_file - there is no row
 */
export function readDeclaredLog(
  bytes: Uint8Array,
  file: string,
  { kind, dialect }: DeclaredLog,
): CallLog & { readonly notes?: readonly CsvNote[] } {
  const forms = resolveForms(dialect)
  refuseUnits(dialect, forms)
  const found = kind === 'csv' ? readCsvLog(bytes, file, dialect) : readJsonLog(bytes, file, dialect, forms)
  if (found.log.rows === 0 && found.refused.length === 0) throw emptyLog(file)
  return { ...found, ...inForms(found, forms, file) }
}
