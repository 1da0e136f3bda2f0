/**
 * Inputs of one table made into its state: the extract is the base, its deltas are folded and written out once.
 * @module
 */
import { EtlError, PipelineError } from '../../errors.ts'
import { DictionaryColumn, NumberColumn } from '../../table/column.ts'
import { type Frame, withColumns } from '../../table/frame.ts'
import type { LazyRows } from '../../table/lazy-rows.ts'
import { type Accounted, accountDeltas } from '../../transform/delta/account/account-deltas.ts'
import { type CompiledDelta, compileDelta, schemaOf } from '../../transform/delta/compile/compile-delta.ts'
import { type DeltaPolicies, resolveDeltaOptions } from '../../transform/delta/delta-options.ts'
import type { DeltaSummary } from '../../transform/delta/delta-summary.ts'
import { type Folded, foldDeltas, type Narrowing } from '../../transform/delta/fold/fold.ts'
import { keyRepeated, type RepeatedKeys, uniqueTable } from '../../transform/delta/fold/match-keys.ts'
import { materialize, type TableMemory } from '../../transform/delta/write/materialize.ts'
import type { JobTable } from '../job/job.ts'
import { FILE, ROW } from '../state/stored-contract.ts'

/** The rows of one input that fit, typed, with where each came from. */
export interface InputRows {
  readonly name: string
  /** Null for the extract. */
  readonly month: string | null
  readonly frame: Frame
  /** How many more records were set aside. */
  readonly quarantined: number
}

/** A table as the last commit left it: a snapshot, and the inputs that were applied since, in their order. */
export interface CommittedTable {
  readonly snapshot: LazyRows
  readonly later: readonly LaterInput[]
  /** Rows of the table, later inputs included. */
  readonly rows: number
}

/** The kept rows of an input that was applied. */
export interface LaterInput {
  readonly name: string
  readonly rows: LazyRows
}

/** What inputs make of a table, not yet written out, and what they did. */
export interface AccountedInputs {
  /** The later inputs of the table and the new ones; the new deltas are accounted for. */
  readonly folded: Accounted
  /** What each new input did, in their order. */
  readonly summaries: readonly DeltaSummary[]
}

/** Returns the rows of a file with the columns that say where they came from; `records` counts from 1. */
export function withOrigin(frame: Frame, file: string, records: Int32Array): Frame {
  return withColumns(frame, [
    [FILE, new DictionaryColumn(new Int32Array(frame.rows), [file])],
    [ROW, new NumberColumn('int32', records)],
  ])
}

/** An extract by its numbers: the rows that fit, and those that do not. */
export interface ExtractCounts extends Pick<InputRows, 'name' | 'quarantined'> {
  readonly rowCount: number
}

const countsOf = ({ name, frame, quarantined }: InputRows): ExtractCounts => ({
  name,
  quarantined,
  rowCount: frame.rows,
})

function extractSummary(
  rows: number,
  { rowCount, quarantined }: ExtractCounts,
  codes: DeltaSummary['codes'],
): DeltaSummary {
  const deltaRows = rowCount + quarantined
  const folded = rowCount - rows
  const nothing = { updated: 0, unchanged: 0, deleted: 0, ignored: 0 }
  return { rowsIn: 0, rowsOut: rows, deltaRows, inserted: rows, ...nothing, folded, quarantined, codes }
}

/** Strict stops at an extract without rows (D15); lenient says so. */
function refuseEmpty({ name, rowCount, quarantined }: ExtractCounts, mode: 'lenient' | 'strict'): void {
  if (mode === 'lenient' || rowCount + quarantined > 0) return
  throw new PipelineError('empty_extract', `${name}: the extract has no rows`, {
    advice: ['check the export', { option: 'mode', value: "'lenient'", effect: 'apply it all the same' }],
  })
}

/**
 * Returns what an extract does whose rows an engine has; `repeats` are those whose keys earlier rows have.
 *
 * @throws PipelineError empty_extract - in strict mode
 * @throws DeltaError base_duplicate_key - a key occurs twice
 */
export function acceptExtract(
  extract: ExtractCounts,
  repeats: RepeatedKeys | null,
  key: readonly string[],
  mode: 'lenient' | 'strict',
): DeltaSummary {
  refuseEmpty(extract, mode)
  if (repeats !== null) throw keyRepeated(repeats, key, extract.name)
  return extractSummary(extract.rowCount, extract, [])
}

/** Makes an error say which file it is about; those about a row do already. */
function namingFile<Result>(file: string, call: () => Result): Result {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof EtlError) || error.message.includes(file)) throw error
    const { code, statement, advice, details, cause } = error
    // all error classes have one constructor, so the class stays what it is
    const Kind = error.constructor as typeof EtlError
    throw new Kind(code, `${file}: ${statement}`, { advice, details, cause })
  }
}

/** Inputs ready to be folded into the table that is there, or that their extract is. */
interface ReadyInputs {
  readonly table: Frame
  /** What is said of the extract, where one is among the inputs. */
  readonly extract: DeltaSummary | null
  /** The later inputs of the table, then the new deltas. */
  readonly compiled: readonly CompiledDelta[]
  readonly deltas: readonly InputRows[]
}

function readyInputs(
  committed: CommittedTable | null,
  inputs: readonly InputRows[],
  { contract, delta }: JobTable,
  mode: 'lenient' | 'strict',
  narrowing: Narrowing | null,
): ReadyInputs {
  const policies = resolveDeltaOptions({ ...delta, mode })
  const accepted = resolveDeltaOptions({ ...delta, mode: 'lenient' })
  let extract: DeltaSummary | null = null
  const [first, ...rest] = inputs
  let table = committed?.snapshot.all() ?? null
  let deltas = inputs
  // a table that is there has had its extract
  if (committed === null && first !== undefined && first.month === null) {
    refuseEmpty(countsOf(first), mode)
    const { frame, name } = first
    const unique = namingFile(name, () => uniqueTable(frame, contract.key, policies.baseDuplicates, name))
    table = unique.table
    deltas = rest
    extract = extractSummary(table.rows, countsOf(first), unique.codes)
  }
  if (table === null) throw new PipelineError('initial_missing', `table ${contract.name} has deltas and no extract`)

  const compiled: CompiledDelta[] = []
  let schema = narrowing?.schema ?? schemaOf(table)
  const compile = (frame: Frame, name: string, given: DeltaPolicies): void => {
    const next = namingFile(name, () => compileDelta(frame, schema, contract.key, given))
    compiled.push(next)
    schema = next.schema
  }
  for (const { rows, name } of committed?.later ?? []) compile(rows.all(), name, accepted)
  for (const { frame, name } of deltas) compile(frame, name, policies)
  return { table, extract, compiled, deltas }
}

/**
 * Returns what inputs, in their order, make of a table: the extract first where nothing stands yet. What stands was accepted
 * once and is not refused again.
 *
 * @throws DeltaError - a change that the policies, or strict mode, refuse
 * @throws PipelineError empty_extract - in strict mode; initial_missing - there is neither a table nor an extract
 */
export function foldInputs(
  committed: CommittedTable | null,
  inputs: readonly InputRows[],
  job: JobTable,
  mode: 'lenient' | 'strict',
): Folded {
  const { table, compiled } = readyInputs(committed, inputs, job, mode, null)
  return foldDeltas(table, compiled, job.contract.key)
}

/**
 * Returns the same, and what the inputs did: each summary is that of applying the input alone after those before it.
 * `narrowing` says how what stands was narrowed to the rows that the inputs touch.
 *
 * @throws DeltaError, PipelineError - what {@link foldInputs} throws
 */
export function accountInputs(
  committed: CommittedTable | null,
  inputs: readonly InputRows[],
  job: JobTable,
  mode: 'lenient' | 'strict',
  narrowing: Narrowing | null = null,
): AccountedInputs {
  const { table, extract, compiled, deltas } = readyInputs(committed, inputs, job, mode, narrowing)
  const from = committed?.later.length ?? 0
  const folded = accountDeltas(table, compiled, job.contract.key, { from, narrowing })
  const summaries = extract === null ? [] : [extract]
  // of a table that was narrowed only some rows are there
  const others = committed === null ? 0 : committed.rows - (folded.summaries[0]?.rowsIn ?? committed.rows)
  for (const [at, summary] of folded.summaries.entries()) {
    const { quarantined = 0 } = deltas[at] ?? {}
    const [rowsIn, rowsOut] = [summary.rowsIn + others, summary.rowsOut + others]
    summaries.push({ ...summary, rowsIn, rowsOut, deltaRows: summary.deltaRows + quarantined, quarantined })
  }
  return { folded, summaries }
}

/** Returns the table that was folded; it is written over the snapshot where that is not read again. */
export function writeFolded(folded: Folded, memory: TableMemory = 'own'): Frame {
  return folded.pool.rows === 0 ? folded.base : materialize(folded, { memory })
}
