/**
 * First-contact resolution: of the first contacts of an issue, those that were resolved and did not come back.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { type TableLike, viewTable } from '../table/table-like.ts'
import { parseInstant } from '../time/instant.ts'

/** What makes two contacts belong together. */
export type ContactGroup = 'customer' | 'customer_and_issue' | 'issue'

/** A definition of first-contact resolution. */
export interface ResolutionRule {
  readonly name: string
  readonly by: ContactGroup
  /**
   * A contact at most so many days (of 24 hours) after the one before it, of the same group, is a repeat. Null: every later
   * contact of the group is one.
   */
  readonly repeatDays: number | null
  /** `first_contacts`: unresolved ones count in the denominator. `resolved`: only resolved ones do. */
  readonly denominator: 'first_contacts' | 'resolved'
  /** Where the definition is documented. */
  readonly source: string
}

/** The time that the contacts cover: whole, so that a contact that is not there did not take place. */
export interface ContactPeriod {
  /** The first instant, as a Date or epoch milliseconds. */
  readonly from: Date | number
  /** The instant after the last one. */
  readonly until: Date | number
}

/** Contacts that count in neither part, by reason. */
export interface ResolutionExclusions {
  /** A contact of the same group was less than the window before it. */
  readonly repeats: number
  /** It is so near the beginning of the data that a contact before it may be missing. */
  readonly openStart: number
  /** It is so near the end of the data that a repeat may still come. */
  readonly openEnd: number
  /** Nobody said whether it was resolved. */
  readonly resolutionUnknown: number
  /** The customer, or the issue, is unknown. */
  readonly groupUnknown: number
  /** It was not resolved, and the rule counts resolved ones alone. */
  readonly unresolved: number
}

/** The share, with what it was made of. */
export interface ResolutionResult {
  /** Numerator divided by denominator; null where the denominator is 0. */
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  /** With numerator and denominator, every contact counts once: in the denominator, or in one of these. */
  readonly excluded: ResolutionExclusions
  readonly rule: ResolutionRule
}

/** Definitions that are documented in public. */
export const RESOLUTION_RULES: Readonly<Record<'seven-days' | 'freshservice', ResolutionRule>> = {
  'seven-days': {
    ...{ name: 'seven-days', by: 'customer_and_issue', repeatDays: 7, denominator: 'first_contacts' },
    source: 'https://www.callcentrehelper.com/first-call-contact-resolution-fcr-208926.htm',
  },
  freshservice: {
    ...{ name: 'freshservice', by: 'issue', repeatDays: null, denominator: 'resolved' },
    source: 'https://support.freshservice.com/en/support/solutions/articles/50000004904-how-do-you-calculate-fcr-',
  },
}

const GROUPS: Readonly<Record<ContactGroup, { readonly columns: readonly string[]; readonly words: string }>> = {
  customer: { columns: ['customer_id'], words: 'customer' },
  customer_and_issue: { columns: ['customer_id', 'issue_id'], words: 'customer and issue' },
  issue: { columns: ['issue_id'], words: 'issue' },
}

const DAY = 86_400_000
const RULE = {
  name: true,
  by: true,
  repeatDays: true,
  denominator: true,
  source: true,
} satisfies OptionNames<ResolutionRule>

function refuseRule(rule: ResolutionRule): void {
  refuseUnless(isRecord(rule), 'rule', rule, 'a rule, such as one of RESOLUTION_RULES')
  refuseUnknown(rule, RULE)
  const { by, repeatDays, denominator } = rule
  refuseUnless(Object.hasOwn(GROUPS, by), 'rule.by', by, `one of ${Object.keys(GROUPS).join(', ')}`)
  const isDays = repeatDays === null || (Number.isFinite(repeatDays) && repeatDays > 0)
  refuseUnless(isDays, 'rule.repeatDays', repeatDays, 'days, more than 0, or null')
  const isKnown = denominator === 'first_contacts' || denominator === 'resolved'
  refuseUnless(isKnown, 'rule.denominator', denominator, 'first_contacts or resolved')
}

/**
 * Returns a rule in words: numerator, denominator, exclusions and source.
 * @throws ContractError invalid_option - what is given is no rule
 * @example
 * import { RESOLUTION_RULES, resolutionText } from 'support-etl/metrics'
 *
 * resolutionText(RESOLUTION_RULES.freshservice)[0]
 * // 'First-contact resolution: first contacts of an issue that were resolved, without a later contact / first contacts that were resolved'
 */
export function resolutionText(rule: ResolutionRule): readonly string[] {
  refuseRule(rule)
  const { by, repeatDays, denominator, source } = rule
  const later = repeatDays === null ? 'a later contact' : `another contact within ${repeatDays} days`
  const counted = denominator === 'resolved' ? 'first contacts that were resolved' : 'first contacts, resolved or not'
  const edges =
    repeatDays === null
      ? []
      : [`First contacts less than ${repeatDays} days from the beginning or the end of the data do not count.`]
  return [
    `First-contact resolution: first contacts of a${by === 'issue' ? 'n' : ''} ${GROUPS[by].words} that were resolved, without ${later} / ${counted}`,
    'A repeat is no first contact and counts in neither part.',
    ...edges,
    'Contacts of which nobody said whether they were resolved, or whose it is, do not count.',
    `Source: ${source}`,
  ]
}

function instantOf(value: unknown): number {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'number') return value
  return typeof value === 'string' ? parseInstant(value) : Number.NaN
}

function startsOf(frame: Frame, from: number, until: number): Float64Array {
  return Float64Array.from(columnOf(frame, 'started_at'), (value, row) => {
    const at = instantOf(value)
    if (at >= from && at < until) return at
    throw new ContractError(
      'type_mismatch',
      `contacts row ${row + 1}, started_at: expected an instant within the period`,
      {
        details: { row: row + 1, column: 'started_at', found: value },
      },
    )
  })
}

/** The rows of each group in order of their starts; of two at one instant the earlier row is first. */
function groupsOf(frame: Frame, by: ContactGroup, starts: Float64Array): { groups: number[][]; unknown: number } {
  const columns = GROUPS[by].columns.map((name) => columnOf(frame, name))
  const groups = new Map<string, number[]>()
  let unknown = 0
  for (let row = 0; row < frame.rows; row++) {
    const cells = columns.map((column) => column.at(row) ?? null)
    if (cells.includes(null)) {
      unknown++
      continue
    }
    const key = JSON.stringify(cells.map(String))
    const rows = groups.get(key)
    if (rows === undefined) groups.set(key, [row])
    else rows.push(row)
  }
  const ordered = [...groups.values()]
  for (const rows of ordered) rows.sort((a, b) => (starts[a] as number) - (starts[b] as number) || a - b)
  return { groups: ordered, unknown }
}

/**
 * Returns the share of first contacts that were resolved and did not come back. Each contact is one row: `started_at` (an instant),
 * `is_resolved` (null where nobody said), and `customer_id`, `issue_id` or both, as the rule groups contacts. Rows may be in any
 * order. A contact exactly `repeatDays` after another is a repeat.
 *
 * @throws ContractError column_not_found - a column that the rule needs is not there; type_mismatch - a start is no instant of the
 * period, or `is_resolved` no boolean; invalid_option - the rule or the period cannot be
 * @example
 * import { table } from 'arquero'
 * import { firstContactResolution, RESOLUTION_RULES } from 'support-etl/metrics'
 *
 * const contacts = table({
 *   customer_id: ['C1', 'C1', 'C2', 'C3'],
 *   issue_id: ['billing', 'billing', 'outage', 'outage'],
 *   started_at: ['2025-03-10T10:00Z', '2025-03-14T10:00Z', '2025-03-11T09:00Z', '2025-03-12T09:00Z'],
 *   is_resolved: [true, true, true, false],
 * })
 * const period = { from: new Date('2025-03-01T00:00Z'), until: new Date('2025-04-01T00:00Z') }
 * const { numerator, denominator, excluded } = firstContactResolution(contacts, RESOLUTION_RULES['seven-days'], period)
 * numerator // 1
 * denominator // 3
 * excluded.repeats // 1
 */
export function firstContactResolution(
  contacts: TableLike,
  rule: ResolutionRule,
  period: ContactPeriod,
): ResolutionResult {
  const frame = viewTable(contacts, 'contacts')
  refuseRule(rule)
  refuseUnknown(period, { from: true, until: true } satisfies OptionNames<ContactPeriod>)
  const [from, until] = [instantOf(period.from), instantOf(period.until)]
  refuseUnless(Number.isFinite(from), 'period.from', period.from, 'a Date, or epoch milliseconds')
  refuseUnless(until > from, 'period.until', period.until, 'a Date, or epoch milliseconds, after period.from')
  const { by, repeatDays, denominator: counts } = rule
  const window = repeatDays === null ? Number.POSITIVE_INFINITY : repeatDays * DAY
  const starts = startsOf(frame, from, until)
  const { groups, unknown } = groupsOf(frame, by, starts)
  const resolved = columnOf(frame, 'is_resolved')
  const excluded = { repeats: 0, openStart: 0, openEnd: 0, resolutionUnknown: 0, groupUnknown: unknown, unresolved: 0 }
  let [numerator, denominator] = [0, 0]
  for (const rows of groups) {
    for (const [at, row] of rows.entries()) {
      const start = starts[row] as number
      const [before, after] = [rows[at - 1], rows[at + 1]]
      const isResolved = resolved.at(row) ?? null
      if (isResolved !== null && typeof isResolved !== 'boolean') {
        throw new ContractError(
          'type_mismatch',
          `contacts row ${row + 1}, is_resolved: expected true, false or nothing`,
          {
            details: { row: row + 1, column: 'is_resolved', found: isResolved },
          },
        )
      }
      if (before !== undefined && start - (starts[before] as number) <= window) excluded.repeats++
      else if (repeatDays !== null && start - from < window) excluded.openStart++
      else if (repeatDays !== null && until - start <= window) excluded.openEnd++
      else if (isResolved === null) excluded.resolutionUnknown++
      else if (!isResolved && counts === 'resolved') excluded.unresolved++
      else {
        denominator++
        const comesBack = after !== undefined && (starts[after] as number) - start <= window
        if (isResolved && !comesBack) numerator++
      }
    }
  }
  return { value: denominator === 0 ? null : numerator / denominator, numerator, denominator, excluded, rule }
}
