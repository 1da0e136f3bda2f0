/**
 * parquet-wasm: Arrow IPC streams to Parquet bytes and back. The one file that loads it, on first use (15 MB, 0.1 s).
 * @module
 */
import type * as ParquetWasm from 'parquet-wasm'

type Wasm = typeof ParquetWasm

/** What a Parquet file says beside its columns. */
export interface ParquetWords {
  readonly metadata: ReadonlyMap<string, string>
  readonly createdBy: string
}

/** Reads and writes Parquet by way of Arrow IPC streams; another engine (hyparquet in a page) may stand here. */
export interface ParquetEngine {
  /** Returns the Parquet bytes of an Arrow IPC stream. */
  encode(stream: Uint8Array, words: ParquetWords): Promise<Uint8Array>
  /** Returns the Arrow IPC stream of Parquet bytes. */
  decode(bytes: Uint8Array): Promise<Uint8Array>
}

let loading: Promise<Wasm> | null = null

async function load(): Promise<Wasm> {
  const wasm = await import('parquet-wasm')
  // the build for pages is begun by its default export; Node's begins by itself
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
 * A new instance in place of one that panicked: a panic never gives back its part of the stack, so that after some hundred
 * damaged files an instance would refuse sound ones. Where modules cannot be loaded again (a page), the instance stays.
 */
function reload(last: Wasm): Wasm {
  try {
    const from = typeof __filename === 'string' ? __filename : import.meta.url
    const loader = globalThis.process?.getBuiltinModule?.('node:module') as ModuleLoader | undefined
    if (loader === undefined) return last
    const require = loader.createRequire(from)
    delete require.cache[require.resolve('parquet-wasm')]
    // the same package as the one loaded first
    return require('parquet-wasm') as Wasm
  } catch {
    return last
  }
}

/** Runs one piece of work; a panic ends the instance's life and is an error like any other. */
async function withWasm<Result>(work: (wasm: Wasm) => Result): Promise<Result> {
  loading ??= load()
  const wasm = await loading
  try {
    return work(wasm)
  } catch (error) {
    // WebAssembly.RuntimeError by its name: the class is no part of this project's types
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error
    loading = Promise.resolve(reload(wasm))
    throw new Error('its parts contradict each other', { cause: error })
  }
}

/** Rows of a batch that is read: as many as a row group usually has, so that there is one. */
const BATCH_ROWS = 2 ** 20

/** The engine that runs wherever WebAssembly does. */
export const wasmEngine: ParquetEngine = {
  encode: (stream, { metadata, createdBy }) =>
    withWasm((wasm) => {
      // zstd: 30 % smaller than snappy at 5–10 % more time, and every reader of today knows it
      const properties = new wasm.WriterPropertiesBuilder()
        .setCompression(wasm.Compression.ZSTD)
        .setCreatedBy(createdBy)
        .setKeyValueMetadata(new Map(metadata))
        .build()
      return wasm.writeParquet(wasm.Table.fromIPCStream(stream), properties)
    }),
  decode: (bytes) => withWasm((wasm) => wasm.readParquet(bytes, { batchSize: BATCH_ROWS }).intoIPCStream()),
}

/** What a process of its own runs: `connect/isolate` names this file. */
export const { decode } = wasmEngine
