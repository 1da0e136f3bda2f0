/**
 * The child process of `isolate`. One thread does the work; the main thread enforces the limits and
 * ends the process.
 * @module
 */
import { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { DONE, REFUSED } from './isolate.ts'

/** The worker's message: the result, or the reason for refusing. */
type Reply = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly reason: string }

const PAGES_OF_MEBIBYTE = 16
/**
 * The parent enforces the timeout too. This later deadline is for a parent that has stopped or died
 * unnoticed.
 */
const GRACE = 2000

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

function answer(reply: Reply): void {
  const bytes = 'bytes' in reply ? reply.bytes : new TextEncoder().encode(reply.reason)
  const results = new Socket({ fd: 3 })
  results.on('error', die)
  results.write(new Uint8Array(Float64Array.of('bytes' in reply ? DONE : REFUSED, bytes.length).buffer))
  // Written data still arrives after this kill. A regular exit would wait for the worker thread.
  results.end(bytes, die)
}

/** Collects the input bytes. Any later event on the pipe means that the parent is gone. */
function receive(size: number, done: (bytes: Uint8Array<ArrayBuffer>) => void): void {
  const bytes = new Uint8Array(size)
  let at = 0
  if (size === 0) done(bytes)
  process.stdin.on('data', (chunk: Uint8Array) => {
    bytes.set(chunk, at)
    at += chunk.length
    if (at === size) done(bytes)
  })
  process.stdin.on('end', die)
  process.stdin.on('error', die)
}

function supervise([work = '', memory = '', timeout = '', size = '']: readonly string[]): void {
  setTimeout(die, Number(timeout) + GRACE)
  setFlagsFromString(`--wasm-max-mem-pages=${Number(memory) * PAGES_OF_MEBIBYTE}`)
  const worker = new Worker(new URL(import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: Number(memory) },
  })
  let isAnswered = false
  const end = (reply: Reply): void => {
    if (!isAnswered) answer(reply)
    isAnswered = true
  }
  worker.once('message', end)
  worker.once('error', (error) => end({ reason: `the decoder broke off: ${reasonOf(error)}` }))
  worker.once('exit', () => end({ reason: 'the decoder ended without an answer' }))
  receive(Number(size), (bytes) => worker.postMessage(bytes, [bytes.buffer]))
}

async function work(port: MessagePort, module: string): Promise<void> {
  // the caller names a module that exports this function
  const loaded = (await import(module)) as { decode(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> }
  port.once('message', async (bytes: Uint8Array) => {
    try {
      const result = await loaded.decode(bytes)
      const isWhole = result.length === result.buffer.byteLength
      const own = isWhole ? result : result.slice()
      port.postMessage({ bytes: own }, [own.buffer])
    } catch (error) {
      port.postMessage({ reason: reasonOf(error) })
    }
  })
}

if (isMainThread) supervise(process.argv.slice(2))
else if (parentPort !== null) await work(parentPort, String(workerData))
