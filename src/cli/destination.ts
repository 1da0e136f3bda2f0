/**
 * The address of a destination as people write it on a command line.
 * @module
 */
import { addressOf } from '../connect/postgres/address.ts'
import type { Destination } from '../pipeline/destinations/destination.ts'
import { pglite, postgres } from '../pipeline/destinations/postgres/postgres.ts'

/**
 * Returns the destinations at an address: `postgres://…` with the schema as a parameter, `pglite:FOLDER`, or `none`.
 * @throws ConnectError invalid_option - another address
 */
export function destinationsAt(text: string): readonly Destination[] {
  if (text === 'none') return []
  const address = addressOf('--destination', text)
  if (address.kind === 'embedded') return [pglite({ folder: address.folder })]
  const { url, schema } = address
  return [postgres({ url, ...(schema !== null && { schema }) })]
}
