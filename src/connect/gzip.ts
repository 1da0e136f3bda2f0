/**
 * Unpacks gzip files while they are read, up to limits that protect against gzip bombs.
 * @module
 */
import { FormatError } from '../errors.ts'
import type { Chunks } from './file-store.ts'

/** The limits of unpacking. */
export interface GzipLimits {
  /** The most unpacked bytes; 4 GiB. */
  readonly size?: number
  /**
   * The most unpacked bytes per packed byte, checked beyond the first 16 MiB; 200. Exports of real
   * tables have 5 to 30.
   */
  readonly ratio?: number
}

const UNPACKING_LIMITS = { size: 2 ** 32, ratio: 200 }
/** Up to this size no ratio is checked: a small file does no harm. */
const HARMLESS = 1 << 24

/** Whether the file name says that the file is packed. */
export function isPacked(name: string): boolean {
  return name.endsWith('.gz')
}

function invalid(file: string, problem: string, cause?: unknown): FormatError {
  return new FormatError('gzip_invalid', `${file}: ${problem}; send the file again`, { cause })
}

/**
 * Yields the unpacked bytes. `onPacked` receives each packed chunk.
 *
 * @throws FormatError gzip_invalid - the bytes are not gzip, are damaged or cut short, or other
 * bytes follow them
 * @throws FormatError limit_exceeded - they unpack to more than the limits allow
 */
export async function* unpack(
  chunks: Chunks,
  file: string,
  { limits = {}, onPacked = () => {} }: { readonly limits?: GzipLimits; onPacked?(chunk: Uint8Array): void } = {},
): AsyncGenerator<Uint8Array> {
  const { size, ratio } = { ...UNPACKING_LIMITS, ...limits }
  // loaded here because most runs read no packed file
  const [{ Readable }, { createGunzip }] = await Promise.all([import('node:stream'), import('node:zlib')])
  const gunzip = createGunzip()
  let [packed, unpacked] = [0, 0]
  const source = Readable.from(
    (async function* () {
      for await (const chunk of chunks) {
        packed += chunk.length
        onPacked(chunk)
        // a copy, because the reader may reuse its buffer
        yield new Uint8Array(chunk)
      }
    })(),
  )
  let broken: unknown
  source.on('error', (error) => {
    broken = error
    gunzip.destroy(error)
  })
  source.pipe(gunzip)
  try {
    for await (const chunk of gunzip) {
      unpacked += chunk.length
      if (unpacked > size) throw tooLarge(file, `more than ${size / 2 ** 20} MiB`)
      if (unpacked > HARMLESS && unpacked > packed * ratio) throw tooLarge(file, `${ratio} times its ${packed} bytes`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof FormatError || error === broken) throw error
    throw invalid(file, 'the gzip bytes are damaged or cut short', error)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
  // Node ignores bytes after the last member, and a damaged member looks like such bytes.
  if (gunzip.bytesWritten !== packed) throw invalid(file, `${packed - gunzip.bytesWritten} bytes follow the gzip bytes`)
}

function tooLarge(file: string, found: string): FormatError {
  return new FormatError(
    'limit_exceeded',
    `${file} unpacks to ${found}, which no export does; check where it came from, or send it unpacked`,
  )
}

/** Yields the bytes packed with gzip. An error of the chunks is thrown as it is. */
export async function* pack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [{ Readable }, { createGzip }] = await Promise.all([import('node:stream'), import('node:zlib')])
  const gzip = createGzip()
  const source = Readable.from(chunks)
  // an error does not go through a pipe by itself
  source.on('error', (error) => gzip.destroy(error))
  source.pipe(gzip)
  try {
    for await (const chunk of gzip) yield chunk
  } finally {
    source.destroy()
    gzip.destroy()
  }
}

/** Unpacks all bytes at once. */
export async function unpackWhole(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of unpack([bytes], file)) pieces.push(piece)
  return Buffer.concat(pieces)
}
