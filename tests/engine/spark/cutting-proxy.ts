/** A network that breaks: TCP connections to a server, cut after so many bytes. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  readonly port: number
  /** How many connections it has cut. */
  readonly cuts: number
  /** Cuts each of the next connections after it has brought so many bytes of answers. */
  cut(times: number, afterBytes: number): void
  /** Refuses new connections, and cuts those that are open. */
  goDown(): void
  comeUp(): void
  stop(): Promise<void>
}

export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const open = new Set<Socket>()
  let [cuts, left, limit, isDown] = [0, 0, Number.POSITIVE_INFINITY, false]
  const server = createServer((client) => {
    if (isDown) return void client.resetAndDestroy()
    const upstream = connect(target, '127.0.0.1')
    let bytes = 0
    const end = () => {
      client.destroy()
      upstream.destroy()
      open.delete(client)
    }
    open.add(client)
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    client.pipe(upstream)
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (left > 0 && bytes > limit) {
        left--
        cuts++
        client.resetAndDestroy()
        return
      }
      if (!client.write(chunk)) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
    cut: (times, afterBytes) => {
      left = times
      limit = afterBytes
    },
    goDown: () => {
      isDown = true
      for (const socket of open) socket.resetAndDestroy()
    },
    comeUp: () => {
      isDown = false
    },
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
