/**
 * One commit of the log as a value, and as bytes in which damage is detected.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { DeltaSummary } from '../../transform/delta/delta-summary.ts'
import type { Hash } from '../effects.ts'
import type { OptionValues } from '../job/job-options.ts'
import type { StateOptions } from '../job/options.ts'

/** A file of a state: named by its content, never changed. */
export interface StoredFile {
  /** The name below the place. */
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
}

/** Keys of persons as salted hashes: nobody can read a key from them, and a key can be compared with them. */
export interface ErasedKeys {
  readonly salt: string
  /** SHA-256 of salt and key, in the order in which keys were erased. */
  readonly hashes: readonly string[]
}

/** One applied input: the ledger knows it by table and unit. */
export interface InputRecord {
  readonly table: string
  /** Identifies the input within its table: a month, a file's name or a content's hash; empty for an extract or a snapshot. */
  readonly unit: string
  /** Null for what is not the changes of one month. */
  readonly month: string | null
  /** The file's name in the source place. */
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  /** The store's version of the file: while it is the same, the file is not hashed again. Null where a version proves nothing. */
  readonly version: string | null
  /** Data records, those in quarantine included. */
  readonly rows: number
  readonly quarantined: number
  /** What it did; an extract inserts every row into an empty table. Null for an input of a mirrored table. */
  readonly summary: DeltaSummary | null
  /**
   * Its rows as they were applied, typed: as Arrow, or as Parquet for a day of a partitioned table. Null for an input of another
   * mirrored table, whose rows are in the table's own file.
   */
  readonly stored: StoredFile | null
  /** What was made of this input alone, by name: rollups, and derived tables, of a partitioned table. */
  readonly made?: Readonly<Record<string, StoredFile>>
  /** When the day of a partitioned table was loaded, and by which run; no stored file holds either. */
  readonly loadedAt?: string
  readonly batch?: string
  /** The number of the commit that loaded it: of two deliveries, the one that came later has the greater one. */
  readonly seq?: number
  /** The bytes of its file, where the source keeps them. */
  readonly landed?: StoredFile
  /** The file as its place has it, where persons were erased from it; hash and size above are those of what is kept. */
  readonly original?: Pick<InputRecord, 'sha256' | 'bytes' | 'version'>
  /** Its place among the pieces of an appended table, from 1. */
  readonly position?: number
  /** Set when another file has the same key and wins. The file is read again when an input of the table changes. */
  readonly waits?: 'duplicate_object'
  /** The contract and policies it was read under. */
  readonly contract: string
}

/** An input whose rows are stored: of a replayed or an appended table. */
export type ReplayedInput = InputRecord & { readonly summary: DeltaSummary; readonly stored: StoredFile }

/** Whether the rows of an input are stored. */
export function isReplayed(input: InputRecord): input is ReplayedInput {
  return input.summary !== null && input.stored !== null
}

/** A table of a state: a snapshot of it, and the inputs of the record that were applied since. */
export interface TableState {
  /** Null for a partitioned table, whose rows are in the stored files of its inputs. */
  readonly snapshot: StoredFile | null
  /** The month of the last input that the snapshot holds; null for the extract. */
  readonly through: string | null
  /** Rows of the table, later inputs included. */
  readonly rows: number
  /** Deleted keys of an appended table, each with the sequence of its delete. */
  readonly tombstones?: StoredFile
}

/** A copy for people, and what the place said of it when it was written. */
export interface PublishedFile extends StoredFile {
  readonly output: string
  readonly version: string | null
}

/** A table as the job declared it when the record was written. */
export interface TableRecord {
  /** Whole, so that a reader without the job knows what the rows are. */
  readonly contract: TableContract
  /** The policies that its deltas were applied by. */
  readonly delta: Readonly<Record<string, unknown>>
  /** What its source is: kind, place within the source, format. */
  readonly source: Readonly<Record<string, unknown>>
  /** Tells contract, policies and source from others, in 16 hexadecimal digits. */
  readonly fingerprint: string
}

/** A derived table as the job declared it when the record was written. */
export interface DerivedRecord {
  /** The table, or derived table, that it is made from. */
  readonly from: string
  readonly contract: TableContract
}

/** Everything a reader needs to know of a state; no earlier record is needed to read one. */
export interface CommitRecord {
  readonly format: 2
  /** What a reader has to know beyond the format; a reader that does not know one refuses the record. */
  readonly features: readonly string[]
  readonly number: number
  /** The trailer of the record before; null for the first. */
  readonly parent: string | null
  readonly runId: string
  readonly committedAt: string
  /**
   * What the run took to read and apply each table, and to make each derived table, rollup and published output, by name; a table
   * that is published has the time of its copy too. Left out by earlier versions. Like the time of the commit, it is no content.
   */
  readonly milliseconds?: Readonly<Record<string, number>>
  readonly job: string
  readonly versions: Readonly<Record<string, string>>
  readonly options: StateOptions
  /** The values of the job's own options. */
  readonly jobOptions: OptionValues
  readonly tables: Readonly<Record<string, TableRecord>>
  /** The derived tables, whose rows are in `state` too; left out where there are none. */
  readonly derived?: Readonly<Record<string, DerivedRecord>>
  /** Derived table, rollup or output to fingerprint: another one means that the step has to be done again. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** Everything applied so far, in order of month, table and unit; those of the pages come first. */
  readonly inputs: readonly InputRecord[]
  /** The files with the first inputs, where there are too many for the record; `rows` counts them. */
  readonly pages: readonly StoredFile[]
  readonly state: Readonly<Record<string, TableState>>
  /** By name: rollups, and the rows of outputs with recorded columns. */
  readonly rollups: Readonly<Record<string, StoredFile>>
  /** Persons that were erased: no later delivery brings them back. Left out where there are none. */
  readonly erased?: ErasedKeys
  /** Records that people mended, by file; left out where there are none. */
  readonly mended?: StoredFile
  /** The rows that wait; null when there are none. */
  readonly quarantine: StoredFile | null
  readonly published: readonly PublishedFile[]
  /** Unchanged copies of earlier versions that this version does not publish. They are removed after the commit. */
  readonly stale: readonly PublishedFile[]
}

/** Every file that a version refers to. */
export function filesOf({ inputs, pages, state, rollups, mended, quarantine }: CommitRecord): readonly StoredFile[] {
  const snapshots = Object.values(state).flatMap(({ snapshot, tombstones }) =>
    [snapshot ?? [], tombstones ?? []].flat(),
  )
  const ofInputs = inputs.flatMap(({ stored, landed, made = {} }) =>
    [stored ?? [], landed ?? [], Object.values(made)].flat(),
  )
  const others = [mended ?? [], quarantine ?? []].flat()
  return [...ofInputs, ...pages, ...snapshots, ...Object.values(rollups), ...others]
}

/** A record as it was read, with its own trailer. */
export interface Commit {
  readonly record: CommitRecord
  readonly sha256: string
}

export const LOG = '.support-etl/log/'
const NAME = /^\.support-etl\/log\/(\d{8,})\.json$/
const TRAILER = /^ "sha256": "([0-9a-f]{64})"\n\}\n$/
/** ` "sha256": "…64…"\n}\n` */
const TRAILER_SIZE = 80

/** `.support-etl/log/00000042.json` of 42. */
export function commitName(number: number): string {
  return `${LOG}${String(number).padStart(8, '0')}.json`
}

/** 42 of `.support-etl/log/00000042.json`; null for a name that is no commit's. */
export function commitNumber(name: string): number | null {
  const match = NAME.exec(name)
  return match === null || commitName(Number(match[1])) !== name ? null : Number(match[1])
}

export function logDamaged(location: string, name: string, what: string): PipelineError {
  return new PipelineError(
    'log_damaged',
    `${location}/${name}: ${what}; nothing was changed. Restore ${location}/${LOG} from a copy, or run into a new folder`,
    { details: { name } },
  )
}

/** Replaces what JSON has no number for: a sample's key may be a 64-bit integer. */
export function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/**
 * Returns a record as JSON whose last member is the SHA-256 of every byte before it: a flipped bit, a cut end
 * and an appended byte are all seen.
 */
export function encodeCommit(
  record: CommitRecord,
  hash: Hash,
): { readonly bytes: Uint8Array; readonly sha256: string } {
  const paged = record.pages.reduce((count, { rows }) => count + rows, 0)
  const written = { ...record, inputs: record.inputs.slice(paged) }
  const text = JSON.stringify(written, bigintAsText, 1)
  // the closing brace is replaced by the trailer
  const body = new TextEncoder().encode(`${text.slice(0, -2)},\n`)
  hash.update(body)
  const sha256 = hash.digest()
  const trailer = new TextEncoder().encode(` "sha256": "${sha256}"\n}\n`)
  const bytes = new Uint8Array(body.length + trailer.length)
  bytes.set(body)
  bytes.set(trailer, body.length)
  return { bytes, sha256 }
}

/**
 * Returns the record that was encoded, with those of its inputs that are not in pages.
 * @throws PipelineError log_damaged - any byte differs; log_older, log_newer - another version of the library wrote it
 */
export function decodeCommit(bytes: Uint8Array, { hash, location, name }: CommitSource): Commit {
  const cut = Math.max(0, bytes.length - TRAILER_SIZE)
  const found = TRAILER.exec(new TextDecoder().decode(bytes.subarray(cut)))?.[1]
  if (found === undefined) throw logDamaged(location, name, 'the record has no end: it was cut or overwritten')
  const body = bytes.subarray(0, cut)
  hash.update(body)
  if (hash.digest() !== found)
    throw logDamaged(location, name, 'the record does not have the content its trailer promises')
  // its hash says that encodeCommit wrote it
  const record = JSON.parse(new TextDecoder().decode(bytes)) as CommitRecord & { sha256: string }
  refuseOtherFormat(record, location, name)
  if (commitName(record.number) !== name) throw logDamaged(location, name, `the record has the number ${record.number}`)
  const { tables, derived, fingerprints, state, rollups, jobOptions } = record
  // looked up by names that may be those of every object, such as toString
  return {
    record: {
      ...record,
      ...{ tables: bare(tables), fingerprints: bare(fingerprints), jobOptions: bare(jobOptions) },
      ...{ state: bare(state), rollups: bare(rollups) },
      ...(derived !== undefined && { derived: bare(derived) }),
    },
    sha256: found,
  }
}

const FORMAT = 2
/** What a record of this format may need a reader to know. */
const FEATURES: ReadonlySet<string> = new Set([
  ...['ledger_pages', 'mirrored_tables', 'appended_tables', 'derived_tables', 'partitioned_tables'],
  ...['recorded_outputs', 'landed_files', 'erased_keys', 'mended_rows'],
])

function refuseOtherFormat({ format, features = [] }: CommitRecord, location: string, name: string): void {
  // a record says what it is, whatever its type says here
  const found: number = format
  if (found < FORMAT) {
    throw new PipelineError(
      'log_older',
      `${location}/${name}: an earlier version of support-etl wrote this state (record format ${found}, expected ${FORMAT}); nothing was changed`,
      { advice: ['run into a new folder, which applies the source files again'], details: { name, format } },
    )
  }
  const unknown = features.filter((feature) => !FEATURES.has(feature))
  if (found === FORMAT && unknown.length === 0) return
  const what = found > FORMAT ? `record format ${found}, expected ${FORMAT}` : `it needs ${unknown.join(', ')}`
  throw new PipelineError(
    'log_newer',
    `${location}/${name}: a later version of support-etl wrote this state (${what}); nothing was changed. Use that version or a later one`,
    { details: { name, format, features } },
  )
}

/** The same members, and none that every object has. */
function bare<Value>(members: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null), members)
}

/** Where a record's bytes came from, and what checks them. */
export interface CommitSource {
  readonly hash: Hash
  readonly location: string
  readonly name: string
}
