/**
 * Looks at a file, says how it seems to be written, and proposes a declaration. It applies nothing.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import type { Column } from '../../table/column.ts'
import type { Frame } from '../../table/frame.ts'
import { readByCsvParse } from '../csv/read/fallback.ts'
import { csvReader } from '../csv/read/reader.ts'
import type { CsvReaderOptions } from '../csv/read/reading.ts'
import { jsonFrame } from '../json/read.ts'
import { type Look, lookAt } from '../look.ts'
import { recodeWhole } from '../text/recode-whole.ts'
import { booleanWords, type InspectedColumn, inspectColumn, type NumberSigns } from './columns.ts'
import { lineEndsOf, seenEncoding, seenLayout } from './layout.ts'
import type { CountedTexts, FormCandidate } from './time-shapes.ts'

/** How a file is inspected. */
export interface InspectOptions {
  /** The name for messages. */
  readonly file?: string
  /** Called while a CSV file is read: the bytes that were read, and all of them. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What a file looks like. */
export interface Inspection {
  readonly file: string
  /** `CSV`, `JSON Lines (one object per line)`, `gzip` … */
  readonly looks: string
  /** The format that reads it; null for a file that is none of them. */
  readonly format: 'csv' | 'json' | 'json_lines' | null
  readonly encoding: string
  readonly hasMark: boolean
  readonly lineEnds: string
  readonly delimiter: string | null
  readonly quote: string | null
  /** Lines before the header line. */
  readonly skippedLines: number
  readonly rows: number
  readonly columns: readonly InspectedColumn[]
  /** The entry of a table in `support-etl.json`; empty where nothing needs to be declared, null where nothing can be. */
  readonly declaration: Readonly<Record<string, unknown>> | null
  /** What is not certain, in sentences. */
  readonly doubts: readonly string[]
}

/** The texts of a column that occur, each with how often. */
function countTexts(column: Column): { readonly texts: CountedTexts; readonly blanks: number } {
  const texts = new Map<string, number>()
  let blanks = 0
  for (const value of column) {
    if (value === null || value === '') blanks++
    else texts.set(String(value), (texts.get(String(value)) ?? 0) + 1)
  }
  return { texts, blanks }
}

/** The texts of a frame by column. */
type Texts = ReadonlyMap<string, ReturnType<typeof countTexts>>

const textsOf = ({ columns }: Frame): Texts =>
  new Map(Array.from(columns, ([name, column]) => [name, countTexts(column)]))

/** What is proposed for the cells of all columns, and what is not certain about it. */
interface CellProposal {
  readonly columns: InspectedColumn[]
  readonly declared: Record<string, unknown>
  readonly doubts: string[]
}

/** The candidates of several columns together: one file has one form of timestamps. */
function together(columns: readonly InspectedColumn[], hasTime: boolean): FormCandidate[] {
  const all = new Map<string, { fits: number; decides: number }>()
  const own = columns.flatMap(({ forms }) => (forms !== null && forms.hasTime === hasTime ? [forms.candidates] : []))
  for (const { form, fits, decides } of own.flat()) {
    const known = all.get(form) ?? { fits: 0, decides: 0 }
    all.set(form, { fits: known.fits + fits, decides: known.decides + decides })
  }
  return Array.from(all, ([form, counts]) => ({ form, ...counts })).sort((a, b) => b.fits - a.fits)
}

function proposeTimes(columns: readonly InspectedColumn[], hasTime: boolean, proposal: CellProposal): void {
  const { declared, doubts } = proposal
  const what = hasTime ? 'timestamps' : 'days'
  const kind = hasTime ? 'timestamp' : 'day'
  const candidates = together(columns, hasTime)
  const [best, ...others] = candidates
  if (best === undefined || best.fits === 0) return
  const isIso = columns.some((column) => column.kind === kind && column.forms === null)
  if (isIso) doubts.push(`some columns of ${what} are ISO 8601 and others are not; one declaration is for all columns`)
  if (hasTime) declared.timestamps = { form: best.form }
  else declared.dates = best.form
  const alike = others.filter(({ fits }) => fits === best.fits)
  if (alike.length > 0) {
    const forms = [best, ...alike].map(({ form }) => form).join(' and ')
    doubts.push(`${what}: ${forms} fit every cell, so that nothing decides; ask who wrote the file`)
  }
  const most = columns.filter((column) => column.kind === kind).reduce((sum, { values }) => sum + values, 0)
  if (best.fits < most) doubts.push(`${what}: ${most - best.fits} of ${most} cells do not have the form ${best.form}`)
  if (hasTime && !/X$/.test(best.form)) doubts.push('timestamps name no zone: without "zone" they are UTC')
}

const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/(?:^|_)(?:milliseconds|millis|ms)$/i, 'milliseconds'],
  [/(?:^|_)(?:seconds|secs|sec)$/i, 'seconds'],
  [/(?:^|_)(?:minutes|mins|min)$/i, 'minutes'],
  [/(?:^|_)(?:hours|hrs)$/i, 'hours'],
]

function proposeDurations(columns: readonly InspectedColumn[], { declared, doubts }: CellProposal): void {
  const durations = columns.filter(({ kind }) => kind === 'duration')
  if (durations.length === 0) return
  declared.durations = Object.fromEntries(
    durations.map(({ name, written }) => {
      const unit = UNITS.find(([ending]) => ending.test(name))?.[1]
      if (unit === undefined)
        doubts.push(`durations: the name "${name}" does not say what the column counts; seconds are assumed`)
      if (written === 'mm:ss') doubts.push(`durations: "${name}" may be mm:ss or hh:mm`)
      return [name, { form: written, unit: unit ?? 'seconds' }]
    }),
  )
}

function proposeNumbers(signs: NumberSigns, { declared, doubts }: CellProposal): void {
  const { comma, point, unclear, thousands } = signs
  if (comma > 0 && point > 0) {
    doubts.push(
      'numbers: some cells have a decimal comma and others a decimal point; one declaration is for all columns',
    )
    return
  }
  const decimal = comma > 0 ? ',' : '.'
  if (comma > 0) declared.decimal = ','
  const [separator, ...others] = [...thousands].filter((mark) => mark !== decimal)
  if (separator !== undefined) declared.thousands = separator
  if (others.length > 0) doubts.push('numbers: there are several separators of thousands')
  if (unclear > 0 && comma + point === 0) {
    doubts.push('numbers such as 1.234 or 1,234 may have a separator of thousands or a decimal mark; nothing decides')
  }
}

function proposeWords(texts: Texts, columns: readonly InspectedColumn[], { declared, doubts }: CellProposal): void {
  const nulls = new Set(columns.flatMap(({ nullWords }) => nullWords))
  if (nulls.size > 0) {
    declared.nulls = [...nulls]
    doubts.push(`${[...nulls].map((word) => `"${word}"`).join(', ')} seems to mean no value, and will in every column`)
  }
  const found = columns.flatMap(({ name, kind }) => {
    const own = kind === 'boolean' ? booleanWords(texts.get(name)?.texts ?? new Map()) : null
    return own === null || /^true$/i.test(own.true[0] ?? '') ? [] : [own]
  })
  if (found.length === 0) return
  declared.true = [...new Set(found.flatMap((own) => own.true))]
  declared.false = [...new Set(found.flatMap((own) => own.false))]
}

function proposeCells(texts: Texts): CellProposal {
  const signs: NumberSigns = { comma: 0, point: 0, unclear: 0, thousands: new Set() }
  const columns = Array.from(texts, ([name, { texts: own, blanks }]) => inspectColumn(name, own, blanks, signs))
  const proposal: CellProposal = { columns, declared: {}, doubts: [] }
  proposeTimes(columns, true, proposal)
  proposeTimes(columns, false, proposal)
  proposeNumbers(signs, proposal)
  proposeDurations(columns, proposal)
  proposeWords(texts, columns, proposal)
  return proposal
}

type Base = Pick<Inspection, 'file' | 'looks' | 'encoding' | 'hasMark' | 'lineEnds'>
const NO_TABLE = { format: null, delimiter: null, quote: null, skippedLines: 0, rows: 0, columns: [] } as const

/** Whether a name such as `team_2` is that of a second column `team`. */
function hasRepeated(names: readonly string[]): boolean {
  return names.some((name, at) => {
    const own = /^(.+)_\d+$/.exec(name)?.[1]
    return own !== undefined && names.indexOf(own) >= 0 && names.indexOf(own) < at
  })
}

/** The bytes that are read between two calls of `onProgress`. */
const PIECE = 1 << 22

function inspectCsv(
  text: Uint8Array,
  base: Base,
  declared: Record<string, unknown>,
  doubts: string[],
  onProgress: InspectOptions['onProgress'],
): Inspection {
  const layout = seenLayout(text)
  const { delimiter = ',', quote = '"', skipped = 0, share = 1, namesDelimiter = false } = layout ?? {}
  if (delimiter !== ',' && !namesDelimiter) declared.delimiter = delimiter
  if (quote !== '"') declared.quote = quote
  const preamble = namesDelimiter ? skipped - 1 : skipped
  if (preamble > 0) declared.skip_lines = skipped
  if (share < 1)
    doubts.push(`${Math.round((1 - share) * 1000) / 10} % of the records have more or fewer cells than the header`)
  const options: CsvReaderOptions = {
    ...{ delimiter, quote, skipLines: preamble > 0 ? skipped : 0, foreign: readByCsvParse, file: base.file },
    types: 'text',
    unnamedColumns: 'name',
    repeatedColumns: 'number',
    ragged: 'pad',
  }
  const reader = csvReader(options)
  for (let at = 0; at < text.length; at += PIECE) {
    reader.push(text.subarray(at, at + PIECE))
    onProgress?.(Math.min(at + PIECE, text.length), text.length)
  }
  const { frame, header } = reader.end()
  const unnamed = header.names.filter((name, at) => name === `column_${at + 1}`)
  const cells = proposeCells(textsOf(frame))
  const filled = unnamed.filter((name) =>
    cells.columns.some((column) => column.name === name && column.kind !== 'empty'),
  )
  if (filled.length > 0) declared.unnamed_columns = 'name'
  if (hasRepeated(header.names)) declared.repeated_columns = 'number'
  if (header.names.every((name) => /^[\d.,:/ -]*$/.test(name))) {
    doubts.push('the first record looks like values: if the file has no header line, declare the names as "header"')
  }
  return {
    // a first line that names the delimiter is one that spreadsheets write
    ...{
      ...base,
      ...(namesDelimiter && { looks: 'CSV' }),
      format: 'csv',
      delimiter,
      quote,
      skippedLines: skipped,
      rows: frame.rows,
      columns: cells.columns,
    },
    declaration: { ...declared, ...cells.declared },
    doubts: [...doubts, ...cells.doubts],
  }
}

function inspectJson(
  text: Uint8Array,
  look: Look,
  base: Base,
  declared: Record<string, unknown>,
  doubts: string[],
): Inspection {
  const format = look.kind === 'json-lines' && look.list === null ? 'json_lines' : 'json'
  if (look.list !== null) declared.path = look.list
  if (look.kind === 'json-concatenated' || look.kind === 'json-sequence') declared.layout = 'concatenated'
  const dialect = {
    ...(look.list !== null && { path: look.list }),
    ...(declared.layout !== undefined && { layout: 'concatenated' as const }),
  }
  const layout = format === 'json' ? 'array' : 'lines'
  const { frame } = jsonFrame(text, { file: base.file, layout, dialect })
  const flat = [...frame.columns].filter(([, column]) => column.kind !== 'opaque')
  const cells = proposeCells(new Map(flat.map(([name, column]) => [name, countTexts(column)])))
  // JSON has numbers and booleans of its own
  const { decimal: _, true: yes, false: no, ...own } = cells.declared
  const nested = frame.columns.size - flat.length
  if (nested > 0)
    doubts.push(`${nested} names hold lists or objects: a name such as "Agent.Username" in "columns" leads into them`)
  return {
    ...{ ...base, format, delimiter: null, quote: null, skippedLines: 0, rows: frame.rows, columns: cells.columns },
    declaration: { ...declared, ...own, ...(yes !== undefined && { true: yes, false: no }) },
    doubts: [...doubts, ...cells.doubts],
  }
}

/**
 * Returns what a file looks like, and the entry of a table in `support-etl.json` that would read it: container, encoding, delimiter,
 * quote, lines before the header, line ends, and for each column what its values are and how they are written. Of forms of timestamps
 * it counts the cells that only one of them fits: where none decides, it says so among the doubts. It applies nothing.
 *
 * @throws FormatError, ContractError - text that no declaration could read: damaged JSON, quotes that are never closed
 * @example
 * const file = new TextEncoder().encode('id;at;minutes\nA1;31/01/2025 14:30;00:12:30\nA2;01/02/2025 09:05;00:01:00\n')
 * const { declaration, doubts } = inspectFile(file, { file: 'calls.csv' })
 * declaration
 * // {
 * //   delimiter: ';',
 * //   timestamps: { form: 'dd/MM/yyyy HH:mm' },
 * //   durations: { minutes: { form: 'hh:mm:ss', unit: 'minutes' } },
 * // }
 * doubts // ['timestamps name no zone: without "zone" they are UTC']
 */
export function inspectFile(bytes: Uint8Array, options: InspectOptions = {}): Inspection {
  refuseUnless(bytes instanceof Uint8Array, 'bytes', bytes, 'a Uint8Array, such as readFile gives', FormatError)
  refuseUnknown(options, { file: true, onProgress: true } satisfies OptionNames<InspectOptions>, FormatError)
  const { file = 'input', onProgress } = options
  refuseUnless(
    onProgress === undefined || typeof onProgress === 'function',
    'onProgress',
    onProgress,
    'a function of the bytes done and of all bytes',
    FormatError,
  )
  const first = lookAt(bytes)
  const isText =
    first.kind === 'utf-16' || first.kind === 'csv' || first.kind === 'unknown' || first.kind.startsWith('json')
  const none = { ...NO_TABLE, file, declaration: null }
  if (bytes.length === 0) {
    return {
      ...none,
      looks: 'an empty file',
      encoding: 'none',
      hasMark: false,
      lineEnds: 'none',
      doubts: ['there is nothing to look at'],
    }
  }
  if (!isText && !(first.kind === 'binary')) {
    return { ...none, looks: first.looks, encoding: 'none', hasMark: false, lineEnds: 'none', doubts: [] }
  }
  const { encoding, hasMark, doubt } = seenEncoding(bytes)
  const text = recodeWhole(bytes, encoding, file)
  const look = lookAt(text)
  const base = {
    file,
    looks: look.kind === 'unknown' ? 'text' : look.looks,
    encoding,
    hasMark,
    lineEnds: lineEndsOf(text),
  }
  if (look.kind === 'binary' || look.kind === 'markup') return { ...none, ...base, doubts: [] }
  if (look.kind === 'unknown' && /^\s*[[{]/.test(new TextDecoder().decode(text.subarray(0, 100)))) {
    const doubts = ['JSON is read as one object a line without a comma behind it, or with all objects between [ and ]']
    return { ...none, ...base, looks: 'text like JSON, but no JSON', doubts }
  }
  const declared = encoding === 'utf-8' ? {} : { encoding }
  const doubts = doubt === null ? [] : [doubt]
  return look.kind.startsWith('json')
    ? inspectJson(text, look, base, declared, doubts)
    : inspectCsv(text, base, declared, doubts, onProgress)
}
