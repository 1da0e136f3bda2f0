/**
 * A made-up call center of any size: its call log as JSON lines, its agents list, and a list of
 * the planted irregularities.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { parseDay } from '../../../time/instant.ts'
import type { CenterPlan } from './days.ts'
import type { Irregularity } from './irregularities.ts'
import { type LogLine, logLines } from './lines.ts'
import { agentsOf } from './traits.ts'

/** One file: its name, and its bytes, generated while they are read. */
export interface CallLogFile {
  readonly name: 'sample_calls.json' | 'agents.csv' | 'ground_truth.json'
  /** Generates the file's bytes from the beginning. */
  readonly chunks: () => Iterable<Uint8Array>
}

/** The size of a made-up call center, and its seed. */
export interface CallLogOptions {
  /** How many calls, at least 100. */
  readonly calls: number
  /** The same seed gives the same bytes, another seed another center. Default 1. */
  readonly seed?: number
  /** How many days, 7–3,660; the last is 2025-06-30. Default 120. */
  readonly days?: number
}

/** The planted irregularities: call ids, and the line numbers of refused lines. */
export interface GroundTruth {
  readonly seed: number
  readonly calls: number
  readonly lines: number
  readonly rejected: Readonly<Record<string, readonly { readonly line: number; readonly call_id: string }[]>>
  readonly replaced: readonly string[]
  readonly duration_outlier: readonly string[]
  readonly agent_overlap: readonly string[]
  readonly rating_out_of_range: readonly string[]
  readonly unknown_agent_ids: readonly string[]
}

const LAST_DAY = parseDay('2025-06-30')
const CHUNK = 1 << 18
/** Calls that one agent takes in a day, on average. */
const PER_DAY = 9

const ODD: readonly Irregularity[] = ['replaced', 'duration_outlier', 'agent_overlap', 'rating_out_of_range']

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new ContractError('invalid_option', `${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

function* encoded(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (const line of lines) {
    text += `${line}\n`
    if (text.length < CHUNK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

function* texts(lines: Iterable<LogLine>): Generator<string> {
  for (const { text } of lines) yield text
}

function truthOf(plan: CenterPlan): GroundTruth {
  const rejected: Record<string, { line: number; call_id: string }[]> = {}
  const odd = Object.fromEntries(ODD.map((name) => [name, [] as string[]])) as Record<(typeof ODD)[number], string[]>
  let lines = 0
  for (const { line, call_id, irregularity } of logLines(plan)) {
    lines = line
    if (irregularity === null) continue
    if (ODD.includes(irregularity)) odd[irregularity].push(call_id)
    else {
      rejected[irregularity] ??= []
      rejected[irregularity].push({ line, call_id })
    }
  }
  const unlisted = plan.agents.filter(({ isListed }) => !isListed).map(({ agent_id }) => agent_id)
  return {
    seed: plan.seed,
    calls: plan.calls,
    lines,
    rejected,
    replaced: odd.replaced,
    duration_outlier: odd.duration_outlier,
    agent_overlap: odd.agent_overlap,
    rating_out_of_range: odd.rating_out_of_range,
    unknown_agent_ids: unlisted,
  }
}

/**
 * Returns the files of a made-up call center. The log varies by weekday, hour, issue, skill of the
 * agents and returning customers. It has rows that cleaning refuses, for each reason, and calls
 * worth a second look; `ground_truth.json` lists all of these. A file is generated while its
 * chunks are read; only one day of the log is in memory at a time.
 *
 * @throws ContractError invalid_option - a number out of range
 * @example
 * const files = callLog({ calls: 1000 })
 * files.map(({ name }) => name) // ['sample_calls.json', 'agents.csv', 'ground_truth.json']
 * new TextDecoder().decode([...files[0].chunks()][0]).slice(0, 24) // '{"call_id":"C0000001","a'
 */
export function callLog(options: CallLogOptions): CallLogFile[] {
  refuseUnknown(options, { calls: true, seed: true, days: true } satisfies OptionNames<CallLogOptions>)
  const calls = wholeNumber('calls', options.calls, 100, 100_000_000)
  const seed = wholeNumber('seed', options.seed ?? 1, 0, 0xffff_ffff)
  const days = wholeNumber('days', options.days ?? 120, 7, 3660)
  const agents = agentsOf(seed, Math.max(6, Math.round(calls / days / PER_DAY)))
  const plan: CenterPlan = { seed, calls, firstDay: LAST_DAY - days + 1, days, agents }
  const list = agents
    .filter(({ isListed }) => isListed)
    .map(({ agent_id, name, region }) => `${agent_id},${name},${region}`)
  return [
    { name: 'sample_calls.json', chunks: () => encoded(texts(logLines(plan))) },
    { name: 'agents.csv', chunks: () => encoded(['agent_id,agent_name,region', ...list]) },
    { name: 'ground_truth.json', chunks: () => encoded([JSON.stringify(truthOf(plan), null, 2)]) },
  ]
}
