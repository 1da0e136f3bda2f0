/**
 * The job of a place as its log describes it: tables without code, for readers that do not know the job.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { openOut, readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import type { Job, JobTable } from '../job/job.ts'
import type { OutOptions } from '../job/options.ts'
import type { CommitRecord, TableRecord } from '../log/commit-record.ts'
import type { Source } from '../sources/source.ts'

const LAWS: Readonly<Record<Source['kind'], Source['law']>> = {
  extracts_and_deltas: 'replayed',
  objects: 'mirrored',
  snapshots: 'mirrored',
  partitions: 'mirrored',
  appends: 'appended',
}

function refuseReading(job: string): never {
  throw new PipelineError(
    'invalid_option',
    `a log says what job "${job}" has made and not how; read inputs with the job itself`,
  )
}

/** Where inputs are expected, for messages. */
function expectedIn({ prefix, name, file }: Readonly<Record<string, unknown>>): string {
  if (typeof file === 'string') return file
  return typeof prefix === 'string' && typeof name === 'string' ? `${prefix}${name}` : 'initial/ and delta/'
}

function loggedSource(job: string, declaration: Readonly<Record<string, unknown>>): Source {
  const kind = declaration.kind as Source['kind']
  const { sequenceBy = null, counts = 'all', dayColumn = null } = declaration
  // what a run would ask of a source is refused; readers ask only what it is
  return {
    law: LAWS[kind],
    kind,
    declaration,
    expected: expectedIn(declaration),
    sequenceBy,
    counts,
    isOptional: kind === 'objects' || declaration.whereMissing === 'empty',
    dayColumn,
    get prefixes(): never {
      return refuseReading(job)
    },
    recognize: () => refuseReading(job),
    keyIn: () => refuseReading(job),
    get format(): never {
      return refuseReading(job)
    },
  } as unknown as Source
}

function loggedTable(job: string, { contract, delta, source }: TableRecord): JobTable {
  return { contract, delta, source: loggedSource(job, source) }
}

/** Returns the job that a record describes. */
export function jobOfRecord({ job, tables, derived = {} }: Pick<CommitRecord, 'job' | 'tables' | 'derived'>): Job {
  return {
    name: job,
    isLogged: true,
    options: {},
    tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, loggedTable(job, table)])),
    derived: Object.fromEntries(
      Object.entries(derived).map(([name, table]) => [name, { ...table, rows: () => refuseReading(job) }]),
    ),
    rollups: {},
    outputs: {},
  }
}

/**
 * Returns the job of a place as its log describes it: the tables and derived tables with their contracts, without options, rollups and outputs.
 * `readState`, `readHistory`, `diffCommits` and `verifyState` take it where the job's own code is not at hand. It cannot run.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged, log_older, log_newer - the log cannot be read
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, readLoggedJob, readState, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\nH2,South\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const logged = await readLoggedJob({ out })
 * logged.name // 'halls'
 * const table = await (await readState(logged, { out })).loadTable('halls')
 * table.columns.get('name') // ['North', 'South']
 */
export async function readLoggedJob(options: OutOptions = {}, given: Partial<Effects> = {}): Promise<Job> {
  refuseUnknown(options, { out: true } satisfies OptionNames<OutOptions>, PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  return jobOfRecord((await readLastCommit(openOut(options, effects), effects)).record)
}
