/**
 * What a failed call to Spark means. Addresses and tokens stay out of messages.
 * @module
 */
import { ConnectError, EngineError, type EtlError } from '../../errors.ts'
import type { CallFailure } from './channel.ts'

/** Errors by which a server says that it no longer knows a session or a statement. */
const FORGOTTEN = /^INVALID_HANDLE\.(?:SESSION|OPERATION)_(?:NOT_FOUND|CHANGED|CLOSED|ABANDONED)$/

/** The name of Spark's error; null where the failure is not Spark's. */
export function errorClassOf({ details, message }: CallFailure): string | null {
  return details.errorClass ?? /\[([A-Z][A-Z0-9_.]*)\]/.exec(message)?.[1] ?? null
}

/** Whether the connection broke before an answer, so that asking again may help. */
export const isBroken = ({ status }: CallFailure): boolean => status === 'UNAVAILABLE'

/** Whether the server does not know a statement that was sent to it. Sail says so without a name of the error. */
export const isUnknownStatement = (failure: CallFailure): boolean =>
  errorClassOf(failure) === 'INVALID_HANDLE.OPERATION_NOT_FOUND' || /\boperation not found\b/.test(failure.message)

/** Whether the server already runs the statement that was sent to it. */
export const isKnownStatement = (failure: CallFailure): boolean =>
  errorClassOf(failure) === 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS'

const UNREACHABLE: Readonly<Record<string, string>> = {
  UNAVAILABLE: 'no Spark Connect server answers at the address; is it running, and are host, port and use_ssl right?',
  DEADLINE_EXCEEDED: 'the Spark Connect server does not answer in time',
  UNIMPLEMENTED: 'what answers at the address is not a Spark Connect server; check host and port',
}

/** Returns what a failed call means. */
export function sparkError(failure: CallFailure): EtlError {
  const { status, message } = failure
  const errorClass = errorClassOf(failure)
  const sqlState = failure.details.sqlState ?? /SQLSTATE: ([0-9A-Z]{5})/.exec(message)?.[1]
  const details = { status, ...(errorClass === null ? {} : { errorClass }), ...(sqlState ? { sqlState } : {}) }
  if (errorClass === null) {
    const unreachable = UNREACHABLE[status]
    if (unreachable !== undefined)
      return new ConnectError('io_failed', unreachable, { isTransient: status !== 'UNIMPLEMENTED', details })
    if (status === 'UNAUTHENTICATED' || status === 'PERMISSION_DENIED')
      return new ConnectError('permission_denied', 'the Spark server refuses the login; check the token and the user', {
        details,
      })
  }
  if (isUnknownStatement(failure) || (errorClass !== null && FORGOTTEN.test(errorClass)))
    return new EngineError(
      'engine_lost',
      'the Spark server has forgotten the session or the statement: it was restarted, or the session was idle for too long. ' +
        'The statement may have taken effect; connect again, and look at what it writes before you repeat it',
      { details },
    )
  return new EngineError('engine_refused', `Spark refuses the statement: ${message || status}`, { details })
}
