/**
 * Everything outside the pipeline: places, clock, random ids, this process, loggers. The one impure file of the room.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { FileStore } from '../connect/file-store.ts'
import { openStore } from '../connect/open.ts'
import type { ParquetDecoder } from '../format/parquet/parquet.ts'
import { isolatedParquet } from '../isolate/isolated-parquet.ts'

/** A SHA-256 that is fed piece by piece. */
export interface Hash {
  /** Feeds the next bytes. */
  update(bytes: Uint8Array): void
  /** The hash in hexadecimal; nothing is fed after. */
  digest(): string
}

/** Identifies a process: no other has the same values, not even a later one with the same number. */
export interface ProcessIdentity {
  readonly host: string
  readonly process: number
  /** When the process began, in the host's own count; null where the system does not say. */
  readonly startedAt: string | null
  /** Which start of the machine, and which process namespace in it; null where the system does not say. */
  readonly boot: string | null
}

/** Receives the pipeline's log messages; they never hold customers' values or secrets. */
export interface Logger {
  /** What only a search for a fault needs. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What a reader of the log wants to know. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What somebody should look at. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/**
 * Where a run is: `done` of `total` bytes of one step, or of its files where a table has many; of a delivery its rows; null where
 * that is not known. `rows` read or delivered so far, where they are known. Where an engine does the work, `part` says which of its
 * parts runs, and `done` counts the rows of that part.
 */
export interface Progress {
  readonly step: 'read' | 'apply' | 'write' | 'commit' | 'publish' | 'deliver' | 'remove'
  readonly name: string
  /** What `done`, `total` and `rows` count, where that is more than what is named: of all tables of a delivery, the destination. */
  readonly whole?: string
  readonly done: number | null
  readonly total: number | null
  readonly rows?: number
  readonly part?: { readonly number: number; readonly of: number }
}

/** Everything a run needs of the world; tests give their own. */
export interface Effects {
  /** Opens a place to read from. */
  openSource(location: string): FileStore
  /** Opens a place that holds committed states. */
  openState(location: string): FileStore
  /** Returns the Arrow IPC stream of Parquet bytes that may be damaged or hostile; by default in a process of its own. */
  decodeParquet: ParquetDecoder
  /** Epoch milliseconds. */
  now(): number
  /** A run's id, never given before. */
  newRunId(): string
  /** An empty SHA-256. */
  newHash(): Hash
  /** This process, as a lock names it. */
  identify(): ProcessIdentity
  /** Whether a process that is not this one still runs; `unknown` on another host. */
  isRunning(owner: ProcessIdentity): 'running' | 'gone' | 'unknown'
  readonly versions: Readonly<Record<string, string>>
  readonly logger: Logger
  /** Called with how far a long step has come. */
  onProgress(progress: Progress): void
  /** Gives reads and writes that are under way a turn. */
  yieldToIO(): Promise<void>
  /**
   * Called between the days of a partitioned table: frees buffers that are no longer used. By default it collects young garbage
   * whenever buffers have grown by 2 MiB.
   */
  freeBuffers(): void
}

/** The version of this package, as commits store it. */
export const VERSION = '0.1.0'

function attempt<Result>(call: () => Result): Result | null {
  try {
    return call()
  } catch {
    // the system does not say: the caller decides what that means
    return null
  }
}

/** State letter and start of a process from `/proc`, whose second field may itself hold spaces and brackets. */
function readLinuxProcess(id: number): { readonly state: string; readonly startedAt: string } | null {
  const text = attempt(() => readFileSync(`/proc/${id}/stat`, 'utf8'))
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, startedAt] = [fields?.[0], fields?.[19]]
  return state === undefined || startedAt === undefined ? null : { state, startedAt }
}

function readStart(id: number): string | null {
  if (process.platform === 'linux') return readLinuxProcess(id)?.startedAt ?? null
  if (process.platform === 'win32') return null
  const start = attempt(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(id)], { encoding: 'utf8' }).trim())
  return start === '' ? null : start
}

function readBoot(): string | null {
  if (process.platform === 'linux') {
    const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
    const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'))
    return boot === null ? null : `${boot} ${namespace ?? ''}`
  }
  if (process.platform !== 'darwin') return null
  return attempt(() => execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim())
}

let self: ProcessIdentity | null = null

function identify(): ProcessIdentity {
  self ??= { host: hostname(), process: process.pid, startedAt: readStart(process.pid), boot: readBoot() }
  return self
}

function isRunning(owner: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  const me = identify()
  if (owner.host !== me.host) return 'unknown'
  if (owner.boot !== me.boot) {
    const [boot, mine] = [owner.boot?.split(' ')[0], me.boot?.split(' ')[0]]
    // the same start of the machine seen from another namespace: its numbers mean nothing here
    return boot === undefined || mine === undefined || boot === mine ? 'unknown' : 'gone'
  }
  try {
    process.kill(owner.process, 0)
  } catch (error) {
    // EPERM: it runs and belongs to somebody else
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return 'gone'
  }
  if (process.platform === 'linux') {
    const found = readLinuxProcess(owner.process)
    // Z and X: dead, and only not yet collected by its parent
    if (found !== null && (found.state === 'Z' || found.state === 'X')) return 'gone'
  }
  const startedAt = readStart(owner.process)
  return startedAt !== null && owner.startedAt !== null && startedAt !== owner.startedAt ? 'gone' : 'running'
}

function newHash(): Hash {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
}

type Collector = (options: { readonly type: 'minor' | 'major' }) => void

/** Returns V8's garbage collector, as `--expose-gc` shows it; one that does nothing where the runtime has none. */
function loadCollector(): Collector {
  const { gc } = globalThis as { readonly gc?: Collector }
  if (gc !== undefined) return gc
  // loaded when they are needed: a start pays for what it loads
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  const { runInNewContext } = process.getBuiltinModule('node:vm')
  // the space of young garbage would grow on, to 48 MB, where a run over many days fills it over and over
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--expose-gc')
  try {
    // only contexts made from now on have it
    const collect: unknown = runInNewContext('globalThis.gc')
    return typeof collect === 'function' ? (collect as Collector) : () => {}
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}

let collector: Collector | null = null
/** Bytes of buffers after the last collection of each kind, or the least since. */
let [afterMinor, afterMajor] = [0, 0]
/** Bytes of new buffers after which the collection of young garbage is worth its millisecond. */
const MUCH_YOUNG = 2 << 20
/** Bytes of buffers that outlived it after which a whole collection is worth its time, in a heap of usual size. */
const MUCH_OLD = 8 << 20

/**
 * V8 lets 64 MB of unused buffers pile up before it collects them, because they are not in its heap. Young ones go in about a
 * millisecond. Those that happened to outlive two such collections need a whole one, whose time grows with the heap: so it
 * waits for an eighth of the heap's size.
 */
function freeBuffers(): void {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  afterMinor = Math.min(afterMinor, arrayBuffers)
  if (arrayBuffers - afterMinor < MUCH_YOUNG) return
  collector ??= loadCollector()
  collector({ type: 'minor' })
  afterMinor = process.memoryUsage().arrayBuffers
  afterMajor = Math.min(afterMajor, afterMinor)
  if (afterMinor - afterMajor < Math.max(MUCH_OLD, heapUsed / 8)) return
  collector({ type: 'major' })
  afterMinor = afterMajor = process.memoryUsage().arrayBuffers
}

const silent: Logger = { debug() {}, info() {}, warn() {} }

/**
 * Returns the real effects: this machine's folders, clock and process. Log messages and progress are dropped. A caller who
 * wants one of them otherwise gives that one alone: `runPipeline(job, options, { logger })`.
 *
 * @example
 * const { newHash } = nodeEffects()
 * const hash = newHash()
 * hash.update(new TextEncoder().encode('abc'))
 * hash.digest().slice(0, 16) // 'ba7816bf8f01cfea'
 */
export function nodeEffects(): Effects {
  return {
    openSource: (location) => openStore(location),
    openState: (location) => openStore(location, { temporaryFolder: '.support-etl/data' }),
    decodeParquet: isolatedParquet(),
    now: () => Date.now(),
    newRunId: () => randomUUID(),
    newHash,
    identify,
    isRunning,
    versions: { 'support-etl': VERSION, node: process.versions.node },
    logger: silent,
    onProgress: () => {},
    yieldToIO: () => new Promise((resolve) => setImmediate(resolve)),
    freeBuffers,
  }
}
