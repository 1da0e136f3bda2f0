/**
 * parquet-wasm: Arrow IPC streams to Parquet bytes and back. Only this file loads it, on first use
 * (15 MB, 0.1 s).
 * @module
 */
import type * as ParquetWasm from 'parquet-wasm'

type Wasm = typeof ParquetWasm

/** Metadata of a Parquet file. */
export interface ParquetMetadata {
  readonly metadata: ReadonlyMap<string, string>
  readonly createdBy: string
}

/**
 * Reads and writes Parquet by way of Arrow IPC streams; another engine (such as hyparquet in a
 * page) can replace it.
 */
export interface ParquetEngine {
  /** Returns the Parquet bytes of an Arrow IPC stream. */
  encode(stream: Uint8Array, words: ParquetMetadata): Promise<Uint8Array>
  /** Returns the Arrow IPC stream of Parquet bytes. */
  decode(bytes: Uint8Array): Promise<Uint8Array>
}

let loading: Promise<Wasm> | null = null

async function load(): Promise<Wasm> {
  const wasm = await import('parquet-wasm')
  // the build for pages is started by its default export; the build for Node starts itself
  const begin: unknown = 'default' in wasm ? wasm.default : undefined
  if (typeof begin === 'function') await begin()
  return wasm
}

/** The parts of Node's module loader that a second instance needs. */
interface ModuleLoader {
  createRequire(from: string): {
    (name: string): unknown
    resolve(name: string): string
    cache: Record<string, unknown>
  }
}

/**
 * Returns a new instance to replace one that panicked. A panic never releases its part of the
 * stack; after some hundred damaged files an instance would refuse valid ones. Where modules
 * cannot be loaded again (in a page), the old instance stays.
 */
function reload(last: Wasm): Wasm {
  try {
    const from = typeof __filename === 'string' ? __filename : import.meta.url
    const loader = globalThis.process?.getBuiltinModule?.('node:module') as ModuleLoader | undefined
    if (loader === undefined) return last
    const require = loader.createRequire(from)
    delete require.cache[require.resolve('parquet-wasm')]
    // the same package as the first instance
    return require('parquet-wasm') as Wasm
  } catch {
    return last
  }
}

/** Runs one task. A panic replaces the instance, and is thrown like any other error. */
async function withWasm<Result>(work: (wasm: Wasm) => Result): Promise<Result> {
  loading ??= load()
  const wasm = await loading
  try {
    return work(wasm)
  } catch (error) {
    // WebAssembly.RuntimeError, recognised by name: the class is missing from this project's types
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error
    loading = Promise.resolve(reload(wasm))
    throw new Error('its parts contradict each other', { cause: error })
  }
}

/**
 * Rows per batch when reading: as many as row groups usually have, so that each gives one batch.
 */
const BATCH_ROWS = 2 ** 20

/** How row groups are written: the most rows of one, and what the file says of itself. */
export interface GroupOptions extends ParquetMetadata {
  readonly groupRows: number
}

/**
 * Returns the bytes of one Parquet file of several Arrow IPC streams. A stream is asked for when those before it are encoded,
 * so that only one row group is in memory.
 */
export async function* encodeGroups(
  streams: AsyncIterable<Uint8Array>,
  { metadata, createdBy, groupRows }: GroupOptions,
): AsyncGenerator<Uint8Array> {
  loading ??= load()
  const wasm = await loading
  const given = streams[Symbol.asyncIterator]()
  const failures: unknown[] = []
  const waiting: ParquetWasm.RecordBatch[] = []
  let isLeft = false
  const batches = new ReadableStream<ParquetWasm.RecordBatch>(
    {
      async pull(controller) {
        try {
          while (waiting.length === 0) {
            const next = isLeft ? null : await given.next()
            if (next === null || next.done) return controller.close()
            const table = wasm.Table.fromIPCStream(next.value)
            waiting.push(...table.recordBatches())
            table.free()
          }
          // the loop found one
          controller.enqueue(waiting.shift() as ParquetWasm.RecordBatch)
        } catch (error) {
          // the encoder panics where its stream fails
          failures.push(error)
          controller.close()
        }
      },
    },
    { highWaterMark: 0 },
  )
  const properties = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression.ZSTD)
    .setCreatedBy(createdBy)
    .setKeyValueMetadata(new Map(metadata))
    .setMaxRowGroupSize(groupRows)
    .build()
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let isDone = false
  try {
    reader = ((await wasm.transformParquetStream(batches, properties)) as ReadableStream<Uint8Array>).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      isDone = done
      if (done) break
      yield value
    }
  } catch (error) {
    isDone = true
    throw failures.length > 0 ? failures[0] : error
  } finally {
    isLeft = true
    // the encoder panics where nobody takes its bytes
    while (reader !== null && !isDone) isDone = (await reader.read()).done
    await given.return?.()
  }
  if (failures.length > 0) throw failures[0]
}

/** A file whose bytes are read piece by piece. */
export interface RangedBytes {
  readonly size: number
  read(from: number, to: number): Promise<Uint8Array>
}

/** The part of a Blob that the decoder uses. It panics where a read fails: such a read never ends, and `onFailure` is called. */
function blobOf({ size, read }: RangedBytes, onFailure: (error: unknown) => void): Blob {
  const bufferOf = async (from: number, to: number): Promise<unknown> => {
    try {
      const bytes = await read(from, to)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    } catch (error) {
      onFailure(error)
      return new Promise(() => {})
    }
  }
  const slice = (from = 0, to = size): unknown => ({ size: to - from, arrayBuffer: () => bufferOf(from, to) })
  return { size, slice } as unknown as Blob
}

/** Files that are still in use by a read that never ends: to free them would panic. */
const stuck: ParquetWasm.ParquetFile[] = []

/** Yields each row group of a Parquet file as an Arrow IPC stream; all columns, or those that are named. */
export async function* decodeGroups(bytes: RangedBytes, columns?: readonly string[]): AsyncGenerator<Uint8Array> {
  loading ??= load()
  const wasm = await loading
  const failure = Promise.withResolvers<never>()
  // whoever awaits a race gets the error
  failure.promise.catch(() => {})
  const file = await Promise.race([wasm.ParquetFile.fromFile(blobOf(bytes, failure.reject)), failure.promise])
  let isFree = true
  try {
    const metadata = file.metadata()
    const groups = metadata.numRowGroups()
    metadata.free()
    const chosen = columns === undefined ? {} : { columns: [...columns] }
    for (let group = 0; group < groups; group++) {
      isFree = false
      const table = await Promise.race([
        file.read({ rowGroups: [group], batchSize: BATCH_ROWS, ...chosen }),
        failure.promise,
      ])
      isFree = true
      yield table.intoIPCStream()
    }
  } finally {
    if (isFree) file.free()
    else stuck.push(file)
  }
}

/** The engine for all platforms that run WebAssembly. */
export const wasmEngine: ParquetEngine = {
  encode: (stream, { metadata, createdBy }) =>
    withWasm((wasm) => {
      // zstd: 30 % smaller than snappy at 5–10 % more time, and all current readers support it
      const properties = new wasm.WriterPropertiesBuilder()
        .setCompression(wasm.Compression.ZSTD)
        .setCreatedBy(createdBy)
        .setKeyValueMetadata(new Map(metadata))
        .build()
      return wasm.writeParquet(wasm.Table.fromIPCStream(stream), properties)
    }),
  decode: (bytes) => withWasm((wasm) => wasm.readParquet(bytes, { batchSize: BATCH_ROWS }).intoIPCStream()),
}

/** What `isolate/isolated-parquet.ts` runs in a process of its own. */
export const { decode } = wasmEngine
