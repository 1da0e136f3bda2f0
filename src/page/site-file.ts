/**
 * Files of the site that are read in parts: no request is larger than some megabytes, however large the file is.
 * @module
 */
import { fetchSite, type SiteRequest } from './site/fetch-site.ts'

/** A file whose bytes are fetched when they are asked for. */
export interface SiteFile {
  readonly byteLength: number
  /** Returns the bytes from `start` to before `end`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>
}

/** Why a file cannot be had, in words for people. */
export class SiteFileError extends Error {}

/** The file is another one than when its reading began. */
class FileChanged extends SiteFileError {}

/** The longest part that one request asks for. */
const LONGEST = 4 * 2 ** 20
/** What is fetched at least, so that many small parts need few requests. Also how much of the end comes first: it says what is where. */
const AHEAD = 2 ** 20
/** A file that changes while it is read is read at most this many times. */
const ATTEMPTS = 3

/** What tells a version from others: a strong tag, or else whatever the server has; empty where it has nothing. */
function versionOf({ headers }: Response): string {
  return headers.get('etag') ?? headers.get('last-modified') ?? ''
}

const isStrong = (version: string): boolean => version.startsWith('"')

/** Returns the first byte of a part and the size of its file, as the header Content-Range gives them. */
function placeOf(response: Response): { readonly start: number; readonly size: number } | null {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? []
  return start === undefined ? null : { start: Number(start), size: Number(size) }
}

/** Bytes of a file, from `start` on. */
interface Part {
  readonly start: number
  readonly bytes: Uint8Array
}

/** Opens a file by its end. `what` is the file for people, such as `The calls`. @throws SiteFileError - it cannot be fetched */
async function openSiteFile(request: SiteRequest, what: string): Promise<SiteFile> {
  const failed = (why: unknown) => new SiteFileError(`${what} could not be fetched (${why}).`)
  const ask = async (headers: Readonly<Record<string, string>>): Promise<Response> => {
    const response = await fetchSite(request, headers).catch((error: unknown) => {
      throw new SiteFileError(`${what} could not be fetched: the site does not answer.`, { cause: error })
    })
    if (response.status === 412) throw new FileChanged(`${what} changed again and again while they were read.`)
    if (!response.ok) throw failed(response.status)
    return response
  }
  const bytesOf = (response: Response): Promise<ArrayBuffer> =>
    response.arrayBuffer().catch((error: unknown) => {
      throw new SiteFileError(`${what} broke off while they were fetched.`, { cause: error })
    })
  const last = await ask({ range: `bytes=-${AHEAD}` })
  const end = await bytesOf(last)
  const place = last.status === 206 ? placeOf(last) : null
  // a file server that knows no parts has sent everything
  if (place === null) return { byteLength: end.byteLength, slice: async (from, to) => end.slice(from, to) }
  const { size } = place
  const version = versionOf(last)
  const tail: Part = { start: place.start, bytes: new Uint8Array(end) }
  /** What was fetched last. */
  let held: Part = tail

  const fetchPart = async (from: number, to: number): Promise<Part> => {
    const part = await ask({
      range: `bytes=${from}-${to - 1}`,
      ...(isStrong(version) && { 'if-match': version }),
    })
    const bytes = new Uint8Array(await bytesOf(part))
    if (versionOf(part) !== version || placeOf(part)?.size !== size)
      throw new FileChanged(`${what} changed again and again while they were read.`)
    if (part.status !== 206 || placeOf(part)?.start !== from || bytes.length !== to - from) throw failed('parts')
    return { start: from, bytes }
  }
  const read = async (from: number, to: number): Promise<ArrayBuffer> => {
    const whole = new Uint8Array(to - from)
    for (let at = from; at < to; ) {
      let part = [tail, held].find(({ start, bytes }) => at >= start && at < start + bytes.length)
      if (part === undefined) {
        const length = Math.min(LONGEST, Math.max(AHEAD, to - at))
        // the tail is here already
        part = await fetchPart(at, Math.min(tail.start, at + length))
        held = part
      }
      const bytes = part.bytes.subarray(at - part.start, to - part.start)
      whole.set(bytes, at - from)
      at += bytes.length
    }
    return whole.buffer
  }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    byteLength: size,
    // one after the other: the next part may be held by then
    slice(from, to = size) {
      const part = queue.then(() => read(from, Math.min(to, size)))
      queue = part.catch(() => {})
      return part
    },
  }
}

/**
 * Reads a file of the site in parts, and anew where it changes meanwhile. `what` is the file for people, such as `The calls`.
 * @throws SiteFileError - it cannot be fetched
 */
export async function readSiteFile<Read>(
  request: SiteRequest,
  what: string,
  read: (file: SiteFile) => Promise<Read>,
): Promise<Read> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read(await openSiteFile(request, what))
    } catch (error) {
      if (!(error instanceof FileChanged) || attempt === ATTEMPTS) throw error
    }
  }
}
