/**
 * One commit of the log as a value, and as bytes that tell when they were damaged.
 * @module
 */
import { PipelineError } from '../errors.ts'
import type { DeltaSummary } from '../transform/delta/delta-summary.ts'
import type { Hash } from './effects.ts'
import type { OptionValues } from './job-options.ts'
import type { StateOptions } from './options.ts'

/** A file of a state: named by its content, never changed. */
export interface StoredFile {
  /** The name below the place. */
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
}

/** One applied input: the ledger's unit is table, month and hash. */
export interface InputRecord {
  readonly table: string
  /** Null for the full extract. */
  readonly month: string | null
  /** The file's name in the source place. */
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  /** What the place said of the file, so that it need not be hashed again while it says the same; null where that is no proof. */
  readonly version: string | null
  /** Data records, those in quarantine included. */
  readonly rows: number
  readonly quarantined: number
  /** What it did; an extract inserts every row into an empty table. */
  readonly summary: DeltaSummary
  /** Its rows as they were applied, typed. */
  readonly stored: StoredFile
  /** The contract and policies it was read under. */
  readonly contract: string
}

/** A table of a state: a snapshot of it, and the inputs of the record that were applied since. */
export interface TableState {
  readonly snapshot: StoredFile
  /** The month of the last input that the snapshot holds; null for the extract. */
  readonly through: string | null
  /** Rows of the table, later inputs included. */
  readonly rows: number
}

/** A copy for people, and what the place said of it when it was written. */
export interface PublishedFile extends StoredFile {
  readonly output: string
  readonly version: string | null
}

/** Everything a reader needs to know of a state. Every record stands for itself: none before it is needed. */
export interface CommitRecord {
  readonly format: 1
  readonly number: number
  /** The trailer of the record before; null for the first. */
  readonly parent: string | null
  readonly runId: string
  readonly committedAt: string
  readonly job: string
  readonly versions: Readonly<Record<string, string>>
  readonly options: StateOptions
  /** The values of the job's own options. */
  readonly jobOptions: OptionValues
  /** Table to fingerprint of its contract and policies. */
  readonly contracts: Readonly<Record<string, string>>
  /** Everything applied so far, in order of month and table. */
  readonly inputs: readonly InputRecord[]
  readonly state: Readonly<Record<string, TableState>>
  readonly rollups: Readonly<Record<string, StoredFile>>
  /** The rows that wait; null when there are none. */
  readonly quarantine: StoredFile | null
  readonly published: readonly PublishedFile[]
  /** Copies of earlier versions that this one does not publish, as far as they were intact: they are removed when it stands. */
  readonly retired: readonly PublishedFile[]
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

/**
 * Returns a record as JSON whose last member is the SHA-256 of every byte before it: a flipped bit, a cut end
 * and an appended byte are all seen.
 */
export function encodeCommit(
  record: CommitRecord,
  hash: Hash,
): { readonly bytes: Uint8Array; readonly sha256: string } {
  // a sample's key may be a 64-bit integer, which JSON has no number for
  const text = JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 1)
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
 * Returns the record that was encoded.
 * @throws PipelineError log_damaged - any byte differs, or another version of the library wrote another form
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
  if (record.format !== 1 || commitName(record.number) !== name) {
    throw logDamaged(
      location,
      name,
      `the record is of form ${record.format} and number ${record.number}, which this version cannot read here`,
    )
  }
  const { contracts, state, rollups, retired = [] } = record
  // looked up by names that may be those of every object, such as toString
  return {
    record: { ...record, contracts: bare(contracts), state: bare(state), rollups: bare(rollups), retired },
    sha256: found,
  }
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
