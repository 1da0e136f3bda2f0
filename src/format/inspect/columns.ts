/**
 * What the texts of a column look like: numbers, durations, booleans, words for no value, timestamps.
 * @module
 */
import { parseTimestampAt, TimestampReading } from '../../time/read-stamp.ts'
import { type CountedTexts, type TimeForms, timeFormsOf } from './time-shapes.ts'

/** What a column looks like. */
export type SeenKind = 'empty' | 'integer' | 'number' | 'boolean' | 'timestamp' | 'day' | 'duration' | 'text'

/** A column of a file as it looks. */
export interface InspectedColumn {
  readonly name: string
  readonly kind: SeenKind
  /** Cells with a value, cells without one, and cells with a word that seems to mean no value. */
  readonly values: number
  readonly blanks: number
  readonly nullWords: readonly string[]
  /** How values are written: `decimal comma`, `hh:mm:ss`, `iso` or a form; null where nothing needs to be said. */
  readonly written: string | null
  /** The forms that its timestamps or days may have. */
  readonly forms: TimeForms | null
}

const NULL_WORDS = new Set(['NULL', 'null', '\\N', 'N/A', 'n/a', 'NA', '#N/A', '-', '--', 'None', 'nil'])

const POINT_NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/
const COMMA_NUMBER = /^[+-]?\d+,\d+$/
const POINT_GROUPS = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/
const COMMA_GROUPS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const SPACE_GROUPS = /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/
const QUOTE_GROUPS = /^[+-]?\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?$/
const LONG_CLOCK = /^-?\d+:[0-5]\d:[0-5]\d(?:[.,]\d+)?$/
const SHORT_CLOCK = /^-?\d+:[0-5]\d$/
const ISO_DURATION = /^-?P(?=[\dT])(?:\d+[WD])*(?:T(?:\d+[HM])*(?:\d+(?:[.,]\d+)?S)?)?$/i
/** Numbers, durations and words are short: patterns see no long text. */
const LONGEST = 48

/** Words for true and false, in the languages of spreadsheets. */
const PAIRS: readonly (readonly [yes: string, no: string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['ja', 'nein'],
  ['j', 'n'],
  ['wahr', 'falsch'],
  ['oui', 'non'],
  ['vrai', 'faux'],
  ['sim', 'não'],
  ['verdadeiro', 'falso'],
  ['sí', 'no'],
  ['verdadero', 'falso'],
]

const every = (texts: CountedTexts, test: (text: string) => boolean): boolean => {
  for (const text of texts.keys()) if (!test(text)) return false
  return texts.size > 0
}

const matches =
  (...patterns: readonly RegExp[]) =>
  (text: string): boolean =>
    text.length <= LONGEST && patterns.some((pattern) => pattern.test(text))

/** How numbers are written, as far as a column shows it. */
export interface NumberSigns {
  /** Cells that can only have a decimal comma, and only a decimal point. */
  comma: number
  point: number
  /** Cells such as 1.234 or 1,234, which may be either. */
  unclear: number
  /** What stands between thousands, where it is seen. */
  readonly thousands: Set<string>
}

function countSigns(texts: CountedTexts, signs: NumberSigns): void {
  for (const text of texts.keys()) {
    const mark = /[.,]/.exec(text)?.[0]
    if (SPACE_GROUPS.test(text)) signs.thousands.add(' ')
    if (QUOTE_GROUPS.test(text)) signs.thousands.add("'")
    if (mark === undefined) continue
    const marks = text.match(/[.,]/g) ?? []
    const last = text.match(/[.,](?=\d*$)/)?.[0]
    if (new Set(marks).size === 2) {
      signs[last === ',' ? 'comma' : 'point']++
      signs.thousands.add(last === ',' ? '.' : ',')
    } else if (marks.length > 1) {
      signs[mark === '.' ? 'comma' : 'point']++
      signs.thousands.add(mark)
    } else if (/[.,]\d{3}$/.test(text) && /^[+-]?\d{1,3}[.,]/.test(text) && !/^[+-]?0[.,]/.test(text)) signs.unclear++
    else signs[mark === ',' ? 'comma' : 'point']++
  }
}

/** The words for true and false, as they are written; null for a column of other words. */
export function booleanWords(texts: CountedTexts): { readonly true: string[]; readonly false: string[] } | null {
  if (texts.size > 2) return null
  for (const [yes, no] of PAIRS) {
    const [isYes, isNo] = [yes, no].map((word) => [...texts.keys()].filter((text) => text.toLowerCase() === word))
    if (isYes?.length === 1 && isNo?.length === 1) return { true: isYes, false: isNo }
  }
  return null
}

function isIso(text: string): boolean {
  if (text.length > LONGEST) return false
  const bytes = new TextEncoder().encode(text)
  return parseTimestampAt(new DataView(bytes.buffer), 0, bytes.length, new TimestampReading())
}

/** Returns what a column looks like; numbers add to `signs`, which are those of the whole file. */
export function inspectColumn(name: string, all: CountedTexts, blanks: number, signs: NumberSigns): InspectedColumn {
  const nullWords = [...all.keys()].filter((text) => NULL_WORDS.has(text))
  const texts = new Map([...all].filter(([text]) => !NULL_WORDS.has(text)))
  const values = [...texts.values()].reduce((sum, count) => sum + count, 0)
  const give = (kind: SeenKind, written: string | null = null, forms: TimeForms | null = null): InspectedColumn => {
    return { name, kind, values, blanks, nullWords: kind === 'text' ? [] : nullWords, written, forms }
  }
  if (texts.size === 0) return give('empty')
  if (booleanWords(texts) !== null) return give('boolean')
  if (every(texts, matches(LONG_CLOCK))) return give('duration', 'hh:mm:ss')
  if (every(texts, matches(SHORT_CLOCK))) return give('duration', 'mm:ss')
  if (every(texts, matches(ISO_DURATION))) return give('duration', 'iso')
  if (every(texts, isIso)) return give('timestamp')
  if (every(texts, matches(/^\d{4}-\d\d-\d\d$/))) return give('day')
  const forms = timeFormsOf(texts)
  if (forms !== null && (forms.candidates[0]?.fits ?? 0) > 0) {
    return give(forms.hasTime ? 'timestamp' : 'day', forms.candidates[0]?.form ?? null, forms)
  }
  const isNumber = matches(POINT_NUMBER, COMMA_NUMBER, POINT_GROUPS, COMMA_GROUPS, SPACE_GROUPS, QUOTE_GROUPS)
  // 007 is an id
  if (!every(texts, (text) => isNumber(text) && !/^[+-]?0\d/.test(text))) return give('text')
  countSigns(texts, signs)
  return give(every(texts, matches(/^[+-]?\d+$/)) ? 'integer' : 'number')
}
