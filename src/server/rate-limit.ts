/**
 * How often a caller may ask: a bucket of requests for each, which fills up again evenly.
 * @module
 */
import { ServerError } from '../errors.ts'

interface Bucket {
  /** Requests that are left. */
  left: number
  /** When they were counted. */
  at: number
}

/** More buckets than this are looked through for full ones, which are as good as none. */
const MANY = 10_000

/** Counts requests by caller. */
export class RateLimit {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Takes one request of a caller. @throws ServerError rate_limited - none is left; the error says when there is one */
  take(caller: string): void {
    const now = this.#now()
    const perMillisecond = this.#perMinute / 60_000
    const bucket = this.#buckets.get(caller) ?? { left: this.#perMinute, at: now }
    bucket.left = Math.min(this.#perMinute, bucket.left + Math.max(0, now - bucket.at) * perMillisecond)
    bucket.at = now
    if (!this.#buckets.has(caller)) this.#add(caller, bucket)
    if (bucket.left >= 1) {
      bucket.left--
      return
    }
    const retryAfter = Math.ceil((1 - bucket.left) / perMillisecond / 1000)
    throw new ServerError(
      'rate_limited',
      `more than ${this.#perMinute} requests in a minute; ask again in ${retryAfter} seconds`,
      { details: { retryAfter } },
    )
  }

  #add(caller: string, bucket: Bucket): void {
    if (this.#buckets.size >= MANY) {
      const filled = this.#now() - 60_000
      for (const [other, { at }] of this.#buckets) if (at <= filled) this.#buckets.delete(other)
      // still many: the one that was made first gives way, which is to its caller's good
      const [first] = this.#buckets.keys()
      if (this.#buckets.size >= MANY && first !== undefined) this.#buckets.delete(first)
    }
    this.#buckets.set(caller, bucket)
  }
}
