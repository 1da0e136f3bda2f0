/**
 * Parquet for tables: Arquero or Arrow in and out, over the kernels in `parquet.ts`.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { WRITE, type WriteOptions } from '../arrow/table.ts'
import { fitFrame, type ReadOptions, refuseReading, type TableAs, type TableKind, tableAs } from '../tables.ts'
import { type ParquetReading, parquetBytes, parquetFrame } from './parquet.ts'

/** How Parquet bytes are read into a table. */
export interface ParquetReadOptions<As extends TableKind = TableKind> extends ReadOptions<As>, ParquetReading {}
const READ = { as: true, file: true, decode: true } satisfies OptionNames<ParquetReadOptions>

/**
 * Returns the table in Parquet bytes of any writer; typed by the contract, in its column order.
 * Timestamps keep their unit and zone (a contract's are UTC). Decimals of up to 15 digits become
 * doubles; longer ones, clock times and durations are carried as text; lists, structs and maps as
 * their values. The bytes are decoded in this process unless `decode` says otherwise: for
 * untrusted files, use `isolatedParquet()`.
 *
 * @throws FormatError parquet_invalid - not Parquet, damaged, encrypted, or of an unsupported
 *   type; limit_exceeded - it would unpack to more than the limits allow; type_mismatch,
 *   null_value, null_key - a row does not fit
 * @throws ContractError column_missing, column_extra, column_renamed, column_duplicate - the columns do not fit
 * @example
 * const agents = defineTable('agents', { agent_id: key(string()), hire_date: nullable(date()) })
 * const bytes = await writeParquet(aq.table({ agent_id: ['AGT001'], hire_date: ['2024-05-01'] }))
 * const table = await readParquet(bytes, agents)
 * table.objects() // [{ agent_id: 'AGT001', hire_date: '2024-05-01' }]
 */
export async function readParquet<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: ParquetReadOptions<As> = {},
): Promise<TableAs<As>> {
  refuseReading(bytes, contract, options, READ)
  return tableAs(fitFrame(await parquetFrame(bytes, options), contract, options.file), options.as)
}

/**
 * Returns the table as Parquet bytes: text as strings, instants as UTC timestamps
 * (isAdjustedToUTC), days as dates, numbers in their own width; zstd. Equal rows give equal bytes.
 * `metadata` is stored as JSON in the footer, under `support-etl`.
 *
 * @throws ContractError unsupported_table - not a table, or one without columns; unsupported_type - objects that Parquet cannot
 * hold; malformed_text - half a surrogate pair
 * @example
 * const bytes = await writeParquet(aq.table({ agent_id: ['AGT001', 'AGT002'], calls: [3, null] }))
 * new TextDecoder().decode(bytes.subarray(0, 4)) // 'PAR1'
 */
export async function writeParquet(table: TableLike, options: WriteOptions = {}): Promise<Uint8Array> {
  refuseUnknown(options, WRITE, FormatError)
  return await parquetBytes(viewTable(table), options)
}
