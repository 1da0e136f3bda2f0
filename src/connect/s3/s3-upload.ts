/**
 * Files of any size into a bucket: small ones in one call, large ones in parts that become a file all at once.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { Chunks } from '../file-store.ts'
import type { S3Calls, S3Part } from './s3-calls.ts'
import { s3Failure } from './s3-error.ts'
import { type RetryOptions, retried } from './s3-retry.ts'

/** S3 takes no more. */
const MOST_PARTS = 10_000
/** Parts on their way at once; each is held in memory until the bucket has it. */
const AT_ONCE = 4

/** Chunks of any size as parts of one size; the last may be shorter, and there is at least one. */
async function* partsOf(chunks: Chunks, partSize: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  let count = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      // a copy: the chunk is the writer's again when the next is asked for
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

/** What an upload is told. */
export interface UploadOptions {
  readonly partSize: number
  readonly retry: RetryOptions
  /** Names the writer, in the file. */
  readonly writer: string
}

/** Writes a file; no reader sees it before it is whole. */
export async function upload(calls: S3Calls, key: string, chunks: Chunks, options: UploadOptions): Promise<void> {
  const { partSize, retry, writer } = options
  const parts = partsOf(chunks, partSize)
  const first = await parts.next()
  // at least one part is promised
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
      // the bucket's lifecycle rule clears what is left; the reason to stop is the one to tell
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

/** Makes a file of the parts. An answer that was lost is known by the file that names its writer. */
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
