/**
 * Transcripts of a made-up call center, of any number, with what is true of each.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { share } from '../../../sample/chance.ts'
import { chance } from '../../../sample/extract-bytes.ts'
import { formatWallTime, parseDay } from '../../../time/instant.ts'
import { planCall, wordOf } from './call-plan.ts'
import { type CallTruth, scriptCall } from './call-script.ts'
import { AGENT_NAMES } from './phrases.ts'

/** How many calls are made up, and from which seed. */
export interface TranscriptSampleOptions {
  /** How many calls, at least 1. More calls of the same seed begin with the same calls. */
  readonly calls: number
  /** The same seed gives the same bytes, another seed other calls. Default 1. */
  readonly seed?: number
  /** The day of the last calls, such as `2025-09-30`, which is the default. They are of the thirty days up to it. */
  readonly lastDay?: string
}

/** A call as a bronze file holds it. */
export interface MadeTranscript {
  readonly call_id: string
  readonly agent_name: string
  readonly timestamp: string
  readonly transcript_text: string
}

/** One made-up call, and what is true of it. */
export interface SampledCall {
  readonly call: MadeTranscript
  readonly truth: CallTruth
}

const STREAM = { id: 451, agent: 452, time: 453, offset: 454 } as const
const DAYS = 30
const DAY_MILLISECONDS = 86_400_000
const LAST_DAY = '2025-09-30'

/** Exports of several sites: most stamps are wall time of UTC, some say their offset. */
const OFFSETS = [
  ...Array.from({ length: 16 }, () => ({ minutes: 0, text: '' })),
  { minutes: 0, text: 'Z' },
  { minutes: 0, text: '+00:00' },
  { minutes: 120, text: '+02:00' },
  { minutes: -240, text: '-04:00' },
] as const

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new ContractError('invalid_option', `${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0').slice(0, digits)
}

/** The first eight digits differ for all indexes of a seed; the others keep calls of two seeds apart. */
function idOf(seed: number, index: number): string {
  return `CALL_${hex(chance(seed, STREAM.id, index), 8)}${hex(chance(seed, STREAM.id + 10, index), 4)}`
}

function stampOf(seed: number, index: number, lastDay: number): string {
  const at = Math.floor(share(seed, STREAM.time, index) * DAYS * DAY_MILLISECONDS)
  const instant = (lastDay + 1 - DAYS) * DAY_MILLISECONDS + at
  const { minutes, text } = wordOf(OFFSETS, share(seed, STREAM.offset, index))
  return `${formatWallTime(instant + minutes * 60_000)}${text}`
}

/**
 * Returns made-up calls, one after the other: what agents and customers say about a bill, a parcel or a line, with a mood, an
 * offer that is taken, left or put off, and things that are sold with it. Of all labels of mood, 11 % show in no word of the
 * call. Timestamps are wall time of UTC; one in five says its offset.
 *
 * @throws ContractError invalid_option - a number out of range, or a day that is none
 * @example
 * const [first] = sampleTranscripts({ calls: 1, seed: 7 })
 * first.call.call_id === first.truth.call_id // true
 * first.call.transcript_text.slice(0, 6) // 'Agent:'
 */
export function sampleTranscripts(options: TranscriptSampleOptions): Iterable<SampledCall> {
  refuseUnknown(options, { calls: true, seed: true, lastDay: true } satisfies OptionNames<TranscriptSampleOptions>)
  const calls = wholeNumber('calls', options.calls, 1, 100_000_000)
  const seed = wholeNumber('seed', options.seed ?? 1, 0, 0xffff_ffff)
  const lastDay = parseDay(options.lastDay ?? LAST_DAY)
  if (Number.isNaN(lastDay)) {
    throw new ContractError('invalid_option', `lastDay is "${options.lastDay}", expected a day such as ${LAST_DAY}`)
  }
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < calls; index++) {
        const call_id = idOf(seed, index)
        const { text, truth } = scriptCall(planCall(seed, index))
        yield {
          call: {
            call_id,
            agent_name: wordOf(AGENT_NAMES, share(seed, STREAM.agent, index)),
            timestamp: stampOf(seed, index, lastDay),
            transcript_text: text,
          },
          truth: { call_id, ...truth },
        }
      }
    },
  }
}
