/**
 * Made-up customers, interactions and products in the form of the sources, with a list of what is odd in them.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { chance } from '../../../sample/extract-bytes.ts'
import { formatDay, parseDay } from '../../../time/instant.ts'

/** One file: its name, and its bytes, generated while they are read. */
export interface InteractionFile {
  readonly name: 'customer.csv' | 'interactions.csv' | 'product.csv' | 'interactions_ground_truth.json'
  /** Generates the file's bytes from the beginning. */
  readonly chunks: () => Iterable<Uint8Array>
}

/** How much is made up, and the seed. */
export interface InteractionFilesOptions {
  /** How many interactions, from 100 to 10,000,000. */
  readonly interactions: number
  /** How many customers, from 10 to 1,000,000; a tenth of the interactions by default. */
  readonly customers?: number
  /** The same seed gives the same bytes, another seed other people. Default 1. */
  readonly seed?: number
}

/** What is odd in the files, on purpose. */
export interface InteractionTruth {
  readonly seed: number
  /** The data row of interactions.csv whose customer is no number. */
  readonly rejected_row: number
  /** Ids that only interactions know. */
  readonly unknown_customers: readonly number[]
  /** The day with far more interactions than any other. */
  readonly busy_day: string
  /** The channel that begins in the last weeks, and its first day. */
  readonly new_channel: { readonly channel: string; readonly since: string }
  /** The month with two products. */
  readonly month_with_two_products: string
}

const STREAM = { occupation: 701, type: 702, day: 703, minute: 704, channel: 705, customer: 706, topic: 707, mood: 708 }

const FIRST_DAY = parseDay('2023-01-01')
/** Two years, to 31 December 2024. */
const DAYS = 731
const BUSY_DAY = FIRST_DAY + 557
const NEW_SINCE = FIRST_DAY + DAYS - 40
const NEW_CHANNEL = 'Chatbot'
const TWO_PRODUCTS = '2024-06'
/** Interactions of the busy day, beside the usual ones. */
const BUSY = 25

const OCCUPATIONS = ['Baker', 'Carpenter', 'Nurse', 'Pilot', 'Teacher', 'Gardener', 'Librarian', 'Cook', '']
const TYPES = ['Gold', 'Gold', 'Silver', 'Silver', 'Silver', 'Bronze', 'Bronze', 'Bronze', 'Bronze', '']
const CHANNELS = ['Call', 'Call', 'Call', 'Call', 'Email', 'Email', 'Email', 'Letter', 'Visit', 'Visit']
const TOPICS = ['Delivery', 'Invoice', 'Complaint', 'Advice', 'Return', '']
const MOODS = ['Positive', 'Neutral', 'Negative']
const PRODUCTS = ['Lamp', 'Lamp', 'Lamp', 'Clock', 'Clock', 'Chair']

const CHUNK = 1 << 16

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new ContractError('invalid_option', `${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

function* encoded(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (const line of lines) {
    // as spreadsheets save it
    text += `${line}\r\n`
    if (text.length < CHUNK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

const of = (values: readonly string[], seed: number, stream: number, index: number): string =>
  values[chance(seed, stream, index) % values.length] as string

/** `2024-07-11` as the sources write it: `11/07/2024`. */
const dayFirst = (day: string): string => `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`
const two = (value: number): string => String(value).padStart(2, '0')

interface Plan {
  readonly seed: number
  readonly customers: number
  readonly interactions: number
}

const rejectedRow = ({ interactions }: Plan): number => Math.ceil(interactions / 3)
const unknownOf = ({ customers }: Plan): number[] => [customers + 1, customers + 2]

function* customerLines({ seed, customers }: Plan): Generator<string> {
  yield 'Customer_Id,Occupation,Type'
  for (let id = 1; id <= customers; id++) {
    yield `${id},${of(OCCUPATIONS, seed, STREAM.occupation, id)},${of(TYPES, seed, STREAM.type, id)}`
  }
}

/** The day of an interaction: they follow each other, with some of the busy day in between. */
function dayOf(index: number, { seed, interactions }: Plan): number {
  const first = Math.floor((interactions - BUSY) * ((BUSY_DAY - FIRST_DAY) / DAYS))
  if (index >= first && index < first + BUSY) return BUSY_DAY
  const place = index < first ? index : index - BUSY
  const spread = chance(seed, STREAM.day, index) % 3
  return FIRST_DAY + Math.min(DAYS - 1, Math.floor((place / (interactions - BUSY)) * DAYS) + spread)
}

function customerOf(index: number, plan: Plan): string {
  if (index + 1 === rejectedRow(plan)) return '12in'
  const [first = 0, second = 0] = unknownOf(plan)
  if (index % 97 === 50) return String(index % 2 === 0 ? first : second)
  // some customers call far more often than others
  const share = chance(plan.seed, STREAM.customer, index) / 2 ** 32
  return String(1 + Math.floor(share * share * plan.customers))
}

function* interactionLines(plan: Plan): Generator<string> {
  yield 'date_start,event,customers,topic,sentiment'
  const { seed, interactions } = plan
  for (let index = 0; index < interactions; index++) {
    const day = dayOf(index, plan)
    const minute = 8 * 60 + (chance(seed, STREAM.minute, index) % 600)
    const at = `${dayFirst(formatDay(day))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`
    const isNew = day >= NEW_SINCE && chance(seed, STREAM.channel, index) % 4 === 0
    const channel = isNew ? NEW_CHANNEL : of(CHANNELS, seed, STREAM.channel, index)
    const [topic, mood] = [of(TOPICS, seed, STREAM.topic, index), of(MOODS, seed, STREAM.mood, index)]
    yield `${at},${channel},${customerOf(index, plan)},${topic},${topic === '' ? '' : mood}`
  }
}

function* productLines(): Generator<string> {
  yield 'date,product'
  for (let month = 0; month < 24; month++) {
    const text = `${two((month % 12) + 1)}-${2023 + Math.floor(month / 12)}`
    yield `${text},${PRODUCTS[Math.floor(month / 4)]}`
    if (text === `${TWO_PRODUCTS.slice(5)}-${TWO_PRODUCTS.slice(0, 4)}`) yield `${text},Chair`
  }
}

function truthOf(plan: Plan): InteractionTruth {
  let since = DAYS + FIRST_DAY
  for (let index = 0; index < plan.interactions; index++) {
    const day = dayOf(index, plan)
    if (day >= NEW_SINCE && day < since && chance(plan.seed, STREAM.channel, index) % 4 === 0) since = day
  }
  return {
    seed: plan.seed,
    rejected_row: rejectedRow(plan),
    unknown_customers: unknownOf(plan),
    busy_day: formatDay(BUSY_DAY),
    new_channel: { channel: NEW_CHANNEL, since: formatDay(since) },
    month_with_two_products: TWO_PRODUCTS,
  }
}

/**
 * Returns the files of made-up customers: two years of interactions through 31 December 2024, as the sources write them, and
 * `interactions_ground_truth.json`, which lists what is odd on purpose. A file is generated while its chunks are read.
 *
 * @throws ContractError invalid_option - a number out of range
 * @example
 * import { interactionFiles } from 'support-etl/interactions'
 *
 * const files = interactionFiles({ interactions: 500 })
 * files.map(({ name }) => name) // ['customer.csv', 'interactions.csv', 'product.csv', 'interactions_ground_truth.json']
 * new TextDecoder().decode([...files[2].chunks()][0]).slice(0, 28) // 'date,product\r\n01-2023,Lamp\r\n'
 */
export function interactionFiles(options: InteractionFilesOptions): InteractionFile[] {
  const names = { interactions: true, customers: true, seed: true } satisfies OptionNames<InteractionFilesOptions>
  refuseUnknown(options, names)
  const interactions = wholeNumber('interactions', options.interactions, 100, 10_000_000)
  const given = options.customers ?? Math.max(10, Math.round(interactions / 10))
  const customers = wholeNumber('customers', given, 10, 1_000_000)
  const plan: Plan = { seed: wholeNumber('seed', options.seed ?? 1, 0, 0xffff_ffff), customers, interactions }
  return [
    { name: 'customer.csv', chunks: () => encoded(customerLines(plan)) },
    { name: 'interactions.csv', chunks: () => encoded(interactionLines(plan)) },
    { name: 'product.csv', chunks: () => encoded(productLines()) },
    { name: 'interactions_ground_truth.json', chunks: () => encoded([JSON.stringify(truthOf(plan), null, 2)]) },
  ]
}
