/**
 * Files of earlier commits, which may have been collected as garbage.
 * @module
 */
import { ConnectError } from '../../errors.ts'

/** Returns null for the error of a file that is gone, and throws any other one. */
export function nullWhereGone(error: unknown): null {
  const cause = error instanceof Error && error.cause instanceof ConnectError ? error.cause : error
  if (cause instanceof ConnectError && cause.code === 'not_found') return null
  throw error
}
