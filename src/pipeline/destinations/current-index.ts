/**
 * `current.json`: which files the tables of a commit are, for readers that do not know the log, such as dbt, DuckDB and pandas.
 * @module
 */
import { isPartitioned, type Job, rootOf, tableNames } from '../job/job.ts'
import type { CommitRecord, InputRecord, PublishedFile, StoredFile } from '../log/commit-record.ts'
import { NO_UNIT_DAY } from '../sources/partitions.ts'
import { countingDays } from '../state/partition-files.ts'
import { INDEX_OUTPUT } from './index-name.ts'

/** A file of a table. */
export interface CurrentFile {
  /** Relative to the place: the folder of `current.json`. */
  readonly path: string
  readonly format: 'csv' | 'json' | 'parquet'
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  /**
   * `2025-03-01`, for a day of a partitioned table; left out where one file without a day is the table. The members below are a
   * day's as well.
   */
  readonly day?: string
  /** The source file that it was made from, and its hash. */
  readonly source?: string
  readonly source_sha256?: string
  /** When it was loaded, the run that did, and the contract it was read under. */
  readonly loaded_at?: string
  readonly batch?: string
  readonly contract_version?: string
  /** The number of the commit that loaded it: of two deliveries, the later one has the greater one. */
  readonly seq?: number
  /** The bytes that it was made from, untouched, where the source keeps them; relative to the place. */
  readonly landed?: string
}

/** A table, derived table or output of a commit. */
export interface CurrentTable {
  readonly kind: 'partitioned' | 'keyed' | 'output'
  readonly rows: number
  /** In order of days. None: the table is not published. */
  readonly files: readonly CurrentFile[]
}

/** What `current.json` holds. */
export interface CurrentIndex {
  readonly format: 1
  readonly job: string
  /** The commit whose files these are. */
  readonly commit: number
  readonly tables: Readonly<Record<string, CurrentTable>>
}

function fileOf({ name, rows, bytes, sha256 }: StoredFile): CurrentFile {
  // what is listed was written in one of these
  const format = name.slice(name.lastIndexOf('.') + 1) as CurrentFile['format']
  return { path: name, format, rows, bytes, sha256 }
}

function dayOf(file: StoredFile, input: InputRecord): CurrentFile {
  const { unit, name, sha256, loadedAt, batch, seq, landed, contract } = input
  return {
    ...fileOf(file),
    ...(unit !== NO_UNIT_DAY && { day: unit }),
    source: name,
    source_sha256: sha256,
    ...(loadedAt !== undefined && { loaded_at: loadedAt }),
    ...(batch !== undefined && { batch }),
    contract_version: contract,
    ...(seq !== undefined && { seq }),
    ...(landed !== undefined && { landed: landed.name }),
  }
}

/** Returns the files of a commit's tables and outputs, by name. */
export function currentIndex(
  job: Job,
  number: number,
  { inputs, state }: Pick<CommitRecord, 'inputs' | 'state'>,
  published: ReadonlyMap<string, PublishedFile>,
): CurrentIndex {
  const tables: Record<string, CurrentTable> = {}
  const copy = (name: string): CurrentFile[] => {
    const file = published.get(name)
    return file === undefined ? [] : [fileOf(file)]
  }
  for (const name of tableNames(job)) {
    const rows = state[name]?.rows ?? 0
    if (isPartitioned(job, name)) {
      const isDerived = Object.hasOwn(job.derived, name)
      const files = countingDays(job, rootOf(job, name), inputs).flatMap((input) => {
        const file = isDerived ? input.made?.[name] : input.stored
        return file === undefined || file === null ? [] : dayOf(file, input)
      })
      tables[name] = { kind: 'partitioned', rows, files }
    } else tables[name] = { kind: 'keyed', rows, files: copy(name) }
  }
  for (const name of Object.keys(job.outputs)) {
    const files = copy(name)
    if (files.length > 0) tables[name] = { kind: 'output', rows: files[0]?.rows ?? 0, files }
  }
  return { format: 1, job: job.name, commit: number, tables }
}

/** Returns the bytes of the file. */
export function encodeIndex(index: CurrentIndex): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(index, null, 1)}\n`)
}

/** Returns the published copies of a commit that show rows: all but the list of files. */
export function copiesOf({
  published,
  features,
}: Pick<CommitRecord, 'published' | 'features'>): readonly PublishedFile[] {
  // another job may have an output with that name
  return features.includes('partitioned_tables') ? published.filter(({ output }) => output !== INDEX_OUTPUT) : published
}
