/**
 * A commit of the log as destinations are handed it: every table of it, loaded from the files that the log names.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import type { Effects } from '../effects.ts'
import { type Job, tablesOf } from '../job.ts'
import { readCommit, readHeadHash } from '../log/commit-log.ts'
import type { Commit, CommitRecord, TableState } from '../log/commit-record.ts'
import { copyNames } from '../options.ts'
import { stateOf } from '../state/committed-state.ts'
import { LoadedState, laterInputs } from '../state/loaded-state.ts'
import type { DeliveredTable, DeliveredVersion } from './destination.ts'

/** Returns the hash of the first commit of a place; null where there is none. */
export async function readPlace(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<string | null> {
  return (await readHeadHash(out, effects)) === null ? null : (await readCommit(out, 1, effects)).sha256
}

/** The names of the files that a table is made of. */
function filesOf({ inputs }: CommitRecord, name: string, state: TableState): string {
  return [state.snapshot, ...laterInputs(inputs, name, state).map(({ stored }) => stored)]
    .map(({ sha256 }) => sha256)
    .join(' ')
}

function isSameTable(head: CommitRecord, before: CommitRecord | null, name: string): boolean {
  const [now, then] = [head.state[name], before?.state[name]]
  if (before === null || now === undefined || then === undefined) return false
  if (head.tables[name]?.fingerprint !== before.tables[name]?.fingerprint) return false
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

/** Files of earlier commits may have been collected as garbage. */
function nullWhereGone(error: unknown): null {
  if (error instanceof ConnectError && error.code === 'not_found') return null
  throw error
}

/** What a version is made from. */
export interface VersionSource {
  readonly job: Job
  readonly out: FileStore
  readonly head: Commit
  readonly effects: Effects
}

/**
 * Returns a commit for one destination: the tables and outputs that it names, or those that the commit publishes.
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
  const wanted = new Set(names ?? record.options.publish)
  const load = (from: CommitRecord, name: string) => new LoadedState(out, from, tablesOf(job)).loadTable(name)
  // outputs share what they read
  const state = stateOf(out, job, record, effects)
  const tables: DeliveredTable[] = []
  for (const { contract } of tablesOf(job)) {
    const { name } = contract
    if (!wanted.has(name) || record.state[name] === undefined) continue
    const isReadable =
      before?.state[name] !== undefined && before.tables[name]?.fingerprint === record.tables[name]?.fingerprint
    tables.push({
      name,
      contract,
      isSame: isSameTable(record, before, name),
      load: () => load(record, name),
      loadBefore: before !== null && isReadable ? () => load(before, name).catch(nullWhereGone) : null,
    })
  }
  for (const [name, { contract, reads }] of Object.entries(job.outputs)) {
    if (!wanted.has(name)) continue
    const isSame = isSameOutput(record, before, name, reads)
    tables.push({ name, contract: { ...contract, name }, isSame, load: () => state.loadOutput(name), loadBefore: null })
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
  const known = copyNames(job)
  const unknown = tables?.find((table) => !known.includes(table))
  if (unknown === undefined) return
  throw new PipelineError(
    'invalid_option',
    `destination "${name}" keeps "${unknown}", which is no table or output of the job; there is ${known.join(', ')}`,
  )
}
