/**
 * Decodes untrusted Parquet in a child process, so that a crash ends only the child.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../arguments.ts'
import { ConnectError, FormatError } from '../errors.ts'
import { ISOLATION_LIMITS, type IsolationOptions, isolate } from './isolate.ts'
import { moduleUrl } from './package-file.ts'

/** The options of isolated decoding. */
export interface IsolatedParquetOptions extends IsolationOptions {
  /** The module whose function `decode` decodes. A test gives its own. */
  readonly engine?: URL
}

const OPTIONS = {
  timeout: true,
  memory: true,
  signal: true,
  engine: true,
} satisfies OptionNames<IsolatedParquetOptions>
const MEBIBYTE = 2 ** 20

/**
 * Returns a decoder for `readParquet` that works in a child process. If a file makes the engine
 * crash, loop, or exceed the memory, the result is an ordinary error and the child is gone. Each
 * file starts a new child (about 0.2 s), without environment variables. The child ends with this
 * process, however it ends. Node only.
 *
 * @throws FormatError parquet_invalid - by the decoder: the bytes are damaged, or the engine
 * crashed
 * @throws FormatError limit_exceeded - by the decoder: the timeout was reached
 * @throws ConnectError io_failed - by the decoder: the process cannot be started
 * @example
 * import { table } from 'arquero'
 * import { isolatedParquet } from 'support-etl/pipeline'
 * import { readParquet, writeParquet } from 'support-etl/format'
 *
 * const bytes = await writeParquet(table({ agent_id: ['AGT001'] }))
 * const read = await readParquet(bytes, undefined, { file: 'upload.parquet', decode: isolatedParquet({ timeout: 30_000 }) })
 * read.objects() // [{ agent_id: 'AGT001' }]
 */
export function isolatedParquet(
  options: IsolatedParquetOptions = {},
): (bytes: Uint8Array, file?: string) => Promise<Uint8Array> {
  refuseUnknown(options, OPTIONS, ConnectError)
  const { timeout = ISOLATION_LIMITS.timeout, memory = ISOLATION_LIMITS.memory, engine } = options
  const beyond = `or needs more than ${Math.floor(memory / MEBIBYTE)} MiB of memory`
  return async (bytes, file = 'input') => {
    const result = await isolate(engine ?? moduleUrl('format/parquet/engine'), bytes, options)
    if (result.end === 'done') return result.bytes
    if (result.end === 'late') {
      throw new FormatError(
        'limit_exceeded',
        `${file} was not decoded in ${timeout / 1000} s, and the decoder was ended; check where the file came from, or cut it into smaller files`,
        { details: { file, limit: timeout } },
      )
    }
    const found = result.end === 'refused' ? result.reason : `the decoder ended by ${result.how}`
    throw new FormatError(
      'parquet_invalid',
      `${file} is not a readable Parquet file: ${found}. It is damaged, ${beyond}; fetch the file again, or cut it into smaller ones`,
      { details: { file } },
    )
  }
}
