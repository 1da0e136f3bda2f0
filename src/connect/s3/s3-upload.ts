/**
 * Uploads of any size: small files in one call, large ones in parts that become one file at the
 * end.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { Chunks } from '../file-store.ts'
import type { S3Calls, S3Part } from './s3-calls.ts'
import { s3Failure } from './s3-error.ts'
import { type RetryOptions, retried } from './s3-retry.ts'

/** S3's limit. */
const MOST_PARTS = 10_000
/** How many parts are uploaded at the same time. Each stays in memory until the bucket has it. */
const AT_ONCE = 4

/**
 * Regroups chunks into parts of one size. The last part may be shorter. There is always at least
 * one part.
 */
async function* partsOf(chunks: Chunks, partSize: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  let count = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      // a copy, because the writer may reuse the chunk when the next one is requested
      const piece = new Uint8Array(chunk.subarray(at, at + partSize - size))
      pieces.push(piece)
      size += piece.length
      at += piece.length
      if (size < partSize) continue
      yield joinChunks(pieces)
      count += 1
      pieces = []
      size = 0
    }
  }
  if (size > 0 || count === 0) yield joinChunks(pieces)
}

/** The options of an upload. */
export interface UploadOptions {
  readonly partSize: number
  readonly retry: RetryOptions
  /** Identifies the writer in the file's metadata. */
  readonly writer: string
}

/** Writes a file. Readers see it only when it is complete. */
export async function upload(calls: S3Calls, key: string, chunks: Chunks, options: UploadOptions): Promise<void> {
  const { partSize, retry, writer } = options
  const parts = partsOf(chunks, partSize)
  const first = await parts.next()
  // partsOf yields at least one part
  const bytes = first.value as Uint8Array
  const second = bytes.length < partSize ? null : await parts.next()
  if (second === null || second.done) {
    await retried(() => calls.put(key, bytes, { writer, when: 'always' }), retry)
    return
  }
  const id = await retried(() => calls.startUpload(key, writer), retry)
  try {
    const sent = await sendParts(calls, { key, id }, prepend([bytes, second.value], parts), retry)
    await complete(calls, { key, id }, sent, options)
  } catch (error) {
    await calls.abortUpload(key, id).catch(() => {
      // the bucket's lifecycle rule removes the parts; report the original error
    })
    throw error
  }
}

async function* prepend(first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first
  yield* rest
}

interface Upload {
  readonly key: string
  readonly id: string
}

async function sendParts(
  calls: S3Calls,
  { key, id }: Upload,
  parts: AsyncIterable<Uint8Array>,
  retry: RetryOptions,
): Promise<readonly S3Part[]> {
  const sending: Promise<S3Part>[] = []
  for await (const bytes of parts) {
    const number = sending.length + 1
    if (number > MOST_PARTS) {
      throw new ConnectError('limit_exceeded', `${key} has more than ${MOST_PARTS} parts; choose a larger partSize`)
    }
    const part = retried(() => calls.uploadPart(key, id, number, bytes), retry)
    part.catch(() => {})
    sending.push(part)
    if (number >= AT_ONCE) await sending[number - AT_ONCE]
  }
  return Promise.all(sending)
}

/**
 * Joins the parts into the file. If the answer to an earlier attempt was lost, the writer in the
 * file's metadata shows that the attempt succeeded.
 */
async function complete(
  calls: S3Calls,
  { key, id }: Upload,
  parts: readonly S3Part[],
  { retry, writer }: UploadOptions,
): Promise<void> {
  let isSecond = false
  await retried(async () => {
    try {
      await calls.completeUpload(key, id, parts)
    } catch (error) {
      const isGone = isSecond && s3Failure(error)?.kind === 'missing'
      isSecond = true
      if (!isGone || (await calls.writerOf(key)) !== writer) throw error
    }
  }, retry)
}
