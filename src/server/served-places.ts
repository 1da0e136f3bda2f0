/**
 * The committed states that a server reads: one place a job, looked at again and again.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { EtlError, ServerError } from '../errors.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job/job.ts'
import type { JobOptions, ShownOptions } from '../pipeline/job/job-options.ts'
import { findKeptElsewhere } from '../pipeline/keeper.ts'
import { readHeadHash, readJobName } from '../pipeline/log/commit-log.ts'
import { type CommittedState, readState } from '../pipeline/state/committed-state.ts'

/** Finds the places that may hold a state, the one that counts first where two hold that of one job. */
export type FindPlaces = () => Promise<readonly FileStore[]>

interface ServedPlace {
  readonly out: FileStore
  readonly job: string
  /** The hash of the last commit. */
  readonly head: string
}

/** The states of jobs, as their last look found them. */
export class ServedPlaces {
  readonly #find: FindPlaces
  readonly #effects: Effects
  #places: ReadonlyMap<string, ServedPlace> = new Map()
  /** By job; kept until its place has another commit. */
  readonly #states = new Map<Job, { readonly head: string; readonly state: Promise<CommittedState> }>()
  /** Places that could not be read, by location: each problem is told once. */
  readonly #told = new Map<string, string>()
  /** Jobs whose states engines keep. */
  #kept: ReadonlyMap<string, EtlError> = new Map()

  constructor(find: FindPlaces, effects: Effects) {
    this.#find = find
    this.#effects = effects
  }

  /** Looks at all places. Returns whether any has another commit than before. */
  async look(): Promise<boolean> {
    const found = new Map<string, ServedPlace>()
    const kept = new Map<string, EtlError>()
    for (const out of await this.#find()) {
      const place = await this.#read(out, kept)
      if (place !== null && !found.has(place.job)) found.set(place.job, place)
    }
    const before = this.#places
    this.#places = found
    this.#kept = kept
    if (found.size !== before.size) return true
    for (const { job, head, out } of found.values()) {
      const known = before.get(job)
      if (known?.head !== head || known.out.location !== out.location) return true
    }
    return false
  }

  async #read(out: FileStore, kept: Map<string, EtlError>): Promise<ServedPlace | null> {
    try {
      const elsewhere = await findKeptElsewhere(out)
      if (elsewhere !== null) {
        kept.set(elsewhere.job, elsewhere.error)
        throw elsewhere.error
      }
      const head = await readHeadHash(out, this.#effects)
      if (head === null) return null
      const known = [...this.#places.values()].find((place) => place.out === out && place.head === head)
      const job = known?.job ?? (await readJobName(out, this.#effects))
      this.#told.delete(out.location)
      return job === null ? null : { out, job, head }
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      // what it held is not served any more: it may not be what it was
      if (this.#told.get(out.location) !== error.code) this.#effects.logger.warn(`${out.location}: ${error.message}`)
      this.#told.set(out.location, error.code)
      return null
    }
  }

  /** The place of a job, or null where no place has its state. */
  placeOf(job: Pick<Job, 'name'>): FileStore | null {
    return this.#places.get(job.name)?.out ?? null
  }

  /** The jobs that have a state, by name. */
  jobs(): readonly string[] {
    return [...this.#places.keys()].toSorted()
  }

  /**
   * Returns the state of a job as its last commit left it.
   * @throws ServerError not_found - no place has one
   * @throws PipelineError engine_changed - an engine keeps it
   * @throws PipelineError options_changed, log_damaged, data_damaged - it cannot be read with this job
   */
  async state<Options extends JobOptions>(job: Job<Options>): Promise<CommittedState<ShownOptions<Options>>> {
    const place = this.#places.get(job.name)
    if (place === undefined) {
      const kept = this.#kept.get(job.name)
      if (kept !== undefined) throw kept
      throw new ServerError('not_found', `there is no state of job ${job.name} yet; run the job first`)
    }
    const known = this.#states.get(job)
    if (known?.head === place.head) return known.state as Promise<CommittedState<ShownOptions<Options>>>
    const state = readState(job, { out: place.out }, this.#effects)
    this.#states.set(job, { head: place.head, state })
    // a failure is not kept: the next request reads again
    state.catch(() => this.#states.delete(job))
    return state
  }
}
