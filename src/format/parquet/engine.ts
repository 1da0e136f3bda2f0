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
