/**
 * Arrow IPC for tables: Arquero or Arrow in and out, over the kernels in `arrow.ts`.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { TableContract } from '../../table/contract.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { fitFrame, type ReadOptions, refuseReading, type TableAs, type TableKind, tableAs } from '../tables.ts'
import { arrowChunks, arrowFrame } from './arrow.ts'

/** How a table is written as Arrow or Parquet. */
export interface WriteOptions {
  /**
   * Gives the columns it names their form and nullability, so that the bytes depend only on the
   * rows.
   */
  readonly contract?: TableContract
  /** Key-value text stored with the table. */
  readonly metadata?: Readonly<Record<string, string>>
}
export const WRITE = { contract: true, metadata: true } satisfies OptionNames<WriteOptions>

/**
 * Returns the table in Arrow IPC bytes, file or stream, of any writer; typed by the contract, in
 * its column order. Where possible, columns use the bytes in place: do not change the bytes while
 * the table is in use. Decimals of up to 15 digits become doubles. Longer decimals, clock times
 * and durations are carried as text; lists, structs and maps as their values. `docs/formats.md`
 * lists all types.
 *
 * @throws FormatError arrow_invalid - not Arrow, damaged, compressed, or of an unsupported type;
 *   encoding_invalid - text is not UTF-8; type_mismatch, null_value, null_key - a row does not fit
 * @throws ContractError column_missing, column_extra, column_renamed, column_duplicate - the columns do not fit
 * @example
 * const bytes = writeArrow(aq.table({ agent_id: ['AGT001'], calls: [3] }))
 * readArrow(bytes).objects() // [{ agent_id: 'AGT001', calls: 3 }]
 * readArrow(bytes, undefined, { as: 'arrow' }).getChild('calls').get(0) // 3
 */
export function readArrow<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: ReadOptions<As> = {},
): TableAs<As> {
  refuseReading(bytes, contract, options)
  return tableAs(fitFrame(arrowFrame(bytes, options.file), contract, options.file), options.as)
}

/**
 * Returns the table as an Arrow IPC file. Equal rows give equal bytes, however the table was
 * computed: dictionaries in order of first use, zeros under nulls and in padding, one batch, no
 * clock. Repeated text stays dictionary-coded (the contract decides), instants are timestamps with
 * their zone, days are Date32.
 *
 * @throws ContractError unsupported_table - not a table; unsupported_type - objects that Arrow cannot hold; malformed_text - half a surrogate pair
 * @example
 * const bytes = writeArrow(aq.table({ agent_id: ['AGT001', 'AGT002'] }), { metadata: { zone: 'UTC' } })
 * tableFromIPC(bytes).getChild('agent_id').get(1) // 'AGT002'
 */
export function writeArrow(table: TableLike, options: WriteOptions = {}): Uint8Array {
  refuseUnknown(options, WRITE, FormatError)
  return joinChunks(arrowChunks(viewTable(table), options))
}
