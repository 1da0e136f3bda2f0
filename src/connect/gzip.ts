/**
 * Files that were packed with gzip, unpacked while they are read, and no further than a file of their size can honestly be.
 * @module
 */
import { FormatError } from '../errors.ts'
import type { Chunks } from './file-store.ts'

/** How far a file may be unpacked. */
export interface GzipLimits {
  /** Bytes; 4 GiB. */
  readonly size?: number
  /** Unpacked bytes for one packed byte, looked at beyond the first 16 MiB; 200, where exports of real tables have 5 to 30. */
  readonly ratio?: number
}

const LIMITS = { size: 2 ** 32, ratio: 200 }
/** A small file does no harm, however well it was packed. */
const HARMLESS = 1 << 24

/** Whether a file is packed, by its name. */
export function isPacked(name: string): boolean {
  return name.endsWith('.gz')
}

function invalid(file: string, problem: string, cause?: unknown): FormatError {
  return new FormatError('gzip_invalid', `${file}: ${problem}; send the file again`, { cause })
}

/**
 * Gives the bytes that were packed. `onPacked` sees the packed ones on the way.
 *
 * @throws FormatError gzip_invalid - the bytes are no gzip, damaged, cut short, or followed by others
 * @throws FormatError limit_exceeded - they unpack to more than the limits allow
 */
export async function* unpack(
  chunks: Chunks,
  file: string,
  { limits = {}, onPacked = () => {} }: { readonly limits?: GzipLimits; onPacked?(chunk: Uint8Array): void } = {},
): AsyncGenerator<Uint8Array> {
  const { size, ratio } = { ...LIMITS, ...limits }
  // most runs meet no packed file
  const [{ Readable }, { createGunzip }] = await Promise.all([import('node:stream'), import('node:zlib')])
  const gunzip = createGunzip()
  let [packed, unpacked] = [0, 0]
  const source = Readable.from(
    (async function* () {
      for await (const chunk of chunks) {
        packed += chunk.length
        onPacked(chunk)
        // what reads the file may use its window again
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
  // Node passes by what follows the last member, and a damaged member looks like that
  if (gunzip.bytesWritten !== packed) throw invalid(file, `${packed - gunzip.bytesWritten} bytes follow the gzip bytes`)
}

function tooLarge(file: string, found: string): FormatError {
  return new FormatError(
    'limit_exceeded',
    `${file} unpacks to ${found}, which no export does; check where it came from, or send it unpacked`,
  )
}

/** Returns the bytes that were packed, all at once. */
export async function unpackWhole(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of unpack([bytes], file)) pieces.push(piece)
  return Buffer.concat(pieces)
}
