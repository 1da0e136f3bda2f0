/**
 * Days of partitioned tables as files: one Parquet file each, read when its rows are asked for.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { FormatError } from '../../errors.ts'
import { contractForm } from '../../format/contract-form.ts'
import type { Column } from '../../table/column.ts'
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { convertColumn } from '../../table/convert/convert.ts'
import { columnOf, type Frame, frameOf } from '../../table/frame.ts'
import type { Effects } from '../effects.ts'
import type { Job } from '../job.ts'
import type { InputRecord, StoredFile } from '../log/commit-record.ts'
import { dataDamaged, OTHER_CONTENT, readStored } from './data-files.ts'

/** Returns rows as the bytes of a Parquet file; equal rows have equal bytes. */
export async function partitionBytes(frame: Frame, contract: TableContract): Promise<Uint8Array> {
  // loaded when it is needed: its codec weighs 15 MB
  const { parquetBytes } = await import('../../format/parquet/parquet.ts')
  return parquetBytes(frame, { contract })
}

/** Parquet has no seconds, and knows numbers and text by its own kinds; a column that has the contract's stays as it is. */
function inForm(
  column: Column,
  form: ColumnContract,
): { readonly column: Column; readonly misfits: ArrayLike<number> } {
  const isSame = column.kind === form.kind && !(column.kind === 'timestamp' && column.unit !== form.unit)
  return isSame ? { column, misfits: [] } : convertColumn(column, form, { as: 'value' })
}

/**
 * Returns the rows of a stored Parquet file.
 * @throws PipelineError data_damaged - it is gone, or a byte of it differs
 */
export async function readPartition(
  out: FileStore,
  file: StoredFile,
  contract: TableContract,
  { newHash, freeBuffers }: Pick<Effects, 'newHash' | 'freeBuffers'>,
): Promise<Frame> {
  // those of the day that was read before
  freeBuffers()
  const bytes = await readStored(out, file)
  const hash = newHash()
  hash.update(bytes)
  if (hash.digest() !== file.sha256) throw dataDamaged(out, file.name, OTHER_CONTENT)
  const { parquetFrame } = await import('../../format/parquet/parquet.ts')
  try {
    const frame = await parquetFrame(bytes, { file: file.name })
    const columns = Object.entries(contract.columns).map(([column, form]) => {
      const { column: converted, misfits } = inForm(columnOf(frame, column), form)
      if (misfits.length > 0) throw dataDamaged(out, file.name, 'holds rows that do not fit its contract')
      return [column, converted] as const
    })
    return contractForm(frameOf(columns, frame.rows), contract)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw dataDamaged(out, file.name, `is no readable Parquet file: ${error.message}`, error)
  }
}

/** Returns the inputs of a partitioned table that are its rows, in order of their days: all of them, or the newest. */
export function countingDays(job: Pick<Job, 'tables'>, table: string, inputs: readonly InputRecord[]): InputRecord[] {
  const source = job.tables[table]?.source
  const days = inputs
    .filter((input) => input.table === table && input.stored !== null)
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
  return source?.kind === 'partitions' && source.counts === 'newest' ? days.slice(-1) : days
}
