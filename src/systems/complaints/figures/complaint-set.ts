/**
 * Complaints as they stand now, column by column: of each complaint its latest delivery.
 * @module
 */
import { TimestampColumn } from '../../../table/column.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../tables.ts'

/** Complaints by column; a code is a place in the list of its words. */
export interface ComplaintSet {
  readonly rows: number
  /** In {@link CHANNELS}. */
  readonly channel: Uint8Array
  /** In {@link PLATFORMS}; 255 for other channels. */
  readonly platform: Uint8Array
  /** In {@link CATEGORIES}. */
  readonly category: Uint8Array
  /** In {@link STATUSES}. */
  readonly status: Uint8Array
  /** In `agents`; −1 for none, and for an agent who is in no sheet. */
  readonly agent: Int32Array
  readonly agents: readonly string[]
  /** A number a customer, in order of appearance; −1 for none. */
  readonly customer: Int32Array
  readonly customers: number
  /** Epoch milliseconds; NaN where a complaint has none. */
  readonly openedAt: Float64Array
  readonly resolvedAt: Float64Array
  /** When the complaints were looked at: the end of the last delivery day, in epoch milliseconds. */
  readonly seenAt: number
}

/** The code of complaints that have none. */
export const NO_CODE = 255
const DAY = 86_400_000

/** Numbers for texts, in order of appearance. */
class Numbering {
  readonly #numbers = new Map<string, number>()

  of(text: unknown): number {
    if (text === null || text === undefined) return -1
    const known = this.#numbers.get(String(text))
    if (known !== undefined) return known
    this.#numbers.set(String(text), this.#numbers.size)
    return this.#numbers.size - 1
  }

  get texts(): string[] {
    return [...this.#numbers.keys()]
  }
}

/** Instants of a column in epoch milliseconds; NaN is null. */
function instantsOf(frame: Frame, name: string): ArrayLike<number> {
  const column = columnOf(frame, name)
  if (column instanceof TimestampColumn && column.unit === 'ms') return column.values as ArrayLike<number>
  return Float64Array.from(column, (value) => (value instanceof Date ? value.getTime() : Number.NaN))
}

const codeIn = (words: readonly string[]) => {
  const codes = new Map<unknown, number>(words.map((word, code) => [word, code]))
  return (word: unknown): number => codes.get(word) ?? NO_CODE
}

const CODES = {
  ...{ channel: codeIn(CHANNELS), platform: codeIn(PLATFORMS) },
  ...{ category: codeIn(CATEGORIES), status: codeIn(STATUSES) },
} as const

/** Collects complaints, delivery after delivery, from the newest to the oldest. */
export class ComplaintCollector {
  readonly #known: ReadonlySet<unknown> | null
  readonly #seen = new Set<string>()
  readonly #agents = new Numbering()
  readonly #customers = new Numbering()
  readonly #columns = {
    ...{ channel: [] as number[], platform: [] as number[], category: [] as number[], status: [] as number[] },
    ...{ agent: [] as number[], customer: [] as number[], openedAt: [] as number[], resolvedAt: [] as number[] },
  }
  #lastDay = Number.NEGATIVE_INFINITY

  /** `agents` are those of the sheet; without them every agent is taken as one of it. */
  constructor(agents: ReadonlySet<unknown> | null = null) {
    this.#known = agents
  }

  /** Adds the cleaned complaints of one delivery. A complaint that a later delivery had is left out. */
  add(rows: Frame): void {
    const column = (name: string) => columnOf(rows, name)
    const [ids, channels, platforms] = [column('complaint_id'), column('channel'), column('platform')]
    const [categories, statuses] = [column('category'), column('status')]
    const [agents, customers, days] = [column('agent_id'), column('customer_id'), column('delivered_on')]
    const [opened, resolved] = [instantsOf(rows, 'opened_at'), instantsOf(rows, 'resolved_at')]
    const to = this.#columns
    for (let row = 0; row < rows.rows; row++) {
      const channel = CODES.channel(channels.at(row))
      const id = `${channel} ${ids.at(row)}`
      this.#lastDay = Math.max(this.#lastDay, Date.parse(String(days.at(row))))
      if (this.#seen.has(id)) continue
      this.#seen.add(id)
      to.channel.push(channel)
      to.platform.push(CODES.platform(platforms.at(row)))
      to.category.push(CODES.category(categories.at(row)))
      to.status.push(CODES.status(statuses.at(row)))
      const agent = agents.at(row)
      to.agent.push(this.#known === null || this.#known.has(agent) ? this.#agents.of(agent) : -1)
      to.customer.push(this.#customers.of(customers.at(row)))
      to.openedAt.push(opened[row] as number)
      to.resolvedAt.push(resolved[row] as number)
    }
  }

  /** The complaints so far. */
  finish(): ComplaintSet {
    const { channel, platform, category, status, agent, customer, openedAt, resolvedAt } = this.#columns
    const agents = this.#agents.texts
    return {
      ...{ rows: channel.length, agents, customers: this.#customers.texts.length, seenAt: this.#lastDay + DAY },
      ...{ channel: Uint8Array.from(channel), platform: Uint8Array.from(platform) },
      ...{ category: Uint8Array.from(category), status: Uint8Array.from(status) },
      ...{ agent: Int32Array.from(agent), customer: Int32Array.from(customer) },
      ...{ openedAt: Float64Array.from(openedAt), resolvedAt: Float64Array.from(resolvedAt) },
    }
  }
}

/** The rows of a set that a test accepts, in order. */
export function rowsWhere({ rows }: Pick<ComplaintSet, 'rows'>, isWanted: (row: number) => boolean): Int32Array {
  const found = new Int32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) if (isWanted(row)) found[count++] = row
  return found.slice(0, count)
}
