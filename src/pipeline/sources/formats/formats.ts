/**
 * Declared formats of a source: bytes of one file to typed rows, and an issue for each value that does not fit.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { type ErrorCode, type EtlError, type Issue, PipelineError } from '../../../errors.ts'
import { arrowFrame } from '../../../format/arrow/arrow.ts'
import type { CsvDialect } from '../../../format/csv/dialect.ts'
import type { EditableRecord, RecordEdit } from '../../../format/csv/edit-records.ts'
import { JSON_DIALECT, type JsonDialect, resolveJson } from '../../../format/json/dialect.ts'
import type { ParquetDecoder } from '../../../format/parquet/parquet.ts'
import { type CheckOptions, checkFrame } from '../../../table/check/check.ts'
import { joinChunks } from '../../../table/chunks.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import { countUp } from '../../../table/take.ts'
import { chooserOf, type FileChoice, type NamedFile, plainOptions } from './named-formats.ts'
import { editColumns, rowsOfColumns } from './rows-of-columns.ts'
import type { SourceLine } from './source-lines.ts'

/** What a run says of bad rows. */
export interface JudgingOptions {
  readonly mode: 'lenient' | 'strict'
  /** The share of a file's rows that may be bad. */
  readonly maxQuarantined: number
}

/** What is worth knowing of a whole file; a `warning` stops a strict run. */
export type ReadingNote = {
  /** Says where, with the file's name. */
  readonly message: string
} & ({ readonly severity: 'info'; readonly code: string } | { readonly severity: 'warning'; readonly code: ErrorCode })

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

/** Some rows of a file, and what is wrong with the records between them. */
export type RowBatch = Pick<FileReading, 'frame' | 'records' | 'issues' | 'rejected'>

/** What is known of a file when its last batch was read. */
export type BatchEnd = Pick<FileReading, 'recordCount' | 'notes'>

/** A file that is read some rows at a time. */
export interface FileToStream extends Omit<FileToRead, 'bytes'> {
  /** Its bytes, unpacked. A chunk is only valid until the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A file to read, and how. */
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
  /** Whether it distinguishes files by month, which only the inputs of `extractsAndDeltas` have. */
  readonly needsMonths?: boolean
  /** What a declaration may say of the files of a job's own format; `csv`, `json` and `jsonLines` take one as they are. */
  readonly declarable?: DeclarableFormat
  /** @throws FormatError, ContractError - the file is damaged, or its columns are not the contract's */
  read(file: FileToRead): Promise<FileReading>
  /**
   * Yields the rows in batches, in the memory of one of them: together those of {@link read}. A partition is read so where its
   * format can; others are read whole.
   */
  readBatches?(file: FileToStream): AsyncGenerator<RowBatch, BatchEnd>
  /** Yields a file with some of its records edited, and all other bytes as they were; left out where that cannot be done. */
  editRecords?(
    chunks: AsyncIterable<Uint8Array>,
    file: NamedFile,
    edit: (record: EditableRecord) => RecordEdit,
  ): AsyncIterable<Uint8Array>
  /** Returns a file with the texts of some records (from 1) replaced, and all other bytes as they were; left out where that cannot be done. */
  replaceRecords?(
    bytes: Uint8Array,
    texts: ReadonlyMap<number, string>,
    file: NamedFile,
  ): Uint8Array | Promise<Uint8Array>
  /** Returns the wanted records (from 1) as text, where the format can show them. */
  findRecords?(
    bytes: Uint8Array,
    wanted: ReadonlySet<number>,
    file: NamedFile,
  ): ReadonlyMap<number, SourceLine> | Promise<ReadonlyMap<number, SourceLine>>
}

/** A format that files can be declared to have. */
export type DeclaredKind = 'csv' | 'json' | 'json_lines'

/** The format of CSV or JSON files, each with its own dialect. */
export interface DialectFormat extends SourceFormat {
  readonly kind: DeclaredKind
  /** The dialect that a file is written in. */
  dialectOf(file: NamedFile): CsvDialect | JsonDialect
}

/** What becomes of a job's own format where its files are declared to be written otherwise. */
export interface DeclarableFormat {
  /** What its files are where nothing is declared. */
  readonly usual: DialectFormat
  /** The formats that its files may be declared to have. */
  readonly kinds: readonly DeclaredKind[]
  /** Returns the job's format of files that are written as this one says. */
  as(format: DialectFormat): SourceFormat
}

/** How column-oriented JSON differs from its contract. */
export interface JsonColumnsOptions {
  /** Names in the file, with the names of the contract for them. */
  readonly columnAliases?: Readonly<Record<string, string>>
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
export interface JsonFormat extends DialectFormat {
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
      // loaded when it is needed: most sources are CSV, and a start pays for what it loads
      const { jsonFrame } = await import('../../../format/json/read.ts')
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

/**
 * Returns the format of column-oriented JSON, as pandas writes it: an object of columns, each a list of cells or an object of
 * cells by row label. Rows are in order of the labels' first appearance. A cell that a column lacks is null, and the run says
 * how many rows lack one (`cells_missing`); more than 5 rows that are more than 5 % of the file refuse it.
 *
 * @throws PipelineError invalid_option - an option that it does not have
 * @throws FormatError json_invalid - of `read`: the file is no object of columns, or too many rows lack a cell
 * @example
 * const format = jsonColumns({ columnAliases: { 'customeR iD': 'customer_id' } })
 * format.kind // 'json_columns'
 */
export function jsonColumns(options: JsonColumnsOptions = {}): SourceFormat {
  refuseUnknown(options, { columnAliases: true } satisfies OptionNames<JsonColumnsOptions>, PipelineError)
  const { columnAliases = {} } = options
  refuseUnless(
    isRecord(columnAliases),
    'columnAliases',
    columnAliases,
    'names in files, with those for them',
    PipelineError,
  )
  const rows = jsonFormat('json')
  const aliases = new Map(Object.entries(columnAliases))
  return {
    kind: 'json_columns',
    declaration: { kind: 'json_columns', ...(aliases.size > 0 && { columnAliases }) },
    async *editRecords(chunks, { name }, edit) {
      const pieces: Uint8Array[] = []
      // the next chunk may be written over this one
      for await (const chunk of chunks) pieces.push(chunk.slice())
      yield editColumns(joinChunks(pieces), name, aliases, edit)
    },
    async read(given) {
      const { bytes, notes } = rowsOfColumns(given.bytes, given.file, aliases)
      return { ...(await rows.read({ ...given, bytes })), notes }
    },
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
      const { parquetFrame } = await import('../../../format/parquet/parquet.ts')
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
