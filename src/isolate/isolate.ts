/**
 * Work on bytes that nobody vouches for, in a process of its own: whatever becomes of it, this process goes on.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { ConnectError } from '../errors.ts'
import { moduleUrl } from './package-file.ts'

/** What a process of its own may take. */
export interface IsolationOptions {
  /** Milliseconds after which it is ended; 120,000. */
  readonly timeout?: number | undefined
  /** Bytes of memory that its work may take, WebAssembly and JavaScript each; 2 GiB. */
  readonly memory?: number | undefined
  /** Ends it; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How it ended. */
export type IsolatedResult =
  | { readonly end: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The work said no. */
  | { readonly end: 'refused'; readonly reason: string }
  /** Its time was over. */
  | { readonly end: 'late' }
  /** The process ended without a word. */
  | { readonly end: 'died'; readonly how: string }

export const LIMITS = { timeout: 120_000, memory: 2 ** 31 }
/** Bytes in front of an answer: what it is and how long, as two doubles. */
export const HEADER_BYTES = 16
export const DONE = 1
export const REFUSED = 2

const MEBIBYTE = 2 ** 20
/** All of the environment that a process may need to begin; keys and passwords stay here. */
const KEPT = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot']

/** Takes an answer as it comes. */
class Answer {
  readonly #header = new Uint8Array(HEADER_BYTES)
  readonly #most: number
  #bytes = new Uint8Array(0)
  #at = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Throws where the answer is longer than it can be. */
  take(chunk: Uint8Array): void {
    let rest = chunk
    if (this.#at < HEADER_BYTES) {
      const head = rest.subarray(0, HEADER_BYTES - this.#at)
      this.#header.set(head, this.#at)
      this.#at += head.length
      rest = rest.subarray(head.length)
      if (this.#at < HEADER_BYTES) return
      const [, length = 0] = new Float64Array(this.#header.buffer)
      if (length > this.#most) throw new RangeError('an answer longer than its memory')
      this.#bytes = new Uint8Array(length)
    }
    this.#bytes.set(rest, this.#at - HEADER_BYTES)
    this.#at += rest.length
  }

  /** Null where it was broken off. */
  read(): IsolatedResult | null {
    const [kind] = new Float64Array(this.#header.buffer)
    if (this.#at !== HEADER_BYTES + this.#bytes.length) return null
    if (kind === DONE) return { end: 'done', bytes: this.#bytes }
    return kind === REFUSED ? { end: 'refused', reason: new TextDecoder().decode(this.#bytes) } : null
  }
}

function begin(work: URL, size: number, timeout: number, memory: number): ChildProcess {
  const env = Object.fromEntries(KEPT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
  const numbers = [Math.max(1, Math.floor(memory / MEBIBYTE)), timeout, size].map(String)
  const program = fileURLToPath(moduleUrl('isolate/isolate-child'))
  return spawn(process.execPath, [program, work.href, ...numbers], {
    env,
    // its words are nobody's, and may hold what stands in the file; the answer comes through the fourth
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
}

/**
 * Runs the function `decode` of the module at `work` on bytes, in a process of its own, and returns what came of it.
 * The process ends with the work, its time, the signal, or this process, in whichever way that ends.
 *
 * @throws ConnectError io_failed - the process cannot be begun
 * @throws the signal's reason - it was given up
 */
export async function isolate(
  work: URL,
  bytes: Uint8Array,
  { timeout = LIMITS.timeout, memory = LIMITS.memory, signal }: IsolationOptions = {},
): Promise<IsolatedResult> {
  signal?.throwIfAborted()
  const child = begin(work, bytes.length, timeout, memory)
  const answer = new Answer(memory)
  let isLate = false
  const stop = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(() => {
    isLate = true
    stop()
  }, timeout)
  signal?.addEventListener('abort', stop)
  try {
    const how = await new Promise<string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, name) => resolve(name ?? `exit ${code}`))
      // a process that ends early does not take its bytes; how it ended says why
      child.stdin?.on('error', () => {})
      // left open: its end is how the process learns that this one is gone
      child.stdin?.write(bytes)
      const results = child.stdio[3] as Readable
      results.on('error', () => {})
      results.on('data', (chunk: Uint8Array) => {
        try {
          answer.take(chunk)
        } catch {
          stop()
        }
      })
    })
    signal?.throwIfAborted()
    return answer.read() ?? (isLate ? { end: 'late' } : { end: 'died', how })
  } catch (error) {
    if (child.pid !== undefined) throw error
    const told = `cannot begin a process to decode in: ${error instanceof Error ? error.message : 'unknown'}; try again, or allow this user more processes`
    throw new ConnectError('io_failed', told, { cause: error, isTransient: true })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    stop()
  }
}
