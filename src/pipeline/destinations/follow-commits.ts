/**
 * A destination that a long-running process owns: it applies each commit that others make.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { EtlError, PipelineError } from '../../errors.ts'
import { openOut } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import type { Job } from '../job/job.ts'
import { type OutOptions, refuseJobArgument } from '../job/options.ts'
import { readHeadHash } from '../log/commit-log.ts'
import { deliverLast, openDestinations } from './deliveries.ts'
import type { DeliveryResult, Destination } from './destination.ts'

/** How commits are followed. */
export interface FollowOptions extends OutOptions {
  /** Milliseconds between two looks at the log; 1000. */
  readonly interval?: number
  /** Called with each commit that was applied. */
  readonly onDelivery?: (result: DeliveryResult) => void
  /** Called with each failure, such as `destination_behind`; the next look tries again. */
  readonly onFailure?: (error: EtlError) => void
}

/** A destination that follows a log until it is stopped. */
export interface CommitFollower {
  /** The commit whose rows the destination has; null before the first. */
  readonly commit: number | null
  /** Reads rows; those of one statement are always of one commit. @throws ConnectError - the database refuses */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  /**
   * Runs statements that read in one transaction: all of them see one commit. Other reads and deliveries wait for it, so the
   * work does nothing else meanwhile.
   * @throws ConnectError - the database refuses, as it does where the work writes
   */
  read<Result>(work: (query: CommitFollower['query']) => Promise<Result>): Promise<Result>
  /** Looks at the log now, and resolves when its last commit is applied. @throws PipelineError destination_behind */
  refresh(): Promise<void>
  /** Waits for a delivery at work, closes the destination and gives it up. */
  stop(): Promise<void>
}

const FOLLOW = {
  ...{ out: true, interval: true, onDelivery: true, onFailure: true },
} satisfies OptionNames<FollowOptions>

/**
 * Opens a destination and keeps it at the last commit of a place until it is stopped: what is committed already is applied
 * before the promise resolves, later commits when they are seen. An embedded database belongs to this process meanwhile; runs
 * beside it only commit. A commit that other code made, with other contracts or steps than the job's, is not applied.
 *
 * @throws PipelineError lock_held - another living process owns the destination
 * @throws PipelineError destination_taken, destination_refused, destination_behind - it cannot be delivered to
 * @throws ConnectError - it cannot be opened
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, followCommits, pglite, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\n' })
 * const out = memoryStore()
 * const follower = await followCommits(job, pglite(), { out })
 * await runPipeline(job, { data, out })
 * await follower.refresh()
 * const rows = await follower.query('SELECT name FROM halls WHERE id = $1', ['H1'])
 * await follower.stop()
 * rows // [{ name: 'North' }]
 */
export async function followCommits(
  job: Job,
  destination: Destination,
  options: FollowOptions = {},
  given: Partial<Effects> = {},
): Promise<CommitFollower> {
  refuseJobArgument(job)
  refuseUnless(
    typeof destination?.open === 'function',
    'destination',
    destination,
    'what postgres() or pglite() gives',
    PipelineError,
  )
  refuseUnknown(options, FOLLOW, PipelineError)
  const { interval = 1000, onDelivery, onFailure } = options
  refuseUnless(interval > 0 && interval < 2 ** 31, 'interval', interval, 'milliseconds from 1 on', PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  const source = { job, out: openOut(options, effects), effects }
  const [opened] = await openDestinations([destination], source)
  const open = opened?.open ?? null
  if (opened === undefined || open === null) {
    throw new PipelineError(
      'lock_held',
      `another process owns the destination "${destination.name}" and keeps it at the last commit; stop it first`,
    )
  }

  let commit: number | null = null
  let seen: string | null = null
  const look = async (): Promise<void> => {
    open.beat()
    const head = await readHeadHash(source.out, effects)
    if (head === null || head === seen) return
    const result = await deliverLast(opened, source)
    seen = head
    if (result.commit === null) return
    commit = result.commit
    onDelivery?.(result)
  }
  // looks follow each other: a delivery that takes long delays the next one
  let looking: Promise<void> = Promise.resolve()
  const refresh = (): Promise<void> => {
    const next = looking.then(look)
    looking = next.catch(() => {})
    return next
  }
  try {
    await refresh()
  } catch (error) {
    await open.close()
    throw error
  }
  let timer: ReturnType<typeof setTimeout> | null = null
  let isStopped = false
  const wait = (): void => {
    if (isStopped) return
    timer = setTimeout(async () => {
      await refresh().catch((error: unknown) => {
        const failure =
          error instanceof EtlError
            ? error
            : new PipelineError('destination_behind', 'the log cannot be read', { cause: error })
        if (onFailure === undefined) effects.logger.warn(failure.message)
        else onFailure(failure)
      })
      wait()
    }, interval)
  }
  wait()
  return {
    get commit() {
      return commit
    },
    query: (text, values) => open.query(text, values),
    read: (work) => open.read(work),
    refresh,
    async stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      await looking
      await open.close()
    },
  }
}
