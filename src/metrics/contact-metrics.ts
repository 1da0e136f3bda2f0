/**
 * Measures of contacts by the formulas of a profile.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { type TableLike, viewTable } from '../table/table-like.ts'
import {
  type ContactMetric,
  type ContactOutcome,
  type FormulaTerm,
  type MetricFormula,
  type MetricProfile,
  OUTCOME_WORDS,
} from './formulas.ts'

/** The thresholds of a contact center. */
export interface MetricSettings {
  /** Seconds within which a contact is to be answered; the bound belongs to them. */
  readonly targetSeconds: number
  /** A contact abandoned in the queue within so many seconds is a short abandon; 0 for none. */
  readonly shortAbandonSeconds: number
}

/** A measure, with what it was made of. */
export interface MetricResult {
  readonly metric: ContactMetric
  /** Numerator divided by denominator; null where the denominator is 0. */
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  readonly formula: MetricFormula
}

const SETTINGS = { targetSeconds: true, shortAbandonSeconds: true } satisfies OptionNames<MetricSettings>

/** The contacts, column by column. */
interface Contacts {
  readonly rows: number
  readonly outcome: readonly ContactOutcome[]
  seconds(column: string, row: number): number
}

function refusal(row: number, column: string, found: unknown, expected: string): ContractError {
  return new ContractError('type_mismatch', `contacts row ${row + 1}, ${column}: expected ${expected}`, {
    details: { row: row + 1, column, found },
  })
}

function contactsOf(frame: Frame): Contacts {
  const outcome = Array.from(columnOf(frame, 'outcome'), (value, row) => {
    if (typeof value === 'string' && Object.hasOwn(OUTCOME_WORDS, value)) return value as ContactOutcome
    throw refusal(row, 'outcome', value, `one of ${Object.keys(OUTCOME_WORDS).join(', ')}`)
  })
  return {
    rows: frame.rows,
    outcome,
    seconds(column, row) {
      const value = columnOf(frame, column).at(row)
      if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
      throw refusal(
        row,
        column,
        value,
        `seconds from 0, because the contact is ${OUTCOME_WORDS[outcome[row] as ContactOutcome]}`,
      )
    },
  }
}

function sumOf(term: FormulaTerm, contacts: Contacts, { targetSeconds, shortAbandonSeconds }: MetricSettings): number {
  const { outcomes, isWithinTarget, isWithoutShortAbandons, times } = term
  let sum = 0
  for (let row = 0; row < contacts.rows; row++) {
    const outcome = contacts.outcome[row] as ContactOutcome
    if (!outcomes.includes(outcome)) continue
    const isShort =
      isWithoutShortAbandons &&
      outcome === 'abandoned_in_queue' &&
      shortAbandonSeconds > 0 &&
      contacts.seconds('queued_seconds', row) <= shortAbandonSeconds
    if (isShort || (isWithinTarget && contacts.seconds('queued_seconds', row) > targetSeconds)) continue
    sum += times === undefined ? 1 : times.reduce((seconds, name) => seconds + contacts.seconds(name, row), 0)
  }
  return sum
}

/**
 * Returns the measures of contacts by the formulas of a profile, in its order. Each contact is one row: `outcome` says how it
 * ended; `queued_seconds`, `talk_seconds`, `hold_seconds` and `after_seconds` are read where a formula needs them, and must then
 * be numbers: a missing one is refused, never taken for 0.
 *
 * @throws ContractError column_not_found - a column that a formula needs is not there; type_mismatch - an outcome or a time
 * cannot be; invalid_option - a threshold cannot be
 * @example
 * import { table } from 'arquero'
 * import { contactMetrics, METRIC_PROFILES } from 'support-etl/metrics'
 *
 * const contacts = table({
 *   outcome: ['answered', 'answered', 'abandoned_in_queue', 'abandoned_in_queue'],
 *   queued_seconds: [5, 40, 3, 60],
 *   talk_seconds: [120, 300, null, null],
 *   hold_seconds: [0, 30, null, null],
 *   after_seconds: [30, 60, null, null],
 * })
 * const settings = { targetSeconds: 20, shortAbandonSeconds: 5 }
 * const levelBy = (profile) => contactMetrics(contacts, profile, settings)[0]?.value
 * levelBy(METRIC_PROFILES['amazon-connect']) // 0.5
 * levelBy(METRIC_PROFILES['genesys-cloud']) // 0.3333333333333333
 */
export function contactMetrics(
  contacts: TableLike,
  profile: MetricProfile,
  settings: MetricSettings,
): readonly MetricResult[] {
  const read = contactsOf(viewTable(contacts, 'contacts'))
  refuseUnless(Array.isArray(profile?.formulas), 'profile', profile, 'a profile, such as one of METRIC_PROFILES')
  refuseUnknown(settings, SETTINGS)
  for (const name of ['targetSeconds', 'shortAbandonSeconds'] as const) {
    const isFit = Number.isFinite(settings[name]) && settings[name] >= 0
    refuseUnless(isFit, name, settings[name], 'seconds, from 0')
  }
  return profile.formulas.map((formula) => {
    const [numerator, denominator] = [formula.numerator, formula.denominator].map((term) => sumOf(term, read, settings))
    const value = denominator === 0 ? null : (numerator as number) / (denominator as number)
    return { metric: formula.metric, value, numerator: numerator ?? 0, denominator: denominator ?? 0, formula }
  })
}

/**
 * Returns the share of their time for which agents were busy with contacts: time on contacts / (time on contacts + time in which
 * they were free for one). Breaks and other work count in neither part. Null where both are 0. Amazon Connect documents it like
 * this, with the time on contacts by the clock on the wall, so that two chats at once count once.
 *
 * @throws ContractError invalid_option - a time cannot be
 * @example
 * import { agentOccupancy } from 'support-etl/metrics'
 *
 * agentOccupancy({ contactSeconds: 5400, freeSeconds: 1800 }) // 0.75
 */
export function agentOccupancy(times: {
  readonly contactSeconds: number
  readonly freeSeconds: number
}): number | null {
  refuseUnknown(times, { contactSeconds: true, freeSeconds: true })
  const { contactSeconds, freeSeconds } = times
  for (const [name, value] of Object.entries({ contactSeconds, freeSeconds })) {
    refuseUnless(Number.isFinite(value) && value >= 0, name, value, 'seconds, from 0')
  }
  return contactSeconds + freeSeconds === 0 ? null : contactSeconds / (contactSeconds + freeSeconds)
}
