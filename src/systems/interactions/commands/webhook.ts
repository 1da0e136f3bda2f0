/**
 * A message to a webhook: signed, with a key by which the receiver knows a repeated one, and sent again when it fails.
 * @module
 */
import { createHash, createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ConnectError } from '../../../errors.ts'

/** How a message is sent. */
export interface WebhookOptions {
  /** Signs the body: the header `x-signature-256` is `sha256=` and the HMAC in hexadecimal digits. */
  readonly secret: string | undefined
  /** Milliseconds before each further attempt. */
  readonly pauses: readonly number[]
  /** Milliseconds in which an attempt must be answered. */
  readonly timeout: number
}

/** Five attempts in a quarter of a minute. */
export const SENDING: Omit<WebhookOptions, 'secret'> = { pauses: [1000, 2000, 4000, 8000], timeout: 10_000 }

/** The longest pause that a receiver may ask for, in milliseconds. */
const LONGEST_PAUSE = 60_000

/** A receiver that is busy or broken may take the message later; one that refuses it will not. */
function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function askedPause(response: Response, usual: number): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_PAUSE) : usual
}

/** The address without what may be secret: user, path and query. */
function shownAddress(address: URL): string {
  return address.host
}

/**
 * Reads the address of a webhook.
 * @throws ConnectError path_invalid - it is no address of HTTP; the message does not repeat it, because it may hold a secret
 */
export function webhookAddress(name: string, text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : null
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address
  throw new ConnectError(
    'path_invalid',
    `${name} is no address of a webhook (and is not repeated here: it may hold a secret); expected https://host/path`,
  )
}

/**
 * Sends a message, and resolves when the receiver has taken it.
 * @throws ConnectError io_failed - it was refused, or no attempt was answered
 */
export async function sendMessage(address: URL, message: object, options: WebhookOptions): Promise<void> {
  const body = JSON.stringify(message)
  const { secret, pauses, timeout } = options
  const headers = {
    'content-type': 'application/json',
    // the same message has the same key, however often it is sent
    'idempotency-key': createHash('sha256').update(body).digest('hex').slice(0, 32),
    ...(secret !== undefined && {
      'x-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }),
  }
  let failure = ''
  for (let attempt = 0; attempt <= pauses.length; attempt++) {
    let wait = pauses[attempt] ?? 0
    try {
      const signal = AbortSignal.timeout(timeout)
      // a redirect would take the message to somebody else
      const response = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.body?.cancel()
      if (response.ok) return
      failure = `it answers with status ${response.status}`
      if (!mayPass(response.status)) break
      wait = askedPause(response, wait)
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError'
      failure = isLate ? `it does not answer within ${timeout / 1000} seconds` : 'it cannot be reached'
    }
    if (attempt < pauses.length) await pause(wait)
  }
  throw new ConnectError('io_failed', `the webhook at ${shownAddress(address)} did not take the message: ${failure}`, {
    isTransient: true,
    advice: ['look whether the receiver works, then run the command again: what was not taken is sent again'],
  })
}
