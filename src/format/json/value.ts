/**
 * Values of columns that are not plain (lists, structs, decimals …) as JSON text.
 * @module
 */
import { ContractError } from '../../errors.ts'

/** The greatest depth of JSON that is written or read, far from the limit of the stack. */
export const DEPTH_LIMIT = 64

function refuse(name: string, what: string): ContractError {
  return new ContractError(
    'unsupported_type',
    `column "${name}" holds ${what}, which JSON cannot hold; drop or convert it`,
    {
      details: { column: name },
    },
  )
}

/**
 * Returns the value as JSON text: lists as arrays, structs as objects, instants as ISO text,
 * 64-bit integers as digits.
 * @throws ContractError unsupported_type - bytes, functions, or values nested deeper than 64
 */
export function jsonText(value: unknown, name: string, depth = 0): string {
  if (depth > DEPTH_LIMIT) throw refuse(name, `values nested deeper than ${DEPTH_LIMIT}`)
  switch (typeof value) {
    case 'undefined':
      return 'null'
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'bigint':
      return String(value)
    case 'number':
      return Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? String(value) : `"${value}"`
    case 'object':
      break
    default:
      throw refuse(name, `a ${typeof value}`)
  }
  if (value === null) return 'null'
  if (value instanceof Date) return JSON.stringify(value)
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) throw refuse(name, 'bytes')
  if (Symbol.iterator in value) {
    const parts = Array.from(value as Iterable<unknown>, (part) => jsonText(part, name, depth + 1))
    return `[${parts.join(',')}]`
  }
  const members = Object.entries(value).map(
    ([member, held]) => `${JSON.stringify(member)}:${jsonText(held, name, depth + 1)}`,
  )
  return `{${members.join(',')}}`
}
