/**
 * Long work in turns, between which the browser answers people.
 * @module
 */

let channel: MessageChannel | null = null
const waiting: (() => void)[] = []

/** Resolves in a later task of the page. A message comes at once; a timer would wait for milliseconds each time. */
export function nextTurn(): Promise<void> {
  if (channel === null) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => waiting.shift()?.()
  }
  const { port2 } = channel
  return new Promise((resolve) => {
    waiting.push(resolve)
    port2.postMessage(null)
  })
}
