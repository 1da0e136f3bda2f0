/**
 * Objects in JSON, one a file, read many at once.
 * @module
 */
import { EtlError, type Issue } from '../../../errors.ts'
import { jsonFrame } from '../../../format/json/read.ts'
import { joinChunks } from '../../../table/chunks.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import type { Note } from '../../plan/plan-notes.ts'
import { concatFrames } from './concat-frames.ts'

/** Characters of a record that quarantine shows. */
const SHOWN = 2000
/** Objects that are parsed at once, unless a source says otherwise. */
const BATCH = 2000
/** Bytes after which a batch with fewer objects is parsed. */
const BATCH_BYTES = 8 << 20

/** Rows of one or more files, and what is wrong with the others; `file` of a row is a place in the batch. */
export interface BatchReading {
  readonly frame: Frame
  readonly files: Int32Array
  readonly records: Int32Array
  readonly counts: readonly number[]
  /** Whether the format judged its files itself. */
  readonly isJudged?: boolean
  /** What the format tells of whole files. */
  readonly notes?: readonly Note[]
  readonly issues: readonly (Pick<Issue, 'row' | 'code' | 'column' | 'found' | 'expected'> & {
    readonly file: number
    readonly line: number | null
    readonly raw: string
  })[]
}

const text = new TextDecoder()
const whiteSpace = new Set([0x20, 0x09, 0x0a, 0x0d])

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => whiteSpace.has(byte))
}

/** The bytes without their byte order mark. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return hasMark ? bytes.subarray(3) : bytes
}

/** Reads one JSON object a file. Files are parsed in batches, so that the bytes of all of them are never in memory together. */
export class ObjectsReader {
  readonly #contract: TableContract
  readonly #batchSize: number
  /** An object with every name, so that the columns do not depend on which objects are parsed together. */
  readonly #everyName: Uint8Array
  readonly #frames: Frame[] = []
  readonly #issues: BatchReading['issues'][number][] = []
  /** The file of each row. */
  readonly #files: number[] = []
  /** The files that wait to be parsed. */
  #batch: Uint8Array[] = []
  #batchBytes = 0
  /** Files that were parsed. */
  #parsed = 0

  constructor(contract: TableContract, batchSize = BATCH) {
    this.#contract = contract
    this.#batchSize = batchSize
    const names = Object.entries(contract.columns).filter(([, { role }]) => role !== 'metadata')
    const nulls = Object.fromEntries(names.map(([name]) => [name, null]))
    this.#everyName = new TextEncoder().encode(JSON.stringify(nulls))
  }

  /** Takes the bytes of the next file, which must not change. */
  add(bytes: Uint8Array): void {
    this.#batch.push(withoutMark(bytes))
    this.#batchBytes += bytes.length
    if (this.#batch.length >= this.#batchSize || this.#batchBytes >= BATCH_BYTES) this.#parseBatch()
  }

  /** Takes the next file, which could not be unpacked. */
  addUnreadable(issue: Pick<Issue, 'row' | 'code' | 'column' | 'found' | 'expected'>): void {
    this.#parseBatch()
    this.#issues.push({ ...issue, file: this.#parsed++, line: null, raw: '' })
  }

  /** Returns the rows of all files. */
  end(): BatchReading {
    this.#parseBatch()
    const records = new Int32Array(this.#files.length).fill(1)
    const counts = new Array<number>(this.#parsed).fill(1)
    const frame = concatFrames(this.#frames, this.#contract)
    return { frame, files: Int32Array.from(this.#files), records, counts, issues: this.#issues }
  }

  #parseBatch(): void {
    if (this.#batch.length > 0) this.#parse(0, this.#batch.length)
    this.#parsed += this.#batch.length
    this.#batch = []
    this.#batchBytes = 0
  }

  /** Parses some files of the batch. One that cannot be parsed is found by halving. */
  #parse(from: number, to: number): void {
    try {
      this.#parseTogether(from, to)
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      if (to - from === 1) {
        const code = isBlank(this.#batch[from] as Uint8Array) ? 'empty_file' : error.code
        const expected = `one JSON object with the columns of ${this.#contract.name}`
        this.#note(from, { code, column: null, found: null, expected })
        return
      }
      const middle = (from + to) >> 1
      this.#parse(from, middle)
      this.#parse(middle, to)
    }
  }

  #parseTogether(from: number, to: number): void {
    const objects = [this.#everyName, ...this.#batch.slice(from, to)]
    let end = 0
    const ends = Int32Array.from(objects, ({ length }) => (end += length))
    const { frame, issues } = jsonFrame(joinChunks(objects), { contract: this.#contract, ends })
    // the first row is the object with every name
    const bad = new Set<number>([1])
    for (const { row, code, column, found, expected } of issues) {
      bad.add(row)
      if (row > 1) this.#note(from + row - 2, { code, column, found, expected })
    }
    this.#frames.push(frame)
    for (let row = 2; row <= objects.length; row++) if (!bad.has(row)) this.#files.push(this.#parsed + from + row - 2)
  }

  /** Notes what is wrong with a file of the batch. */
  #note(at: number, issue: Pick<Issue, 'code' | 'column' | 'found' | 'expected'>): void {
    const raw = text
      .decode(this.#batch[at])
      .replace(/[\r\n]/g, ' ')
      .trim()
      .slice(0, SHOWN)
    this.#issues.push({ ...issue, file: this.#parsed + at, row: 1, line: 1, raw })
  }
}
