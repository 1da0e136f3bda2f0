/**
 * Customers and agents of a made-up telecom, each made from its number alone.
 * @module
 */
import { formatDay } from '../../../time/instant.ts'
import { type Draws, hex } from './draws.ts'

const FIRST = [
  ...['Abigail', 'Brianna', 'Caleb', 'Daniel', 'Elena', 'Frank', 'Grace', 'Hector', 'Irene', 'Jason', 'Kimberly'],
  ...[
    'Leah',
    'Marcus',
    'Nora',
    'Oscar',
    'Paula',
    'Quentin',
    'Rosa',
    'Samuel',
    'Tara',
    'Umar',
    'Vera',
    'William',
    'Yvonne',
  ],
] as const
const LAST = [
  ...[
    'Adkins',
    'Barton',
    'Cross',
    'Dixon',
    'Ellis',
    'Fisher',
    'Garrison',
    'Holt',
    'Irwin',
    'Jensen',
    'Knight',
    'Lopez',
  ],
  ...[
    'Morgan',
    'Norton',
    'Ortiz',
    'Parsons',
    'Quinn',
    'Roman',
    'Schultz',
    'Taylor',
    'Underwood',
    'Vaughn',
    'Wright',
    'York',
  ],
] as const
const STREETS = ['Turnpike', 'Crescent', 'Highway', 'Avenue', 'Ridge', 'Court', 'Lane', 'Square'] as const
const CITIES = [
  'Darrenland',
  'New Tylerbury',
  'Smithhaven',
  'Port Anna',
  'East Troy',
  'Lakeview',
  'Northfield',
] as const
const STATES = [
  ...[
    'NY',
    'UT',
    'CA',
    'TX',
    'FL',
    'WA',
    'OH',
    'GA',
    'VT',
    'ME',
    'AK',
    'HI',
    'DC',
    'PR',
    'GU',
    'VI',
    'MP',
    'AS',
    'PW',
    'FM',
  ],
] as const
const POST_OFFICES = ['APO', 'FPO', 'DPO'] as const
const FORCES = ['AA', 'AE', 'AP'] as const
/** Domains as the real customers have them: about half are broken. */
const DOMAINS = [
  ...[
    'gmail.com',
    'GmaiL.om',
    'GmaiL.om',
    'gmail.com',
    'hotmai.com',
    'hotmail.com',
    'hotmai.com',
    'yahoo.com',
    'Gmail.com',
  ],
  ...['gmai.com', 'hotmail.com', 'outlook.com'],
] as const
const EXPERIENCE = ['intern', 'Junior', 'Mid-level', 'Senior'] as const
const AGENT_STATES = ['Utah', 'West Virginia', 'South Carolina', 'Ohio', 'Nevada', 'Maine', 'Texas', 'Oregon'] as const

/** A customer as the export has it. */
export interface MadeCustomer {
  readonly id: string
  readonly name: string
  readonly gender: 'F' | 'M'
  readonly birthDate: string
  readonly signupDate: string
  readonly local: string
  readonly domain: string
  readonly address: string
}

/** The first id of an agent, and how many there are. */
export const FIRST_AGENT = 1000
export const AGENTS = 100

/** The 32 digits of a customer's id: a random UUID. */
export function customerDigits(draws: Draws, index: number): string {
  const [a, b, c, d] = (['uuid0', 'uuid1', 'uuid2', 'uuid3'] as const).map((purpose) =>
    hex(draws.bits(purpose, index), 8),
  )
  const variant = '89ab'[draws.bits('uuid2', index) & 3]
  return `${a}${b?.slice(0, 4)}4${b?.slice(5)}${variant}${c?.slice(1)}${d}`
}

/** 32 digits as a UUID. */
export function uuidOf(digits: string): string {
  const cut = (from: number, to?: number): string => digits.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-${cut(12, 16)}-${cut(16, 20)}-${cut(20)}`
}

/** A customer's first and last name. */
export function customerName(draws: Draws, index: number): readonly [first: string, last: string] {
  return [draws.of(FIRST, 'first', index), draws.of(LAST, 'last', index)]
}

const DAY = 86_400_000
const dayFrom = (first: string, days: number): string => formatDay(Date.parse(first) / DAY + days)

function addressOf(draws: Draws, index: number): string {
  const zip = String(draws.below(100_000, 'zip', index)).padStart(5, '0')
  const house = draws.below(99_999, 'house', index) + 1
  // one address in twenty is a military one
  if (draws.below(20, 'address', index) === 0) {
    const box = draws.below(9999, 'street', index) + 1
    const office = draws.of(POST_OFFICES, 'city', index)
    return `PSC ${String(house % 10_000).padStart(4, '0')}, Box ${box}\n${office} ${draws.of(FORCES, 'state', index)} ${zip}`
  }
  const street = `${house} ${draws.of(LAST, 'street', index)} ${draws.of(STREETS, 'street', index + 7)}`
  const suite = draws.below(3, 'address', index + 1) === 0 ? ` Suite ${String(house % 1000).padStart(3, '0')}` : ''
  return `${street}${suite}\n${draws.of(CITIES, 'city', index)}, ${draws.of(STATES, 'state', index)} ${zip}`
}

/** The customer of a number. No two have the same id or the same part before the `@`. */
export function customerOf(draws: Draws, index: number): MadeCustomer {
  const [first, last] = customerName(draws, index)
  const joint = draws.of(['.', '_', ''], 'local', index)
  return {
    id: uuidOf(customerDigits(draws, index)),
    name: `${first} ${last}`,
    gender: draws.of(['F', 'M'], 'gender', index),
    birthDate: dayFrom('1930-01-01', draws.below(27_000, 'birth', index)),
    signupDate: dayFrom('2015-01-01', draws.below(3650, 'signup', index)),
    local: `${hex(draws.bits('local', index), 3)}${first.toLowerCase()}${joint}${last.toLowerCase()}-${index.toString(16)}`,
    domain: draws.of(DOMAINS, 'domain', index),
    address: addressOf(draws, index),
  }
}

/** The rows of the agents' sheet, the header first. */
export function agentRows(draws: Draws): readonly (readonly (string | number)[])[] {
  const rows = Array.from({ length: AGENTS }, (_, index) => [
    FIRST_AGENT + index,
    `${draws.of(FIRST, 'agent_name', index)} ${draws.of(LAST, 'agent_name', index + AGENTS)}`,
    draws.of(EXPERIENCE, 'experience', index),
    draws.of(AGENT_STATES, 'agent_state', index),
  ])
  return [['iD', 'NamE', 'experience', 'state'], ...rows]
}
