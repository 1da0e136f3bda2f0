/**
 * Reads the files of the calls system: a call log and an agents list, with the line of each row.
 * @module
 */
import type { CsvDialect } from '../../../format/csv/dialect.ts'
import { readByCsvParse } from '../../../format/csv/read/fallback.ts'
import { csvReader } from '../../../format/csv/read/reader.ts'
import type { CsvReading } from '../../../format/csv/read/reading.ts'
import { refuseIssues } from '../../../format/tables.ts'
import type { FormatDeclaration, FormatOverrides } from '../../../pipeline/declared/index.ts'
import { readWhole } from '../../../pipeline/state/data-files.ts'
import { NumberColumn } from '../../../table/column.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import { type CallLog, readCallLog as callLogOf } from './call-log-reader.ts'
import { type PlacedFile, pathOf, refuseNoFile } from './manifest-file.ts'

/** The files of a run. */
export interface CallFiles {
  readonly calls: PlacedFile
  readonly agents: PlacedFile
  readonly output: PlacedFile
  readonly manifest: PlacedFile
  /**
   * Where refused rows are written, as CSV or JSON lines according to its name. Default: nowhere.
   */
  readonly rejects?: PlacedFile
}

/** How the files of a run are written. */
export interface CallsFormats {
  /** What `readDeclaration` gives. */
  readonly declaration?: FormatDeclaration
  /** Options that count before the declaration, for both files. */
  readonly overrides?: FormatOverrides
}

/**
 * Returns the rows of a call log in file order and unchanged, the line of each as `_line`, and a
 * reject for each line that is not a JSON object. `cleanCalls` takes both: the rows as its log,
 * the rejects as its option `refused`.
 *
 * @throws FormatError empty_file - the file has no rows
 * @throws FormatError json_invalid, limit_exceeded - the file is damaged as a whole
 * @throws ConnectError not_found, path_invalid, permission_denied, io_failed - the place cannot give the file
 * @example
 * const store = memoryStore({ 'calls.json': '{"call_id":"c1"}\n{"call_id"\n' })
 * const { log, refused } = await readCallLog({ store, name: 'calls.json' })
 * log.rows // 1
 * refused.map(({ line, reason }) => [line, reason]) // [[2, 'json_invalid']]
 */
export async function readCallLog(file: PlacedFile): Promise<CallLog> {
  refuseNoFile(file, 'file')
  return callLogOf(await readWhole(file.store, file.name), pathOf(file))
}

/**
 * Returns the rows of an agents list in file order: every column as text, the line of each row as
 * `_line`. `cleanCalls` takes them as its agents.
 *
 * @throws FormatError empty_file, header_missing, record_length, quote_invalid … - as `readCsv`
 * @throws ConnectError not_found, path_invalid, permission_denied, io_failed - the place cannot give the file
 * @example
 * const store = memoryStore({ 'agents.csv': 'agent_id,name,region\nA1,Ada,North\n\nA2,Ben,South\n' })
 * const agents = await readAgents({ store, name: 'agents.csv' })
 * agents.rows // 2
 * Array.from(agents.columns.get('_line') ?? []) // [2, 4]
 */
export async function readAgents(file: PlacedFile): Promise<Frame> {
  refuseNoFile(file, 'file')
  const path = pathOf(file)
  const { list, issues } = readAgentsList(await readWhole(file.store, file.name), path)
  refuseIssues(issues, path, 'leave the record out')
  return list
}

/** An agents list as it was read. */
export interface AgentsList extends Pick<CsvReading, 'issues' | 'rejected' | 'records' | 'recordCount' | 'notes'> {
  /** Every column as text, the line of each row as `_line`. */
  readonly list: Frame
}

/** Returns the rows of an agents list, and the records that are none. */
export function readAgentsList(bytes: Uint8Array, file: string, dialect: CsvDialect = {}): AgentsList {
  const { durations: _, ...own } = dialect
  const options = { ...own, file, expectedBytes: bytes.length, foreign: readByCsvParse } as const
  const reader = csvReader({ ...options, types: 'text', lines: 'keep' })
  reader.push(bytes)
  const { frame, lines, ...others } = reader.end()
  // the reader was asked to keep them
  return { ...others, list: withColumns(frame, [['_line', new NumberColumn('int32', lines as Int32Array)]]) }
}
