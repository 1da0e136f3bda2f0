/**
 * A run that begins a new ledger: what is there now counts, and nothing else.
 * @module
 */
import { compareNames } from '../../connect/file-name.ts'
import type { CommitRecord } from '../log/commit-record.ts'
import { isSameValues, type PlanInput, unitOf } from './plan-input.ts'

/** Tables and units, each table's in their order, as one text. */
function unitsIn(inputs: readonly { readonly table: string; readonly unit: string }[]): string {
  return inputs.map(unitOf).sort().join('\n')
}

/**
 * Returns the input of a plan that begins a new ledger as one that rebuilds with those of the ledger's inputs that are still
 * there; as one that applies what is new, where these are all of the ledger.
 */
export function planNewLedger(input: PlanInput): PlanInput {
  const { head, inventory, contracts, mirrored, appended, request } = input
  if (request.apply !== 'replace' || head === null) return { ...input, request: { ...request, apply: 'pending' } }
  const present = new Map(inventory.files.map((file) => [unitOf(file), file]))
  const ledger = head.inputs.filter(({ table }) => !mirrored.has(table))
  const pieces = (names: ReadonlySet<string>, of: readonly { readonly table: string; readonly unit: string }[]) =>
    of.filter(({ table }) => names.has(table)).map(unitOf)
  const inOrder = [...inventory.files].sort((a, b) => compareNames(a.name, b.name))
  const isSame =
    ledger.every((applied) => present.get(unitOf(applied))?.sha256 === applied.sha256) &&
    unitsIn(ledger) === unitsIn(inventory.files.filter(({ table }) => !mirrored.has(table))) &&
    // the order of pieces decides which of two changes of one key counts
    pieces(appended, byPosition(ledger)).join('\n') === pieces(appended, inOrder).join('\n') &&
    // copies of other names are of another ledger, which keeps its own
    isSameValues(head.options.names ?? {}, request.options.names ?? {}) &&
    Object.entries(contracts).every(([table, contract]) => head.tables[table]?.fingerprint === contract)
  if (isSame) return { ...input, request: { ...request, apply: 'pending' } }
  const inputs = head.inputs.flatMap(({ position: _, ...applied }) =>
    mirrored.has(applied.table) || present.has(unitOf(applied)) ? [applied] : [],
  )
  return { ...input, head: { ...head, inputs }, request: { ...request, apply: 'rebuild' } }
}

function byPosition(inputs: CommitRecord['inputs']): CommitRecord['inputs'] {
  return [...inputs].sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
}
