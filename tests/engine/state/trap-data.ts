/** Source files of the monthly job, full of what goes wrong in real ones; the same seed gives the same files. */
import { share } from '../../../src/sample/chance.ts'

/** Options of a run and source files by name. */
export interface TrapData {
  readonly files: Readonly<Record<string, string>>
  /** The months that have deltas, in their order. */
  readonly months: readonly string[]
  readonly options: {
    readonly timeZone: string
    readonly monthFrom: string
    readonly format: 'csv' | 'json' | 'parquet'
  }
}

const ZONES = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC', 'America/St_Johns']
const FORMATS = ['csv', 'csv', 'json', 'parquet'] as const
const KEYS = ['I', '東京-', "o'brien-", 'é', 'back\\slash-', '😀', 'i', 'I_%', '"q"']
const CHANNELS = ['phone', 'Phone', ' PHONE ', 'chat', 'email', '', 'phone\n2', 'PHONÉ', 'phone']
const ACTIONS = {
  add: ['add', 'ADD', 'insert', 'c'],
  update: ['update ', 'update', 'U', 'Modify'],
  delete: ['delete', ' Delete', 'tombstone'],
} as const
// nights on which clocks change, beginnings of months, the ends of time
const INSTANTS = [
  ...['2025-03-09T06:59:59.999Z', '2025-03-09T07:00Z', '2025-11-02T05:30Z', '2025-11-02T06:30Z', '2025-03-30T01:00Z'],
  ...['2025-02-01T04:59:59.999Z', '2025-02-01T05:00Z', '2025-03-01T01:30Z', '2025-01-01T00:00Z', '2024-02-29T23:59Z'],
  ...['1883-11-18T17:00Z', '0001-01-01T00:00Z', '9999-12-31T23:59:59.999Z', '1970-01-01T00:00Z', '2025-04-05T15:30Z'],
]
const MINUTES = ['0', '-0', '0.0000005', '0.0000015', '-0.0000005', '12.5', '1e3', '450359962.7370496', '0.1', '7', '']
const RATINGS = ['1', '5', '', '3.5', '-0']

class Dice {
  readonly #seed: number
  #at = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  next(): number {
    this.#at += 1
    return share(this.#seed, 77, this.#at)
  }

  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value
  }
}

const cell = (text: string): string => (/[",\r\n\\]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const COLUMNS = {
  interactions: [
    ...['interaction_id', 'timestamp', 'channel', 'category_id', 'agent_id', 'contact_center_id', 'interaction_start'],
    ...['agent_resolution_timestamp', 'interaction_end', 'call_duration_minutes', 'satisfaction_rating'],
  ],
  agents: ['agent_id', 'full_name', 'contact_center_id', 'hire_date', 'category_id'],
  contact_centers: ['contact_center_id', 'contact_center_name', 'location'],
  service_categories: ['category_id', 'category_name', 'department'],
} as const

type Table = keyof typeof COLUMNS

const TABLES = Object.keys(COLUMNS) as Table[]
/** How many keys there are of each table: few, so that they come again. */
const KEY_COUNTS: Readonly<Record<Table, number>> = {
  ...{ interactions: 40, agents: 8, contact_centers: 5, service_categories: 6 },
}

const NAMES = ['Boston', ' Portland ', 'Zürich', '東京', '', 'Unknown', 'A,"B"', 'line\nbreak', 'boston']

function instant(dice: Dice): string {
  const roll = dice.next()
  if (roll < 0.12) return ''
  if (roll < 0.4) return dice.of(INSTANTS)
  return new Date(Date.UTC(2025, 0, 1) + dice.below(200 * 86_400_000)).toISOString()
}

function cellsOf(table: Table, key: string, dice: Dice): readonly string[] {
  const center = () => dice.of(['C0', 'C1', 'C2', 'C9', ''])
  const category = () => dice.of(['K0', 'K1', 'K2', 'K9', ''])
  switch (table) {
    case 'interactions':
      return [
        ...[key, instant(dice), dice.of(CHANNELS), category(), dice.of(['A0', 'A1', '']), center(), instant(dice)],
        ...[instant(dice), instant(dice), dice.of(MINUTES), dice.of(RATINGS)],
      ]
    case 'agents':
      return [key, dice.of(NAMES), center(), dice.of(['2024-02-29', '1969-12-31', '', '0001-01-01']), category()]
    case 'contact_centers':
      return [key, dice.of(NAMES), dice.of(NAMES)]
    default:
      return [key, dice.of(NAMES), dice.of(NAMES)]
  }
}

const keyOf = (table: Table, at: number): string => {
  if (table === 'interactions') return `${KEYS[at % KEYS.length]}${Math.floor(at / KEYS.length)}`
  return `${{ agents: 'A', contact_centers: 'C', service_categories: 'K' }[table]}${at}`
}

function extractOf(table: Table, dice: Dice): string {
  const rows = Array.from({ length: KEY_COUNTS[table] }, (_, at) => at).filter(() => dice.next() < 0.6)
  const lines = rows.map((at) => cellsOf(table, keyOf(table, at), dice).map(cell).join(','))
  return [COLUMNS[table].join(','), ...lines, ''].join('\n')
}

/** Changes in any order: keys come twice, go and come again; some files lack a column, and some rows do not fit. */
function deltaOf(table: Table, dice: Dice): string {
  const names = COLUMNS[table]
  const lacks = dice.next() < 0.3 ? 1 + dice.below(names.length - 1) : -1
  const kept = names.map((_, at) => at).filter((at) => at !== lacks)
  const length = dice.next() < 0.1 ? 0 : dice.below(KEY_COUNTS[table] * 1.5)
  const lines = Array.from({ length }, (_, row) => {
    const action = dice.of(['add', 'update', 'update', 'delete'] as const)
    const cells = [...cellsOf(table, keyOf(table, dice.below(KEY_COUNTS[table])), dice)]
    // one row of many waits in quarantine
    if (table === 'interactions' && row === 3) cells[6] = 'yesterday'
    return [...kept.map((at) => cell(cells[at] ?? '')), dice.of(ACTIONS[action])].join(',')
  })
  return [[...kept.map((at) => names[at]), 'action'].join(','), ...lines, ''].join('\n')
}

/** Returns the data set of a seed. */
export function trapData(seed: number): TrapData {
  const dice = new Dice(seed)
  const files: Record<string, string> = {}
  for (const table of TABLES) files[`initial/${table}.csv`] = extractOf(table, dice)
  const months = ['202501', '202502', '202503', '202505'].slice(0, 2 + dice.below(3))
  for (const month of months) {
    for (const table of TABLES) {
      if (dice.next() < 0.75) files[`delta/${table}_delta_${month}.csv`] = deltaOf(table, dice)
    }
  }
  const found = months.filter((month) => Object.keys(files).some((name) => name.includes(`_delta_${month}`)))
  const options = {
    ...{ timeZone: dice.of(ZONES), format: dice.of(FORMATS) },
    monthFrom: dice.of(['interaction_start', 'interaction_start', 'timestamp', 'interaction_end']),
  }
  return { files, months: found, options }
}
