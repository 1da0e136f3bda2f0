/**
 * What a reader finds on a disk after a crash, how the work goes on, and whether both are what was promised.
 * @module
 */
import type { FilePort } from '../../src/connect/index.ts'
import { readState, readStatus, verifyState } from '../../src/pipeline/index.ts'
import { crashed } from './crash.ts'
import type { Disk, DiskEvent, Image } from './disk.ts'
import { filesOf } from './disk.ts'
import { newProcess, type Process, type Step, type Task } from './scenarios.ts'

/** What can be wrong with a disk after a crash. */
export type Badness =
  | 'unreadable'
  | 'versions are mixed'
  | 'a success is gone'
  | 'a copy is torn'
  | 'the next run fails'
  | 'the next run ends otherwise'
  | 'a delta is lost or applied twice'

/** A disk that is not as it was promised. */
export class BadDisk extends Error {
  readonly badness: Badness

  constructor(badness: Badness, message: string, cause?: unknown) {
    super(`${badness}: ${message}`, { cause })
    this.badness = badness
  }
}

/** What a reader finds; equal versions have equal texts. */
interface Version {
  /** Options, and every table, rollup and output with all cells. */
  readonly cells: string
  /** What was applied, each input with what it did. */
  readonly ledger: string
}

/** What stood when so many steps were done. */
export interface Standing {
  readonly version: Version
  /** Files outside the pipeline's own folder, by path. */
  readonly copies: ReadonlyMap<string, string>
  /** The length of the journal when the step had given its result. */
  readonly moment: number
}

/** Work that was done without a crash: what it did to the disk, and what stood before, between and after its steps. */
export interface Trace {
  readonly base: Image
  readonly journal: readonly DiskEvent[]
  /** Calls of the steps, those that changed nothing included. */
  readonly calls: number
  /** One more than steps. */
  readonly standings: readonly Standing[]
  /** What may stand as well until the first step is done: the process before it died without a result. */
  readonly before: readonly Standing[]
}

function cellsOf(columns: ReadonlyMap<string, Iterable<unknown>>): unknown[] {
  return Array.from(columns, ([name, column]) => [name, ...column])
}

/** Reads everything through the public doors, and has all hashes checked. */
async function readVersion({ job }: Task, { out, effects }: Process): Promise<Version> {
  const status = await readStatus({ out }, effects).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'nothing_committed') return null
    throw error
  })
  if (status === null) return { cells: 'nothing', ledger: '[]' }
  const { damages } = await verifyState(job, { out }, effects)
  const damaged = damages.find(({ kind }) => kind === 'data')
  if (damaged !== undefined) throw new Error(`${damaged.name} ${damaged.problem}`)
  const differing = damages.map(({ name }) => name)
  const told = status.copies.filter(({ state }) => state === 'differs').map(({ name }) => name)
  if (differing.join() !== told.join()) throw new Error(`status tells of the copies ${told}, but ${differing} differ`)
  const state = await readState(job, { out }, effects)
  const parts: unknown[] = [status.options, status.quarantined]
  for (const name of Object.keys(job.tables)) parts.push(cellsOf((await state.loadTable(name)).columns))
  for (const name of Object.keys(job.rollups)) parts.push(cellsOf((await state.loadRollup(name)).cells.columns))
  for (const name of Object.keys(job.outputs)) parts.push(cellsOf((await state.loadOutput(name)).columns))
  const ledger = state.inputs.map(({ table, month, sha256, rows, quarantined, summary }) => {
    return [table, month, sha256, rows, quarantined, summary]
  })
  return { cells: JSON.stringify(parts), ledger: JSON.stringify(ledger) }
}

/** The files that people see. */
function copiesOf(image: Image): ReadonlyMap<string, string> {
  const copies = new Map<string, string>()
  for (const [path, bytes] of filesOf(image)) {
    if (!path.includes('.support-etl/')) copies.set(path, Buffer.from(bytes).toString('latin1'))
  }
  return copies
}

/** Returns what stands on a disk now. */
async function look(task: Task, disk: Disk): Promise<Standing> {
  const version = await readVersion(task, newProcess(disk.port()))
  return { version, copies: copiesOf(disk.image), moment: disk.journal.length }
}

/** How a trace is made. */
export interface Tracing {
  /** How processes reach the disk: as it is, or by a protocol that is wrong. */
  readonly protocol?: (port: FilePort) => FilePort
  /** What stands already, where somebody has looked. */
  readonly found?: Standing
  readonly before?: readonly Standing[]
}

/** Does the steps on a disk, each in a process of its own. */
export async function traceOf(
  task: Task,
  disk: Disk,
  steps: readonly Step[],
  { protocol = (port) => port, found, before = [] }: Tracing = {},
): Promise<Trace> {
  const standings = [found ?? (await look(task, disk))]
  let calls = 0
  for (const step of steps) {
    const start = disk.calls
    await step(task, newProcess(protocol(disk.port())))
    calls += disk.calls - start
    standings.push(await look(task, disk))
  }
  return { base: disk.base, journal: disk.journal, calls, standings, before }
}

/** What a crash at a moment may leave: what stood when the last step before it was done, or what the next one makes. */
function allowedAt({ standings, before }: Trace, moment: number) {
  const done = standings.findLastIndex((standing, at) => at === 0 || standing.moment <= moment)
  const allowed = standings.slice(done, done + 2)
  return { done, allowed: done === 0 ? [...before, ...allowed] : allowed }
}

function isSame(a: Version, b: Version): boolean {
  return a.cells === b.cells && a.ledger === b.ledger
}

/** Refuses a file for people that is neither the old one nor the new one. */
function refuseTornCopies(copies: ReadonlyMap<string, string>, allowed: readonly Standing[]): void {
  const names = new Set([copies, ...allowed.map((standing) => standing.copies)].flatMap((files) => [...files.keys()]))
  for (const name of names) {
    const found = copies.get(name)
    if (allowed.some((standing) => standing.copies.get(name) === found)) continue
    const what = found === undefined ? 'gone' : 'neither the old one nor the new one'
    throw new BadDisk('a copy is torn', `${name} is ${what}`)
  }
}

/** A disk as a crash left it; the moment of the trace says what may be on it. */
export interface Wreck {
  readonly disk: Disk
  readonly trace: Trace
  readonly moment: number
}

/** How the work has to end. */
export interface Goal {
  readonly steps: readonly Step[]
  readonly end: Standing
}

/** Returns what a reader finds right after the crash; refuses what is not whole, and a success that is missing. */
async function inspect(task: Task, { disk, trace, moment }: Wreck): Promise<Standing> {
  const { done, allowed } = allowedAt(trace, moment)
  const found = await look(task, disk).catch((error: unknown) => {
    throw new BadDisk('unreadable', String(error), error)
  })
  if (!allowed.some(({ version }) => isSame(version, found.version))) {
    const isOlder = trace.standings.slice(0, done).some(({ version }) => isSame(version, found.version))
    if (isOlder) throw new BadDisk('a success is gone', `step ${done} had given its result`)
    throw new BadDisk('versions are mixed', `neither what stood nor what was being made: ${found.version.ledger}`)
  }
  refuseTornCopies(found.copies, allowed)
  return found
}

/** Refuses an end that is not that of the work without a crash. */
function refuseOtherEnd({ version, copies }: Standing, end: Standing): void {
  if (version.ledger !== end.version.ledger) {
    throw new BadDisk('a delta is lost or applied twice', `${version.ledger}\ninstead of ${end.version.ledger}`)
  }
  const names = new Set([...copies.keys(), ...end.copies.keys()])
  const differs = [...names].find((name) => copies.get(name) !== end.copies.get(name))
  if (version.cells === end.version.cells && differs === undefined) return
  throw new BadDisk('the next run ends otherwise', differs ?? version.cells)
}

/** Refuses work that gave its result while something of it was not on disk. */
function refuseUnsafeEnd({ base, journal, image }: Disk): void {
  const powerLoss = { moment: journal.length, order: 'reordered', fate: 'lost', seed: 0 } as const
  const left = filesOf(crashed(base, journal, powerLoss))
  for (const [path, bytes] of filesOf(image)) {
    if (/\/\.tmp-|\/lock$/.test(path)) continue
    const kept = left.get(path)
    if (kept !== undefined && Buffer.compare(kept, bytes) === 0) continue
    throw new BadDisk('a success is gone', `${path} was not on disk when the work was done`)
  }
}

/** What was done after a crash, and what had to be done. */
export interface Recovery {
  readonly trace: Trace
  readonly goal: Goal
}

/**
 * Judges a disk after a crash: a reader finds what stood or what was being made, whole; the steps that had not given a
 * result are done again, and end where they end without a crash, safe from the next loss of power.
 *
 * @throws BadDisk
 */
export async function judge(task: Task, wreck: Wreck, goal: Goal): Promise<Recovery> {
  const { disk, trace, moment } = wreck
  const found = await inspect(task, wreck)
  const { done, allowed } = allowedAt(trace, moment)
  const left: Goal = { steps: goal.steps.slice(done), end: goal.end }
  const recovery = await traceOf(task, disk, left.steps, { found, before: allowed }).catch((error: unknown) => {
    throw new BadDisk('the next run fails', String(error), error)
  })
  refuseOtherEnd(recovery.standings.at(-1) ?? found, left.end)
  refuseUnsafeEnd(disk)
  return { trace: recovery, goal: left }
}
