/**
 * Tables in at the door, folded deltas out: what the public verbs on deltas begin with.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'
import { DeltaError } from '../errors.ts'
import { type TableLike, viewTable } from '../table/door.ts'
import { type CompiledDelta, compileDelta, schemaOf } from './delta/compile-delta.ts'
import { type DeltaOptions, resolveDeltaOptions } from './delta/delta-options.ts'
import type { DeltaSummary } from './delta/delta-summary.ts'
import { type Folded, foldDeltas } from './delta/fold.ts'
import { uniqueTable } from './delta/match-keys.ts'
import { keyNames, type TableKey, typeNulls, unknownColumns } from './delta/table-key.ts'

/**
 * Returns what the deltas, in order, make of the table.
 * @throws DeltaError, ContractError - as the decision table and the options say
 */
export function foldTables(
  table: TableLike,
  deltas: readonly TableLike[],
  key: TableKey,
  options: DeltaOptions | undefined,
): Folded {
  // a spread makes an object of anything
  refuseUnless(options === undefined || isRecord(options), 'options', options, 'an object', DeltaError)
  const policies = resolveDeltaOptions({ ...options, contract: options?.contract ?? unknownColumns(key) })
  const names = keyNames(key)
  const { table: base, codes } = uniqueTable(typeNulls(viewTable(table), key), names, policies.baseDuplicates)
  const compiled: CompiledDelta[] = []
  let schema = schemaOf(base)
  for (const delta of deltas) {
    // plain arrays of mixed values come in as they are, for the cells of delete rows do not count
    const next = compileDelta(viewTable(delta, 'delta', { mixed: 'opaque' }), schema, names, policies)
    compiled.push(next)
    schema = next.schema
  }
  const folded = foldDeltas(base, compiled, names)
  const [first, ...others] = folded.summaries
  if (first === undefined || codes.length === 0) return folded
  const summary: DeltaSummary = { ...first, codes: [...codes, ...first.codes] }
  return { ...folded, summaries: [summary, ...others] }
}
