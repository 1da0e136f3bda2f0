/**
 * Parquet row group by row group: a table of any length is written and read in the memory of one group.
 * @module
 */
import { EtlError, FormatError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { describedFrame } from '../arrow/arrow.ts'
import { decodeGroups, encodeGroups, type RangedBytes } from './engine.ts'
import { CREATED_BY, parquetStream } from './parquet.ts'

export type { RangedBytes } from './engine.ts'

/** The most rows of a row group. */
export const GROUP_ROWS = 1 << 16

/**
 * Returns frames of one contract as the bytes of one Parquet file, each frame of {@link GROUP_ROWS} rows a row group. All
 * frames but the last have that many rows: then the same rows give the same bytes. There is at least one frame; it may be empty.
 */
export function parquetChunks(frames: AsyncIterable<Frame>, contract: TableContract): AsyncGenerator<Uint8Array> {
  const streams = async function* (): AsyncGenerator<Uint8Array> {
    for await (const frame of frames) yield parquetStream(frame, contract)
  }
  return encodeGroups(streams(), { metadata: new Map(), createdBy: CREATED_BY, groupRows: GROUP_ROWS })
}

/**
 * Yields the row groups of a Parquet file that this library wrote, and whose hash was looked at: damaged bytes may cost any
 * amount of memory.
 * @throws FormatError parquet_invalid - the bytes are not Parquet
 */
export async function* parquetGroups(
  bytes: RangedBytes,
  { file, columns }: { readonly file: string; readonly columns?: readonly string[] },
): AsyncGenerator<Frame> {
  const streams = decodeGroups(bytes, columns)
  try {
    for (;;) {
      const next = await streams.next().catch((cause: unknown) => {
        // what its place says of a read that failed
        if (cause instanceof EtlError) throw cause
        throw new FormatError('parquet_invalid', `${file} is not a readable Parquet file: ${String(cause)}`, { cause })
      })
      if (next.done) return
      yield describedFrame(next.value, file).frame
    }
  } finally {
    await streams.return(undefined)
  }
}
