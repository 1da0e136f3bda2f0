/**
 * The lock: one run at a time on one place. It only avoids wasted work; the log prevents lost and doubled commits.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import type { Effects, ProcessIdentity } from '../effects.ts'
import { readWhole } from '../state/data-files.ts'

export const LOCK = '.support-etl/lock'
/** A lock of another host is dead after so long without a beat. */
const PATIENCE = 10 * 60_000
/** A lock is beaten no more often than this. */
const BEAT = 30_000
const ATTEMPTS = 5

interface LockRecord extends ProcessIdentity {
  readonly runId: string
  readonly since: string
  readonly beatAt: string
}

/** A lock that is held. */
export interface Lock {
  /** Says that the run goes on; cheap, for it writes once in half a minute. Never fails: a lost beat costs at worst work. */
  beat(): void
  /** Gives the place free for other runs. Never fails: a lock whose process is gone is taken over. */
  release(): Promise<void>
}

function encode(record: LockRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`)
}

/** Null when there is no lock; a record that cannot be read names no owner. */
export async function readLock(out: FileStore, name: string = LOCK): Promise<Partial<LockRecord> | null> {
  try {
    const bytes = await readWhole(out, name)
    return JSON.parse(new TextDecoder().decode(bytes)) as Partial<LockRecord>
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return null
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** Why a lock may be taken over; null when its run is, or may be, at work. */
async function findDeath(
  out: FileStore,
  name: string,
  lock: Partial<LockRecord>,
  effects: Effects,
): Promise<string | null> {
  const { host, process, startedAt = null, boot = null } = lock
  if (host !== undefined && process !== undefined) {
    const found = effects.isRunning({ host, process, startedAt, boot })
    if (found === 'gone') return `process ${process} is gone`
    if (found === 'running') return null
  }
  const entry = (await out.list(name)).find((found) => found.name === name)
  const beatAt = lock.beatAt === undefined ? (entry?.changedAt ?? Number.NaN) : Date.parse(lock.beatAt)
  const silence = effects.now() - beatAt
  return silence > PATIENCE ? `no beat for ${Math.round(silence / 60_000)} minutes` : null
}

function lockHeld(out: FileStore, name: string, { host, process, since, beatAt }: Partial<LockRecord>): PipelineError {
  return new PipelineError(
    'lock_held',
    `another run holds ${out.location}/${name}: process ${process ?? 'unknown'} on ${host ?? 'an unknown host'}, since ${since ?? 'an unknown time'}; wait for it. If that run has died, a run on the same host takes over at once, one on another host 10 minutes after the last sign of life (${beatAt ?? 'unknown'})`,
    { details: { host, process, since, beatAt } },
  )
}

/**
 * Writes the record under the name, and nobody else has it then. A dead record is replaced by one process alone: the one that
 * first took the lock of this takeover, which is itself a file that may be taken over.
 */
async function acquire(out: FileStore, name: string, mine: LockRecord, effects: Effects): Promise<void> {
  for (let attempt = 1; !(await out.writeIfAbsent(name, encode(mine))); attempt++) {
    const found = await readLock(out, name)
    if (found === null) continue
    const death = await findDeath(out, name, found, effects)
    if (death === null || attempt >= ATTEMPTS) throw lockHeld(out, name, found)
    const takeover = `${name}-${found.runId ?? 'unreadable'}`
    await acquire(out, takeover, mine, effects)
    try {
      // another one may have taken it over before this one began
      if ((await readLock(out, name))?.runId !== found.runId) continue
      await out.write(name, [encode(mine)])
      const { host, process } = found
      effects.logger.warn(`took over the lock of a run that died: ${death}`, { host, process })
      return
    } finally {
      await out.remove(takeover)
    }
  }
}

/**
 * Takes the lock of a place, or another one of the `name`. A lock whose process is gone from this host is taken over at once, one of another host
 * after ten minutes without a beat. Of several that try at once, one gets it.
 *
 * @throws PipelineError lock_held - another run is at work
 */
export async function takeLock(out: FileStore, runId: string, effects: Effects, name: string = LOCK): Promise<Lock> {
  const since = new Date(effects.now()).toISOString()
  const mine: LockRecord = { ...effects.identify(), runId, since, beatAt: since }
  await acquire(out, name, mine, effects)
  return heldLock(out, name, mine, effects)
}

function heldLock(out: FileStore, name: string, mine: LockRecord, effects: Effects): Lock {
  let last = effects.now()
  let beating: Promise<void> = Promise.resolve()
  const isMine = async (): Promise<boolean> => (await readLock(out, name))?.runId === mine.runId
  const rewrite = async (now: number): Promise<void> => {
    if (!(await isMine())) return
    await out.write(name, [encode({ ...mine, beatAt: new Date(now).toISOString() })])
  }
  const ignore = (error: unknown): void => {
    effects.logger.debug('the lock could not be written', { error: String(error) })
  }
  return {
    beat() {
      const now = effects.now()
      if (now - last < BEAT) return
      last = now
      beating = beating.then(() => rewrite(now)).catch(ignore)
    },
    async release() {
      await beating
      try {
        if (await isMine()) await out.remove(name)
      } catch (error) {
        // the run is over all the same; the next one sees that this process is gone
        ignore(error)
      }
    },
  }
}
