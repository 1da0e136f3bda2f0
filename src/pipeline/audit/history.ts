/**
 * Every version of a table's rows, from the inputs that were kept.
 * @module
 */
import type { OptionNames } from '../../arguments.ts'
import { DictionaryColumn } from '../../table/column.ts'
import { columnOf, type Frame, withColumns } from '../../table/frame.ts'
import { versionRows } from '../../transform/delta/account/versions.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { accountInputs } from '../fold/apply-inputs.ts'
import { type Job, type JobTable, rootOf } from '../job/job.ts'
import { type OutOptions, refuseCall } from '../job/options.ts'
import { readCurrent, tableOf } from '../state/committed-state.ts'
import { refuseWithoutMonths } from '../state/past-point.ts'
import { readInputs } from '../state/stored-inputs.ts'

/** Which table's versions are read. */
export interface HistoryQuery extends OutOptions {
  readonly table: string
}

/** The label of the full extract: before every month. Readers see null. */
const EXTRACT = '0'

/** Turns the extract's label into null: it is unknown since when its rows were valid. */
function withOpenStart(versions: Frame): Frame {
  const from = columnOf(versions, 'valid_from')
  if (!(from instanceof DictionaryColumn)) return versions
  const extract = from.values.indexOf(EXTRACT)
  const codes = from.codes.map((code) => (code === extract ? -1 : code))
  return withColumns(versions, [['valid_from', new DictionaryColumn(codes, from.values)]])
}

/** A table whose inputs are of months. @throws PipelineError invalid_option - there is no such table, or it is derived */
function versionedTable(job: Job, name: string): JobTable {
  const root = Object.hasOwn(job.derived, name) ? rootOf(job, name) : name
  const what = root === name ? 'history' : `history of ${name}, which is derived`
  refuseWithoutMonths(tableOf(job, root), what)
  return tableOf(job, name)
}

/**
 * Returns every version of every row of a table (slowly changing dimension, type 2): its columns, the file and record each
 * version came from (`_file`, `_row`), `valid_from` and `valid_to` (months, half-open; from null = as in the full extract,
 * to null = current), `is_deleted` and `version`. Rows of the extract in their order, then added keys, the versions of a
 * key one after the other.
 *
 * @throws PipelineError nothing_committed - there is no commit; invalid_option - the job has no such table, the table is derived,
 * or its inputs are not those of months; options_changed,
 * log_damaged, data_damaged - the state cannot be read with this job
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, readHistory, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name\nH1,North\n',
 *   'delta/halls_delta_202502.csv': 'id,name,action\nH1,Old hall,update\n',
 * })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const versions = await readHistory(job, { out, table: 'halls' })
 * versions.columns.get('name') // ['North', 'Old hall']
 * versions.columns.get('valid_to') // ['2025-02', null]
 */
export async function readHistory(job: Job, query: HistoryQuery, given: Partial<Effects> = {}): Promise<Frame> {
  refuseCall(job, query, { out: true, table: true } satisfies OptionNames<HistoryQuery>)
  const table = versionedTable(job, query.table)
  const effects: Effects = { ...nodeEffects(), ...given }
  const { out, record } = await readCurrent(job, query, effects)
  const inputs = await readInputs(out, record, query.table, null, effects)
  const { folded } = accountInputs(null, inputs, table, 'lenient')
  const months = inputs.flatMap(({ month }) => month ?? [])
  return withOpenStart(versionRows(folded, [EXTRACT, ...months]))
}
