/**
 * Fetches and reads the calls in a worker, so that the page stays responsive.
 * @module
 */
import { readCalls, UnreadableCalls } from './call-reader.ts'
import type { LoadMessage } from './load.ts'

// the worker's own scope: the DOM types would call it a window
const scope = globalThis as unknown as {
  postMessage(message: LoadMessage, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<string>) => void): void
}

/** The buffers of a call set, to transfer instead of copy. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer)
  else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) buffersOf(inner, found)
  return found
}

async function load(address: string): Promise<void> {
  const response = await fetch(address, { cache: 'no-store' })
  if (!response.ok) throw new UnreadableCalls(`The calls could not be fetched (${response.status}).`)
  const bytes = await response.arrayBuffer()
  const set = await readCalls(bytes, (share) => scope.postMessage({ kind: 'progress', share }))
  scope.postMessage({ kind: 'loaded', set }, [...buffersOf(set)])
}

scope.addEventListener('message', ({ data }) => {
  load(data).catch((error: unknown) => {
    const message =
      error instanceof UnreadableCalls ? error.message : 'The file of calls could not be read: it is damaged.'
    scope.postMessage({ kind: 'failed', message })
  })
})
