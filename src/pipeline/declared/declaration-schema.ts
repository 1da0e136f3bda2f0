/**
 * What may stand in a declaration of formats, as data: the names, their kinds, and what they are in code.
 * @module
 */
import type { CsvDialect } from '../../format/csv/dialect.ts'
import type { JsonDialect } from '../../format/json/dialect.ts'
import { ENCODINGS } from '../../format/text/encodings.ts'
import { DURATION_UNITS, DURATION_WRITINGS } from '../../time/duration-form.ts'

/** A JSON schema, as far as a declaration needs it. */
export interface Schema {
  readonly type: 'string' | 'integer' | 'array' | 'object' | readonly ['string', 'null']
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** The schema of members of any name; false where there are none. */
  readonly additionalProperties?: Schema | false
}

/** The name of an option in code. */
export type OptionName = keyof CsvDialect | keyof JsonDialect

/** One name of a declaration. */
interface Declared {
  readonly schema: Schema
  /** Its option in code; null for what is made of several. */
  readonly option: OptionName | null
}

const text = (description: string): Schema => ({ type: 'string', description })
const oneOf = (description: string, values: readonly string[]): Schema => ({
  type: 'string',
  enum: values,
  description,
})
const count = (description: string, minimum: number): Schema => ({ type: 'integer', minimum, description })
const words = (description: string): Schema => ({ type: 'array', items: { type: 'string' }, description })

const TIMESTAMPS: Schema = {
  type: 'object',
  description: 'How timestamps are written.',
  additionalProperties: false,
  properties: {
    form: text('iso, epoch_seconds, epoch_milliseconds, epoch_microseconds, or letters such as dd/MM/yyyy HH:mm.'),
    zone: text('The zone of timestamps that name none, such as Europe/Berlin; UTC by default.'),
    disambiguation: oneOf('What a wall time means that comes twice or never; reject by default.', [
      ...['earlier', 'later', 'reject'],
    ]),
  },
}

const DURATIONS: Schema = {
  type: 'object',
  description: 'How durations are written and what the column counts, by column.',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    required: ['form', 'unit'],
    properties: {
      form: oneOf('How durations are written.', DURATION_WRITINGS),
      unit: oneOf('What the column counts.', DURATION_UNITS),
    },
  },
}

/** The names of a declaration, in the order of the documentation. */
export const DECLARED: Readonly<Record<string, Declared>> = {
  delimiter: { option: 'delimiter', schema: text('What separates cells; a comma by default.') },
  quote: {
    option: 'quote',
    schema: { type: ['string', 'null'], description: 'The quote; null where quotes are text.' },
  },
  escape: { option: 'escape', schema: text('What makes a quote inside a quoted cell ordinary; the quote by default.') },
  encoding: { option: 'encoding', schema: oneOf('The encoding; utf-8 by default.', ENCODINGS) },
  skip_lines: { option: 'skipLines', schema: count('How many lines before the header line are not read.', 0) },
  header_row: { option: 'headerRow', schema: count('The number of the header line, from 1.', 1) },
  header: { option: 'header', schema: words('The names of all columns, where the first line is a record.') },
  comment: { option: 'comment', schema: text('Lines that begin with this text are skipped.') },
  path: { option: 'path', schema: text('JSON: the names that lead to the list of rows, joined by points.') },
  layout: { option: 'layout', schema: oneOf('JSON: objects one after the other.', ['concatenated']) },
  columns: {
    option: 'columnAliases',
    schema: {
      type: 'object',
      description: 'Names in the file, with the names of the table for them.',
      additionalProperties: { type: 'string' },
    },
  },
  timestamps: { option: 'timestamps', schema: TIMESTAMPS },
  finer_than_ms: {
    option: null,
    schema: oneOf('What becomes of digits that are finer than a timestamp keeps; refuse by default.', [
      'refuse',
      'cut',
    ]),
  },
  dates: { option: 'dates', schema: text('The form of days, such as dd.MM.yyyy.') },
  durations: { option: 'durations', schema: DURATIONS },
  decimal: { option: 'decimal', schema: oneOf('What stands before the fraction of a number.', ['.', ',']) },
  thousands: { option: 'thousands', schema: oneOf('What stands between thousands.', ['.', ',', ' ', "'"]) },
  nulls: { option: 'nulls', schema: words('Words that mean no value.') },
  true: { option: null, schema: words('Words for true, beside "false".') },
  false: { option: null, schema: words('Words for false, beside "true".') },
  ragged: { option: 'ragged', schema: oneOf('What becomes of records with too few cells.', ['reject', 'pad']) },
  stray_quotes: {
    option: 'strayQuotes',
    schema: oneOf('What a quote inside an unquoted cell is, and text behind a closing quote.', ['error', 'text']),
  },
  unnamed_columns: { option: 'unnamedColumns', schema: oneOf('Columns without a name.', ['drop', 'name']) },
  repeated_columns: { option: 'repeatedColumns', schema: oneOf('Columns of one name.', ['error', 'number']) },
  extra_columns: {
    option: 'extraColumns',
    schema: oneOf('Columns that the table does not have.', ['contract', 'drop']),
  },
}

/** Which files an entry is about, and what it is based on. */
const ENTRY: Readonly<Record<string, Schema>> = {
  preset: text('The name of a preset that the entry is based on.'),
  format: oneOf('The format of the files, where it is another one than the table expects.', [
    ...['csv', 'json', 'json_lines'],
  ]),
  names: text('Only files of these names below the data folder; * is any text.'),
  from: text('Only deltas from this month on, such as 2025-06.'),
}

const entrySchema: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...ENTRY,
    ...Object.fromEntries(Object.entries(DECLARED).map(([name, { schema }]) => [name, schema])),
  },
}

/** The schema of one entry of a table. */
export const ENTRY_SCHEMA: Schema = entrySchema

/** The name in a declaration of an option in code; null for an option that a declaration does not have. */
export function declaredName(option: string): string | null {
  return Object.entries(DECLARED).find(([, declared]) => declared.option === option)?.[0] ?? null
}

/**
 * Returns the JSON schema of `support-etl.json`, for editors. It ships with the package as `support-etl.schema.json`.
 *
 * @example
 * declarationSchema().title // 'How the files of a folder are written'
 */
export function declarationSchema(): Readonly<Record<string, unknown>> {
  const entry = { $ref: '#/$defs/entry' }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'How the files of a folder are written',
    type: 'object',
    additionalProperties: false,
    required: ['tables'],
    properties: {
      $schema: { type: 'string' },
      tables: {
        type: 'object',
        description: 'By table: one entry, or several for different files. "*" is for every table that is not named.',
        additionalProperties: { anyOf: [entry, { type: 'array', minItems: 1, items: entry }] },
      },
    },
    $defs: { entry: ENTRY_SCHEMA },
  }
}
