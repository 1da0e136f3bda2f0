/**
 * A statement from its first call to its last answer: cut streams go on where they broke.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { AnswerStream, Asking, CallFailure, Channel } from './channel.ts'
import { type ExecuteAnswer, INTERRUPT_OPERATION, type Plan } from './protocol.ts'
import { isBroken, isKnownStatement, isUnknownStatement, sparkError } from './spark-refusals.ts'

/** A session: what its calls begin with, and how long they are repeated. */
export interface Session {
  readonly channel: Channel
  /** What every request begins with: the session, the user, and the server that answered before. */
  asking(): Asking
  /** Takes from an answer which server it is; a later answer of another one is refused by that server. */
  heard(answer: { readonly serverSideSessionId?: string }): void
  /** Milliseconds for which a broken connection is tried again, from its last answer on. */
  readonly retryFor: number
}

const FIRST_PAUSE = 50
const LONGEST_PAUSE = 5_000

/** Pauses between attempts, each twice as long as the one before, until the time is up. */
export class Patience {
  readonly #limit: number
  #since = performance.now()
  #pause = FIRST_PAUSE

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Something was answered: the time counts anew. */
  renew(): void {
    this.#since = performance.now()
    this.#pause = FIRST_PAUSE
  }

  /** Waits; false without waiting where the time is up. */
  async pause(signal?: AbortSignal): Promise<boolean> {
    if (performance.now() - this.#since + this.#pause > this.#limit) return false
    await wait(this.#pause, undefined, signal === undefined ? {} : { signal })
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
    return true
  }
}

/**
 * Runs a plan and gives its answers. The statement has an id, by which the server runs it once however often it is sent: a
 * stream that ends before the statement does is attached again, and a statement that never arrived is sent again.
 *
 * @throws ConnectError io_failed, permission_denied; EngineError engine_refused, engine_lost; the reason of the signal
 */
export async function* execute(session: Session, plan: Plan, signal?: AbortSignal): AsyncGenerator<ExecuteAnswer> {
  signal?.throwIfAborted()
  const { channel } = session
  const operationId = randomUUID()
  const patience = new Patience(session.retryFor)
  let lastResponseId: string | undefined
  let isComplete = false

  const send = (): AnswerStream =>
    channel.stream('ExecutePlan', {
      ...session.asking(),
      ...{ plan, operationId, requestOptions: [{ reattachOptions: { reattachable: true } }] },
    })
  const attach = (): AnswerStream =>
    channel.stream('ReattachExecute', {
      ...session.asking(),
      ...{ operationId, ...(lastResponseId === undefined ? {} : { lastResponseId }) },
    })
  /** What to do about a failed stream; throws where nothing can be done. */
  const next = (failure: CallFailure): (() => AnswerStream) => {
    if (isBroken(failure) || isKnownStatement(failure)) return attach
    if (isUnknownStatement(failure) && lastResponseId === undefined) return send
    throw sparkError(failure)
  }

  let stream = send()
  const stop = (): void => {
    void interrupt(session, operationId).finally(() => stream.cancel())
  }
  signal?.addEventListener('abort', stop)
  try {
    while (!isComplete) {
      let again = attach
      let failed: CallFailure | null = null
      try {
        for await (const answer of stream) {
          lastResponseId = answer.responseId ?? lastResponseId
          session.heard(answer)
          patience.renew()
          if (answer.resultComplete !== undefined) isComplete = true
          else yield answer
        }
      } catch (error) {
        signal?.throwIfAborted()
        failed = channel.failureOf(error)
        if (failed === null) throw error
        again = next(failed)
      }
      signal?.throwIfAborted()
      if (isComplete) break
      // servers end long streams by themselves, without a failure
      if (!(await patience.pause(signal)))
        throw sparkError(failed ?? { status: 'UNAVAILABLE', message: '', details: {} })
      stream = again()
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stream.cancel()
    if (!isComplete && signal?.aborted !== true) await interrupt(session, operationId)
    await release(session, operationId)
  }
}

/** Stops a statement on its server. A server that cannot be reached ends it by itself, once nobody has asked for long. */
async function interrupt({ channel, asking }: Session, operationId: string): Promise<void> {
  await channel
    .call('Interrupt', { ...asking(), interruptType: INTERRUPT_OPERATION, operationId })
    .catch(unlessFailed(channel))
}

/** Lets the server forget the answers of a statement. It does so by itself after some minutes. */
async function release({ channel, asking }: Session, operationId: string): Promise<void> {
  await channel.call('ReleaseExecute', { ...asking(), operationId, releaseAll: {} }).catch(unlessFailed(channel))
}

/** Passes over failures of calls, and throws every other error. */
const unlessFailed = (channel: Channel) => (error: unknown) => {
  if (channel.failureOf(error) === null) throw error
}
