/**
 * The address of a destination as people write it on a command line.
 * @module
 */
import { PipelineError } from '../errors.ts'
import type { Destination } from '../pipeline/destinations/destination.ts'
import { pglite, postgres } from '../pipeline/destinations/postgres/postgres.ts'

/**
 * Returns the destinations at an address: `postgres://…` with the schema as a parameter, `pglite:FOLDER`, or `none`.
 * @throws PipelineError invalid_option - another address; the message does not repeat it, because it may hold a password
 */
export function destinationsAt(address: string): readonly Destination[] {
  if (address === 'none') return []
  const folder = /^pglite:(?!\/\/)(.+)$/s.exec(address)?.[1]
  if (folder !== undefined) return [pglite({ folder })]
  if (/^postgres(ql)?:\/\//.test(address)) {
    const [, schema] = /[?&]schema=([^&]*)/.exec(address) ?? []
    const url = address.replace(/([?&])schema=[^&]*(&|$)/, (_, before: string, after: string) =>
      after === '' ? '' : before,
    )
    return [postgres({ url, ...(schema === undefined ? {} : { schema: decoded(schema) }) })]
  }
  throw new PipelineError(
    'invalid_option',
    '--destination is no address of a database (and is not repeated here: it may hold a password); expected postgres://user@host/database, pglite:FOLDER, or none',
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new PipelineError('invalid_option', 'the schema of --destination has a % that begins no character')
  }
}
