/**
 * Which figures, and which rows behind them, other values of a job's options would change.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../arguments.ts'
import { PipelineError } from '../errors.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { takeRows } from '../table/take.ts'
import { compareSides, type Side, type TableDifference } from './audit/compare-sides.ts'
import { loadRead } from './audit/explain.ts'
import { type Effects, nodeEffects } from './effects.ts'
import { isPartitioned, type Job, type JobOutput, type OutputExplanation } from './job/job.ts'
import { type GivenOptions, type JobOptions, type OptionValues, optionsFor, resolveOptions } from './job/job-options.ts'
import { type OutOptions, ownNames, refuseCall } from './job/options.ts'
import { type CommittedState, readCurrent, stateOf } from './state/committed-state.ts'

/** Which options would be others. */
export interface WhatIfQuery<Options extends JobOptions = JobOptions> extends OutOptions {
  /** The other values, by name; an option that is left out keeps its value. */
  readonly options: GivenOptions<Options>
}

/** A line of an output by its key cells, as text; null where no line counts the row. */
export type OutputLine = Readonly<Record<string, string>> | null

/** The rows that another line of an output would count. */
export interface MovedRows {
  /** The table that they belong to. */
  readonly table: string
  /** How many rows the table has. */
  readonly total: number
  /** The rows that move, in order of their table. */
  readonly rows: Frame
  /** The line that counts each of `rows` now. */
  readonly from: readonly OutputLine[]
  /** The line that would count it. */
  readonly to: readonly OutputLine[]
}

/** What would differ in an output. */
export interface WhatIfOutput extends TableDifference {
  /**
   * Null where the output does not say which rows it counts, where these are not rows of one whole table of a source, or where
   * its keys have more than 2,000 values.
   */
  readonly moved: MovedRows | null
}

/** What other options would change. */
export interface WhatIf {
  readonly job: string
  readonly commit: number
  /** The options that would be others, by name: the value that counts now and the other one. */
  readonly options: Readonly<Record<string, { readonly now: unknown; readonly other: unknown }>>
  /** Every output of the job, in its order; those without a difference as well. */
  readonly outputs: readonly WhatIfOutput[]
}

/** A state with the values that its steps are made with. */
interface OptionedState {
  readonly state: CommittedState
  readonly values: OptionValues
}

/** Rows are told apart by one pass over the table for each value of a key. */
const MOST_VALUES = 2000

/** The line that counts each row: for every key column the number of its value, or -1. */
async function linesOf(
  job: Job,
  name: string,
  explanation: OutputExplanation,
  { state, values }: OptionedState,
  cells: ReadonlyMap<string, readonly string[]>,
): Promise<{ readonly table: Frame; readonly numbers: readonly Int32Array[] }> {
  const loaded = await loadRead(job, state, explanation.reads)
  const options = optionsFor(values, explanation.uses ?? [], `the explanation of output ${name}`)
  const table = loaded.table(explanation.table)
  const numbers = Array.from(cells, ([column, known]) => {
    const numberOf = new Int32Array(table.rows).fill(-1)
    for (const [number, value] of known.entries()) {
      for (const row of explanation.rowsBehind(loaded, { [column]: value }, options)) numberOf[row] = number
    }
    return numberOf
  })
  return { table, numbers }
}

/** Whether the rows behind an output are those of one whole table of a source. */
function isTraceable(job: Job, explanation: OutputExplanation | undefined): explanation is OutputExplanation {
  return (
    explanation !== undefined && Object.hasOwn(job.tables, explanation.table) && !isPartitioned(job, explanation.table)
  )
}

async function movedRows(
  job: Job,
  name: string,
  { contract, explain }: JobOutput,
  [now, other]: readonly [OptionedState, OptionedState],
): Promise<MovedRows | null> {
  if (!isTraceable(job, explain) || contract.key.length === 0) return null
  const lines = [await now.state.loadOutput(name), await other.state.loadOutput(name)]
  const cells = new Map<string, string[]>()
  for (const column of contract.key) {
    const known = lines.flatMap((frame) => Array.from(columnOf(frame, column), String))
    cells.set(column, [...new Set(known)])
  }
  const count = [...cells.values()].reduce((sum, known) => sum + known.length, 0)
  if (count > MOST_VALUES) return null
  const [was, is] = [await linesOf(job, name, explain, now, cells), await linesOf(job, name, explain, other, cells)]
  const listed = [...cells]
  const lineAt = (numbers: readonly Int32Array[], row: number): OutputLine => {
    // a row is in a line only where it has a value for every key
    if (numbers.some((numberOf) => (numberOf[row] ?? -1) < 0)) return null
    return Object.fromEntries(listed.map(([column, known], at) => [column, known[numbers[at]?.[row] ?? -1] ?? '']))
  }
  const moved: number[] = []
  for (let row = 0; row < was.table.rows; row++) {
    if (was.numbers.some((numberOf, at) => numberOf[row] !== is.numbers[at]?.[row])) moved.push(row)
  }
  const [from, to] = [was, is].map(({ numbers }) => moved.map((row) => lineAt(numbers, row))) as [
    OutputLine[],
    OutputLine[],
  ]
  return { table: explain.table, total: was.table.rows, rows: takeRows(was.table, Int32Array.from(moved)), from, to }
}

/**
 * Returns what other values of a job's options would change in its outputs: the rows of each output that would differ, and the
 * rows of the table behind it that another line would count. The state is read, and nothing is written.
 *
 * @throws PipelineError nothing_committed - there is no commit; invalid_option - there is no such option, or every value is the
 * one that counts now; options_changed, log_damaged, data_damaged - the state cannot be read with this job
 * @throws EtlError - a value that the option refuses
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, numberOption, runPipeline, whatIf } from 'support-etl/pipeline'
 * import { defineTable, int32, key, string, toFrame } from 'support-etl'
 * import { table } from 'arquero'
 *
 * const halls = defineTable('halls', { id: key(string()), seats: int32() })
 * const large = {
 *   contract: defineTable('large', { size: key(string()), halls: int32() }),
 *   reads: ['halls'],
 *   uses: ['least'],
 *   build(state, { least }) {
 *     const seats = [...state.table('halls').columns.get('seats')]
 *     return toFrame(table({ size: ['large'], halls: Int32Array.of(seats.filter((n) => n >= least).length) }))
 *   },
 * }
 * const source = extractsAndDeltas()
 * const job = defineJob({
 *   name: 'halls',
 *   options: { least: numberOption(100, { least: 1, most: 9999, help: 'seats of a large hall' }) },
 *   tables: { halls: { contract: halls, source } },
 *   outputs: { large },
 * })
 * const data = memoryStore({ 'initial/halls.csv': 'id,seats\nH1,120\nH2,80\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { outputs } = await whatIf(job, { out, options: { least: 50 } })
 * outputs[0]?.before.columns.get('halls') // [1]
 * outputs[0]?.after.columns.get('halls') // [2]
 */
export async function whatIf<Options extends JobOptions>(
  job: Job<Options>,
  query: WhatIfQuery<Options>,
  given: Partial<Effects> = {},
): Promise<WhatIf> {
  refuseCall(job, query, { out: true, options: true } satisfies OptionNames<WhatIfQuery>)
  refuseUnknown(query.options, ownNames(job), PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  const { out, record } = await readCurrent(job, query, effects)
  const current = resolveOptions(job.options, {}, record.jobOptions)
  // options are an object, as was checked above
  const others = query.options as Readonly<Record<string, unknown>>
  const values = resolveOptions(job.options, others, record.jobOptions)
  const differing = Object.keys(values).filter((name) => values[name] !== current[name])
  if (differing.length === 0) {
    throw new PipelineError('invalid_option', 'these options are those that count now; choose another value of one', {
      details: { options: query.options },
    })
  }
  const at = (jobOptions: OptionValues): OptionedState => {
    return { state: stateOf(out, job, { ...record, jobOptions }, effects), values: jobOptions }
  }
  const sides = [at(current), at(values)] as const
  const outputs: WhatIfOutput[] = []
  for (const [name, output] of Object.entries(job.outputs)) {
    const { contract } = output
    const sideOf = ({ state }: OptionedState): Side => ({ contract, load: () => state.loadOutput(name) })
    const difference = await compareSides({ name, kind: 'output' }, sideOf(sides[0]), sideOf(sides[1]))
    outputs.push({ ...difference, moved: await movedRows(job, name, output, sides) })
  }
  const options = Object.fromEntries(differing.map((name) => [name, { now: current[name], other: values[name] }]))
  return { job: job.name, commit: record.number, options, outputs }
}
