/**
 * The destinations of a run: opened before anything is read, given the last commit when the run is over.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { EtlError, PipelineError } from '../../errors.ts'
import type { Effects } from '../effects.ts'
import { isMadeBy, stepFingerprints } from '../job/fingerprints.ts'
import type { Job } from '../job/job.ts'
import { readHead } from '../log/commit-log.ts'
import type { Commit } from '../log/commit-record.ts'
import { isSameValues } from '../plan/plan-input.ts'
import { readPlace, refuseUnknownTables, versionFor } from './delivered-version.ts'
import type { DeliveryResult, Destination, OpenDestination } from './destination.ts'

/** How often a delivery begins again because a later commit came meanwhile. */
const ATTEMPTS = 5

/** A destination and its connection; null where another process owns it. */
export interface Opened {
  readonly destination: Destination
  readonly open: OpenDestination | null
}

/** What deliveries need beside the destination. */
export interface DeliverySource {
  readonly job: Job
  readonly out: FileStore
  readonly effects: Effects
}

/**
 * Connects to every destination and checks that it can be delivered to. Nothing is changed.
 * @throws ConnectError, PipelineError - one cannot be; the others are closed
 */
export async function openDestinations(
  destinations: readonly Destination[],
  { job, out, effects }: DeliverySource,
): Promise<readonly Opened[]> {
  const opened: Opened[] = []
  if (destinations.length === 0) return opened
  try {
    const place = await readPlace(out, effects)
    for (const destination of destinations) {
      refuseUnknownTables(destination.name, destination.tables, job)
      opened.push({ destination, open: await destination.open({ effects, out, place }) })
    }
    return opened
  } catch (error) {
    await closeDestinations(opened)
    throw error
  }
}

/** Closes connections. Never fails. */
export async function closeDestinations(opened: readonly Opened[]): Promise<void> {
  for (const { open } of opened) await open?.close()
}

/** Whether the job, as it is now, makes the tables and outputs of a commit. */
function isOfJob({ record }: Commit, { job, effects }: DeliverySource): boolean {
  return (
    isMadeBy(record, job, effects) &&
    isSameValues(record.fingerprints, stepFingerprints(job, record.jobOptions, effects))
  )
}

/** Gives the last commit to one destination. @throws PipelineError destination_behind */
export async function deliverLast(
  { destination: { name, tables }, open }: Opened,
  source: DeliverySource,
): Promise<DeliveryResult> {
  if (open === null) return { name, status: 'waits', commit: null, rows: {} }
  const { out, effects } = source
  let number: number | null = null
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = await readHead(out, effects)
      if (head === null) throw new Error('there is no commit to deliver')
      number = head.record.number
      if (!isOfJob(head, source)) break
      open.beat()
      const { status, rows } = await open.deliver(await versionFor(tables, { ...source, head }))
      if (status !== 'superseded') return { name, status, commit: number, rows }
    }
    return { name, status: 'superseded', commit: null, rows: {} }
  } catch (error) {
    throw behind(name, number, error)
  }
}

function behind(name: string, number: number | null, cause: unknown): PipelineError {
  const why =
    cause instanceof EtlError ? cause.message : `an unexpected error${cause instanceof Error ? ` (${cause.name})` : ''}`
  const details = cause instanceof EtlError ? { ...cause.details, code: cause.code } : {}
  return new PipelineError(
    'destination_behind',
    `version ${number ?? 'unknown'} is committed, and destination "${name}" does not have it: ${why}. The next run delivers it`,
    { cause, details: { ...details, destination: name } },
  )
}

/** Gives the last commit to every destination. @throws PipelineError destination_behind - of the first that failed, when all were tried */
export async function deliverAll(
  opened: readonly Opened[],
  source: DeliverySource,
): Promise<readonly DeliveryResult[]> {
  const results: DeliveryResult[] = []
  const failures: unknown[] = []
  for (const one of opened) {
    try {
      results.push(await deliverLast(one, source))
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return results
}
