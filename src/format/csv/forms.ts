/**
 * Declared forms of cells: how timestamps, days, numbers, booleans and missing values are written.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import {
  compileDuration,
  DURATION_UNITS,
  DURATION_WRITINGS,
  type DurationParser,
  type DurationUnit,
  type DurationWriting,
} from '../../time/duration-form.ts'
import { type CompiledForm, compileDayForm, compileTimestampForm } from '../../time/timestamp-form.ts'
import { type Zone, zoneOf } from '../../time/zone.ts'

/** How the timestamps of a file are written. */
export interface TimestampForm {
  /**
   * `iso` (default); `epoch_seconds`, `epoch_milliseconds` or `epoch_microseconds`; or letters such as
   * `dd/MM/yyyy HH:mm` and `M/d/yyyy h:mm a`. The letters are `yyyy`, `yy` (2000 to 2099), `MM`, `M`
   * (one or two digits), `MMM` (`Jan`), `dd`, `d`, `EEE` (`Fri`, the day of the date), `HH`, `H`, `hh`, `h`, `mm`, `ss`, `S` (a fraction of
   * any length; `SSS` has three digits), `a` (AM or PM) and `X` (`Z` or an offset such as `+01:00`).
   * Text stands in single quotes; other characters stand for themselves.
   */
  readonly form?: string
  /** The zone of timestamps that name none, such as `Europe/Berlin`; default UTC. */
  readonly zone?: string
  /**
   * What a wall time means that comes twice or never where clocks change: the `earlier` or the
   * `later` instant, or an issue (`reject`, default).
   */
  readonly disambiguation?: 'earlier' | 'later' | 'reject'
  /**
   * `cut`: digits finer than the column's unit are left out. `refuse` (default): they are an issue,
   * unless they are zeros.
   */
  readonly finer?: 'refuse' | 'cut'
}

/** The words for true and false, exactly as they are written. */
export interface BooleanWords {
  readonly true: readonly string[]
  readonly false: readonly string[]
}

/** How the durations of a column are written, and what its numbers count. */
export interface DurationForm {
  /**
   * `hh:mm:ss` (any number of hours, and a fraction of the seconds: `00:12:30`, `105:00:07.5`), `hh:mm`, `mm:ss`, `iso`
   * (`PT12M30S`), or a number of `hours`, `minutes`, `seconds` or `milliseconds`.
   */
  readonly form: DurationWriting
  /** What the column counts: `minutes` makes 12.5 of `00:12:30`. */
  readonly unit: DurationUnit
}

/** The part of a dialect that says how cells are written. */
export interface FormOptions {
  readonly timestamps?: TimestampForm
  readonly dates?: string
  readonly decimal?: '.' | ','
  readonly thousands?: string
  readonly nulls?: readonly string[]
  readonly booleans?: BooleanWords
  readonly durations?: Readonly<Record<string, DurationForm>>
}

/** Words as UTF-8. */
export type Words = readonly Uint8Array[]

/** Timestamps as declared. */
export interface StampForm {
  readonly compiled: CompiledForm
  /** Null for UTC. */
  readonly zone: Zone | null
  readonly disambiguation: 'earlier' | 'later' | 'reject'
  readonly cutsFiner: boolean
}

/** Numbers as declared. */
export interface NumberForm {
  readonly decimal: '.' | ','
  readonly thousands: string | null
}

/** The durations of a column as declared. */
export interface CompiledDuration {
  readonly parse: DurationParser
  /** How they look, for messages: `a duration such as 00:12:30`. */
  readonly expected: string
}

/** The declared forms; null for what is written as the fast reader expects it. */
export interface CellForms {
  readonly stamps: StampForm | null
  readonly days: CompiledForm | null
  readonly numbers: NumberForm | null
  readonly booleans: { readonly yes: Words; readonly no: Words; readonly shown: string } | null
  readonly nulls: Words | null
  /** By the name of the column. */
  readonly durations: ReadonlyMap<string, CompiledDuration> | null
}

const STAMPS = { form: true, zone: true, disambiguation: true, finer: true } satisfies OptionNames<TimestampForm>
const DISAMBIGUATIONS = ['earlier', 'later', 'reject']
const THOUSANDS = ['.', ',', ' ', "'"]
const LONGEST_FORM = 100
const encoder = new TextEncoder()

function refuseOption(isFit: boolean, name: string, found: unknown, expected: string): void {
  refuseUnless(isFit, name, found, expected, FormatError)
}

const isForm = (form: unknown) => typeof form === 'string' && form !== '' && form.length <= LONGEST_FORM

function resolveStamps(options: TimestampForm | undefined): StampForm | null {
  if (options === undefined) return null
  refuseOption(isRecord(options), 'timestamps', options, "an object such as { form: 'dd/MM/yyyy HH:mm' }")
  refuseUnknown(options, STAMPS, FormatError)
  const { form = 'iso', zone = 'UTC', disambiguation = 'reject', finer = 'refuse' } = options
  refuseOption(isForm(form), 'timestamps.form', form, 'text such as dd/MM/yyyy HH:mm')
  refuseOption(typeof zone === 'string', 'timestamps.zone', zone, 'a zone such as Europe/Berlin')
  refuseOption(
    DISAMBIGUATIONS.includes(disambiguation),
    'timestamps.disambiguation',
    disambiguation,
    `one of ${DISAMBIGUATIONS.join(', ')}`,
  )
  refuseOption(finer === 'refuse' || finer === 'cut', 'timestamps.finer', finer, 'refuse or cut')
  const compiled = compileTimestampForm(form)
  if (compiled.namesInstant && options.zone !== undefined) {
    throw new FormatError(
      'invalid_option',
      `timestamps of the form "${form}" name their instant themselves; leave the zone out`,
      { details: { option: 'timestamps.zone' } },
    )
  }
  if (form === 'iso' && zone === 'UTC' && finer === 'refuse') return null
  return { compiled, zone: zone === 'UTC' ? null : zoneOf(zone), disambiguation, cutsFiner: finer === 'cut' }
}

function resolveNumbers({ decimal = '.', thousands }: FormOptions): NumberForm | null {
  refuseOption(decimal === '.' || decimal === ',', 'decimal', decimal, 'a point or a comma')
  const isSeparator = thousands === undefined || THOUSANDS.includes(thousands)
  refuseOption(isSeparator, 'thousands', thousands, 'a point, comma, space or apostrophe')
  refuseOption(thousands !== decimal, 'thousands', thousands, 'another character than the decimal one')
  return decimal === '.' && thousands === undefined ? null : { decimal, thousands: thousands ?? null }
}

function wordsOf(words: unknown, name: string): Words {
  const isList = Array.isArray(words) && words.length > 0
  const isText = isList && words.every((word) => typeof word === 'string' && word !== '' && word.trim() === word)
  refuseOption(isText, name, words, 'a list of words without outer spaces')
  return (words as readonly string[]).map((word) => encoder.encode(word))
}

function resolveBooleans(options: BooleanWords | undefined): CellForms['booleans'] {
  if (options === undefined) return null
  const expected = "an object such as { true: ['yes'], false: ['no'] }"
  refuseOption(isRecord(options), 'booleans', options, expected)
  refuseUnknown(options, { true: true, false: true }, FormatError)
  const [yes, no] = [wordsOf(options.true, 'booleans.true'), wordsOf(options.false, 'booleans.false')]
  const both = options.true.find((word) => options.false.includes(word))
  refuseOption(both === undefined, 'booleans', options, 'other words for true than for false')
  return { yes, no, shown: [...options.true, ...options.false].join(', ') }
}

const DURATION = { form: true, unit: true } satisfies OptionNames<DurationForm>
const LOOKS: Readonly<Partial<Record<DurationWriting, string>>> = {
  'hh:mm:ss': '00:12:30',
  'hh:mm': '00:12',
  'mm:ss': '12:30',
  iso: 'PT12M30S',
}

function compiledDuration(name: string, options: DurationForm, decimal: '.' | ','): CompiledDuration {
  const option = `durations.${name}`
  refuseOption(isRecord(options), option, options, "an object such as { form: 'hh:mm:ss', unit: 'minutes' }")
  refuseUnknown(options, DURATION, FormatError)
  const { form, unit } = options
  refuseOption(DURATION_WRITINGS.includes(form), `${option}.form`, form, `one of ${DURATION_WRITINGS.join(', ')}`)
  refuseOption(DURATION_UNITS.includes(unit), `${option}.unit`, unit, `one of ${DURATION_UNITS.join(', ')}`)
  const looks = LOOKS[form]
  const expected =
    looks === undefined ? `a number of ${form}, written as in 12${decimal}5` : `a duration such as ${looks}`
  return { parse: compileDuration(form, unit, decimal), expected }
}

function resolveDurations({ durations, decimal = '.' }: FormOptions): CellForms['durations'] {
  if (durations === undefined) return null
  const expected = "an object of columns, such as { talk_minutes: { form: 'hh:mm:ss', unit: 'minutes' } }"
  refuseOption(isRecord(durations), 'durations', durations, expected)
  return new Map(Object.entries(durations).map(([name, form]) => [name, compiledDuration(name, form, decimal)]))
}

/**
 * Returns the declared forms of cells; null if all cells are written as the fast reader expects them.
 * @throws FormatError invalid_option - a form that no cell can be read with
 * @throws ContractError time_zone_unknown - the zone of the timestamps
 */
export function resolveForms(options: FormOptions): CellForms | null {
  const { dates, nulls } = options
  refuseOption(dates === undefined || isForm(dates), 'dates', dates, 'text such as dd.MM.yyyy')
  const forms: CellForms = {
    stamps: resolveStamps(options.timestamps),
    days: dates === undefined ? null : compileDayForm(dates),
    numbers: resolveNumbers(options),
    booleans: resolveBooleans(options.booleans),
    nulls: nulls === undefined ? null : wordsOf(nulls, 'nulls'),
    durations: resolveDurations(options),
  }
  return Object.values(forms).every((form) => form === null) ? null : forms
}

/** Whether the bytes are one of the words. */
export function isWord(words: Words, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  return words.some((word) => word.length === length && word.every((byte, at) => bytes[start + at] === byte))
}
