/**
 * A refusal as a client reads it: `application/problem+json` of RFC 9457, with this library's code.
 * @module
 */
import { type Advice, type ErrorCode, EtlError, withAdvice } from '../../errors.ts'
import { type RefusalStatus, statusOf, TITLES } from './status.ts'

/** The media type of problems. */
export const PROBLEM_TYPE = 'application/problem+json'

/** One part of a request that cannot be. */
export interface RequestFault {
  readonly in: 'path' | 'query' | 'header' | 'body'
  readonly name: string
  readonly problem: string
  /** The values that it may have, where they are a list. */
  readonly allowed?: readonly string[]
}

/** A problem document. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: RefusalStatus
  /** What is wrong and what to do, for people. */
  readonly detail: string
  /** What is wrong, for programs. */
  readonly code: ErrorCode | 'unexpected'
  /** The id by which the server's log knows the request. */
  readonly request_id: string
  /** Every part of the request that is wrong. */
  readonly faults?: readonly RequestFault[]
}

/** A problem with the headers that belong to it. */
export interface Refusal {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
}

/** Seconds after which a client may try again, where the error does not say. */
const RETRY_AFTER: Partial<Record<RefusalStatus, number>> = { 409: 1, 429: 1, 503: 5 }

/** A client has neither the options of code nor flags: only sentences reach it. */
function adviceOverHttp(advice: Advice): string[] {
  if (typeof advice === 'string') return [advice]
  return advice.otherwise === undefined ? [] : [advice.otherwise]
}

/**
 * Returns what a client is told of an error. Nothing of a fault of the server is shown but its code: messages may name folders
 * and hosts.
 */
export function refusalOf(error: unknown, requestId: string): Refusal {
  const status = statusOf(error)
  const known = error instanceof EtlError ? error : null
  const details = known?.details ?? {}
  const isOurs = status === 500
  const problem: Problem = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail:
      known === null || isOurs
        ? "The server failed to answer; its log has the reason under the request's id."
        : withAdvice(known.statement, known.advice.flatMap(adviceOverHttp)),
    code: known?.code ?? 'unexpected',
    request_id: requestId,
    ...(Array.isArray(details.faults) && { faults: details.faults as readonly RequestFault[] }),
  }
  const { allow, retryAfter, authenticate } = details
  const after = typeof retryAfter === 'number' ? retryAfter : RETRY_AFTER[status]
  return {
    problem,
    headers: {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(typeof allow === 'string' && { allow }),
      ...(typeof authenticate === 'string' && { 'www-authenticate': authenticate }),
      ...(after !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(after))) }),
    },
  }
}
