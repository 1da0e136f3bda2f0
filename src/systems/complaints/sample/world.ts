/**
 * A made-up telecom's world: customers, agents, days of complaints in the forms of the real sources, and the ground truth.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { formatDay, parseDay } from '../../../time/instant.ts'
import { drawsOf } from './draws.ts'
import { type CustomerFacts, customersTruth, dayTruth, type FileTruth, type PlantedFault } from './ground-truth.ts'
import type { ComplaintPlan, Edition } from './made-complaints.ts'
import { agentRows } from './people.ts'
import { type LaterDelivery, laterFiles, type RefusedDelivery, refusedFiles } from './redelivered.ts'
import type { ComplaintTable, WorldFile } from './shapes.ts'
import { customersText, dayText, deliveryName, encoded } from './source-files.ts'

/** How large a made-up world is, and what is wrong with it. */
export interface WorldOptions {
  /** Delivery days, 1–365; at least 4 of an adversarial world. Default 4. */
  readonly days?: number
  /** Customers, 1,000–10,000,000. Default 25,000. In an adversarial world each table has at least 400 complaints a day, so that every fault is rare. */
  readonly customers?: number
  /** `faithful` (default): the shapes of the real sources, with nothing to refuse. `adversarial`: with planted faults. */
  readonly profile?: 'faithful' | 'adversarial'
  /** The same seed gives the same bytes, another seed another world. Default 1. */
  readonly seed?: number
  /** The first delivery day. Default 2025-11-20. */
  readonly firstDay?: string
}

/** What a world holds: `ground_truth.json`. */
export interface WorldTruth {
  readonly seed: number
  readonly profile: 'faithful' | 'adversarial'
  readonly days: readonly string[]
  /** Agents in the sheet. */
  readonly agents: number
  readonly files: readonly FileTruth[]
  readonly emailRules: CustomerFacts['emailRules']
  readonly regions: CustomerFacts['regions']
  readonly faults: readonly PlantedFault[]
  /** Days without a file. */
  readonly missing: readonly { readonly table: ComplaintTable; readonly day: string }[]
  /** Folders of files that come after the first run, to be laid over the world. */
  readonly later: readonly LaterDelivery[]
  /** Folders of files that a run refuses when they are laid over the world. */
  readonly refused: readonly RefusedDelivery[]
}

const TABLES: readonly ComplaintTable[] = ['raw_call_logs', 'raw_social_media', 'raw_web_forms']

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new ContractError('invalid_option', `${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

function daysFrom(first: string, count: number): string[] {
  const begin = typeof first === 'string' ? parseDay(first) : Number.NaN
  if (Number.isNaN(begin)) {
    throw new ContractError('invalid_option', `firstDay is ${String(first)}, expected a day such as 2025-11-20`)
  }
  return Array.from({ length: count }, (_, day) => formatDay(begin + day))
}

const OPTIONS = {
  ...{ days: true, customers: true, profile: true, seed: true, firstDay: true },
} satisfies OptionNames<WorldOptions>

/** Days that an adversarial world lacks: the second of social media. */
const isMissing = ({ isAdversarial }: ComplaintPlan, table: ComplaintTable, day: number): boolean =>
  isAdversarial && table === 'raw_social_media' && day === 1

/**
 * Returns the files of a world. `s3/` holds customers, call logs and social media by their real keys, `sheet/agents.json` the agents,
 * `web_forms/` a file a day, and `ground_truth.json` says what each file holds and where each planted fault must end. An adversarial world
 * has more folders: `later/` with deliveries that come after the first run, and `refused/` with deliveries that a run refuses.
 * Only one row is in memory at a time, but for a day of social media, which is written column by column.
 *
 * @throws ContractError invalid_option - a number out of range, a first day that is none, an unknown profile
 * @example
 * const files = complaintsWorld({ days: 1, customers: 1000 })
 * files.map(({ name }) => name)[0] // 's3/customers/customers_dataset.csv'
 */
export function complaintsWorld(options: WorldOptions = {}): WorldFile[] {
  refuseUnknown(options, OPTIONS)
  const { profile = 'faithful', firstDay = '2025-11-20' } = options
  if (profile !== 'faithful' && profile !== 'adversarial') {
    throw new ContractError('invalid_option', `profile is ${String(profile)}, expected faithful or adversarial`)
  }
  const isAdversarial = profile === 'adversarial'
  const seed = whole('seed', options.seed ?? 1, 0, 0xffff_ffff)
  const days = daysFrom(firstDay, whole('days', options.days ?? 4, isAdversarial ? 4 : 1, 365))
  const customers = whole('customers', options.customers ?? 25_000, 1000, 10_000_000)
  const plan: ComplaintPlan = { draws: drawsOf(seed), customers, days, isAdversarial }
  const pairs = days.flatMap((_, day) => TABLES.map((table) => ({ table, day })))
  const there = pairs.filter(({ table, day }) => !isMissing(plan, table, day))
  const missing = pairs.filter(({ table, day }) => isMissing(plan, table, day))
  const dayFile = (table: ComplaintTable, day: number, edition?: Edition): WorldFile => ({
    name: deliveryName(table, days[day] ?? ''),
    chunks: () => encoded(dayText(plan, table, day, edition)),
  })
  const later = isAdversarial ? laterFiles(plan, dayFile) : []
  const refused = isAdversarial ? refusedFiles(plan, dayFile) : []
  const truth = (): WorldTruth => {
    const { file, faults, emailRules, regions } = customersTruth(plan)
    const facts = there.map(({ table, day }) => dayTruth(plan, table, day))
    return {
      ...{ seed, profile, days, agents: agentRows(plan.draws).length - 1 },
      files: [file, ...facts.map((day) => day.file)],
      ...{ emailRules, regions },
      faults: [...faults, ...facts.flatMap((day) => day.faults)],
      missing: missing.map(({ table, day }) => ({ table, day: days[day] ?? '' })),
      later: later.map(({ delivery }) => delivery()),
      refused: refused.map(({ delivery }) => delivery),
    }
  }
  return [
    { name: 's3/customers/customers_dataset.csv', chunks: () => encoded(customersText(plan)) },
    { name: 'sheet/agents.json', chunks: () => encoded([JSON.stringify(sheetOf(agentRows(plan.draws)), null, 1)]) },
    ...there.map(({ table, day }) => dayFile(table, day)),
    ...[...later, ...refused].flatMap(({ files }) => files),
    { name: 'ground_truth.json', chunks: () => encoded([`${JSON.stringify(truth(), null, 1)}\n`]) },
  ]
}

/** The agents as the sheet service answers. */
function sheetOf(values: readonly (readonly (string | number)[])[]) {
  return { range: `agents!A1:D${values.length}`, majorDimension: 'ROWS', values }
}
