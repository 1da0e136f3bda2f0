/** A small server that speaks enough S3: it checks signatures and checksums, and fails as it is told. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret that is in no message' }

export interface Request {
  readonly method: string
  /** As it was sent: percent-encoded. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/**
 * How a request fails. `lost` ones are not done or are done, and the connection breaks; `slow` is done after later ones,
 * when nobody waits for it any more; `taken` is done and answered with 412, as by a proxy that tried twice.
 */
export type Fault =
  | 'unavailable'
  | 'internal'
  | 'conflict'
  | 'taken'
  | 'lost request'
  | 'lost response'
  | 'slow'
  | 'cut body'

interface StoredObject {
  readonly bytes: Uint8Array
  readonly etag: string
  readonly changed: number
  readonly headers: Record<string, string>
}

interface Upload {
  readonly key: string
  readonly headers: Record<string, string>
  readonly parts: Map<number, Uint8Array>
}

const hash = (bytes: Uint8Array | string, algorithm = 'sha256') => createHash(algorithm).update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

export function checksumOf(bytes: Uint8Array): string {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(crc32(bytes))
  return four.toString('base64')
}

/** The signature that a request should have, by AWS's version 4. */
function signatureOf({ method, path, query, headers }: Request, secret: string): string {
  const [, date = '', region = '', signed = ''] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ??
    []
  const names = signed.split(';')
  const canonical = [
    method,
    path,
    [...query]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), 's3'), 'aws4_request')
  return hmac(key, text).toString('hex')
}

function xml(status: number, text: string): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)
  return { status, headers: { 'content-type': 'application/xml', 'content-length': String(body.length) }, body }
}

const failure = (status: number, code: string) =>
  xml(status, `<Error><Code>${code}</Code><Message>made by a test</Message></Error>`)
const empty = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-length': '0', ...headers },
  body: new Uint8Array(),
})

/** A connection that broke. */
class Lost extends Error {
  readonly code = 'ECONNRESET'
}

export interface DoubleOptions {
  /** Keys of one page of a list. */
  readonly pageSize?: number
  readonly conditions?: 'known' | 'ignored'
  readonly fault?: (request: Request) => Fault | null
  /** What ETags are made of; `content` is what S3 does. */
  readonly tags?: 'content' | 'count' | 'weak'
}

export class S3Double {
  readonly objects = new Map<string, StoredObject>()
  readonly uploads = new Map<string, Upload>()
  /** `PUT key`, in order. */
  readonly calls: string[] = []
  fault: (request: Request) => Fault | null
  readonly #pageSize: number
  readonly #conditions: 'known' | 'ignored'
  readonly #tags: 'content' | 'count' | 'weak'
  #versions = 0
  #late: Request[] = []
  #time = Date.UTC(2025, 0, 1)

  constructor({ pageSize = 1000, conditions = 'known', fault = () => null, tags = 'content' }: DoubleOptions = {}) {
    this.#pageSize = pageSize
    this.#conditions = conditions
    this.#tags = tags
    this.fault = fault
  }

  /** Answers one request; a `Lost` answer is a broken connection. */
  answer(request: Request): Answer | Lost {
    this.calls.push(`${request.method} ${decodeURIComponent(request.path)}`)
    const refused = this.#check(request)
    if (refused !== null) return refused
    const fault = this.fault(request)
    const late = this.#late
    this.#late = []
    const isConditional = request.headers['if-none-match'] !== undefined
    if (fault === 'slow') {
      for (const earlier of late) this.#apply(earlier)
      this.#late.push(request)
      return new Lost('nobody waited for the answer')
    }
    if (fault === 'unavailable') return failure(503, 'SlowDown')
    if (fault === 'conflict' && isConditional) return failure(409, 'ConditionalRequestConflict')
    if (fault === 'lost request') return new Lost('the request was lost')
    const answer = this.#apply(request)
    for (const earlier of late) this.#apply(earlier)
    if (fault === 'internal') return failure(500, 'InternalError')
    if (fault === 'lost response') return new Lost('the answer was lost')
    if (fault === 'taken' && isConditional) return failure(412, 'PreconditionFailed')
    if (fault === 'cut body' && request.method === 'GET') return this.#cut(answer)
    return answer
  }

  /** A list that lacks keys, and is well-formed all the same; another body that ends early. */
  #cut(answer: Answer): Answer {
    const text = Buffer.from(answer.body).toString('latin1')
    const at = text.lastIndexOf('<Contents>')
    if (at < 0) return { ...answer, body: answer.body.subarray(0, answer.body.length >> 1) }
    return xml(200, `${text.slice(text.indexOf('<ListBucketResult>'), at)}</ListBucketResult>`)
  }

  /** The ETag of content with that hash. */
  #tag(md5: string): string {
    if (this.#tags === 'content') return `"${md5}"`
    return this.#tags === 'weak' ? `W/"${md5}"` : `"version ${++this.#versions}"`
  }

  #check(request: Request): Answer | null {
    const { headers, body } = request
    const signature = /Signature=([0-9a-f]+)$/.exec(headers.authorization ?? '')?.[1]
    if (!(headers.authorization ?? '').includes(`Credential=${KEYS.accessKeyId}/`))
      return failure(403, 'InvalidAccessKeyId')
    if (signature !== signatureOf(request, KEYS.secretAccessKey)) return failure(403, 'SignatureDoesNotMatch')
    const sha256 = headers['x-amz-content-sha256'] ?? ''
    if (/^[0-9a-f]{64}$/.test(sha256) && sha256 !== hash(body)) return failure(400, 'XAmzContentSHA256Mismatch')
    const checksum = headers['x-amz-checksum-crc32']
    if (request.method === 'PUT' && checksum !== checksumOf(body)) return failure(400, 'BadDigest')
    return null
  }

  #apply(request: Request): Answer {
    const { method, query, headers, body } = request
    const path = decodeURIComponent(request.path).slice(1)
    const cut = path.indexOf('/')
    const bucket = cut < 0 ? path : path.slice(0, cut)
    const key = cut < 0 ? '' : path.slice(cut + 1)
    if (bucket !== 'bucket') return failure(404, 'NoSuchBucket')
    if (key === '' && method === 'GET') return this.#list(query)
    const upload = query.get('uploadId')
    if (query.has('uploads')) {
      const id = randomUUID()
      this.uploads.set(id, { key, headers, parts: new Map() })
      return xml(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
    }
    if (upload !== undefined) return this.#part(method, upload, query, body)
    if (method === 'DELETE') {
      this.objects.delete(key)
      return empty(204)
    }
    if (method === 'PUT') {
      if (this.#conditions === 'known' && headers['if-none-match'] === '*' && this.objects.has(key)) {
        return failure(412, 'PreconditionFailed')
      }
      return empty(200, { etag: this.#keep(key, body, headers) })
    }
    return this.#get(method, key, headers)
  }

  #keep(
    key: string,
    bytes: Uint8Array,
    headers: Readonly<Record<string, string>>,
    etag = this.#tag(hash(bytes, 'md5')),
  ): string {
    const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
    this.#time += 1000
    this.objects.set(key, { bytes: bytes.slice(), etag, changed: this.#time, headers: Object.fromEntries(kept) })
    return etag
  }

  #part(method: string, id: string, query: ReadonlyMap<string, string>, body: Uint8Array): Answer {
    const upload = this.uploads.get(id)
    if (upload === undefined) return failure(404, 'NoSuchUpload')
    if (method === 'DELETE') {
      this.uploads.delete(id)
      return empty(204)
    }
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body.slice())
      return empty(200, { etag: `"${hash(body, 'md5')}"`, 'x-amz-checksum-crc32': checksumOf(body) })
    }
    const told = [
      ...Buffer.from(body)
        .toString()
        .matchAll(/<PartNumber>(\d+)<\/PartNumber>/g),
    ].map(([, number]) => Number(number))
    if (told.length !== upload.parts.size) return failure(400, 'InvalidPart')
    const bytes = Buffer.concat(told.map((number) => upload.parts.get(number) ?? new Uint8Array()))
    this.uploads.delete(id)
    const hashes = told.map((number) => hash(upload.parts.get(number) ?? new Uint8Array(), 'md5'))
    const tag = this.#tag(`${hash(Buffer.from(hashes.join(''), 'hex'), 'md5')}-${told.length}`)
    const etag = this.#keep(upload.key, bytes, upload.headers, tag)
    return xml(
      200,
      `<CompleteMultipartUploadResult><ETag>${etag.replaceAll('"', '&quot;')}</ETag></CompleteMultipartUploadResult>`,
    )
  }

  #get(method: string, key: string, headers: Readonly<Record<string, string>>): Answer {
    const found = this.objects.get(key)
    if (found === undefined) return method === 'HEAD' ? empty(404) : failure(404, 'NoSuchKey')
    if ((headers['if-match'] ?? found.etag) !== found.etag) return failure(412, 'PreconditionFailed')
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
    if (from > 0 && from >= found.bytes.length) return failure(416, 'InvalidRange')
    const body = found.bytes.subarray(from)
    const about = {
      ...found.headers,
      etag: found.etag,
      'last-modified': new Date(found.changed).toUTCString(),
      'content-length': String(body.length),
    }
    return { status: from > 0 ? 206 : 200, headers: about, body: method === 'HEAD' ? new Uint8Array() : body }
  }

  #list(query: ReadonlyMap<string, string>): Answer {
    const prefix = query.get('prefix') ?? ''
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, this.#pageSize)
    const last =
      page.length < keys.length
        ? `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64')}</NextContinuationToken>`
        : ''
    const contents = page.map((key) => {
      const { bytes, etag, changed } = this.objects.get(key) as StoredObject
      return `<Contents><Key>${encode(key)}</Key><LastModified>${new Date(changed).toISOString()}</LastModified><ETag>${etag.replaceAll('"', '&quot;')}</ETag><Size>${bytes.length}</Size></Contents>`
    })
    return xml(
      200,
      `<ListBucketResult><KeyCount>${page.length}</KeyCount><EncodingType>url</EncodingType><IsTruncated>${last !== ''}</IsTruncated>${last}${contents.join('')}</ListBucketResult>`,
    )
  }

  /** A request handler for the SDK that needs no connection; the order of everything depends on the calls alone. */
  handler() {
    const answer = async (sent: SentRequest) => {
      const body = sent.body === undefined ? new Uint8Array() : Buffer.from(sent.body)
      const headers = Object.fromEntries(
        Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]),
      )
      const query = new Map(Object.entries(sent.query ?? {}).map(([name, value]) => [name, value ?? '']))
      const told = this.answer({ method: sent.method, path: sent.path, query, headers, body })
      await new Promise((resolve) => setImmediate(resolve))
      if (told instanceof Lost) throw told
      const stream = Readable.from(told.body.length === 0 ? [] : [Buffer.from(told.body)], { objectMode: false })
      return { response: { statusCode: told.status, headers: told.headers, body: stream } }
    }
    return { handle: answer, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) }
  }

  /** Listens on this machine. */
  async listen(): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
    const server = createServer(async (incoming, outgoing) => {
      const parts: Uint8Array[] = []
      for await (const part of incoming) parts.push(part)
      const [path = '', search = ''] = (incoming.url ?? '').split('?')
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
      const query = new Map(new URLSearchParams(search.replaceAll('+', '%2B')))
      const told = this.answer({ method: incoming.method ?? '', path, query, headers, body: Buffer.concat(parts) })
      if (told instanceof Lost) {
        incoming.socket.destroy()
        return
      }
      outgoing.writeHead(told.status, told.headers)
      outgoing.end(told.body, () => {
        // a body that is shorter than was said: the connection breaks
        if (told.body.length < Number(told.headers['content-length']) && incoming.method !== 'HEAD')
          incoming.socket.destroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      endpoint: `http://127.0.0.1:${port}`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  }
}

interface SentRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}
