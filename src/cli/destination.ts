/**
 * The address of a destination as people write it on a command line.
 * @module
 */
import { type DatabaseAddress, readAddress } from '../connect/postgres/address.ts'
import { PipelineError } from '../errors.ts'
import type { Destination } from '../pipeline/destinations/destination.ts'
import { pglite, postgres } from '../pipeline/destinations/postgres/postgres.ts'

/**
 * Returns the database at an address that a flag gives.
 * @throws PipelineError invalid_option - another address; the message does not repeat it, because it may hold a password
 */
export function addressOf(flag: string, text: string): DatabaseAddress {
  const read = readAddress(text)
  if ('kind' in read) return read
  throw new PipelineError('invalid_option', `${flag} ${read.problem}`)
}

/**
 * Returns the destinations at an address: `postgres://…` with the schema as a parameter, `pglite:FOLDER`, or `none`.
 * @throws PipelineError invalid_option - another address
 */
export function destinationsAt(text: string): readonly Destination[] {
  if (text === 'none') return []
  const address = addressOf('--destination', text)
  if (address.kind === 'embedded') return [pglite({ folder: address.folder })]
  const { url, schema } = address
  return [postgres({ url, ...(schema !== null && { schema }) })]
}
