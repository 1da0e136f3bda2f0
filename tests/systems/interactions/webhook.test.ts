import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sendMessage, webhookAddress } from '../../../src/systems/interactions/commands/webhook.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver that answers with these statuses, one after the other; 0 never answers. */
async function receiver(...statuses: number[]) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      const status = statuses[received.length - 1] ?? 500
      if (status === 0) return
      const headers = status === 302 ? { location: '/elsewhere' } : status === 429 ? { 'retry-after': '0' } : {}
      response.writeHead(status, headers).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { received, address: webhookAddress('--webhook', `http://127.0.0.1:${port}/hook?token=geheim`) }
}

const quick = { secret: undefined, pauses: [5, 5, 5], timeout: 200 }
const message = { type: 'test', anomalies: [1] }

describe('a message to a webhook', () => {
  it('is sent once where it is taken, signed, as JSON', async () => {
    const { received, address } = await receiver(204)
    await sendMessage(address, message, { ...quick, secret: 'geheim' })
    expect(received).toHaveLength(1)
    const [{ headers, body }] = received as [Received]
    expect(JSON.parse(body)).toEqual(message)
    expect(headers['content-type']).toBe('application/json')
    expect(headers['x-signature-256']).toBe(`sha256=${createHmac('sha256', 'geheim').update(body).digest('hex')}`)
  })

  it('is sent again, under the same key, while the receiver is busy, broken or silent', async () => {
    const { received, address } = await receiver(503, 0, 429, 200)
    await sendMessage(address, message, quick)
    expect(received).toHaveLength(4)
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(received[0]?.headers['x-signature-256']).toBeUndefined()
  })

  it.each([
    [[400], 1, 'status 400'],
    [[302], 1, 'status 302'],
    [[500, 500, 500, 500], 4, 'status 500'],
    [[503, 0, 0, 0], 4, 'does not answer within'],
  ])('of which the receiver says %o fails after %i attempts, without its address', async (statuses, attempts, text) => {
    const { received, address } = await receiver(...statuses)
    const failed = await sendMessage(address, message, quick).catch((error: Error) => error)
    expect(failed).toMatchObject({ code: 'io_failed', message: expect.stringContaining(text) })
    expect(String(failed)).not.toContain('geheim')
    expect(received).toHaveLength(attempts)
  })

  it('fails where nobody listens', async () => {
    const address = new URL('http://127.0.0.1:1/hook')
    await expect(sendMessage(address, message, quick)).rejects.toThrow(
      '127.0.0.1:1 did not take the message: it cannot be reached',
    )
  })

  it.each(['ftp://x/y', 'geheim', '', 'javascript:alert(1)'])(
    'has no address %s, and no message repeats it',
    (text) => {
      const refused = () => webhookAddress('--webhook', text)
      expect(refused).toThrow(/^--webhook is no address of a webhook/)
      if (text !== '') expect(refused).not.toThrow(text)
    },
  )
})
