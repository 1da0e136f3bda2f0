/**
 * A bucket of S3, or of a server that speaks like it, as a place: whole files, and the first of many by a conditional write.
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
import { type RetryOptions, realWaiting, retried, type Waiting, waitAfter } from './s3-retry.ts'
import { upload } from './s3-upload.ts'
import { expectedVersion, taggedVersion } from './s3-version.ts'

/** How a bucket is used. */
export interface S3Options extends S3ClientOptions {
  /** How often a call is made before it has failed; 8. */
  readonly attempts?: number
  /** Bytes of a part of a large file, at least 5 MiB on AWS; 16 MiB. A file has at most 10,000 parts. */
  readonly partSize?: number
  /** Time and chance of the waits between attempts; a test gives its own. */
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
    const { attempts = 8, waiting = realWaiting, partSize = 16 << 20 } = options
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
        // consoles mark folders by empty files whose names end in a slash
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

  /** Reads a file from its beginning, or from where an answer begins that is here already; what breaks off is asked for again. */
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

  /** Its bytes wait in memory: a bucket gives no second name to what it has. */
  async stage(chunks: Chunks, onTaken: () => void = () => {}): Promise<StagedFile> {
    const pieces: Uint8Array[] = []
    // not by slice, which gives a view of a Buffer
    for await (const chunk of chunks) pieces.push(new Uint8Array(chunk))
    onTaken()
    const bytes = joinChunks(pieces)
    const partSize = this.#partSize
    return {
      size: bytes.length,
      // asked for by few, and not for nothing
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

  /** Puts a file where none is. Whose file it is says the file: an earlier attempt may have won and its answer been lost. */
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
        // gone again by now; or never there, and what was tried last is what failed
        if (kind === 'unclear') throw error
        return null
      })
      return found === writer
    }
  }

  /** A server that does not know the condition writes over the file: found out by the first file that it takes, before anything hangs on it. */
  async #proveConditions(key: string, bytes: Uint8Array, name: string): Promise<void> {
    // twice: in between the file may have been removed
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
 * Returns a folder of a bucket as a place. The client (`@aws-sdk/client-s3`, which is yours to install) is loaded by the
 * first call and finds region, credentials and `AWS_ENDPOINT_URL` in the ordinary places. Calls that fail for a while are
 * made again with full jitter; large files go in parts; every byte is sent with a checksum. `writeIfAbsent` is a PUT with
 * `If-None-Match: *`: of any number of writers one gets true, also when its answer is lost on the way.
 *
 * @throws ConnectError path_invalid - `location` is no `s3://bucket/folder`
 * @throws ConnectError package_missing, not_found, permission_denied, invalid_option, io_failed, limit_exceeded - by the methods
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
