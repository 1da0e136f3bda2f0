/**
 * A commit of the log as destinations are handed it: every table of it, loaded from the files that the log names.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Effects } from '../effects.ts'
import { contractOf, isPartitioned, type Job, tableNames, tablesOf } from '../job/job.ts'
import { copyNames } from '../job/options.ts'
import { readCommit, readHeadHash } from '../log/commit-log.ts'
import type { Commit, CommitRecord, TableState } from '../log/commit-record.ts'
import { stateOf } from '../state/committed-state.ts'
import { LoadedState, laterInputs } from '../state/loaded-state.ts'
import { daysFor } from './delivered-days.ts'
import type { DeliveredDays, DeliveredTable, DeliveredVersion } from './destination.ts'
import { nullWhereGone } from './gone-files.ts'

/** Returns the hash of the first commit of a place; null where there is none. */
export async function readPlace(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<string | null> {
  return (await readHeadHash(out, effects)) === null ? null : (await readCommit(out, 1, effects)).sha256
}

/** The names of the files that a table is made of. */
function filesOf({ inputs }: CommitRecord, name: string, state: TableState): string {
  return [state.snapshot, ...laterInputs(inputs, name, state).map(({ stored }) => stored)]
    .flatMap((file) => file?.sha256 ?? [])
    .join(' ')
}

/** The fingerprint of a table, or of the step that makes a derived table. */
function printOf({ tables, fingerprints }: CommitRecord, name: string): string | undefined {
  return tables[name]?.fingerprint ?? fingerprints[name]
}

/** Whether a table was made by the same code as in the commit before. */
function isMadeAlike(head: CommitRecord, before: CommitRecord | null, name: string): before is CommitRecord {
  return before?.state[name] !== undefined && printOf(head, name) === printOf(before, name)
}

function isSameTable(head: CommitRecord, before: CommitRecord | null, name: string): boolean {
  const [now, then] = [head.state[name], before?.state[name]]
  if (!isMadeAlike(head, before, name) || now === undefined || then === undefined) return false
  // what reads the days of a partitioned table is made again
  if (now.snapshot === null || then.snapshot === null) return false
  return filesOf(head, name, now) === filesOf(before, name, then)
}

/** Whether an output has the rows it had: the same code read the same tables and rollups. */
function isSameOutput(
  head: CommitRecord,
  before: CommitRecord | null,
  name: string,
  reads: readonly string[],
): boolean {
  if (before === null || head.fingerprints[name] !== before.fingerprints[name]) return false
  return reads.every((read) => {
    const rollup = head.rollups[read]
    if (rollup !== undefined) return rollup.sha256 === before.rollups[read]?.sha256
    return isSameTable(head, before, read)
  })
}

/** The rows of a table that is not stored in groups. */
function atOnce(load: DeliveredTable['load']): Pick<DeliveredTable, 'load' | 'groups'> {
  return {
    load,
    async *groups() {
      yield await load()
    },
  }
}

/** What a version is made from. */
export interface VersionSource {
  readonly job: Job
  readonly out: FileStore
  readonly head: Commit
  readonly effects: Effects
}

/**
 * Returns a commit for one destination: the tables and outputs that it names, or those that the commit publishes and all
 * partitioned tables, whose files are there for readers too.
 * @throws PipelineError invalid_option - the destination names what the job does not have
 */
export async function versionFor(
  names: readonly string[] | null,
  { job, out, head, effects }: VersionSource,
): Promise<DeliveredVersion> {
  const { record } = head
  const place = await readPlace(out, effects)
  if (place === null) throw new Error('the log of a commit is empty')
  const before = record.number === 1 ? null : (await readCommit(out, record.number - 1, effects)).record
  const isWanted = (name: string): boolean =>
    names === null ? record.options.publish.includes(name) || isPartitioned(job, name) : names.includes(name)
  const load = (from: CommitRecord, name: string) => new LoadedState(out, from, tablesOf(job)).loadTable(name)
  // outputs share what they read
  const state = stateOf(out, job, record, effects)
  const tables: (DeliveredTable | DeliveredDays)[] = []
  for (const name of tableNames(job)) {
    const contract = contractOf(job, name)
    if (!isWanted(name) || contract === undefined || record.state[name] === undefined) continue
    const isAlike = isMadeAlike(record, before, name)
    if (isPartitioned(job, name)) {
      const partitions = state.partitions(name)
      tables.push(daysFor({ ...contract, name }, { job, record, before, isMadeAlike: isAlike, partitions }))
      continue
    }
    tables.push({
      kind: 'whole',
      name,
      contract: { ...contract, name },
      isSame: isSameTable(record, before, name),
      rows: record.state[name].rows,
      ...atOnce(() => load(record, name)),
      loadBefore: isAlike ? () => load(before, name).catch(nullWhereGone) : null,
    })
  }
  for (const [name, { contract, reads }] of Object.entries(job.outputs)) {
    if (!isWanted(name)) continue
    const isSame = isSameOutput(record, before, name, reads)
    tables.push({
      kind: 'whole',
      name,
      contract: { ...contract, name },
      isSame,
      rows: null,
      ...atOnce(() => state.loadOutput(name)),
      loadBefore: null,
    })
  }
  const prints = Object.entries(record.tables).map(([name, { fingerprint }]) => [name, fingerprint] as const)
  return {
    place,
    number: record.number,
    hash: head.sha256,
    parent: record.parent,
    committedAt: record.committedAt,
    fingerprints: { ...Object.fromEntries(prints), ...record.fingerprints },
    tables,
    isLast: async () => (await readHeadHash(out, effects)) === head.sha256,
  }
}

/** Refuses a destination that names what the job cannot deliver. @throws PipelineError invalid_option */
export function refuseUnknownTables(name: string, tables: readonly string[] | null, job: Job): void {
  const known = [...new Set([...copyNames(job), ...tableNames(job)])]
  const unknown = tables?.find((table) => !known.includes(table))
  if (unknown === undefined) return
  throw new PipelineError(
    'invalid_option',
    `destination "${name}" keeps "${unknown}", which is no table or output of the job; there is ${known.join(', ')}`,
  )
}
