/**
 * The forms that timestamps and days of a file may have, and which cells decide between them.
 * @module
 */
import { TimestampReading } from '../../time/read-stamp.ts'
import { type CompiledForm, compileDayForm, compileTimestampForm } from '../../time/timestamp-form.ts'

/** A form that cells may have. */
export interface FormCandidate {
  readonly form: string
  /** Cells that have it. */
  readonly fits: number
  /** Cells that have it and none of the other forms: they decide. */
  readonly decides: number
}

const SHAPE =
  /^([A-Za-z]{3}, )?(\d{1,4})([./-])(\d{1,2}|[A-Za-z]{3})\3(\d{1,4})(?:(, |[ T])(\d{1,2}):(\d\d)(:\d\d)?([.,]\d{1,9})?( ?[AaPp][Mm])?( ?(?:Z|[+-]\d\d:?\d\d))?)?$/
const SPACED_NAME =
  /^([A-Za-z]{3}, )?(\d{1,2})( )([A-Za-z]{3}) (\d{2}|\d{4})(?:(, |[ T])(\d{1,2}):(\d\d)(:\d\d)?([.,]\d{1,9})?( ?[AaPp][Mm])?( ?(?:Z|[+-]\d\d:?\d\d))?)?$/

/** The parts of a timestamp or day that its text shows. */
interface Shape {
  readonly key: string
  readonly hasTime: boolean
  readonly isShort: boolean
  readonly parts: RegExpExecArray
}

/** Returns what the parts of a cell are; null for a cell that is no timestamp and no day. */
function shapeOf(text: string): Shape | null {
  // no timestamp is longer, and patterns see no long text
  if (text.length > 48) return null
  const parts = SHAPE.exec(text) ?? SPACED_NAME.exec(text)
  if (parts === null) return null
  const [
    ,
    weekday,
    first = '',
    separator = '',
    second = '',
    last = '',
    between,
    hour,
    ,
    seconds,
    fraction,
    half,
    zone,
  ] = parts
  const key = [
    weekday !== undefined,
    first.length === 4,
    separator,
    /[A-Za-z]/.test(second),
    last.length === 4,
    between,
    seconds !== undefined,
    fraction?.[0],
    half === undefined ? '' : half.startsWith(' ') ? ' a' : 'a',
    zone === undefined ? '' : zone.startsWith(' ') ? ' X' : 'X',
  ].join('|')
  const isName = /[A-Za-z]/.test(second)
  const isShort =
    (first.length === 1 || (second.length === 1 && !isName) || last.length === 1 || hour?.length === 1) ?? false
  return { key, hasTime: hour !== undefined, isShort, parts }
}

const quoted = (text: string) => (/[A-Za-z]/.test(text) ? `'${text}'` : text)

/** The forms that cells of one shape may have. */
function formsOf({ parts, hasTime }: Shape, isShort: boolean): string[] {
  const [
    ,
    weekday,
    first = '',
    separator = '',
    second = '',
    last = '',
    between = '',
    ,
    ,
    seconds,
    fraction,
    half,
    zone,
  ] = parts
  const [day, month, hour] = isShort ? ['d', 'M', 'H'] : ['dd', 'MM', 'HH']
  const named = /[A-Za-z]/.test(second)
  const year = first.length === 4 || last.length === 4 ? 'yyyy' : 'yy'
  const orders: string[][] = []
  if (first.length === 4) orders.push([year, named ? 'MMM' : month, day])
  else {
    orders.push([day, named ? 'MMM' : month, year])
    if (!named) orders.push([month, day, year])
    if (year === 'yy') orders.push([year, named ? 'MMM' : month, day])
  }
  const half12 = half === undefined ? '' : half.startsWith(' ') ? ' a' : 'a'
  const clock = half === undefined ? hour : isShort ? 'h' : 'hh'
  const rest = hasTime
    ? `${quoted(between)}${clock}:mm${seconds === undefined ? '' : ':ss'}${fraction === undefined ? '' : `${fraction[0]}S`}${half12}${zone === undefined ? '' : zone.startsWith(' ') ? ' X' : 'X'}`
    : ''
  return orders.map((order) => `${weekday === undefined ? '' : 'EEE, '}${order.join(separator)}${rest}`)
}

const encoder = new TextEncoder()

function fitsForm({ parse }: CompiledForm, text: string, reading: TimestampReading): boolean {
  const bytes = encoder.encode(text)
  return parse(new DataView(bytes.buffer), 0, bytes.length, reading)
}

/** Texts with how often each occurs. */
export type CountedTexts = ReadonlyMap<string, number>

/** What timestamps, or days, of a file may be. */
export interface TimeForms {
  readonly hasTime: boolean
  /** In the order of how many cells have them; empty where the texts have no common shape. */
  readonly candidates: readonly FormCandidate[]
}

/**
 * Returns the forms that texts of one shape may have; null where one of them is no timestamp and no day, or they have several
 * shapes.
 */
export function timeFormsOf(texts: CountedTexts): TimeForms | null {
  let first: Shape | null = null
  let isShort = false
  for (const text of texts.keys()) {
    const shape = shapeOf(text)
    if (shape === null || (first !== null && shape.key !== first.key)) return null
    first ??= shape
    isShort ||= shape.isShort
  }
  if (first === null) return null
  const compile = first.hasTime ? compileTimestampForm : compileDayForm
  const forms = formsOf(first, isShort).map(compile)
  const [fits, decides] = [forms.map(() => 0), forms.map(() => 0)]
  const reading = new TimestampReading()
  for (const [text, count] of texts) {
    const having = forms.flatMap((form, at) => (fitsForm(form, text, reading) ? [at] : []))
    for (const at of having) fits[at] = (fits[at] ?? 0) + count
    const [only] = having
    if (having.length === 1 && only !== undefined) decides[only] = (decides[only] ?? 0) + count
  }
  const candidates = forms.map(({ form }, at) => ({ form, fits: fits[at] ?? 0, decides: decides[at] ?? 0 }))
  // of forms that fit alike, the day first: the order in which they were made
  return { hasTime: first.hasTime, candidates: candidates.sort((a, b) => b.fits - a.fits) }
}
