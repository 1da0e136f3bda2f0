/**
 * Objects in JSON, one a file, read many at once.
 * @module
 */
import { EtlError, type Issue, PipelineError } from '../../errors.ts'
import { jsonFrame } from '../../format/json/read.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { Note } from '../plan/plan-notes.ts'
import { concatFrames } from './concat-frames.ts'

/** Characters of a record that quarantine shows. */
const SHOWN = 2000
/** Objects that are parsed at once. */
const BATCH = 2000

/** Rows of one or more files, and what is wrong with the others; `file` of a row is a place in the batch. */
export interface BatchReading {
  readonly frame: Frame
  readonly files: Int32Array
  readonly records: Int32Array
  readonly counts: readonly number[]
  /** Whether the format judged its files itself. */
  readonly isJudged?: boolean
  /** What formats tell of the files. */
  readonly notes?: readonly Note[]
  readonly issues: readonly (Pick<Issue, 'row' | 'code' | 'column' | 'found' | 'expected'> & {
    readonly file: number
    readonly line: number | null
    readonly raw: string
  })[]
}

const text = new TextDecoder()

/** The bytes of one JSON object on one line: in JSON, line ends are only between tokens. */
export function onOneLine(bytes: Uint8Array): Uint8Array {
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.subarray(hasBom ? 3 : 0).map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte))
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(lines.reduce((size, { length }) => size + length + 1, 0))
  let at = 0
  for (const line of lines) {
    joined.set(line, at)
    at += line.length
    joined[at++] = 0x0a
  }
  return joined
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09)
}

/** Reads one JSON object a file. A file that cannot be read alone is found by halving the batch. */
export function readObjects(lines: readonly Uint8Array[], contract: TableContract): BatchReading {
  const names = Object.entries(contract.columns).filter(([, { role }]) => role !== 'metadata')
  // so that the columns do not depend on which objects are read together
  const everyName = new TextEncoder().encode(JSON.stringify(Object.fromEntries(names.map(([name]) => [name, null]))))
  const frames: Frame[] = []
  const files: number[] = []
  const issues: BatchReading['issues'][number][] = []
  const rawOf = (file: number): string => text.decode(lines[file]).trim().slice(0, SHOWN)
  const refuse = (file: number, error: EtlError): void => {
    const expected = `one JSON object with the columns of ${contract.name}`
    issues.push({ file, row: 1, line: 1, code: error.code, column: null, found: null, expected, raw: rawOf(file) })
  }
  const read = (from: number, to: number): void => {
    try {
      const only = lines[from] as Uint8Array
      if (to - from === 1 && isBlank(only)) throw new PipelineError('empty_file', 'the file is empty')
      const part = lines.slice(from, to)
      if (part.some(isBlank)) {
        halve(from, to)
        return
      }
      const reading = jsonFrame(joinLines([everyName, ...part]), { contract, layout: 'lines' })
      const bad = new Set<number>([1])
      for (const { row, code, column, found, expected } of reading.issues) {
        bad.add(row)
        const file = from + row - 2
        if (row > 1) issues.push({ file, row: 1, line: 1, code, column, found, expected, raw: rawOf(file) })
      }
      frames.push(reading.frame)
      for (let row = 2; row <= part.length + 1; row++) if (!bad.has(row)) files.push(from + row - 2)
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      if (to - from === 1) refuse(from, error)
      else halve(from, to)
    }
  }
  const halve = (from: number, to: number): void => {
    const middle = (from + to) >> 1
    read(from, middle)
    read(middle, to)
  }
  for (let from = 0; from < lines.length; from += BATCH) read(from, Math.min(lines.length, from + BATCH))
  const frame = concatFrames(frames, contract)
  const counts = lines.map(() => 1)
  return { frame, files: Int32Array.from(files), records: new Int32Array(files.length).fill(1), counts, issues }
}
