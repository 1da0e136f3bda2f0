/**
 * Values of a statement, typed as Spark reads them.
 * @module
 */
import { isRecord, refuseUnless } from '../../arguments.ts'
import { ContractError } from '../../errors.ts'
import type { Argument, Literal, Statement } from './protocol.ts'

/**
 * A value of a statement: text is STRING, a boolean BOOLEAN, a whole number or bigint BIGINT, any other number DOUBLE, a Date
 * TIMESTAMP, bytes BINARY, null is null.
 */
export type SparkValue = string | number | bigint | boolean | Date | Uint8Array | null

/** Values by the names that the statement writes as `:name`, or a list for its `?` marks. */
export type SparkParameters = Readonly<Record<string, SparkValue>> | readonly SparkValue[]

const INT64_END = 2n ** 63n
/** Spark counts microseconds from 1970 in 64 bits. */
const MICROSECONDS = 1000n

const VALUES = 'text, a number, a bigint of 64 bits, a boolean, a valid Date, a Uint8Array, or null'

function literalOf(value: unknown, name: string): Literal {
  if (value === null) return { null: { null: {} } }
  if (typeof value === 'boolean') return { boolean: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? { long: String(value) } : { double: value }
  if (typeof value === 'bigint' && value >= -INT64_END && value < INT64_END) return { long: String(value) }
  if (typeof value === 'string') {
    if (value.isWellFormed()) return { string: value }
    throw new ContractError('malformed_text', `${name} has half of a surrogate pair; no encoding of text can hold it`)
  }
  if (value instanceof Date && !Number.isNaN(value.getTime()))
    return { timestamp: String(BigInt(value.getTime()) * MICROSECONDS) }
  refuseUnless(value instanceof Uint8Array, name, value, VALUES)
  return { binary: value as Uint8Array }
}

const argumentOf = (value: unknown, name: string): Argument => ({ literal: literalOf(value, name) })

/**
 * Returns a statement with its values.
 * @throws ContractError invalid_option - no statement, or a value that has no type in Spark; malformed_text
 */
export function statementOf(sql: string, parameters: SparkParameters | undefined): Statement {
  refuseUnless(typeof sql === 'string' && sql.trim() !== '', 'sql', sql, 'a statement')
  if (parameters === undefined) return { sql: { query: sql } }
  if (Array.isArray(parameters))
    return { sql: { query: sql, posArguments: parameters.map((value, at) => argumentOf(value, `parameters[${at}]`)) } }
  refuseUnless(isRecord(parameters), 'parameters', parameters, 'an object of names and values, or a list of values')
  const named = Object.entries(parameters).map(([name, value]) => [name, argumentOf(value, `parameters.${name}`)])
  return { sql: { query: sql, namedArguments: Object.fromEntries(named) } }
}
