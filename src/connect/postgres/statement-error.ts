/**
 * What a failed connection or statement means. Addresses, users and passwords stay out of messages and causes.
 * @module
 */
import { ConnectError, type ErrorCode } from '../../errors.ts'

/** What the server says of its own state, and of the one who asks: words of ours, for theirs name users and databases. */
const REFUSED: Readonly<Record<string, readonly [code: ErrorCode, text: string]>> = {
  '28000': ['permission_denied', 'the server refuses the login; check user, password and the rules of pg_hba.conf'],
  '28P01': ['permission_denied', 'the server refuses the login; check user and password'],
  '3D000': ['not_found', 'the server has no such database; create it, or check its name in the address'],
  '53100': ['disk_full', "the server's disk is full; make space there"],
}

/** Classes and codes of SQLSTATE that pass: lost connections, a server that stops or is full, locks, serialization. */
const PASSING = /^(08|53[23]|57P0[123]|40001|40P01|55P03|25P0[34])/

/** What is wrong with a connection, by the system's code. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server answers at the address; is it running, and is the port right?',
  ENOTFOUND: 'the host of the address is unknown; check its name',
  EAI_AGAIN: 'the host of the address cannot be looked up now',
  ENOENT: 'the socket of the address does not exist; is the server running?',
}

/** The SQLSTATE of a server's error; null for any other. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const found = error instanceof ConnectError ? error.details.sqlState : 'code' in error ? error.code : null
  return typeof found === 'string' && /^[0-9A-Z]{5}$/.test(found) && /\d/.test(found) ? found : null
}

function memberText(error: unknown, name: string): string | null {
  if (typeof error !== 'object' || error === null || !(name in error)) return null
  const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * Returns a failure of the database as one of this library. `details.sqlState` is the server's code, `details.dependents` what
 * it lists as depending on an object. `isTransient` says that the connection broke, or that another attempt may succeed.
 */
export function statementError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error
  const state = sqlState(error)
  // the driver has no code for it
  if (state === null && memberText(error, 'message') === 'The server does not support SSL connections')
    return new ConnectError('io_failed', 'the server has no TLS; turn it on there, or do not set PGSSLMODE')
  if (state === null) {
    const code = memberText(error, 'code')
    const text = (code === null ? undefined : CONNECTION[code]) ?? 'the connection to the database broke'
    return new ConnectError('io_failed', `${text}${code === null ? '' : ` (${code})`}`, {
      isTransient: true,
      details: { connection: code },
    })
  }
  const [code, text] = REFUSED[state] ?? [
    state === '42501' ? 'permission_denied' : 'io_failed',
    `the database refuses: ${memberText(error, 'message') ?? 'it does not say why'}`,
  ]
  // 2BP01: the detail lists what depends on the object, by names of the schema
  const dependents = state === '2BP01' ? memberText(error, 'detail') : null
  return new ConnectError(code, `${text} (SQLSTATE ${state})`, {
    isTransient: PASSING.test(state),
    details: { sqlState: state, ...(dependents === null ? {} : { dependents }) },
  })
}
