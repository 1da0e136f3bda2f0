/**
 * What a crash leaves of a disk: what was flushed, and of the rest whatever the disk had got round to.
 * @module
 */
import { type Change, change, type DiskEvent, type DiskNode, type Image, reachable } from './disk.ts'

/**
 * In which order changes reach the disk without a flush: as they were made, where any flush brings all before it along;
 * or in any order, where a flush of a file brings its bytes alone and a flush of a folder its names alone.
 */
export type Order = 'in order' | 'reordered'

/** What comes of changes that were not flushed: nothing; some, with a write that is cut, zeros or rubbish; as many as can be. */
export type Fate = 'lost' | 'torn' | 'complete'

export const ORDERS: readonly Order[] = ['in order', 'reordered']
export const FATES: readonly Fate[] = ['lost', 'torn', 'complete']

/** A crash: before the event at `moment` of a journal, and how it ends. */
export interface Crash {
  readonly moment: number
  readonly order: Order
  readonly fate: Fate
  readonly seed: number
}

/** Numbers from 0 to 1 that repeat with their seed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Small files have several. */
const SECTOR = 64

/** A write that was under way: its sectors up to one, or any of them; the rest is missing, zero or rubbish. */
function torn(write: Extract<Change, { kind: 'write' }>, order: Order, chance: () => number): Change {
  const whole = write.bytes
  const sectors = Math.ceil(whole.length / SECTOR)
  const kept = Math.floor(chance() * sectors) * SECTOR
  const kind = Math.floor(chance() * 3)
  if (kind === 0) return { ...write, bytes: whole.slice(0, kept) }
  const bytes = whole.slice()
  for (let at = 0; at < bytes.length; at += SECTOR) {
    const isKept = order === 'in order' ? at < kept : chance() < 0.5
    if (isKept) continue
    for (let byte = at; byte < Math.min(at + SECTOR, bytes.length); byte++)
      bytes[byte] = kind === 1 ? 0 : Math.floor(chance() * 256)
  }
  return { ...write, bytes }
}

/** The places in the journal of what no flush had brought to disk. */
function findPending(events: readonly DiskEvent[], order: Order): number[] {
  const safe = new Map<number, number>()
  let all = 0
  for (const event of events) {
    if (event.kind !== 'flush') continue
    safe.set(event.node, Math.max(safe.get(event.node) ?? 0, event.since))
    all = Math.max(all, event.since)
  }
  const isSafe = (place: number, { node }: DiskEvent): boolean =>
    place < (order === 'in order' ? all : (safe.get(node) ?? 0))
  return events.flatMap((event, place) => (event.kind === 'flush' || isSafe(place, event) ? [] : [place]))
}

/** Which pending changes come to be, and as what; the others do not. */
function choose(events: readonly DiskEvent[], pending: readonly number[], { order, fate, seed }: Crash) {
  const come = new Map<number, DiskEvent>()
  if (fate === 'lost') return come
  const chance = chances(seed)
  const arrive = (place: number, isTorn: boolean): void => {
    const event = events[place]
    if (event === undefined) return
    // bytes that were flushed are what they are; names come to be or do not
    come.set(place, isTorn && event.kind === 'write' ? torn(event, order, chance) : event)
  }
  if (order === 'in order') {
    const count = fate === 'complete' ? pending.length : Math.floor(chance() * pending.length)
    for (const place of pending.slice(0, count)) arrive(place, false)
    const next = pending[count]
    if (next !== undefined && events[next]?.kind === 'write') arrive(next, true)
    return come
  }
  const share = chance()
  for (const place of pending) if (chance() < share) arrive(place, fate === 'torn' && chance() < 0.5)
  return come
}

/** Returns what is on disk after a crash. */
export function crashed(base: Image, journal: readonly DiskEvent[], crash: Crash): Image {
  const events = journal.slice(0, crash.moment)
  const pending = findPending(events, crash.order)
  const come = choose(events, pending, crash)
  const isPending = new Set(pending)
  const isThere = (place: number): boolean => !isPending.has(place) || come.has(place)
  const image = new Map<number, DiskNode>(base)
  // a file that only its second name leads to is there, with the bytes that reached it
  for (const made of events) if (made.kind === 'name' && made.made !== undefined) image.set(made.target, made.made)
  for (const [place, made] of events.entries()) {
    if (made.kind === 'flush' || !isThere(place)) continue
    // a rename is one: a file is never without a name in between
    if (made.kind === 'unname' && made.moved && !isThere(place - 1)) continue
    const event = come.get(place) ?? made
    if (event.kind !== 'flush') change(image, event)
  }
  return reachable(image)
}
