/**
 * Trying again, at random moments that lie further and further apart.
 * @module
 */
import { s3Failure } from './s3-error.ts'

/** Time and chance, as far as waiting needs them; a test gives its own. */
export interface Waiting {
  /** Waits. */
  sleep(milliseconds: number): Promise<void>
  /** From 0 to 1, 1 excluded. */
  random(): number
}

/** How often a call is made, and how long the waits in between may be. */
export interface RetryOptions extends Waiting {
  readonly attempts: number
}

const FIRST_WAIT = 100
const LONGEST_WAIT = 10_000

/** The waits of this machine. */
export const realWaiting: Waiting = {
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
}

/** Waits before the attempt that follows `failed` ones: full jitter, so that writers who failed together part. */
export async function waitAfter(failed: number, { sleep, random }: Waiting): Promise<void> {
  await sleep(Math.floor(random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failed)))
}

/** Returns what a call gives, made again while its failure may pass; throws its last failure. */
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
