/**
 * Every crash of a piece of work, one after the other: the disk it leaves is judged, and its recovery may crash again.
 * @module
 */
import { createHash } from 'node:crypto'
import { type Crash, crashed, FATES, ORDERS } from './crash.ts'
import { Disk, filesOf, type Image } from './disk.ts'
import { BadDisk, type Goal, judge, type Recovery, type Trace, type Wreck } from './judge.ts'
import type { Task } from './scenarios.ts'

/** How work ends before its time: the power fails, or the process alone is killed and the machine goes on. */
export type Ending = Crash | { readonly moment: number; readonly order: 'killed' }

/** The ways to end at one moment: lost, torn and complete, in order and reordered; and killed. */
export const WAYS = ORDERS.length * FATES.length + 1

/** An ending by its moment and way, `round` for another seed; the same numbers give the same ending. */
export function endingAt(moment: number, way: number, round = 0): Ending {
  const [order, fate] = [ORDERS[Math.floor(way / FATES.length)], FATES[way % FATES.length]]
  if (order === undefined || fate === undefined) return { moment, order: 'killed' }
  return { moment, order, fate, seed: (round * 100_000 + moment) * WAYS + way }
}

/** An ending in words that tell it from every other one of the same work. */
export function labelOf(ending: Ending): string {
  const { moment, order } = ending
  if (order === 'killed') return `killed before event ${moment}`
  return `power lost before event ${moment}, ${order}, ${ending.fate}, seed ${ending.seed}`
}

/** The disk that an ending leaves. */
function wreckOf(trace: Trace, ending: Ending): Wreck {
  const { base, journal } = trace
  const { moment } = ending
  const disk =
    ending.order === 'killed' ? new Disk(base, journal.slice(0, moment)) : new Disk(crashed(base, journal, ending))
  return { disk, trace, moment }
}

/** The same for images that nobody could tell apart. */
function keyOf(image: Image): string {
  const hash = createHash('sha1')
  // files without a name yet are alike but for their bytes
  const files = Array.from(filesOf(image), ([path, bytes]) => [path.replace(/\.tmp-.*/, '.tmp-'), bytes] as const)
  files.sort(([a, left], [b, right]) => (a === b ? Buffer.compare(left, right) : a < b ? -1 : 1))
  for (const [path, bytes] of files) hash.update(`${path} ${bytes.length} `).update(bytes)
  return hash.digest('base64')
}

/** A disk that was found bad, and how to come to it again. */
export interface Bad {
  readonly label: string
  readonly error: BadDisk
}

/** Which endings are tried. */
export interface Exploration {
  /** What the labels begin with. */
  readonly label: string
  /** The endings at one moment of the journal. */
  endingsAt(moment: number): readonly Ending[]
  /** Told of every disk that was good, and of what was done to it. */
  onGood?(label: string, recovery: Recovery): Promise<void>
  /** The label of the one ending to try; all when it is left out. */
  readonly only?: string | undefined
}

/** What was found. */
export interface Findings {
  /** Different disks that were judged. */
  readonly states: number
  /** Endings that were tried; some leave the same disk. */
  readonly endings: number
  readonly bad: readonly Bad[]
}

/** Ends a piece of work at every moment, in the ways that are asked for, and judges every disk that is left. */
export async function explore(
  task: Task,
  trace: Trace,
  goal: Goal,
  { label, endingsAt, onGood, only }: Exploration,
): Promise<Findings> {
  const seen = new Set<string>()
  const bad: Bad[] = []
  let endings = 0
  const first = trace.standings[0]?.moment ?? 0
  for (let moment = first; moment <= trace.journal.length; moment++) {
    for (const ending of endingsAt(moment)) {
      const name = `${label}: ${labelOf(ending)}`
      if (only !== undefined && only !== name && !only.startsWith(`${name}; `)) continue
      endings += 1
      const wreck = wreckOf(trace, ending)
      // the same files may be right before a step is done and wrong after
      const done = trace.standings.filter((standing) => standing.moment <= moment).length
      const key = ending.order === 'killed' ? name : `${done} ${keyOf(wreck.disk.image)}`
      if (seen.has(key)) continue
      seen.add(key)
      try {
        const recovery = await judge(task, wreck, goal)
        await onGood?.(name, recovery)
      } catch (error) {
        if (!(error instanceof BadDisk)) throw error
        bad.push({ label: name, error })
      }
    }
  }
  return { states: seen.size, endings, bad }
}
