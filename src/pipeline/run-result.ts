/**
 * What a run returns: what it found, what it did, and what the state is now.
 * @module
 */
import type { DeltaSummary } from '../transform/delta/delta-summary.ts'
import type { DeliveryResult } from './destinations/destination.ts'
import type { JobOptions, OptionValues, ShownOptions } from './job/job-options.ts'
import type { StateOptions } from './job/options.ts'
import type { CommitRecord } from './log/commit-record.ts'
import type { Note, SkippedFile } from './plan/make-plan.ts'

/** One input that a run applied. */
export interface AppliedInput {
  readonly table: string
  readonly month: string | null
  readonly name: string
  /** Data records, those in quarantine included. */
  readonly rows: number
  readonly quarantined: number
  readonly summary: DeltaSummary
}

/** What came of a run. */
export interface RunResult<Shown = unknown> {
  /**
   * `committed`: a new version was committed. `republished`: copies that differed were written again, or those of earlier versions
   * removed. `nothing_to_do`: no file was touched.
   */
  readonly status: 'committed' | 'republished' | 'nothing_to_do'
  readonly runId: string
  /** The number of the last commit now. */
  readonly commit: number
  readonly applied: readonly AppliedInput[]
  readonly skipped: readonly SkippedFile[]
  /** What is worth knowing, warnings included. */
  readonly notes: readonly Note[]
  /** Rows of each table now. */
  readonly tables: Readonly<Record<string, number>>
  /** Rows that wait in quarantine now. */
  readonly quarantined: number
  /** The copies of this version, and whether this run wrote them. */
  readonly published: readonly {
    readonly output: string
    readonly name: string
    readonly rows: number
    readonly isWritten: boolean
  }[]
  /** Names of copies of earlier versions that this one does not publish; what somebody changed stays. */
  readonly removed: readonly string[]
  /** What became of the last commit in each destination of the run. */
  readonly destinations: readonly DeliveryResult[]
  /** Those of the run and of the job. */
  readonly options: StateOptions & Shown
}

/** The options of a run and of its job as one record: a job takes no name that the run has. */
export function shownOptions<Options extends JobOptions>({
  options,
  jobOptions,
}: {
  readonly options: StateOptions
  readonly jobOptions: OptionValues
}): StateOptions & ShownOptions<Options> {
  // the job's options were resolved by the job, whose type says what they hold
  return { ...jobOptions, ...options } as unknown as StateOptions & ShownOptions<Options>
}

/** A delta has no rows, or has some and none of them fits. */
function emptiness({ quarantined }: DeltaSummary): readonly [code: string, what: string] {
  if (quarantined === 0) return ['empty_delta', 'the delta has no rows']
  const none = quarantined === 1 ? 'its only row does not fit' : `none of its ${quarantined} rows fits`
  return ['nothing_applied', `${none}, so that none is applied`]
}

/** Returns the notes on what deltas met that strict mode would refuse, a note a code and file. */
export function summaryNotes({ name, summary }: Pick<AppliedInput, 'name' | 'summary'>): Note[] {
  return summary.codes.map((met) => {
    const { severity, count, columns } = met
    const where = columns === undefined ? `in ${count} row${count === 1 ? '' : 's'}` : `of ${columns.join(', ')}`
    const [code, what] = met.code === 'empty_delta' ? emptiness(summary) : [met.code, `${met.code} ${where}`]
    return { code, severity, file: name, message: `${name}: ${what}` }
  })
}

/** Returns what the result of a run says of the last commit. */
export function describeCommit({
  number,
  state,
  quarantine,
  options,
  jobOptions,
}: CommitRecord): Pick<RunResult, 'commit' | 'tables' | 'quarantined' | 'options'> {
  return {
    commit: number,
    tables: Object.fromEntries(Object.entries(state).map(([table, { rows }]) => [table, rows])),
    quarantined: quarantine?.rows ?? 0,
    options: shownOptions({ options, jobOptions }),
  }
}
