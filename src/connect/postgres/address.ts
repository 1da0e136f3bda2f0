/**
 * The address of a database as people write it.
 * @module
 */
import { ConnectError } from '../../errors.ts'

/** A database: a server, or files in a folder of this machine. */
export type DatabaseAddress =
  | { readonly kind: 'server'; readonly url: string; readonly schema: string | null }
  | { readonly kind: 'embedded'; readonly folder: string }

/** What the text of an address is wrong in, beginning with a verb. The text itself may hold a password, and is never repeated. */
interface AddressProblem {
  readonly problem: string
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Reads `postgres://…`, with the schema as a parameter, or `pglite:FOLDER`. */
function readAddress(text: string): DatabaseAddress | AddressProblem {
  const folder = /^pglite:(?!\/\/)(.+)$/s.exec(text)?.[1]
  if (folder !== undefined) return { kind: 'embedded', folder }
  if (!/^postgres(ql)?:\/\//.test(text)) {
    return {
      problem:
        'is no address of a database (and is not repeated here: it may hold a password); expected postgres://user@host/database or pglite:FOLDER',
    }
  }
  const [, given] = /[?&]schema=([^&]*)/.exec(text) ?? []
  const url = text.replace(/([?&])schema=[^&]*(&|$)/, (_, before: string, after: string) =>
    after === '' ? '' : before,
  )
  const schema = given === undefined ? null : decoded(given)
  if (given !== undefined && schema === null) return { problem: 'has a schema with a % that begins no character' }
  return { kind: 'server', url, schema }
}

/**
 * Returns the database at an address, which messages call by the name of the flag or variable that gave it.
 * @throws ConnectError invalid_option - it is no address; the message does not repeat it, because it may hold a password
 */
export function addressOf(name: string, text: string): DatabaseAddress {
  const read = readAddress(text)
  if ('kind' in read) return read
  throw new ConnectError('invalid_option', `${name} ${read.problem}`)
}
