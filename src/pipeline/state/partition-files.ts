/**
 * Days of partitioned tables as files: one Parquet file each, read when its rows are asked for.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { FormatError } from '../../errors.ts'
import { contractForm } from '../../format/contract-form.ts'
import { collected } from '../../table/chunks.ts'
import type { Column } from '../../table/column.ts'
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { convertColumn } from '../../table/convert/convert.ts'
import { columnOf, type Frame, frameOf } from '../../table/frame.ts'
import type { Effects } from '../effects.ts'
import type { Job } from '../job/job.ts'
import type { InputRecord, StoredFile } from '../log/commit-record.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { dataDamaged } from './data-files.ts'
import { evenFrames } from './even-frames.ts'
import { openIntact } from './stored-rows.ts'

/**
 * Returns rows as the bytes of a Parquet file, made in the memory of one row group. Equal rows have equal bytes, however they
 * are cut into frames.
 */
export async function* partitionChunks(
  frames: AsyncIterable<Frame>,
  contract: TableContract,
): AsyncGenerator<Uint8Array> {
  // loaded when it is needed: its codec weighs 15 MB
  const { GROUP_ROWS, parquetChunks } = await import('../../format/parquet/groups.ts')
  yield* parquetChunks(evenFrames(frames, contract, GROUP_ROWS), contract)
}

/** Parquet has no seconds, and knows numbers and text by its own kinds; a column that has the contract's stays as it is. */
function inForm(
  column: Column,
  form: ColumnContract,
): { readonly column: Column; readonly misfits: ArrayLike<number> } {
  const isSame = column.kind === form.kind && !(column.kind === 'timestamp' && column.unit !== form.unit)
  return isSame ? { column, misfits: [] } : convertColumn(column, form, { as: 'value' })
}

/** Rows that were stored, in the form of their contract. */
function formed(frame: Frame, contract: TableContract, columns: readonly string[], refuse: () => Error): Frame {
  const converted = columns.map((name) => {
    const { column, misfits } = inForm(columnOf(frame, name), contract.columns[name] as ColumnContract)
    if (misfits.length > 0) throw refuse()
    return [name, column] as const
  })
  return contractForm(frameOf(converted, frame.rows), contract)
}

/**
 * Yields the rows of a stored Parquet file, some at a time: all columns, or those that are named.
 * @throws PipelineError data_damaged - it is gone, or a byte of it differs
 */
export async function* readGroups(
  out: FileStore,
  file: StoredFile,
  contract: TableContract,
  { newHash, freeBuffers }: Pick<Effects, 'newHash' | 'freeBuffers'>,
  columns: readonly string[] = Object.keys(contract.columns),
): AsyncGenerator<Frame, void, undefined> {
  const open = await openIntact(out, file, newHash())
  const { parquetGroups } = await import('../../format/parquet/groups.ts')
  const opened = open()
  const bytes = {
    size: opened.size,
    read: async (from: number, to: number): Promise<Uint8Array> => {
      const into = new Uint8Array(to - from)
      await opened.readLater(from, into)
      return into
    },
  }
  const misfit = () => dataDamaged(out, file.name, 'holds rows that do not fit its contract')
  try {
    for await (const frame of parquetGroups(bytes, { file: file.name, columns })) {
      // those of the rows before
      freeBuffers()
      yield formed(frame, contract, columns, misfit)
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw dataDamaged(out, file.name, `is no readable Parquet file: ${error.message}`, error)
  } finally {
    opened.close()
  }
}

/**
 * Returns the rows of a stored Parquet file.
 * @throws PipelineError data_damaged - it is gone, or a byte of it differs
 */
export async function readPartition(
  out: FileStore,
  file: StoredFile,
  contract: TableContract,
  effects: Pick<Effects, 'newHash' | 'freeBuffers'>,
): Promise<Frame> {
  return concatFrames(await collected(readGroups(out, file, contract, effects)), contract)
}

/** Returns the inputs of a partitioned table that are its rows, in order of their days: all of them, or the newest. */
export function countingDays(job: Pick<Job, 'tables'>, table: string, inputs: readonly InputRecord[]): InputRecord[] {
  const source = job.tables[table]?.source
  const days = inputs
    .filter((input) => input.table === table && input.stored !== null)
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
  return source?.kind === 'partitions' && source.counts === 'newest' ? days.slice(-1) : days
}
