/**
 * Where records stand in their file.
 * @module
 */
import type { Issue } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'

/** A record that did not become a row, as written in the file. */
export interface RejectedRecord {
  /** Its number among the data records, from 1. */
  readonly row: number
  /** The line on which it begins, from 1. */
  readonly line: number
  /** Its text without the line end. */
  readonly text: string
}

/** Locates the records of one run of cells in the file. */
export interface RecordOrigin {
  /** The number of the run's first record; the others follow without gaps. */
  readonly firstRecord: number
  lineOf(index: number): number
  textOf(index: number): string
  /** The position in the file of the window's first byte. */
  readonly windowOffset: number
}

/** The origin of a run's records from the given one on. */
export function originFrom(origin: RecordOrigin, from: number): RecordOrigin {
  if (from === 0) return origin
  return {
    firstRecord: origin.firstRecord + from,
    windowOffset: origin.windowOffset,
    lineOf: (index) => origin.lineOf(from + index),
    textOf: (index) => origin.textOf(from + index),
  }
}

/** Some rows of a file that is still read, and issues for the records between them that are not rows. */
export interface CsvBatch {
  readonly frame: Frame
  readonly issues: readonly Issue[]
  readonly rejected: readonly RejectedRecord[]
  /** The data record of each row, from 1. */
  readonly records: Int32Array
}
