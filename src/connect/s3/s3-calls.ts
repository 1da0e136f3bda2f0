/**
 * The calls to one bucket, without retries. Only this file loads the AWS SDK, on first use.
 * @module
 */
import type * as Sdk from '@aws-sdk/client-s3'
import { clientSettings } from '../aws-access.ts'
import type { FileEntry } from '../file-store.ts'
import { loadPackage } from '../load-package.ts'
import { callError } from './s3-error.ts'
import { taggedVersion } from './s3-version.ts'

/** A page of a list. An entry's `name` is the whole key. */
export interface S3Page {
  readonly entries: readonly FileEntry[]
  /** The token of the next page; null on the last page. */
  readonly next: string | null
}

/** A part of an upload that has reached the bucket. */
export interface S3Part {
  readonly number: number
  readonly etag: string | undefined
  readonly checksum: string | undefined
}

/** A file being downloaded. */
export interface S3Body {
  readonly etag: string | undefined
  readonly changed: Date | undefined
  /** Bytes still to come in this answer. */
  readonly size: number
  readonly chunks: AsyncIterable<Uint8Array>
}

/** The calls to a bucket. Each is one request and fails with an `S3CallError`. */
export interface S3Calls {
  put(key: string, bytes: Uint8Array, condition: PutCondition): Promise<void>
  /** The writer recorded in the file's metadata, or null. */
  writerOf(key: string): Promise<string | null>
  /** Reads a file from position `from` on. With `etag`, only that version. */
  get(key: string, from: number, etag?: string): Promise<S3Body>
  list(prefix: string, from: string | null): Promise<S3Page>
  remove(key: string): Promise<void>
  startUpload(key: string, writer: string): Promise<string>
  uploadPart(key: string, upload: string, number: number, bytes: Uint8Array): Promise<S3Part>
  completeUpload(key: string, upload: string, parts: readonly S3Part[]): Promise<void>
  abortUpload(key: string, upload: string): Promise<void>
}

export interface PutCondition {
  /** Stored in the file's metadata, so that a writer recognises its own file. */
  readonly writer: string
  readonly when: 'always' | 'absent'
}

/** How to reach a bucket. The usual AWS environment variables and files supply what is left out. */
export interface S3ClientOptions {
  /**
   * The server, for stores other than AWS; `AWS_ENDPOINT_URL` by default. The bucket is then a part
   * of the path.
   */
  readonly endpoint?: string
  /** `AWS_REGION` or `AWS_DEFAULT_REGION` by default. */
  readonly region?: string
  /**
   * Milliseconds without an answer, or without a further byte, after which a call fails; 60,000.
   */
  readonly timeout?: number
  /**
   * Further settings for the SDK's client constructor: credentials, a request handler, an agent.
   */
  readonly client?: Readonly<Record<string, unknown>>
}

const PACKAGE = '@aws-sdk/client-s3'
const WRITER = 'support-etl-writer'

/** Loads the SDK. @throws ConnectError package_missing - it is not installed */
export function loadSdk(load: () => Promise<typeof Sdk> = () => import('@aws-sdk/client-s3')): Promise<typeof Sdk> {
  return loadPackage(load, { name: PACKAGE, install: PACKAGE, what: 'a place on S3' })
}

function settingsOf({ client, ...place }: S3ClientOptions): Sdk.S3ClientConfig {
  const settings = clientSettings('S3', place)
  return {
    ...settings,
    ...(settings.endpoint === undefined ? {} : { forcePathStyle: true }),
    // We retry ourselves: a second attempt of a conditional write needs a check of who wrote.
    maxAttempts: 1,
    ...client,
  }
}

/** Returns a failed call, for answers that the SDK accepts although they are broken. */
export function brokenAnswer(name: string): unknown {
  return callError(Object.assign(new Error(name), { name }))
}

/** Waits for the promise, at most that many milliseconds; then aborts the call. */
async function within<Value>(milliseconds: number, promise: Promise<Value>, control: AbortController): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(brokenAnswer('TimeoutError'))
      control.abort()
    }, milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } catch (error) {
    throw callError(error)
  } finally {
    clearTimeout(timer)
  }
}

function nameOf(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key
}

function pageOf({
  Contents = [],
  KeyCount,
  IsTruncated,
  NextContinuationToken,
  EncodingType,
}: Sdk.ListObjectsV2CommandOutput): S3Page {
  // an answer that was cut off would look like a shorter list
  const isWhole = (KeyCount ?? Contents.length) === Contents.length && Contents.every(({ Key }) => Key !== undefined)
  if (!isWhole || IsTruncated === undefined || (IsTruncated && !NextContinuationToken))
    throw brokenAnswer('IncompleteList')
  const entries = Contents.map(({ Key = '', Size = 0, ETag, LastModified }) => ({
    name: nameOf(Key, EncodingType),
    size: Size,
    ...taggedVersion(ETag, LastModified),
  }))
  return { entries, next: IsTruncated ? (NextContinuationToken ?? null) : null }
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  timeout: number,
  control: AbortController,
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await within(timeout, iterator.next(), control)
      if (done) return
      yield value
    }
  } finally {
    control.abort()
    await iterator.return?.().catch(() => {})
  }
}

/** Returns the calls to a bucket. The SDK is loaded by the first call. */
export function s3Calls(Bucket: string, options: S3ClientOptions): S3Calls {
  const { timeout = 60_000 } = options
  let opening: Promise<{ sdk: typeof Sdk; client: Sdk.S3Client }> | null = null
  const open = (): Promise<{ sdk: typeof Sdk; client: Sdk.S3Client }> => {
    opening ??= loadSdk().then((sdk) => ({ sdk, client: new sdk.S3Client(settingsOf(options)) }))
    return opening
  }
  /** Makes one call. */
  const ask = async <Result>(
    call: (sdk: typeof Sdk, send: Sdk.S3Client['send'], abortSignal: AbortSignal) => Promise<Result>,
    control = new AbortController(),
  ): Promise<Result> => {
    const { sdk, client } = await open()
    const sent = call(sdk, client.send.bind(client), control.signal)
    // After a timeout the late rejection has no listener; this avoids an unhandled rejection.
    sent.catch(() => {})
    return within(timeout, sent, control)
  }
  const ChecksumAlgorithm = 'CRC32'
  return {
    async put(Key, Body, { writer, when }) {
      const condition = when === 'absent' ? { IfNoneMatch: '*' } : {}
      const input = { Bucket, Key, Body, ChecksumAlgorithm, Metadata: { [WRITER]: writer }, ...condition } as const
      await ask((sdk, send, abortSignal) => send(new sdk.PutObjectCommand(input), { abortSignal }))
    },
    async writerOf(Key) {
      const { Metadata } = await ask((sdk, send, abortSignal) =>
        send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal }),
      )
      return Metadata?.[WRITER] ?? null
    },
    async get(Key, from, etag) {
      const control = new AbortController()
      const part = {
        ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }
      const input = { Bucket, Key, ChecksumMode: 'ENABLED', ...part } as const
      const { Body, ETag, LastModified, ContentLength } = await ask(
        (sdk, send, abortSignal) => send(new sdk.GetObjectCommand(input), { abortSignal }),
        control,
      )
      if (Body === undefined || ContentLength === undefined) throw brokenAnswer('IncompleteBody')
      // in Node the body is a byte stream
      const chunks = watched(Body as AsyncIterable<Uint8Array>, timeout, control)
      return { etag: ETag, changed: LastModified, size: ContentLength, chunks }
    },
    async list(Prefix, from) {
      const page = from === null ? {} : { ContinuationToken: from }
      const input = { Bucket, Prefix, EncodingType: 'url', ...page } as const
      return pageOf(await ask((sdk, send, abortSignal) => send(new sdk.ListObjectsV2Command(input), { abortSignal })))
    },
    async remove(Key) {
      await ask((sdk, send, abortSignal) => send(new sdk.DeleteObjectCommand({ Bucket, Key }), { abortSignal }))
    },
    async startUpload(Key, writer) {
      const input = { Bucket, Key, ChecksumAlgorithm, Metadata: { [WRITER]: writer } } as const
      const { UploadId } = await ask((sdk, send, abortSignal) =>
        send(new sdk.CreateMultipartUploadCommand(input), { abortSignal }),
      )
      if (UploadId === undefined) throw brokenAnswer('IncompleteAnswer')
      return UploadId
    },
    async uploadPart(Key, UploadId, PartNumber, Body) {
      const input = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm } as const
      const { ETag, ChecksumCRC32 } = await ask((sdk, send, abortSignal) =>
        send(new sdk.UploadPartCommand(input), { abortSignal }),
      )
      return { number: PartNumber, etag: ETag, checksum: ChecksumCRC32 }
    },
    async completeUpload(Key, UploadId, parts) {
      const Parts = parts.map(({ number, etag, checksum }) => ({
        PartNumber: number,
        ETag: etag,
        ...(checksum === undefined ? {} : { ChecksumCRC32: checksum }),
      }))
      await ask((sdk, send, abortSignal) =>
        send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }), {
          abortSignal,
        }),
      )
    },
    async abortUpload(Key, UploadId) {
      await ask((sdk, send, abortSignal) =>
        send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal }),
      )
    },
  }
}
