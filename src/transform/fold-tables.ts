/**
 * Converts tables to frames and folds deltas, for the public functions on deltas.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'
import { DeltaError } from '../errors.ts'
import type { Frame } from '../table/frame.ts'
import { type TableLike, viewTable } from '../table/table-like.ts'
import { type Accounted, accountDeltas } from './delta/account/account-deltas.ts'
import { type CompiledDelta, compileDelta, schemaOf } from './delta/compile/compile-delta.ts'
import { type DeltaOptions, resolveDeltaOptions } from './delta/delta-options.ts'
import type { CodeCount, DeltaSummary } from './delta/delta-summary.ts'
import { type Folded, foldDeltas } from './delta/fold/fold.ts'
import { uniqueTable } from './delta/fold/match-keys.ts'
import { keyNames, type TableKey, typeNulls, unknownColumns } from './delta/table-key.ts'

/** Tables ready to be folded. */
interface ReadyTables {
  readonly base: Frame
  readonly names: readonly string[]
  readonly compiled: readonly CompiledDelta[]
  /** Codes for the rows that were left out of the table. */
  readonly codes: readonly CodeCount[]
}

function readyTables(
  table: TableLike,
  deltas: readonly TableLike[],
  key: TableKey,
  options: DeltaOptions | undefined,
): ReadyTables {
  // spread accepts any value, so check here
  refuseUnless(options === undefined || isRecord(options), 'options', options, 'an object', DeltaError)
  const policies = resolveDeltaOptions({ ...options, contract: options?.contract ?? unknownColumns(key) })
  const names = keyNames(key)
  const { table: base, codes } = uniqueTable(typeNulls(viewTable(table), key), names, policies.baseDuplicates)
  const compiled: CompiledDelta[] = []
  let schema = schemaOf(base)
  for (const delta of deltas) {
    // mixed plain values are allowed here, because the cells of delete rows do not count
    const next = compileDelta(viewTable(delta, 'delta', { mixed: 'opaque' }), schema, names, policies)
    compiled.push(next)
    schema = next.schema
  }
  return { base, names, compiled, codes }
}

/**
 * Returns the table after the delta, folded.
 * @throws DeltaError, ContractError - as the decision table and the options say
 */
export function foldTable(
  table: TableLike,
  delta: TableLike,
  key: TableKey,
  options: DeltaOptions | undefined,
): Folded {
  const { base, compiled, names } = readyTables(table, [delta], key, options)
  return foldDeltas(base, compiled, names)
}

/**
 * Returns the table after the deltas, in order, and what each of them did.
 * @throws DeltaError, ContractError - as the decision table and the options say
 */
export function accountTables(
  table: TableLike,
  deltas: readonly TableLike[],
  key: TableKey,
  options: DeltaOptions | undefined,
): Accounted {
  const { base, compiled, names, codes } = readyTables(table, deltas, key, options)
  const accounted = accountDeltas(base, compiled, names)
  const [first, ...others] = accounted.summaries
  if (first === undefined || codes.length === 0) return accounted
  const summary: DeltaSummary = { ...first, codes: [...codes, ...first.codes] }
  return { ...accounted, summaries: [summary, ...others] }
}
