/**
 * The rows of the inputs that are there now, made from those of the last commit and those that were read: pure.
 * @module
 */
import { compareNames } from '../../../connect/file-name.ts'
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import { columnOf, type Frame, selectColumns } from '../../../table/frame.ts'
import { duplicateRows } from '../../../table/key/duplicates.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { markedRows, pickAt, takeRows } from '../../../table/take.ts'
import { codedText } from '../../../table/utf8.ts'
import { compareByKey } from '../../fold/compare-rows.ts'
import type { ChangedRows } from '../../job/job.ts'
import { FILE, mirroredContract, ROW } from '../../state/stored-contract.ts'
import { concatFrames } from '../read/concat-frames.ts'

/** What became of the rows, by key. */
export interface MirrorCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly deleted: number
}

/** A table after its inputs changed. */
export interface MirroredRows {
  /** The rows, in order of their files' names by UTF-8 bytes, then of records. */
  readonly frame: Frame
  /** Rows of before that are not in the table any more, and rows that were not in it before. */
  readonly changed: ChangedRows
  readonly counts: MirrorCounts
  /** Rows whose key a row of an earlier file has: they wait. */
  readonly duplicates: readonly { readonly file: string; readonly row: number }[]
}

/** Which rows keep their place, by the file they came from. */
function rowsOutside(frame: Frame, gone: ReadonlySet<string>): Uint8Array {
  const { codes, values } = filesOf(frame)
  const isGone = Uint8Array.from(values, (file) => (gone.has(file) ? 1 : 0))
  return Uint8Array.from(codes, (code) => (isGone[code] === 1 ? 0 : 1))
}

function filesOf(frame: Frame): DictionaryColumn {
  const column = columnOf(frame, FILE)
  if (column instanceof DictionaryColumn) return column
  if (column.kind === 'text') return codedText(column)
  throw new Error(`${FILE} is not text`)
}

/** The rows in order of their files' names; rows of one file stay in their order. */
function inOrderOfFiles(frame: Frame, rows: Int32Array): Int32Array {
  const { codes, values } = filesOf(frame)
  const ranked = Array.from(values.keys()).sort((a, b) => compareNames(values[a] as string, values[b] as string))
  const rank = new Int32Array(values.length)
  for (const [at, code] of ranked.entries()) rank[code] = at
  // a counting sort: starts[r] becomes the place of the next row from the file of rank r
  const starts = new Int32Array(values.length + 1)
  for (const row of rows) {
    const next = (rank[codes[row] as number] as number) + 1
    starts[next] = (starts[next] as number) + 1
  }
  for (let at = 0; at < values.length; at++) starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number)
  const ordered = new Int32Array(rows.length)
  for (const row of rows) {
    const file = rank[codes[row] as number] as number
    const place = starts[file] as number
    ordered[place] = row
    starts[file] = place + 1
  }
  return ordered
}

/** Counts what became of keys; a table without a key has only rows that come and go. */
function countEffects(all: Frame, contract: TableContract, before: Int32Array, after: Int32Array): MirrorCounts {
  if (contract.key.length === 0) {
    return { inserted: after.length, updated: 0, unchanged: 0, deleted: before.length }
  }
  const { matched, same } = compareByKey(all, before, after, contract)
  const found = matched.reduce((count, row) => (row < 0 ? count : count + 1), 0)
  const unchanged = same.reduce((count, mark) => count + mark, 0)
  return {
    ...{ inserted: after.length - found, updated: found - unchanged, unchanged },
    deleted: before.length - found,
  }
}

/**
 * Returns the table whose rows from the files in `gone` are replaced by the incoming ones. Of rows with one key that of the
 * first file, by name, is in the table.
 */
export function mirrorRows(
  before: Frame,
  gone: ReadonlySet<string>,
  incoming: Frame,
  contract: TableContract,
): MirroredRows {
  const all = concatFrames([before, incoming], mirroredContract(contract))
  const marks = new Uint8Array(all.rows).fill(1)
  marks.set(rowsOutside(before, gone))
  const candidates = inOrderOfFiles(all, markedRows(marks))
  const { key } = contract
  const again =
    key.length === 0 ? new Int32Array(0) : duplicateRows(keyBytes(takeRows(selectColumns(all, key), candidates), key))
  const isAgain = new Uint8Array(candidates.length)
  for (const at of again) isAgain[at] = 1
  const winners = pickAt(candidates, markedRows(isAgain.map((mark) => 1 - mark)))
  const isIn = new Uint8Array(all.rows)
  for (const row of winners) isIn[row] = 1
  const left = markedRows(isIn.subarray(0, before.rows).map((mark) => 1 - mark))
  const come = markedRows(isIn.map((mark, row) => (row < before.rows ? 0 : mark)))
  const files = filesOf(all)
  const records = columnOf(all, ROW)
  const frame = takeRows(all, winners)
  return {
    frame,
    changed: { before: takeRows(all, left), after: takeRows(all, come) },
    counts: countEffects(all, contract, left, come),
    duplicates: Array.from(pickAt(candidates, again), (row) => ({
      file: String(files.at(row)),
      row: records instanceof NumberColumn ? (records.values[row] as number) : 1,
    })),
  }
}
