/**
 * An object that cannot be read at all: it is one record, and waits as one.
 * @module
 */
import { ContractError, type ErrorCode, FormatError, type Issue } from '../../../errors.ts'
import type { TableContract } from '../../../table/contract.ts'

const EXPECTED: Partial<Record<ErrorCode, string>> = {
  gzip_invalid: 'a gzip file that is whole',
  limit_exceeded: 'a file within the limits of its format, and not packed beyond those of gzip',
}

/**
 * Returns what is wrong with an object that was not read.
 * @throws what was caught, where it says nothing of the file: a place that failed, or a format that no dialect is for
 */
export function unreadableObject(
  error: unknown,
  { name }: TableContract,
): Pick<Issue, 'row' | 'code' | 'column' | 'found' | 'expected'> {
  if (!(error instanceof FormatError || error instanceof ContractError)) throw error
  const expected = EXPECTED[error.code] ?? `one record with the columns of ${name}`
  return { row: 1, code: error.code, column: null, found: null, expected }
}
