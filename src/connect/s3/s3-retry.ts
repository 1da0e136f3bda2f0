/**
 * Retries with exponential backoff and full jitter.
 * @module
 */
import { s3Failure } from './s3-error.ts'

/** The clock and the randomness of retries. A test gives its own. */
export interface Waiting {
  /** Waits that many milliseconds. */
  sleep(milliseconds: number): Promise<void>
  /** A number from 0 up to but not including 1. */
  random(): number
}

/** How many attempts a call has, and how it waits between them. */
export interface RetryOptions extends Waiting {
  readonly attempts: number
}

/** The attempts of a call, the first included. */
export const ATTEMPTS = 8
/** Milliseconds. */
const FIRST_WAIT = 100
const LONGEST_WAIT = 10_000

/** The real clock and randomness. */
export const realWaiting: Waiting = {
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
}

/**
 * Waits before the next attempt after `failed` failures. Full jitter spreads writers that failed at
 * the same time.
 */
export async function waitAfter(failed: number, { sleep, random }: Waiting): Promise<void> {
  await sleep(Math.floor(random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failed)))
}

/**
 * Returns the result of a call, and retries it while the failure is transient. Throws the last
 * failure.
 */
export async function retried<Result>(call: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  for (let failed = 0; ; ) {
    try {
      return await call()
    } catch (error) {
      failed += 1
      if (failed >= options.attempts || s3Failure(error)?.kind !== 'unclear') throw error
      await waitAfter(failed, options)
    }
  }
}
