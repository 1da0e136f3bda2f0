/**
 * The formats of the calls job's inputs: a call log becomes clean calls, an agents list becomes agents.
 * @module
 */
import { type ErrorCode, type EtlError, FormatError, type Issue } from '../../../errors.ts'
import type { CsvNote } from '../../../format/csv/read/notes.ts'
import { parquetFrame } from '../../../format/parquet/parquet.ts'
import { recodeWhole } from '../../../format/text/recode-whole.ts'
import { csv } from '../../../pipeline/sources/formats/csv-format.ts'
import {
  type DialectFormat,
  type FileReading,
  type FileToRead,
  json,
  type SourceFormat,
} from '../../../pipeline/sources/formats/formats.ts'
import type { NamedFile } from '../../../pipeline/sources/formats/named-formats.ts'
import { csvNotes } from '../../../pipeline/sources/formats/reading-notes.ts'
import type { SourceLine } from '../../../pipeline/sources/formats/source-lines.ts'
import type { NumberColumn } from '../../../table/column.ts'
import { type Frame, frameOf, selectColumns } from '../../../table/frame.ts'
import { countUp, markedRows, takeColumn } from '../../../table/take.ts'
import { agentLookup } from '../clean/call-agents.ts'
import { CALL_REJECT_REASONS, type CallReject, type CallRejectReason, rejectTable } from '../clean/call-rejects.ts'
import { type CallFacts, callFactsOf, lineReader } from '../clean/clean-call-frames.ts'
import { CALL_FACTS } from '../clean/curate-calls.ts'
import { type CallLog, readCallLog } from './call-log-reader.ts'
import { readAgentsList } from './calls-files.ts'
import { type LogPaths, namelessAgentsIn, refuseAgents, refuseAll, refuseLog, refuseNoCalls } from './calls-refusals.ts'
import { type DeclaredLog, readDeclaredLog } from './declared-log.ts'

/** A log that was read: its refused rows, and the counts of its calls where it could be cleaned. */
export interface ReadLog {
  readonly rejects: Frame
  readonly summary: CallFacts['summary'] | null
}

/** Who is told what a run reads; a format without it judges alike and tells nobody. */
export interface FormatListener {
  /** What messages call the files. */
  readonly paths?: LogPaths & { readonly agents: string; readonly output: string }
  /** Is told of a log before it is judged. */
  whenRead?(log: ReadLog): Promise<void>
  /** Is told of a curated file whose calls become the first piece of a ledger. */
  whenAdopted?(calls: Frame): Promise<void>
  /** Returns why a log of which no row can be used may not be applied; null where it may. */
  refuseEmpty?(rejects: Frame): Promise<EtlError | null>
}

/** What quarantine calls each reason; what it expected says which one it was. */
const CODES: Readonly<Record<CallRejectReason, ErrorCode>> = {
  json_invalid: 'json_invalid',
  record_length: 'record_length',
  header_repeated: 'header_repeated',
  call_id_missing: 'null_value',
  start_missing: 'null_value',
  start_unreadable: 'timestamp_invalid',
  end_missing: 'null_value',
  end_unreadable: 'timestamp_invalid',
  end_equals_start: 'timestamp_invalid',
  end_before_start: 'timestamp_invalid',
}

/** The records of a log, counted from 1: lines that were refused before they became rows are records too. */
interface LogRecords {
  readonly rows: Int32Array
  readonly refused: readonly number[]
}

function recordsOf(lines: NumberColumn, refused: readonly CallReject[]): LogRecords {
  const rows = new Int32Array(lines.length)
  const others: number[] = []
  for (let row = 0; row < rows.length; row++) {
    const line = lines.values[row] as number
    while (others.length < refused.length && (refused[others.length]?.line ?? 0) < line) {
      others.push(row + others.length + 1)
    }
    rows[row] = row + others.length + 1
  }
  while (others.length < refused.length) others.push(rows.length + others.length + 1)
  return { rows, refused: others }
}

/** The calls of a log, or why it has none. */
function tryCleaning({ log, refused, misfits }: CallLog, path: string): CallFacts | Error | null {
  // a log without one row has no columns to clean
  if (log.rows === 0) return null
  try {
    return callFactsOf(log, path, refused, misfits)
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}

/** How a file is declared to be written; null for JSON lines or an array with ISO timestamps. */
function declaredOf(format: DialectFormat, { file, month = null }: Pick<FileToRead, 'file' | 'month'>) {
  const dialect = format.dialectOf({ name: file, month })
  return format.kind !== 'csv' && Object.keys(dialect).length === 0 ? null : { kind: format.kind, dialect }
}

/** The rows of a log. */
function rowsOf(bytes: Uint8Array, path: string, declared: DeclaredLog | null) {
  return declared === null ? readCallLog(bytes, path) : readDeclaredLog(bytes, path, declared)
}

/** Reads a log of calls. */
function readLog(given: FileToRead, listener: FormatListener, format: DialectFormat): FileReading {
  const { bytes, file } = given
  const paths: LogPaths = listener.paths ?? { calls: file }
  const read: CallLog & { readonly notes?: readonly CsvNote[] } = rowsOf(bytes, paths.calls, declaredOf(format, given))
  const { log, refused, notes = [] } = read
  // `readCallLog` made the column
  const records = recordsOf(log.columns.get('_line') as NumberColumn, refused)
  const recordCount = log.rows + refused.length
  const found = tryCleaning(read, paths.calls)
  const cleaned = found instanceof Error ? null : found
  const { rejects = refused, rejectedRows = [] } = cleaned ?? {}
  const rowsRejected = [...records.refused, ...rejectedRows.map((row) => records.rows[row] ?? 0)]
  return {
    frame: cleaned?.facts ?? frameOf([], 0),
    records: (cleaned?.rows ?? new Int32Array(0)).map((row) => records.rows[row] ?? 0),
    recordCount,
    issues: rejects.map(({ reason, column, found: cell, expected }, at) => {
      return {
        code: CODES[reason],
        file,
        row: rowsRejected[at] ?? 0,
        column,
        found: cell,
        expected: expected ?? CALL_REJECT_REASONS[reason],
      }
    }),
    rejected: rejects.map(({ line }, at) => ({ row: rowsRejected[at] ?? 0, line, text: '' })),
    hasUniqueKeys: true,
    notes: csvNotes(notes),
    async refusal({ maxQuarantined: share }) {
      const unread = rejectTable(refused)
      const early = log.rows === 0 ? refuseAll(paths, unread) : refuseLog(paths, unread, recordCount, share)
      if (early === null && found instanceof Error) throw found
      const all = early === null ? rejectTable(rejects) : unread
      await listener.whenRead?.({ rejects: all, summary: early === null ? (cleaned?.summary ?? null) : null })
      const refusal = early ?? refuseLog(paths, all, recordCount, share)
      if (refusal !== null || (cleaned?.facts.rows ?? 0) > 0 || share === 1) return refusal
      return (await listener.refuseEmpty?.(all)) ?? null
    },
  }
}

const PARQUET = [0x50, 0x41, 0x52, 0x31]

/** Reads a curated file: calls that were cleaned before there was a ledger of their logs. */
async function readCurated({ bytes, file, decodeParquet }: FileToRead, listener: FormatListener): Promise<FileReading> {
  const path = listener.paths?.output ?? file
  const table = await parquetFrame(bytes, { file: path, decode: decodeParquet }).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error
    const message = `${error.message}; calls can only be added to a whole file: restore it, or clean all logs into a new one`
    throw new FormatError(error.code, message, { cause: error, details: error.details })
  })
  refuseNoCalls(table, path)
  await listener.whenAdopted?.(table)
  const frame = selectColumns(table, CALL_FACTS)
  const records = countUp(frame.rows, 1)
  return { frame, records, recordCount: frame.rows, issues: [], rejected: [], refusal: () => null }
}

/** A log's record as text: the line on which it begins. */
function lineOfRecords(
  bytes: Uint8Array,
  wanted: ReadonlySet<number>,
  declared: DeclaredLog | null,
): ReadonlyMap<number, SourceLine> {
  const found = new Map<number, SourceLine>()
  // the rows of a curated file are no text
  if (PARQUET.every((byte, at) => bytes[at] === byte)) return found
  const { log, refused } = rowsOf(bytes, 'the log', declared)
  const lines = log.columns.get('_line') as NumberColumn
  const records = recordsOf(lines, refused)
  const shown = recodeWhole(bytes, declared?.dialect.encoding ?? 'utf-8', 'the log')
  const text = new TextDecoder()
  let [line, at] = [1, 0]
  for (const [row, record] of records.rows.entries()) {
    if (!wanted.has(record)) continue
    const begins = lines.values[row] as number
    for (; line < begins; line++) at = shown.indexOf(LINE_FEED, at) + 1
    const end = shown.indexOf(LINE_FEED, at)
    const written = text.decode(shown.subarray(at, end < 0 ? shown.length : end)).trim()
    found.set(record, { line: begins, text: written.slice(0, SHOWN) })
  }
  return found
}

const LINE_FEED = 0x0a
/** Characters of a line that are shown. */
const SHOWN = 2000

/** What a format stores of the format of its files, where that is declared. */
function declarationsOf(kind: string, { declaration, declarationOf }: DialectFormat, isUsual: boolean) {
  if (isUsual) return { declaration: { kind } }
  const known = new Map<unknown, Readonly<Record<string, unknown>>>()
  const within = (files: Readonly<Record<string, unknown>>) => {
    const made = known.get(files) ?? { kind, files }
    known.set(files, made)
    return made
  }
  return {
    declaration: within(declaration),
    ...(declarationOf !== undefined && { declarationOf: (file: NamedFile) => within(declarationOf(file)) }),
  }
}

const LOG_KINDS = ['csv', 'json', 'json_lines'] as const
const USUAL_LOG = json()
const USUAL_LIST = csv()

/**
 * Returns the format of call logs, and of curated files; their rows are clean calls. A log is JSON lines or an array, unless it
 * is declared to be written otherwise.
 */
export function callLogFormat(listener: FormatListener = {}, format: DialectFormat = USUAL_LOG): SourceFormat {
  return {
    kind: 'call_log',
    ...declarationsOf('call_log', format, format === USUAL_LOG),
    read: async (given) =>
      PARQUET.every((byte, at) => given.bytes[at] === byte)
        ? readCurated(given, listener)
        : readLog(given, listener, format),
    findRecords: (bytes, wanted, { name, month }) =>
      lineOfRecords(bytes, wanted, declaredOf(format, { file: name, month })),
    declarable: { usual: format, kinds: LOG_KINDS, as: (other) => callLogFormat(listener, other) },
  }
}

/** Returns the format of agents lists: CSV whose rows without an id are left out. */
export function agentsFormat(listener: FormatListener = {}, format: DialectFormat = USUAL_LIST): SourceFormat {
  return {
    kind: 'agents_list',
    ...declarationsOf('agents_list', format, format === USUAL_LIST),
    declarable: { usual: format, kinds: ['csv'], as: (other) => agentsFormat(listener, other) },
    async read({ bytes, file, month = null }) {
      const path = listener.paths?.agents ?? file
      const read = readAgentsList(bytes, path, format.dialectOf({ name: file, month }))
      const { list, issues, rejected, notes } = read
      const lineOf = lineReader(list)
      const recordOf = (row: number) => read.records?.[row] ?? row + 1
      const nameless = namelessAgentsIn(list, path)
      const isNamed = new Uint8Array(list.rows).fill(1)
      for (const row of nameless) isNamed[row] = 0
      const named = markedRows(isNamed)
      const { ids, names, regions } = agentLookup(list, path, lineOf)
      const columns = [
        ['agent_id', ids],
        ['agent_name', names],
        ['region', regions],
      ] as const
      const unnamed = nameless.map((row): Issue => {
        const expected = 'an agent_id'
        return { code: 'null_value', file, row: recordOf(row), column: 'agent_id', found: null, expected }
      })
      const lines = [...nameless.map(lineOf), ...rejected.map(({ line }) => line)].sort((a, b) => a - b)
      const what = rejected.length === 0 ? 'have no agent_id' : 'have no agent_id, or are no records of the list'
      return {
        frame: frameOf(columns.map(([name, column]) => [name, takeColumn(column, named)] as const)),
        records: named.map(recordOf),
        recordCount: read.recordCount,
        issues: [...unnamed, ...issues.map((issue) => ({ ...issue, file }))].sort((a, b) => a.row - b.row),
        rejected: [...nameless.map((row) => ({ row: recordOf(row), line: lineOf(row), text: '' })), ...rejected],
        notes: csvNotes(notes),
        refusal: ({ maxQuarantined }) => refuseAgents({ path, lines, rows: read.recordCount, what }, maxQuarantined),
      }
    },
  }
}
