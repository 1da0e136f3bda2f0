/**
 * Runs work on untrusted bytes in a separate process, so that a crash there does not affect this
 * process.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { ConnectError } from '../errors.ts'
import { moduleUrl } from './package-file.ts'

/** The limits of an isolated process. */
export interface IsolationOptions {
  /** Milliseconds until the process is killed. Default 120,000. */
  readonly timeout?: number | undefined
  /** Bytes of memory for the work, WebAssembly and JavaScript each. Default 2 GiB. */
  readonly memory?: number | undefined
  /** Aborting kills the process; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How the work ended. */
export type IsolatedResult =
  | { readonly end: 'done'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The work threw an error. */
  | { readonly end: 'refused'; readonly reason: string }
  /** The timeout was reached. */
  | { readonly end: 'late' }
  /** The process ended without an answer. */
  | { readonly end: 'died'; readonly how: string }

export const ISOLATION_LIMITS = { timeout: 120_000, memory: 2 ** 31 }
/** The size of an answer's header: its kind and its length, as two doubles. */
export const HEADER_BYTES = 16
export const DONE = 1
export const REFUSED = 2

const MEBIBYTE = 2 ** 20
/** The environment variables passed to the child. Keys and passwords are not. */
const KEPT = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot']

/** Assembles an answer from the child's chunks. */
class Answer {
  readonly #header = new Uint8Array(HEADER_BYTES)
  readonly #most: number
  #bytes = new Uint8Array(0)
  /** The length that the header announces. */
  #length = 0
  #at = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Throws when the announced length exceeds the limit. */
  take(chunk: Uint8Array): void {
    let rest = chunk
    if (this.#at < HEADER_BYTES) {
      const head = rest.subarray(0, HEADER_BYTES - this.#at)
      this.#header.set(head, this.#at)
      this.#at += head.length
      rest = rest.subarray(head.length)
      if (this.#at < HEADER_BYTES) return
      const [, length = 0] = new Float64Array(this.#header.buffer)
      this.#length = length
      if (length > this.#most) throw new RangeError('an answer longer than its memory')
      this.#bytes = new Uint8Array(length)
    }
    this.#bytes.set(rest, this.#at - HEADER_BYTES)
    this.#at += rest.length
  }

  /** Returns null when the answer is incomplete. */
  read(): IsolatedResult | null {
    const [kind] = new Float64Array(this.#header.buffer)
    if (this.#at !== HEADER_BYTES + this.#length) return null
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
    // Ignore the child's stdout and stderr: they may echo file contents. The result arrives on fd
    // 3.
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
}

/**
 * Runs the function `decode` of the module at `work` on bytes, in a child process, and returns how
 * it ended. The child ends when the work is done, at the timeout, on the signal, or when this
 * process ends, however it ends.
 *
 * @throws ConnectError io_failed - the process cannot be started
 * @throws the signal's reason - the signal aborted
 */
export async function isolate(
  work: URL,
  bytes: Uint8Array,
  { timeout = ISOLATION_LIMITS.timeout, memory = ISOLATION_LIMITS.memory, signal }: IsolationOptions = {},
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
      // A child that ends early closes the pipe; its exit code says why.
      child.stdin?.on('error', () => {})
      // stdin stays open: when it closes, the child knows that this process is gone
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
