/**
 * The meaning of S3's failures and of network failures, with advice. Keys and signatures stay out
 * of messages and causes.
 * @module
 */
import { ConnectError, type ErrorCode, EtlError } from '../../errors.ts'
import { accessFailure, failureName } from '../aws-access.ts'

/** What a failed call means to its caller. */
export interface S3Failure {
  /**
   * `missing`: the file does not exist. `taken`: the condition did not hold. `unclear`: the call
   * may or may not have been done, or was not done and may be tried again. `refused`: a retry does
   * not help.
   */
  readonly kind: 'missing' | 'taken' | 'unclear' | 'refused'
  readonly code: ErrorCode
  readonly text: string
}

const REFUSED: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  NoSuchBucket: ['not_found', 'there is no such bucket; check the name and AWS_REGION'],
  PermanentRedirect: ['invalid_option', 'the bucket is in another region; set AWS_REGION'],
  AuthorizationHeaderMalformed: ['invalid_option', 'the bucket is in another region; set AWS_REGION'],
  NotImplemented: ['io_failed', 'the server lacks what is needed; writing needs If-None-Match'],
}

/** Client errors that a retry fixes: the SDK corrects the clock, the bytes are sent again. */
const HEALED = new Set([
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'BadDigest',
  'IncompleteBody',
  'XAmzContentSHA256Mismatch',
])

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

/**
 * A call that failed. It keeps the name and the HTTP status only: the SDK's error holds the
 * request's signature and key.
 */
export class S3CallError extends Error {
  readonly failure: S3Failure

  constructor(error: Error) {
    const status = statusOf(error)
    super(status === undefined ? failureName(error) : `${failureName(error)}, HTTP ${status}`)
    this.name = 'S3CallError'
    this.failure = failureOf(error)
  }
}

/** Returns an error of the SDK as a failed call. Returns errors of this library unchanged. */
export function callError(error: unknown): unknown {
  return error instanceof Error && !(error instanceof EtlError) && !(error instanceof S3CallError)
    ? new S3CallError(error)
    : error
}

/** Returns what a failed call means; null for any other error. */
export function s3Failure(error: unknown): S3Failure | null {
  return error instanceof S3CallError ? error.failure : null
}

function failureOf(error: Error): S3Failure {
  const name = failureName(error)
  const known = REFUSED[error.name] ?? accessFailure(error)
  if (known !== null) return { kind: 'refused', code: known[0], text: known[1] }
  const status = statusOf(error)
  if (status === 404)
    return { kind: 'missing', code: 'not_found', text: 'does not exist; check the name and the folder' }
  if (status === 412) return { kind: 'taken', code: 'io_failed', text: 'was changed by another writer; try again' }
  const isHealed = HEALED.has(error.name)
  if (status === 403 && !isHealed) {
    return { kind: 'refused', code: 'permission_denied', text: 'permission denied; give this user the right to it' }
  }
  if (
    status !== undefined &&
    status >= 300 &&
    status < 500 &&
    status !== 408 &&
    status !== 409 &&
    status !== 429 &&
    !isHealed
  ) {
    return { kind: 'refused', code: 'io_failed', text: 'the server refused the call' }
  }
  return { kind: 'unclear', code: 'io_failed', text: `no answer that could be used (${name}); try again later` }
}

/** Returns a failed call as a ConnectError with advice. Returns any other error unchanged. */
export function s3Error(error: unknown, doing: string, place: string): unknown {
  if (!(error instanceof S3CallError)) return error
  const { kind, code, text } = error.failure
  return new ConnectError(code, `cannot ${doing} ${place}: ${text}`, { cause: error, isTransient: kind === 'unclear' })
}
