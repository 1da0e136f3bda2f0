/**
 * A job whose files are written as a declaration says.
 * @module
 */
import { isRecord, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { type CsvDialect, DIALECT, dialect } from '../../format/csv/dialect.ts'
import { JSON_DIALECT, type JsonDialect, resolveJson } from '../../format/json/dialect.ts'
import { nearestWord } from '../../spelling.ts'
import type { Job, JobTable } from '../job/job.ts'
import { refuseJobArgument } from '../job/options.ts'
import { type CsvFormat, csvFormatOf } from '../sources/formats/csv-format.ts'
import {
  type DeclaredKind,
  type DialectFormat,
  type JsonFormat,
  jsonFormatOf,
  type SourceFormat,
} from '../sources/formats/formats.ts'
import { fitsChoice, type NamedFile } from '../sources/formats/named-formats.ts'
import { objectFormat } from '../sources/objects.ts'
import type { Source } from '../sources/source.ts'
import {
  type DeclaredFormat,
  declarationError,
  EVERY_TABLE,
  type FormatDeclaration,
  kindOfOptions,
  layered,
  refuseOptions,
} from './declaration.ts'

type Options = CsvDialect & JsonDialect

/** Options that count for every file, before the declaration and the job. */
export type FormatOverrides = CsvDialect & JsonDialect

/** What is declared for one table, and what overrides it. */
interface Layers {
  readonly file: string
  readonly entries: readonly DeclaredFormat[]
  readonly overrides: Options
}

const KINDS: readonly string[] = ['csv', 'json', 'json_lines'] satisfies readonly DeclaredKind[]

const EMPTY: Options = Object.freeze({})

function isKind(kind: string): kind is DeclaredKind {
  return KINDS.includes(kind)
}

/** What the files of a source are where nothing is declared, and what they may be declared to be; null for one that takes no declaration. */
interface Declarable {
  readonly kind: DeclaredKind
  readonly kinds: readonly string[]
  readonly usual: DialectFormat | undefined
}

function declarableOf(source: Source): Declarable | null {
  if (source.law === 'replayed') return { kind: 'csv', kinds: ['csv'], usual: source.format }
  const { kind, declarable } = source.format
  if (declarable !== undefined) {
    return { kind: declarable.usual.kind, kinds: declarable.kinds, usual: declarable.usual }
  }
  // the formats of these kinds that are not a job's own have a dialect
  return isKind(kind) ? { kind, kinds: KINDS, usual: source.format as DialectFormat } : null
}

/** The options that a format has. */
function optionsFor(kind: DeclaredKind, options: Options): Options {
  if (kind === 'csv') {
    const { path: _, layout: __, ...own } = options
    return own
  }
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(JSON_DIALECT, name)))
}

/** The format that a table's files are declared to have, the same in every entry. */
function kindOf({ kind: own, kinds }: Declarable, source: Source, { file, entries }: Layers): DeclaredKind {
  const [first, ...others] = entries
  const kind = first?.format ?? own
  const other = others.find(({ format = own }) => format !== kind)
  if (other !== undefined) {
    throw declarationError(file, `${other.place}.format`, `"${other.format ?? own}"`, `"${kind}" as in ${first?.place}`)
  }
  if (!kinds.includes(kind)) {
    const names = kinds.map((name) => `"${name}"`).join(' or ')
    const expected = source.law === 'replayed' ? `${names}: extracts and deltas are CSV` : names
    throw declarationError(file, `${first?.place}.format`, `"${kind}"`, expected)
  }
  return kind
}

const WORDS = { csv: 'CSV', json: 'JSON' } as const

/** Refuses options of another format than the table's, and months where there are none. */
function refuseEntries(table: string, kind: DeclaredKind, source: Source, { file, entries }: Layers): void {
  const own = kind === 'csv' ? 'csv' : 'json'
  for (const { options, place, from } of entries) {
    const meant = kindOfOptions(options)
    if (meant !== null && meant !== own) {
      const expected = `options of ${WORDS[own]}, which the files of "${table}" are, or another "format"`
      throw declarationError(file, place, `for ${WORDS[meant]}`, expected)
    }
    if (from === undefined || source.law === 'replayed') continue
    throw declarationError(file, `${place}.from`, `"${from}"`, '"names": only extracts and deltas have months')
  }
}

/** Picks the dialect of each file: the job's own, under that of the first entry that fits, under what overrides both. */
function dialectsOf<Dialect extends object>(
  { file, entries, overrides }: Layers,
  lowerOf: (file: NamedFile) => Dialect,
  kind: DeclaredKind,
): {
  readonly of: (file: NamedFile) => Dialect
  readonly all: readonly (Dialect & Pick<DeclaredFormat, 'names' | 'from'>)[]
} {
  const tests = entries.map(fitsChoice)
  const known = new Map<Dialect, Map<DeclaredFormat | undefined, Dialect>>()
  const dialectFor = (lower: Dialect, entry: DeclaredFormat | undefined): Dialect => {
    const cache = known.get(lower) ?? new Map<DeclaredFormat | undefined, Dialect>()
    known.set(lower, cache)
    const found = cache.get(entry)
    if (found !== undefined) return found
    const merged = optionsFor(kind, layered(layered(lower, entry?.options ?? EMPTY), overrides))
    if (entry !== undefined) refuseOptions(merged, file, entry.place)
    if (kind === 'csv') dialect(merged)
    else resolveJson(merged)
    // made of the options of this format alone
    const made = Object.freeze(merged) as Dialect
    cache.set(entry, made)
    return made
  }
  const nowhere = lowerOf({ name: '', month: null })
  const last = entries.at(-1)
  const isWhole = last !== undefined && last.names === undefined && last.from === undefined
  const all = [...entries, ...(isWhole ? [] : [undefined])].map((entry) => ({
    ...dialectFor(nowhere, entry),
    ...(entry?.names !== undefined && { names: entry.names }),
    ...(entry?.from !== undefined && { from: entry.from }),
  }))
  return { all, of: (named) => dialectFor(lowerOf(named), entries[tests.findIndex((fits) => fits(named))]) }
}

function layeredFormat(kind: DeclaredKind, own: DialectFormat | undefined, layers: Layers): CsvFormat | JsonFormat {
  const known = own?.kind === kind ? own : undefined
  const isOne = known?.declarationOf === undefined && layers.entries.length < 2
  if (kind === 'csv') {
    // of this kind there is no other format
    const csv = known as CsvFormat | undefined
    const { of, all } = dialectsOf<CsvDialect>(layers, (file) => csv?.dialectOf(file) ?? EMPTY, kind)
    const format = csvFormatOf(all, of, isOne && all.length === 1)
    return { ...format, needsMonths: format.needsMonths || csv?.needsMonths === true }
  }
  const json = known as JsonFormat | undefined
  const { of, all } = dialectsOf<JsonDialect>(layers, (file) => json?.dialectOf(file) ?? EMPTY, kind)
  return jsonFormatOf(kind, all, of, isOne && all.length === 1)
}

/** The format of a source's files, written as declared: the job's own where it has one. */
function sourceFormat(source: Exclude<Source, { law: 'replayed' }>, format: DialectFormat): SourceFormat {
  const { declarable } = source.format
  if (declarable !== undefined) return { ...declarable.as(format), declarable: { ...declarable, usual: format } }
  return source.kind === 'objects' ? objectFormat(format) : format
}

function withFormat(source: Source, format: CsvFormat | JsonFormat): Source {
  if (source.law === 'replayed') {
    return {
      ...source,
      format: format as CsvFormat,
      declaration: { ...source.declaration, format: format.declaration },
    }
  }
  const made = sourceFormat(source, format)
  return { ...source, format: made, declaration: { ...source.declaration, format: made.declaration } }
}

/** Whether what is declared for every table can be said of this one. */
function isForTable(source: Source, { options, format }: DeclaredFormat): boolean {
  const declarable = declarableOf(source)
  if (declarable === null) return false
  const kind = format ?? declarable.kind
  const meant = kindOfOptions(options)
  return declarable.kinds.includes(kind) && (meant === null || meant === (kind === 'csv' ? 'csv' : 'json'))
}

function declaredTable(name: string, table: JobTable, layers: Layers): JobTable {
  const { source } = table
  const { file, entries, overrides } = layers
  const [entry] = entries
  if (entry === undefined && Object.keys(overrides).length === 0) return table
  const declarable = declarableOf(source)
  if (declarable !== null) {
    const kind = kindOf(declarable, source, layers)
    refuseEntries(name, kind, source, layers)
    return { ...table, source: withFormat(source, layeredFormat(kind, declarable.usual, layers)) }
  }
  // what overrides all tables is not about one that takes no declaration
  if (entry === undefined) return table
  const format = source.law === 'replayed' ? 'csv' : source.format.kind
  throw declarationError(file, entry.place, 'declared', `no entry: "${name}" is read as ${format}, which takes none`)
}

function noTable(job: Job, file: string, table: string, hint: string, expected: readonly string[]): PipelineError {
  const message = `${file}: tables has "${table}", which is no table of job ${job.name}; ${hint}`
  return new PipelineError('invalid_option', message, {
    details: { file, path: `tables.${table}`, found: table, expected },
  })
}

/**
 * What a declaration says of the tables of this job: `agents`, or `center.agents` in a file that is about several jobs, whose
 * name then stands in front. What it says of other jobs is left out.
 */
function tablesOfJob(job: Job, { file, tables }: FormatDeclaration): FormatDeclaration['tables'] {
  const known = Object.keys(job.tables)
  const plain: [string, readonly DeclaredFormat[]][] = []
  const named: typeof plain = []
  for (const [name, entries] of Object.entries(tables)) {
    const point = name.indexOf('.')
    const [owner, table] = point < 0 ? [job.name, name] : [name.slice(0, point), name.slice(point + 1)]
    if (owner !== job.name) {
      if (nearestWord(owner, [job.name]) !== null)
        throw noTable(job, file, name, `did you mean "${job.name}.${table}"?`, known)
      continue
    }
    if (table !== EVERY_TABLE && !known.includes(table)) {
      const meant = nearestWord(table, known)
      const others = `the tables are ${known.join(', ')}, and a table of another job has the name of its job in front, such as "JOB.${table}"`
      throw noTable(job, file, name, meant === null ? others : `did you mean "${meant}"?`, known)
    }
    const list = point < 0 ? plain : named
    list.push([table, entries])
  }
  return Object.fromEntries([...plain, ...named])
}

/**
 * Returns the job with its files written as declared; what is declared of `OTHER.table` is about another job. For each file the first entry of its table counts whose `names` and `from`
 * fit; an option that it does not have is that of the job. `overrides` count for every file, before the declaration and the job:
 * those that JSON does not have are left out for JSON. A declaration without tables leaves the job to them. An input is read again where its own dialect becomes another one.
 *
 * @throws PipelineError invalid_option - the declaration names a table that the job does not have, or says something that the
 * table's source cannot be; the message has file and path
 * @throws FormatError invalid_option - an override that no file can be read with
 * @example
 * import { defineTable, float64, key, string } from 'support-etl'
 * import { defineJob, extractsAndDeltas, readDeclaration, withDeclaredFormats } from 'support-etl/pipeline'
 *
 * const halls = defineTable('halls', { id: key(string()), size: float64() })
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
 * const bytes = new TextEncoder().encode('{"tables":{"halls":{"delimiter":";","decimal":","}}}')
 * const declared = withDeclaredFormats(job, readDeclaration(bytes), { encoding: 'latin1' })
 * const { format } = declared.tables.halls.source
 * format.dialectOf({ name: 'initial/halls.csv', month: null }) // { delimiter: ';', decimal: ',', encoding: 'latin1' }
 */
export function withDeclaredFormats(job: Job, declaration: FormatDeclaration, overrides: FormatOverrides = {}): Job {
  refuseJobArgument(job)
  refuseUnknown(overrides, { ...DIALECT, ...JSON_DIALECT }, PipelineError)
  const isDeclaration = isRecord(declaration) && isRecord(declaration.tables)
  refuseUnless(isDeclaration, 'declaration', declaration, 'what readDeclaration gives', PipelineError)
  const { file } = declaration
  const tables = tablesOfJob(job, declaration)
  const ownOf = (name: string) => (Object.hasOwn(tables, name) ? tables[name] : undefined)
  const everyTable = ownOf(EVERY_TABLE) ?? []
  const declared = Object.entries(job.tables).map(([name, table]) => {
    const entries = ownOf(name) ?? everyTable.filter((entry) => isForTable(table.source, entry))
    return [name, declaredTable(name, table, { file, entries, overrides })] as const
  })
  return { ...job, tables: Object.fromEntries(declared) }
}
