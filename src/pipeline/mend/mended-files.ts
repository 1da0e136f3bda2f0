/**
 * Records that people mended, by the file that they are of.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'

/** The text of one mended record. */
export interface MendedRecord {
  /** The data record, from 1. */
  readonly row: number
  /** What takes the place of its text in the file. */
  readonly text: string
}

/** The mended records of one file. They count for these bytes of it alone: a corrected delivery of the file takes their place. */
export interface MendedFile {
  readonly table: string
  /** The file's name in the source place. */
  readonly file: string
  readonly month: string | null
  /** The file as its place has it. */
  readonly sha256: string
  /** In order of rows. */
  readonly records: readonly MendedRecord[]
}

/** A source place as a run reads it. */
export interface MendedSource {
  readonly data: FileStore
  readonly mended: readonly MendedFile[]
  /** Whether the place has the very bytes that a file's records were mended in; true where the file is not there. */
  counts(file: MendedFile): Promise<boolean>
}

/** Returns the files as lines of JSON. */
export function encodeMended(files: readonly MendedFile[]): Uint8Array {
  const lines = files.map(({ table, file, month, sha256, records }) => {
    const texts = records.map(({ row, text }) => ({ row, text }))
    return `${JSON.stringify({ table, file, month, sha256, records: texts })}\n`
  })
  return new TextEncoder().encode(lines.join(''))
}

/** Returns the files of {@link encodeMended}. */
export function decodeMended(bytes: Uint8Array): MendedFile[] {
  const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1)
  // its hash says that encodeMended wrote it
  return lines.map((line) => JSON.parse(line) as MendedFile)
}

/** How many records the files have. */
export function countMended(files: readonly MendedFile[]): number {
  return files.reduce((count, { records }) => count + records.length, 0)
}
