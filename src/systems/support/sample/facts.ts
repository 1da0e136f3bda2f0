/**
 * The interactions of a generated support operation: any row can be regenerated from its number
 * alone.
 * @module
 */

import { ByteSink, chance } from '../../../sample/extract-bytes.ts'
import { firstDayOf } from '../../../time/instant.ts'
import {
  agentCount,
  agentId,
  CATEGORY_COUNT,
  CATEGORY_IDS,
  CENTER_COUNT,
  centerId,
  KNOWN_CATEGORIES,
  KNOWN_CENTERS,
} from './dimensions.ts'

/** The parameters of all rows of an operation. */
export interface Operation {
  readonly interactions: number
  readonly seed: number
}

/**
 * The kinds of ten changes: u update, a add, d delete, r re-add of a row deleted the month before.
 */
const PATTERN = 'uaadaaarua'
const DELETE_AT = PATTERN.indexOf('d')
const CHANNELS = ['phone', 'phone', 'phone', 'phone', 'phone', 'phone', 'web', 'web', 'email', 'chat']
const SURVEY_SECONDS = 420

/**
 * Epoch seconds of a month's start in UTC; month 0 is January 2025, the last one of the full
 * extract.
 */
function monthStart(month: number): number {
  return firstDayOf(2025 * 12 + month) * 86_400
}

/** Month 1 gives `202502`. */
export function monthLabel(month: number): string {
  const index = 2025 * 12 + month
  return `${Math.floor(index / 12)}${String((index % 12) + 1).padStart(2, '0')}`
}

/** The last rows of the full extract are calls still running; the first delta completes them. */
function runningCalls(interactions: number): number {
  return Math.ceil(interactions / 1000)
}

function changesPerMonth(interactions: number): number {
  return Math.round(interactions / 10)
}

/** Which version of its interaction a row shows. */
type Version = 'first' | 'corrected' | 'running'

class FactWriter {
  readonly sink = new ByteSink()
  readonly #interactions: number
  readonly #complete: number
  readonly #seed: number
  readonly #agents: number
  readonly #places = Array.from({ length: CENTER_COUNT }, (_, center) => `,${centerId(center)},`)

  constructor({ interactions, seed }: Operation) {
    this.#interactions = interactions
    this.#complete = interactions - runningCalls(interactions)
    this.#seed = seed
    this.#agents = agentCount(interactions)
  }

  /** When the interaction with that number begins, in epoch seconds; the rows of a file ascend. */
  start(number: number): number {
    const total = this.#interactions
    const isInitial = number < total
    const month = isInitial ? 0 : 1 + Math.floor((number - total) / changesPerMonth(total))
    const count = isInitial ? total : changesPerMonth(total)
    const at = isInitial ? number : (number - total) % count
    const from = monthStart(isInitial ? -11 : month)
    // the first changes of a month fall on the evening before, in the centers' local time
    if (!isInitial && at < 3) return from + (at + 1) * 3000
    const step = (monthStart(month + 1) - from) / count
    return from + Math.floor(at * step + (step * (chance(this.#seed, 2, number) & 0xffff)) / 65_536)
  }

  /**
   * Writes the cells of the interaction with that number; `exportedAt` null means its own start.
   */
  row(number: number, version: Version, exportedAt: number | null): void {
    const { sink } = this
    const dice = chance(this.#seed, 3, number)
    const more = chance(this.#seed, 4, number)
    const isInitial = number < this.#interactions
    const start = this.start(number)

    const isLast = isInitial && number >= this.#complete
    const channel = isLast ? 'phone' : (CHANNELS[dice % 10] ?? 'phone')
    const isCall = channel === 'phone'
    const share = (more & 0xffff) / 65_536
    const center = Math.floor((isInitial ? KNOWN_CENTERS : CENTER_COUNT) * share * (0.4 + 0.6 * share))
    const colleague = (more >>> 16) % Math.floor(this.#agents / KNOWN_CENTERS)
    const agent = center < KNOWN_CENTERS ? center + KNOWN_CENTERS * colleague : this.#agents
    const category = (dice >>> 12) % (isInitial ? KNOWN_CATEGORIES : CATEGORY_COUNT)

    // the first center's calls are short, but most continue with a survey: the longest calls are
    // not the most work
    const isSurveyed = isCall && center === 0 && (dice >>> 20) % 8 !== 0
    const minutes = center === 0 ? 4 + ((dice >>> 8) % 6) : 6 + ((dice >>> 8) % 11)
    const quarters = (more >>> 5) % 8 === 0 ? (more >>> 8) % 4 : 0
    const handle = minutes * 60 + quarters * 15 + (version === 'corrected' ? 60 : 0)
    const end = start + handle + (isSurveyed ? SURVEY_SECONDS : 0)

    this.id(number)
    sink.text(',')
    sink.timestamp(exportedAt ?? start)
    sink.text(isCall && (dice >>> 4) % 256 === 0 ? ',Phone,' : `,${channel},`)
    sink.text(CATEGORY_IDS[category] ?? '')
    sink.text(',')
    sink.text(agentId(agent))
    sink.text(this.#places[center] ?? '')
    sink.timestamp(start)
    sink.text(',')
    sink.timestamp(start + handle)
    if (version === 'running') {
      sink.text(',,,')
      return
    }
    sink.text(',')
    sink.timestamp(end)
    sink.text(',')
    this.#duration(isCall || dice >>> 23 === 7 ? end - start : 0, dice)
    sink.text(',')
    if (isSurveyed || (!isCall && (more >>> 12) % 16 === 0)) {
      sink.digits(1 + ((more >>> 3) % 5), 1)
      if ((dice & 1) === 1) sink.text('.0')
    } else if ((dice >>> 5) % 32 === 0) sink.text(' ')
  }

  id(number: number): void {
    this.sink.text('I')
    this.sink.digits(number + 1, 8)
  }

  /**
   * Minutes as the sources write them: `14`, `14.0`, `14.25`; nothing or a zero for rows that are
   * not calls.
   */
  #duration(seconds: number, dice: number): void {
    const { sink } = this
    if (seconds === 0 && (dice >>> 9) % 16 === 0) return
    const hundredths = (seconds % 60) / 0.6
    sink.digits(Math.floor(seconds / 60), 1)
    if (hundredths > 0) {
      sink.text('.')
      sink.digits(hundredths, 2)
    } else if ((dice & 2) === 2) sink.text('.0')
  }
}

/** The full extract of the interactions: the year up to January 2025, in order of time. */
export function* initialFacts(operation: Operation, header: string): Generator<Uint8Array> {
  const { interactions } = operation
  const writer = new FactWriter(operation)
  const { sink } = writer
  const complete = interactions - runningCalls(interactions)
  sink.text(header)
  for (let number = 0; number < interactions; number++) {
    sink.text('\r\n')
    writer.row(number, number < complete ? 'first' : 'running', null)
    if (sink.hasFull) yield* sink.take()
  }
  sink.text('\r\n')
  yield* sink.end()
}

/**
 * The changes of the interactions in a month (from 1), a tenth of the full extract; no newline
 * after the last row.
 */
export function* factChanges(operation: Operation, month: number, header: string): Generator<Uint8Array> {
  const { interactions, seed } = operation
  const changes = changesPerMonth(interactions)
  const writer = new FactWriter(operation)
  const { sink } = writer
  const old = oldFacts(operation)
  const running = month === 1 ? runningCalls(interactions) : 0
  const added = interactions + (month - 1) * changes
  let updates = 0
  sink.text(header)
  for (let change = 0; change < changes; change++) {
    const block = change - (change % 10)
    const action = PATTERN[(change + turn(seed, month, block)) % 10]
    const ordinal = (month - 1) * changes + change
    const exportedAt = writer.start(added + change)
    const isSpaced = chance(seed, 6, ordinal) % 16 === 0
    sink.text('\r\n')
    if (action === 'd') {
      deletedRow(writer, old(ordinal), exportedAt, change)
      sink.text(isSpaced ? ',delete ' : ',delete')
    } else if (action === 'u') {
      const number = updates < running ? interactions - running + updates : old(ordinal)
      updates++
      writer.row(number, 'corrected', exportedAt)
      sink.text(isSpaced ? ',update ' : ',update')
    } else {
      const gone = block + ((DELETE_AT - turn(seed, month - 1, block) + 10) % 10)
      const isBack = action === 'r' && month > 1 && gone < changes
      if (isBack) writer.row(old(ordinal - change - changes + gone), 'first', exportedAt)
      else writer.row(added + change, 'first', null)
      sink.text(isSpaced ? ',add ' : ',add')
    }
    if (sink.hasFull) yield* sink.take()
  }
  yield* sink.end()
}

/** How far the pattern is rotated in a block of ten changes. */
function turn(seed: number, month: number, block: number): number {
  return chance(seed, 16 + month, block) % 10
}

/**
 * A delete row: only its key and action have a meaning; the other cells are stale, blank or
 * invalid.
 */
function deletedRow(writer: FactWriter, number: number, exportedAt: number, change: number): void {
  const kind = change % 8
  if (kind < 3) {
    writer.row(number, 'first', exportedAt)
    return
  }
  writer.id(number)
  writer.sink.text(',')
  if (kind < 7) writer.sink.text(',,,,,,,,,')
  else {
    writer.sink.timestamp(exportedAt)
    writer.sink.text(',phone,OUTG,A00001,C01,n/a,n/a,n/a,n/a,')
  }
}

/**
 * Picks interactions of the full extract that are complete; none twice while there are fewer picks
 * than interactions.
 */
function oldFacts({ interactions, seed }: Operation): (ordinal: number) => number {
  const count = interactions - runningCalls(interactions)
  // a step coprime to the count visits every row once
  let step = Math.floor(count * 0.618) + (seed % 7)
  while (commonDivisor(step, count) !== 1) step++
  return (ordinal) => (ordinal * step + seed) % count
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
