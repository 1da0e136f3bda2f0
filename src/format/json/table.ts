/**
 * JSON for tables: Arquero or Arrow in and out, over the kernels in `json-read.ts` and `json-write.ts`.
 * @module
 */

import type { OptionNames } from '../../arguments.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { TableContract } from '../../table/contract.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { type ReadOptions, refuseIssues, refuseReading, type TableAs, type TableKind, tableAs } from '../tables.ts'
import { JSON_DIALECT, type JsonDialect } from './dialect.ts'
import { jsonFrame } from './read.ts'
import { type JsonLayout, jsonChunks } from './write.ts'

/** How a JSON file is read into a table. */
export interface JsonTableOptions<As extends TableKind = TableKind> extends ReadOptions<As>, JsonDialect {}

const READ = { ...JSON_DIALECT, as: true, file: true } as const satisfies OptionNames<JsonTableOptions>

function readLayout<As extends TableKind>(
  layout: JsonLayout,
  bytes: Uint8Array,
  contract: TableContract | undefined,
  options: JsonTableOptions<As>,
): TableAs<As> {
  refuseReading(bytes, contract, options, READ)
  const { as, file, ...dialect } = options
  const { frame, issues } = jsonFrame(bytes, { layout, contract, file, dialect })
  refuseIssues(issues, file)
  return tableAs(frame, as)
}

/**
 * Returns the rows of a JSON array of objects as a table: typed by the contract, in its column
 * order. With a contract, text is parsed as instants and days, integers exactly to 64 bits, and
 * `"NaN"`, `"Infinity"`, `"-Infinity"` as numbers. Without one, text stays text, numbers are
 * doubles (64-bit integers if all are integers and a double cannot hold one; text if neither can
 * hold one), lists and objects are carried unread. A name that a row lacks is null; a name that
 * occurs twice in a row is an error. `-0` keeps its sign. Options declare a list inside an object
 * (`path`), objects in a row (`layout`), names that lead into objects, and the forms of values.
 *
 * @throws FormatError json_invalid, empty_file, encoding_invalid, limit_exceeded - the file is
 *   damaged, with line and column; type_mismatch, null_value, null_key - a row does not fit, or a
 *   double cannot hold a number inside a list or object
 * @throws ContractError column_missing, column_extra, column_renamed - the names do not fit
 * @example
 * const agents = defineTable('agents', { agent_id: key(string()), calls: nullable(int64()) })
 * const bytes = new TextEncoder().encode('[{"agent_id":"AGT001","calls":9007199254740993},{"agent_id":"AGT002"}]')
 * readJson(bytes, agents).objects() // [{ agent_id: 'AGT001', calls: 9007199254740993n }, { agent_id: 'AGT002', calls: null }]
 * const envelope = new TextEncoder().encode('{"page":1,"agents":[{"agent":{"id":"AGT003"}}]}')
 * const declared = { path: 'agents', columnAliases: { 'agent.id': 'agent_id' } }
 * readJson(envelope, agents, declared).objects() // [{ agent_id: 'AGT003', calls: null }]
 */
export function readJson<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: JsonTableOptions<As> = {},
): TableAs<As> {
  return readLayout('array', bytes, contract, options)
}

/**
 * Returns the table as a JSON array, one row per line. Every row has every name; null is `null`.
 * Instants are ISO text, days `YYYY-MM-DD`, numbers have their shortest form, 64-bit integers
 * their digits; NaN and the infinities are strings.
 *
 * @throws ContractError unsupported_table - not a table; unsupported_type - values that JSON cannot hold; malformed_text - half a surrogate pair
 * @example
 * const table = aq.table({ agent_id: ['AGT001', null], minutes: [-0, 1.5] })
 * new TextDecoder().decode(writeJson(table)) // '[\n{"agent_id":"AGT001","minutes":-0.0},\n{"agent_id":null,"minutes":1.5}\n]\n'
 */
export function writeJson(table: TableLike): Uint8Array {
  return joinChunks(jsonChunks(viewTable(table), { layout: 'array' }))
}

/**
 * Returns the rows of JSON Lines (NDJSON), one object per line, as {@link readJson} returns those
 * of an array. Blank lines are skipped; an empty file gives a table without rows.
 *
 * @throws FormatError json_invalid, encoding_invalid, limit_exceeded - the file is damaged, with line and column; type_mismatch,
 * null_value, null_key - a row does not fit
 * @throws ContractError column_missing, column_extra, column_renamed - the names do not fit
 * @example
 * const bytes = new TextEncoder().encode('{"agent_id":"AGT001","calls":3}\n{"agent_id":"AGT002"}\n')
 * readJsonLines(bytes).objects() // [{ agent_id: 'AGT001', calls: 3 }, { agent_id: 'AGT002', calls: null }]
 */
export function readJsonLines<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: JsonTableOptions<As> = {},
): TableAs<As> {
  return readLayout('lines', bytes, contract, options)
}

/**
 * Returns the table as JSON Lines (NDJSON), one object per line, with values as {@link writeJson}
 * writes them.
 *
 * @throws ContractError unsupported_table - not a table; unsupported_type - values that JSON cannot hold; malformed_text - half a surrogate pair
 * @example
 * const table = aq.table({ agent_id: ['AGT001', 'AGT002'], calls: [3, null] })
 * new TextDecoder().decode(writeJsonLines(table)) // '{"agent_id":"AGT001","calls":3}\n{"agent_id":"AGT002","calls":null}\n'
 */
export function writeJsonLines(table: TableLike): Uint8Array {
  return joinChunks(jsonChunks(viewTable(table), { layout: 'lines' }))
}
