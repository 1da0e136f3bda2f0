/**
 * Declared formats of a source: bytes of one file to typed rows, and an issue for each value that does not fit.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { type ErrorCode, type EtlError, FormatError, type Issue, PipelineError } from '../../errors.ts'
import { arrowFrame } from '../../format/arrow/arrow.ts'
import { JSON_DIALECT, type JsonDialect, resolveJson } from '../../format/json/dialect.ts'
import { jsonFrame } from '../../format/json/read.ts'
import type { ParquetDecoder } from '../../format/parquet/parquet.ts'
import { type CheckOptions, checkFrame } from '../../table/check/check.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { countUp } from '../../table/take.ts'
import { chooserOf, type FileChoice, type NamedFile, plainOptions } from './named-formats.ts'
import type { SourceLine } from './source-lines.ts'

/** What a run says of bad rows. */
export interface JudgingOptions {
  readonly mode: 'lenient' | 'strict'
  /** The share of a file's rows that may be bad. */
  readonly maxQuarantined: number
}

/** What is worth knowing of a whole file; a `warning` stops a strict run. */
export interface ReadingNote {
  readonly code: ErrorCode
  readonly severity: 'info' | 'warning'
  /** Says where, with the file's name. */
  readonly message: string
}

/** A file as rows that fit, and what is wrong with the others. */
export interface FileReading {
  readonly frame: Frame
  /** The data record of each row, from 1. */
  readonly records: Int32Array
  /** Data records of the file, those that do not fit included. */
  readonly recordCount: number
  readonly issues: readonly Issue[]
  /** Records that do not fit, as they are in the file; none where the format has no lines. */
  readonly rejected: readonly { readonly row: number; readonly line: number; readonly text: string }[]
  /** What is worth knowing of the file as a whole; nothing where it is left out. */
  readonly notes?: readonly ReadingNote[]
  /** Set where no two rows have the same key, so that nobody needs to look. */
  readonly hasUniqueKeys?: true
  /** Judges the file in place of the rules for every file: returns the error that refuses it, or null. */
  refusal?(options: JudgingOptions): EtlError | null | Promise<EtlError | null>
}

/** What reading a file is told. */
export interface FileToRead {
  readonly bytes: Uint8Array
  readonly contract: TableContract
  /** The file's name, for messages and issues. */
  readonly file: string
  /** The month of its unit; null where it is not one month's. */
  readonly month?: string | null
  readonly decodeParquet: ParquetDecoder
  /** `error` (default), or `omit`: only the key must be there, and a column that is not there is left out. */
  readonly missingColumns?: 'error' | 'omit'
}

/** How the files of a source are written; made by `csv`, `json`, `jsonLines`, `jsonColumns`, `parquet` or `arrow`, or a job's own. */
export interface SourceFormat {
  /** `csv`, `json`, `json_lines`, `json_columns`, `parquet` or `arrow`; another name for a format of a job's own. */
  readonly kind: string
  /** What the format is, as a commit stores it. */
  readonly declaration: Readonly<Record<string, unknown>>
  /** What of it one file is read by; left out where it is the same for every file. */
  declarationOf?(file: NamedFile): Readonly<Record<string, unknown>>
  /** Whether it tells files apart by month, which only the inputs of `extractsAndDeltas` have. */
  readonly needsMonths?: boolean
  /** @throws FormatError, ContractError - the file is damaged, or its columns are not the contract's */
  read(file: FileToRead): Promise<FileReading>
  /** Returns the wanted records (from 1) as text, where the format can show them. */
  findRecords?(
    bytes: Uint8Array,
    wanted: ReadonlySet<number>,
    file: NamedFile,
  ): ReadonlyMap<number, SourceLine> | Promise<ReadonlyMap<number, SourceLine>>
}

/** The records of a checked frame: those without an issue, in their order. */
function fittingRecords(count: number, issues: readonly Issue[], rows: number): Int32Array {
  if (issues.length === 0) return countUp(rows, 1)
  const bad = new Set(issues.map(({ row }) => row))
  return countUp(count, 1).filter((record) => !bad.has(record))
}

/** Rows may repeat a key here: what that means is the source's business. */
function checked(frame: Frame, { contract, file, missingColumns = 'error' }: FileToRead): FileReading {
  const options: CheckOptions = { file, missingColumns, repeatedKeys: 'allow' }
  const found = checkFrame(frame, contract, options)
  const records = fittingRecords(frame.rows, found.issues, found.frame.rows)
  return { frame: found.frame, records, recordCount: frame.rows, issues: found.issues, rejected: [] }
}

/** A JSON dialect of some files of a source: those whose name or month fits. */
export interface NamedJson extends JsonDialect, FileChoice {}

/** The format of JSON files; made by `json` or `jsonLines`. */
export interface JsonFormat extends SourceFormat {
  readonly kind: 'json' | 'json_lines'
  /** The dialect that a file is written in. */
  dialectOf(file: NamedFile): JsonDialect
}

const NAMED_JSON = { ...JSON_DIALECT, names: true, from: true } satisfies OptionNames<NamedJson>
const JSON_DEFAULTS = { encoding: 'utf-8', decimal: '.', dates: 'yyyy-MM-dd', extraColumns: 'contract' }

/** Returns the format of JSON files of which each has its own dialect; `dialects` are all of them. */
export function jsonFormatOf(
  kind: JsonFormat['kind'],
  dialects: readonly NamedJson[],
  dialectOf: (file: NamedFile) => JsonDialect,
  isOne = dialects.length === 1,
): JsonFormat {
  const layout = kind === 'json' ? 'array' : 'lines'
  const declare = (own: NamedJson) => ({ kind, ...plainOptions(own, JSON_DEFAULTS) })
  const [first = {}] = dialects
  return {
    kind,
    needsMonths: dialects.some(({ from }) => from !== undefined),
    declaration: isOne ? declare(first) : { kind, dialects },
    ...(isOne ? {} : { declarationOf: (file: NamedFile) => declare(dialectOf(file)) }),
    dialectOf,
    async read({ bytes, contract, file, month = null }) {
      const dialect = dialectOf({ name: file, month })
      const { frame, issues } = jsonFrame(bytes, { contract, file, layout, dialect })
      const bad = new Set(issues.map(({ row }) => row)).size
      const recordCount = frame.rows + bad
      return { frame, issues, recordCount, records: fittingRecords(recordCount, issues, frame.rows), rejected: [] }
    },
  }
}

function withoutChoice({ names: _, from: __, ...options }: NamedJson): JsonDialect {
  return options
}

function jsonFormat(kind: JsonFormat['kind'], options: JsonDialect | readonly NamedJson[] = {}): JsonFormat {
  const named: readonly NamedJson[] = Array.isArray(options) ? options : [options]
  for (const one of named) {
    refuseUnknown(one, NAMED_JSON, PipelineError)
    resolveJson(withoutChoice(one))
  }
  const choose = chooserOf(named)
  const dialects = new Map(named.map((one) => [one, withoutChoice(one)]))
  // the chooser gives one of the keys
  return jsonFormatOf(kind, named, (file) => dialects.get(choose(file)) as JsonDialect)
}

/**
 * Returns the format of JSON files: an array of objects, one a row; for a source of objects, one object a file. A dialect declares
 * a list inside an object (`path`), objects in a row, names inside objects, and the forms of values; several are told apart by
 * `names` and `from`, as those of `csv`.
 *
 * @throws PipelineError, FormatError invalid_option - an option that it does not have, or that no file can be read with
 * @throws ContractError time_zone_unknown - the zone of its timestamps
 * @example
 * json().kind // 'json'
 * json({ path: 'entries' }).dialectOf({ name: 'calls.json', month: null }) // { path: 'entries' }
 */
export function json(options: JsonDialect | readonly NamedJson[] = {}): JsonFormat {
  return jsonFormat('json', options)
}

/**
 * Returns the format of JSON Lines files: one object a line. Options as those of {@link json}.
 *
 * @throws PipelineError, FormatError invalid_option - an option that it does not have, or that no file can be read with
 * @throws ContractError time_zone_unknown - the zone of its timestamps
 * @example
 * jsonLines().kind // 'json_lines'
 */
export function jsonLines(options: JsonDialect | readonly NamedJson[] = {}): JsonFormat {
  return jsonFormat('json_lines', options)
}

/** `{"a":{"0":1,"1":2},"b":…}` or `{"a":[1,2],"b":…}` as one array of objects. */
function rowsOfColumns(bytes: Uint8Array, file: string): Uint8Array {
  // a part of ECMAScript 2026 that TypeScript does not know yet
  const { rawJSON, isRawJSON } = JSON as unknown as {
    rawJSON(text: string): unknown
    isRawJSON(value: unknown): boolean
  }
  const refuse = (what: string): FormatError => new FormatError('json_invalid', `${file}: ${what}`)
  let value: unknown
  try {
    // numbers keep their text: 2^53 + 1 and −0 are read by the row reader, not by JSON.parse
    value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      (_, cell, context?: { source?: string }) =>
        typeof cell === 'number' && context?.source !== undefined ? rawJSON(context.source) : cell,
    )
  } catch (cause) {
    throw new FormatError('json_invalid', `${file}: is not JSON; expected an object of columns`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRawJSON(value)) {
    throw refuse('is not an object of columns; expected {"name": [cells], …}')
  }
  const columns = Object.entries(value as Record<string, unknown>)
  const labels = new Set<string>()
  for (const [name, cells] of columns) {
    if (typeof cells !== 'object' || cells === null || isRawJSON(cells))
      throw refuse(`column "${name}" is neither a list nor an object of cells`)
    for (const label of Object.keys(cells)) labels.add(label)
  }
  const rows = Array.from(labels, (label) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, (cells as Record<string, unknown>)[label] ?? null])),
  )
  return new TextEncoder().encode(JSON.stringify(rows))
}

/**
 * Returns the format of column-oriented JSON, as pandas writes it: an object of columns, each a list of cells or an object of
 * cells by row label. Rows are in order of the labels' first appearance; a cell that a column lacks is null.
 *
 * @example
 * jsonColumns().kind // 'json_columns'
 */
export function jsonColumns(): SourceFormat {
  const rows = jsonFormat('json')
  return {
    kind: 'json_columns',
    declaration: { kind: 'json_columns' },
    read: async (given) => rows.read({ ...given, bytes: rowsOfColumns(given.bytes, given.file) }),
  }
}

/**
 * Returns the format of Parquet files. They are decoded by the run's `decodeParquet`, in a process of its own by default.
 *
 * @example
 * parquet().kind // 'parquet'
 */
export function parquet(): SourceFormat {
  return {
    kind: 'parquet',
    declaration: { kind: 'parquet' },
    async read(given) {
      const { bytes, file, decodeParquet } = given
      const { parquetFrame } = await import('../../format/parquet/parquet.ts')
      return checked(await parquetFrame(bytes, { file, decode: decodeParquet }), given)
    },
  }
}

/**
 * Returns the format of Arrow IPC files and streams.
 *
 * @example
 * arrow().kind // 'arrow'
 */
export function arrow(): SourceFormat {
  return {
    kind: 'arrow',
    declaration: { kind: 'arrow' },
    read: async (given) => checked(arrowFrame(given.bytes, given.file), given),
  }
}
