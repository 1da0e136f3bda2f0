/**
 * A bucket of S3, or of a compatible server, as a place: files appear whole, and a conditional
 * write lets exactly one of several writers win.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ConnectError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import { compareNames, fileNameParts, prefixParts } from '../file-name.ts'
import type { Chunks, FileEntry, FileStore, OpenedFile, StagedFile } from '../file-store.ts'
import { brokenAnswer, type S3Body, type S3Calls, type S3ClientOptions, type S3Page, s3Calls } from './s3-calls.ts'
import { s3Error, s3Failure } from './s3-error.ts'
import { parseS3Location } from './s3-location.ts'
import { ATTEMPTS, type RetryOptions, realWaiting, retried, type Waiting, waitAfter } from './s3-retry.ts'
import { upload } from './s3-upload.ts'
import { expectedVersion, taggedVersion } from './s3-version.ts'

/** The options of a bucket. */
export interface S3Options extends S3ClientOptions {
  /** The most attempts of a call. Default 8. */
  readonly attempts?: number
  /**
   * The size of a part of a large file in bytes, at least 5 MiB on AWS. Default 16 MiB. A file has at
   * most 10,000 parts.
   */
  readonly partSize?: number
  /** The clock and randomness of the waits between attempts. A test gives its own. */
  readonly waiting?: Waiting
}

const OPTIONS = {
  ...{ endpoint: true, region: true, timeout: true, client: true, attempts: true, partSize: true, waiting: true },
} as const satisfies OptionNames<S3Options>

class Bucket implements FileStore {
  readonly location: string
  readonly #folder: string
  readonly #calls: S3Calls
  readonly #retry: RetryOptions
  readonly #partSize: number
  #isConditional = false

  constructor(location: string, options: S3Options) {
    const { bucket, folder } = parseS3Location(location)
    this.location = `s3://${bucket}/${folder}`.replace(/\/$/, '')
    this.#folder = folder
    this.#calls = s3Calls(bucket, options)
    const { attempts = ATTEMPTS, waiting = realWaiting, partSize = 16 << 20 } = options
    this.#retry = { attempts, sleep: (time) => waiting.sleep(time), random: () => waiting.random() }
    this.#partSize = partSize
  }

  async list(prefix: string): Promise<readonly FileEntry[]> {
    prefixParts(prefix)
    const found: FileEntry[] = []
    for (let from: string | null = null, isLast = false; !isLast; ) {
      const at: string | null = from
      const page: S3Page = await this.#attempt('list', prefix, () =>
        retried(() => this.#calls.list(this.#folder + prefix, at), this.#retry),
      )
      for (const entry of page.entries) {
        const name = entry.name.slice(this.#folder.length)
        // S3 consoles mark folders with empty files whose names end in a slash
        if (name === '' || (name.endsWith('/') && entry.size === 0)) continue
        fileNameParts(name)
        found.push({ ...entry, name })
      }
      from = page.next
      isLast = from === null
    }
    return found.sort((a, b) => compareNames(a.name, b.name))
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    yield* this.#readOn(name, null)
  }

  async open(name: string): Promise<OpenedFile> {
    const key = this.#key(name)
    const body = await this.#attempt('read', name, () => retried(() => this.#calls.get(key, 0), this.#retry))
    const { etag, changed, size } = body
    return { entry: { name, size, ...taggedVersion(etag, changed) }, chunks: this.#readOn(name, body) }
  }

  /**
   * Streams a file from its beginning, or from an answer that has already begun. When the stream
   * breaks off, it requests the rest.
   */
  async *#readOn(name: string, first: S3Body | null): AsyncIterable<Uint8Array> {
    const key = this.#key(name)
    let given = first
    let at = 0
    let etag: string | undefined
    for (let failed = 0; ; ) {
      try {
        const body: S3Body = given ?? (await this.#calls.get(key, at, etag))
        given = null
        etag = body.etag
        const end = at + body.size
        for await (const chunk of body.chunks) {
          at += chunk.length
          failed = 0
          yield chunk
        }
        if (at === end) return
        throw brokenAnswer('IncompleteBody')
      } catch (error) {
        failed += 1
        if (failed >= this.#retry.attempts || s3Failure(error)?.kind !== 'unclear') {
          throw s3Error(error, 'read', this.#place(name))
        }
        await waitAfter(failed, this.#retry)
      }
    }
  }

  async write(name: string, chunks: Chunks): Promise<void> {
    const key = this.#key(name)
    const options = { partSize: this.#partSize, retry: this.#retry, writer: randomUUID() }
    await this.#attempt('write', name, () => upload(this.#calls, key, chunks, options))
  }

  /** Keeps the bytes in memory: a bucket cannot rename a file. */
  async stage(chunks: Chunks, whenWritten: () => void = () => {}): Promise<StagedFile> {
    const pieces: Uint8Array[] = []
    // a copy; `slice` of a Buffer would be a view
    for await (const chunk of chunks) pieces.push(new Uint8Array(chunk))
    whenWritten()
    const bytes = joinChunks(pieces)
    const partSize = this.#partSize
    return {
      size: bytes.length,
      // computed on demand: few callers ask, and hashing costs time
      get version() {
        return expectedVersion(bytes, partSize)
      },
      moveTo: (name) => this.write(name, [bytes]),
      discard: async () => {},
    }
  }

  async writeIfAbsent(name: string, bytes: Uint8Array): Promise<boolean> {
    const key = this.#key(name)
    const copy = new Uint8Array(bytes)
    return this.#attempt('write', name, async () => {
      const isWritten = await this.#putIfAbsent(key, copy)
      if (isWritten && !this.#isConditional) await this.#proveConditions(key, copy, name)
      return isWritten
    })
  }

  async remove(name: string): Promise<void> {
    const key = this.#key(name)
    await this.#attempt('remove', name, () => retried(() => this.#calls.remove(key), this.#retry))
  }

  /**
   * Writes a file unless the name exists. When the answer is unclear, the writer in the file's
   * metadata decides: an earlier attempt may have won although its answer was lost.
   */
  async #putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const writer = randomUUID()
    try {
      await retried(() => this.#calls.put(key, bytes, { writer, when: 'absent' }), this.#retry)
      return true
    } catch (error) {
      const kind = s3Failure(error)?.kind
      if (kind !== 'taken' && kind !== 'unclear') throw error
      const found = await retried(() => this.#calls.writerOf(key), this.#retry).catch((missing: unknown) => {
        if (s3Failure(missing)?.kind !== 'missing') throw missing
        // It was removed again, or never written; in the second case the last failure counts.
        if (kind === 'unclear') throw error
        return null
      })
      return found === writer
    }
  }

  /**
   * Checks on the first file written that the server honours the condition. A server that ignores
   * it would overwrite the file, and two runs could overwrite each other.
   */
  async #proveConditions(key: string, bytes: Uint8Array, name: string): Promise<void> {
    // twice, because the file may be removed in between
    for (let count = 0; count < 2; count++) {
      try {
        await retried(() => this.#calls.put(key, bytes, { writer: randomUUID(), when: 'absent' }), this.#retry)
      } catch (error) {
        if (s3Failure(error)?.kind !== 'taken') throw error
        this.#isConditional = true
        return
      }
    }
    await this.#calls.remove(key)
    throw new ConnectError(
      'io_failed',
      `cannot write ${this.#place(name)}: the server ignores If-None-Match, so that two runs could overwrite each other; use one that knows it`,
    )
  }

  #key(name: string): string {
    fileNameParts(name)
    return this.#folder + name
  }

  #place(name: string): string {
    return `${this.location}/${name}`
  }

  async #attempt<Result>(doing: string, name: string, call: () => Promise<Result>): Promise<Result> {
    try {
      return await call()
    } catch (error) {
      throw s3Error(error, doing, this.#place(name))
    }
  }
}

/**
 * Returns a folder of a bucket as a place. The first call loads the client (install
 * `@aws-sdk/client-s3` yourself); it finds region, credentials and `AWS_ENDPOINT_URL` in the usual
 * places. Calls that fail transiently are retried with full jitter. Large files go in parts. Every
 * byte is sent with a checksum. `writeIfAbsent` is a PUT with `If-None-Match: *`: of several
 * writers exactly one gets true, even when its answer is lost on the way.
 *
 * @throws ConnectError path_invalid - `location` is not an `s3://bucket/folder` address
 * @throws ConnectError package_missing, not_found, permission_denied, invalid_option, io_failed,
 * limit_exceeded - by the methods
 * @example
 * import { s3Store } from 'support-etl/connect'
 *
 * s3Store('s3://support-state/monthly', { endpoint: 'http://127.0.0.1:9000' }).location // 's3://support-state/monthly'
 */
export function s3Store(location: string, options: S3Options = {}): FileStore {
  refuseUnless(typeof location === 'string', 'location', location, 's3://bucket/folder', ConnectError)
  refuseUnknown(options, OPTIONS, ConnectError)
  return new Bucket(location, options)
}
