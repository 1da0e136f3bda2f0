/**
 * What a source is: how the inputs of a table are found, and what new content of one of them means.
 * @module
 */
import type { CsvFormat } from './formats/csv-format.ts'
import type { SourceFormat } from './formats/formats.ts'

/** A file that is an input of a table. */
export interface SourceUnit {
  /** What the ledger knows the input by, within its table. */
  readonly unit: string
  /** The month whose changes it holds; null where it is not one month's. */
  readonly month: string | null
}

/** What becomes of the bytes of a source's files: `keep` copies them into the state, `leave` does not. */
export type Originals = 'keep' | 'leave'

interface SourceBase {
  /** What is listed to find inputs: folders, which end in `/`, or the beginning of a name. */
  readonly prefixes: readonly string[]
  /** Which input of a table a file is; null for a file that is none. */
  recognize(table: string, name: string): SourceUnit | null
  /** The names under which a table's inputs are expected, for messages. */
  readonly expected: string
  /** What the source is, as a commit stores it: another one is another source, and needs a rebuild. */
  readonly declaration: Readonly<Record<string, unknown>>
}

/** A source whose inputs are applied one after the other; an input that was applied stays applied. */
export interface ReplayedSource extends SourceBase {
  readonly law: 'replayed'
  readonly kind: 'extracts_and_deltas'
  /** How its files are written; left out for CSV as RFC 4180 has it. */
  readonly format?: CsvFormat
}

/** A source whose present inputs are the table: a changed one replaces its rows, and the rows of a removed one are removed. */
export interface MirroredSource extends SourceBase {
  readonly law: 'mirrored'
  readonly kind: 'objects' | 'snapshots'
  readonly format: SourceFormat
  /** Whether the bytes of its files are kept, untouched, in `landed/`. */
  readonly originals: Originals
  /** Whether the table may begin without a file, and has no rows then. */
  readonly isOptional: boolean
  /** How many objects are held at once, before their rows are. */
  readonly batchSize?: number
  /** The key columns that a file's name holds, with their text; none where names hold none. */
  keyIn(name: string): Readonly<Record<string, string>>
}

/** A source of days: each present input is a partition of the table; a day whose file is gone is kept. */
export interface PartitionedSource extends SourceBase {
  readonly law: 'mirrored'
  readonly kind: 'partitions'
  readonly format: SourceFormat
  /** Whether the bytes of its files are kept, untouched, in `landed/`. */
  readonly originals: Originals
  /** Whether every day is part of the table, or only the newest. */
  readonly counts: 'all' | 'newest'
  /** How many of the last days are looked at again; null for all. */
  readonly recheck: number | null
  /** The column that holds the day of each row; null where rows do not say it. */
  readonly dayColumn: string | null
}

/** A source whose inputs are pieces of a log, known by their content; a piece that was applied stays applied. */
export interface AppendedSource extends SourceBase {
  readonly law: 'appended'
  readonly kind: 'appends'
  readonly format: SourceFormat
  /** The column whose greater value wins; null for the order of the ledger. */
  readonly sequenceBy: string | null
}

/** Where inputs of a table are and what they are; made by `extractsAndDeltas`, `objects`, `snapshots`, `partitions` or `appends`. */
export type Source = ReplayedSource | MirroredSource | PartitionedSource | AppendedSource
