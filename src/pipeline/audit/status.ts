/**
 * The state of a place, from its log alone.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import { isIntact } from '../destinations/copies.ts'
import { findStale } from '../destinations/stale-copies.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { missingDays } from '../job/day.ts'
import type { OutOptions, StateOptions } from '../job/options.ts'
import { refuseKeptElsewhere } from '../keeper.ts'
import { readHead } from '../log/commit-log.ts'
import type { Commit } from '../log/commit-record.ts'
import { readLock } from '../log/lock.ts'
import { shownOptions } from '../run-result.ts'
import { NO_UNIT_DAY } from '../sources/partitions.ts'
import { nothingCommitted } from '../state/state-refusals.ts'

/** One applied input, as the ledger has it. */
export interface LedgerEntry {
  readonly table: string
  readonly month: string | null
  /** The day of a partitioned table; null for another input, and for a file without a day in its name. */
  readonly day: string | null
  readonly name: string
  readonly rows: number
  readonly quarantined: number
  /** The file of the place that has its bytes as they came; left out where its source does not keep them. */
  readonly landed?: string
}

/** The state of a place. */
export interface Status {
  readonly commit: number
  readonly runId: string
  readonly committedAt: string
  /**
   * What the run of the last commit took to read and apply each table, and to make each derived table, rollup and published
   * output, by name; empty where an earlier version committed.
   */
  readonly milliseconds: Readonly<Record<string, number>>
  readonly job: string
  readonly versions: Readonly<Record<string, string>>
  /** Those of the run and of the job. */
  readonly options: StateOptions & Readonly<Record<string, unknown>>
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
  readonly quarantined: number
  readonly inputs: readonly LedgerEntry[]
  /** Days between the first and the last one of a partitioned table that it has not. */
  readonly missing: readonly { readonly table: string; readonly day: string }[]
  readonly copies: readonly { readonly name: string; readonly rows: number; readonly state: 'intact' | 'differs' }[]
  /** Names of copies of earlier versions that are still there, for a run was killed before it removed them: the next one does. */
  readonly leftovers: readonly string[]
  /** Who holds the lock; null when it is free. */
  readonly lock: {
    readonly host: string | null
    readonly process: number | null
    readonly isRunning: 'running' | 'gone' | 'unknown'
  } | null
}

export function openOut({ out = 'output' }: OutOptions, effects: Pick<Effects, 'openState'>): FileStore {
  return typeof out === 'string' ? effects.openState(out) : out
}

/**
 * Returns the last commit of a place.
 * @throws PipelineError nothing_committed, log_damaged
 */
export async function readLastCommit(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<Commit> {
  await refuseKeptElsewhere(out)
  const head = await readHead(out, effects)
  if (head !== null) return head
  throw nothingCommitted(out)
}

/**
 * Returns the state of a place: the last commit, its inputs and copies, and who holds the lock. Reads the log alone.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged - the log is not what it was
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, readStatus, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name\nH1,North\nH2,South\n',
 *   'delta/halls_delta_202502.csv': 'id,name,action\nH3,West,add\nH1,Old hall,update\n',
 * })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { commit, inputs, copies } = await readStatus({ out })
 * inputs.map(({ month, rows }) => [month, rows]) // [[null, 2], ['2025-02', 2]]
 * copies // [{ name: 'halls.csv', rows: 3, state: 'intact' }]
 */
export async function readStatus(options: OutOptions = {}, given: Partial<Effects> = {}): Promise<Status> {
  refuseUnknown(options, { out: true } satisfies OptionNames<OutOptions>, PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(options, effects)
  const { record } = await readLastCommit(out, effects)
  const { number: commit, runId, committedAt, milliseconds = {}, job, versions, state, quarantine, inputs } = record
  const copies: { name: string; rows: number; state: 'intact' | 'differs' }[] = []
  for (const file of record.published) {
    copies.push({
      name: file.name,
      rows: file.rows,
      state: (await isIntact(out, file, effects)) ? 'intact' : 'differs',
    })
  }
  const partitioned = Object.keys(record.tables).filter((name) => record.tables[name]?.source.kind === 'partitions')
  const lock = await readLock(out)
  const { host = null, process = null, startedAt = null, boot = null } = lock ?? {}
  const isRunning =
    host === null || process === null ? 'unknown' : effects.isRunning({ host, process, startedAt, boot })
  return {
    commit,
    runId,
    committedAt,
    milliseconds,
    job,
    versions,
    options: { ...shownOptions(record) },
    tables: Object.fromEntries(Object.entries(state).map(([name, { rows }]) => [name, rows])),
    quarantined: quarantine?.rows ?? 0,
    inputs: inputs.map(({ table, month, unit, name, rows, quarantined, landed }) => {
      return {
        table,
        month,
        day: partitioned.includes(table) && unit !== NO_UNIT_DAY ? unit : null,
        name,
        rows,
        quarantined,
        ...(landed !== undefined && { landed: landed.name }),
      }
    }),
    missing: partitioned.flatMap((table) => {
      const days = inputs.filter((input) => input.table === table && input.unit !== NO_UNIT_DAY).map(({ unit }) => unit)
      return missingDays(days).map((day) => ({ table, day }))
    }),
    copies,
    leftovers: (await findStale(out, record, effects)).map(({ name }) => name),
    lock: lock === null ? null : { host, process, isRunning },
  }
}
