/**
 * A declaration of formats, `support-etl.json`: read strictly, with the place of everything that is wrong.
 * @module
 */
import { isRecord, refuseUnless } from '../../arguments.ts'
import { EtlError, PipelineError } from '../../errors.ts'
import { type CsvDialect, dialect } from '../../format/csv/dialect.ts'
import { JSON_DIALECT, type JsonDialect, resolveJson } from '../../format/json/dialect.ts'
import { readValue } from '../../format/json/nested.ts'
import { JsonScanner } from '../../format/json/scan.ts'
import { PRESETS, type PresetName } from '../../format/presets/index.ts'
import type { Preset } from '../../format/presets/preset.ts'
import { nearestWord } from '../../spelling.ts'
import { parseMonth } from '../job/month.ts'
import { DECLARED, declaredName, ENTRY_SCHEMA, type Schema } from './declaration-schema.ts'

/** The name of a declaration beside the data. */
export const DECLARATION_FILE = 'support-etl.json'
/** The entry for every table that is not named. */
export const EVERY_TABLE = '*'

/** How some files of a table are written. */
export interface DeclaredFormat {
  readonly names?: string
  readonly from?: string
  /** The format of the files; left out where it is that of the table. */
  readonly format?: 'csv' | 'json' | 'json_lines'
  /** The options, in the names of code. */
  readonly options: CsvDialect & JsonDialect
  /** Where it stands, for messages: `tables.calls[0]`. */
  readonly place: string
}

/** How the files of some tables are written; made by {@link readDeclaration}. */
export interface FormatDeclaration {
  /** The file that says so, for messages. */
  readonly file: string
  /** By table, or `*` for every table that is not named. */
  readonly tables: Readonly<Record<string, readonly DeclaredFormat[]>>
}

/** The error for something at a place of the file. */
export function declarationError(file: string, place: string, found: string, expected: string): PipelineError {
  const where = place === '' ? file : `${file}: ${place}`
  return new PipelineError('invalid_option', `${where} is ${found}, expected ${expected}`, {
    details: { file, path: place, found, expected },
  })
}

const LONGEST_SHOWN = 40

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'an object'
  const text = JSON.stringify(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}

const KINDS = { string: 'text', integer: 'a whole number', array: 'a list', object: 'an object' } as const

function expectedBy({ type, enum: values, minimum }: Schema): string {
  if (values !== undefined) return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`
  if (typeof type !== 'string') return 'text or null'
  return minimum === undefined ? KINDS[type] : `${KINDS[type]} from ${minimum}`
}

function isOfType(value: unknown, { type, enum: values, minimum }: Schema): boolean {
  if (typeof type !== 'string') return value === null || typeof value === 'string'
  if (type === 'string') return typeof value === 'string' && (values === undefined || values.includes(value))
  if (type === 'integer') return Number.isSafeInteger(value) && (value as number) >= (minimum ?? 0)
  return type === 'array' ? Array.isArray(value) : isRecord(value)
}

/** Throws the first thing that the schema does not allow. */
function refuseMisfit(value: unknown, schema: Schema, place: string, file: string): void {
  if (!isOfType(value, schema)) throw declarationError(file, place, shown(value), expectedBy(schema))
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) refuseMisfit(item, schema.items as Schema, `${place}[${at}]`, file)
  }
  if (!isRecord(value)) return
  const { properties = {}, additionalProperties = false, required = [] } = schema
  for (const [name, member] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    const known = own ?? (additionalProperties === false ? undefined : additionalProperties)
    if (known === undefined) throw unknownName(file, place, name, Object.keys(properties))
    refuseMisfit(member, known, `${place}.${name}`, file)
  }
  const missing = required.find((name) => !Object.hasOwn(value, name))
  if (missing !== undefined) throw declarationError(file, `${place}.${missing}`, 'not there', 'a value')
}

function unknownName(file: string, place: string, name: string, known: readonly string[]): PipelineError {
  const meant = nearestWord(name, known)
  const hint = meant === null ? `expected ${known.join(', ')}` : `did you mean "${meant}"?`
  const where = place === '' ? file : `${file}: ${place}`
  return new PipelineError('invalid_option', `${where} has "${name}", which is no name of a declaration; ${hint}`, {
    details: { file, path: place, found: name, expected: known },
  })
}

type Entry = Readonly<Record<string, unknown>>

/** The options of an entry in the names of code. */
function optionsOf(entry: Entry): CsvDialect & JsonDialect {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(entry)) {
    const option = DECLARED[name]?.option ?? null
    if (option !== null) options[option] = value
  }
  if (entry.finer_than_ms !== undefined) {
    options.timestamps = { ...(isRecord(entry.timestamps) ? entry.timestamps : {}), finer: entry.finer_than_ms }
  }
  if (entry.true !== undefined || entry.false !== undefined) {
    options.booleans = { true: entry.true, false: entry.false }
  }
  // the schema says of which kind each is
  return options as CsvDialect & JsonDialect
}

/** An error about an option, in the names of the declaration. */
function inDeclaration(error: unknown, file: string, place: string): unknown {
  if (!(error instanceof EtlError) || error.code === 'log_damaged') return error
  const statement = error.statement.replace(/\b[a-z]+[A-Z][A-Za-z]*\b/g, (word) => declaredName(word) ?? word)
  return new PipelineError('invalid_option', `${file}: ${place}: ${statement}`, {
    cause: error,
    details: { ...error.details, file, path: place },
  })
}

/** Whether options are only of JSON, or only of CSV; null where they may be of both. */
export function kindOfOptions(options: CsvDialect & JsonDialect): 'csv' | 'json' | null {
  if (options.path !== undefined || options.layout !== undefined) return 'json'
  return Object.keys(options).some((name) => !Object.hasOwn(JSON_DIALECT, name)) ? 'csv' : null
}

/** Refuses options that no file can be read with, at their place. */
export function refuseOptions(options: CsvDialect & JsonDialect, file: string, place: string): void {
  try {
    if (kindOfOptions(options) === 'json') resolveJson(options)
    else dialect(options)
  } catch (error) {
    throw inDeclaration(error, file, place)
  }
}

function presetOf(name: string | undefined, file: string, place: string): Pick<Preset, 'dialect'> & Partial<Preset> {
  if (name === undefined) return { dialect: {} }
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName]
  const known = Object.keys(PRESETS)
  const meant = nearestWord(name, known)
  const expected = meant === null ? `one of ${known.join(', ')}` : `"${meant}"`
  throw declarationError(file, `${place}.preset`, JSON.stringify(name), expected)
}

function readEntry(entry: unknown, file: string, place: string): DeclaredFormat {
  refuseMisfit(entry, ENTRY_SCHEMA, place, file)
  // the schema says that it is an object, and of which kind its members are
  const given = entry as Entry
  const { preset, names, from } = given as { [Name in 'preset' | 'names' | 'from']?: string }
  if (names === '') throw declarationError(file, `${place}.names`, '""', 'a name of files such as log/2024-*.csv')
  if (from !== undefined && parseMonth(from) === null) {
    throw declarationError(file, `${place}.from`, shown(from), 'a month such as 2025-06')
  }
  const { dialect: base, format: usual } = presetOf(preset, file, place)
  const format = (given.format as DeclaredFormat['format']) ?? usual
  const own = optionsOf(given)
  const options = { ...base, ...own, ...mergedMembers(base, own) }
  if (kindOfOptions(options) === 'json' && kindOfOptions(withoutJson(options)) === 'csv') {
    const foreign = Object.keys(given).find((name) => !Object.hasOwn(JSON_DIALECT, DECLARED[name]?.option ?? 'path'))
    const found = foreign === undefined ? 'for CSV' : `with "${foreign}", which only CSV has`
    throw declarationError(file, place, found, 'options of JSON beside path or layout')
  }
  refuseOptions(options, file, place)
  return {
    ...(names !== undefined && { names }),
    ...(from !== undefined && { from }),
    ...(format !== undefined && { format }),
    options,
    place,
  }
}

function withoutJson({ path: _, layout: __, ...options }: CsvDialect & JsonDialect): CsvDialect {
  return options
}

/** Members that one declaration adds to those of another. */
function mergedMembers(lower: CsvDialect & JsonDialect, upper: CsvDialect & JsonDialect): CsvDialect & JsonDialect {
  const merged: Record<string, unknown> = {}
  for (const name of ['timestamps', 'columnAliases', 'durations'] as const) {
    if (lower[name] !== undefined && upper[name] !== undefined) merged[name] = { ...lower[name], ...upper[name] }
  }
  return merged
}

/** Where the records begin is said once. */
const BEGINNINGS = ['skipLines', 'headerRow', 'header'] as const

/**
 * Returns the options of a dialect over those of another one: each option of the upper one counts. Aliases, durations and the parts
 * of timestamps are added to those of the lower one.
 */
export function layered(lower: CsvDialect & JsonDialect, upper: CsvDialect & JsonDialect): CsvDialect & JsonDialect {
  const merged: Record<string, unknown> = { ...lower, ...upper, ...mergedMembers(lower, upper) }
  if (BEGINNINGS.some((name) => upper[name] !== undefined)) {
    for (const name of BEGINNINGS) if (upper[name] === undefined) delete merged[name]
  }
  return merged as CsvDialect & JsonDialect
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  refuseUnless(bytes instanceof Uint8Array, 'bytes', bytes, 'a Uint8Array, such as readFile gives', PipelineError)
  // the reader of JSON files names line and column, and refuses a name that occurs twice
  const scanner = new JsonScanner(bytes, { file })
  const value = readValue(scanner, 0)
  if (scanner.peek() >= 0) throw scanner.complain('nothing after the object')
  return value
}

/**
 * Returns the declaration that stands in the bytes of a file such as `support-etl.json`. `file` is its name, for messages. What a
 * table's files are is decided when it is applied to a job: see {@link withDeclaredFormats}.
 *
 * @throws FormatError json_invalid, encoding_invalid - the file is not JSON, with line and column
 * @throws PipelineError invalid_option - something in it cannot be; the message has file, path, what was found and what was expected
 * @example
 * const bytes = new TextEncoder().encode('{"tables":{"calls":{"delimiter":";","skip_lines":2}}}')
 * const { tables } = readDeclaration(bytes, 'data/support-etl.json')
 * tables.calls[0].options // { delimiter: ';', skipLines: 2 }
 */
export function readDeclaration(bytes: Uint8Array, file: string = DECLARATION_FILE): FormatDeclaration {
  const value = parseJson(bytes, file)
  if (!isRecord(value)) throw declarationError(file, '', shown(value), 'an object with "tables"')
  const unknown = Object.keys(value).find((name) => name !== 'tables' && name !== '$schema')
  if (unknown !== undefined) throw unknownName(file, '', unknown, ['$schema', 'tables'])
  const { tables } = value
  if (!isRecord(tables))
    throw declarationError(file, 'tables', tables === undefined ? 'not there' : shown(tables), 'an object')
  const read = Object.entries(tables).map(([table, entries]) => {
    const place = `tables.${table}`
    if (!Array.isArray(entries)) return [table, [readEntry(entries, file, place)]] as const
    if (entries.length === 0) throw declarationError(file, place, 'an empty list', 'one entry or more')
    return [table, entries.map((entry, at) => readEntry(entry, file, `${place}[${at}]`))] as const
  })
  return { file, tables: Object.fromEntries(read) }
}
