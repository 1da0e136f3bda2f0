/**
 * Which rows of two versions of a table, or output, differ.
 * @module
 */
import { DeltaError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import { type DifferingRows, differingRows } from '../../transform/delta/diff-frames.ts'

/** What differs in one table or output. */
export interface TableDifference {
  readonly name: string
  readonly kind: 'table' | 'output'
  /** The columns by which rows are matched; none where rows are matched by all their cells. */
  readonly key: readonly string[]
  readonly added: number
  readonly removed: number
  readonly changed: number
  /** Columns that only one commit has, or has with another kind: they are not compared. */
  readonly otherColumns: readonly string[]
  /** The rows of the earlier commit: those that were removed, then those that changed. */
  readonly before: Frame
  /** The rows of the later commit: those that changed, in the order of `before`, then those that were added. */
  readonly after: Frame
}

/** Rows without a key are matched by content: equal rows cancel each other out, one by one. */
function unmatchedRows(before: Frame, after: Frame): DifferingRows {
  const contentOf = ({ columns }: Frame): ((row: number) => string) => {
    const listed = [...columns.values()]
    return (row) => JSON.stringify(listed.map((column) => String(column.at(row) ?? '\u0000')))
  }
  const [was, is] = [contentOf(before), contentOf(after)]
  const open = new Map<string, number[]>()
  for (let row = before.rows - 1; row >= 0; row--) {
    const content = was(row)
    const rows = open.get(content)
    if (rows === undefined) open.set(content, [row])
    else rows.push(row)
  }
  const added: number[] = []
  for (let row = 0; row < after.rows; row++) if (open.get(is(row))?.pop() === undefined) added.push(row)
  const removed = Int32Array.from([...open.values()].flat()).sort()
  const none = new Int32Array(0)
  return { removed, added: Int32Array.from(added), was: none, is: none }
}

/** Which rows differ; an output may repeat a key, and then its rows are matched by content. */
function compareRows(before: Frame, after: Frame, key: readonly string[]): DifferingRows {
  if (key.length === 0) return unmatchedRows(before, after)
  try {
    return differingRows(before, after, key)
  } catch (error) {
    const isKeyless = error instanceof DeltaError && (error.code === 'base_duplicate_key' || error.code === 'null_key')
    if (isKeyless) return unmatchedRows(before, after)
    throw error
  }
}

/** One version of a table or output. */
export interface Side {
  readonly contract: TableContract
  readonly load: () => Promise<Frame>
}

/** Columns of a contract that both commits have with one kind; metadata such as the source's row is not compared. */
function sharedColumns(before: TableContract, after: TableContract): { shared: string[]; others: string[] } {
  const names = [...new Set([...Object.keys(before.columns), ...Object.keys(after.columns)])]
  const isShared = (name: string): boolean => {
    const [was, is] = [before.columns[name], after.columns[name]]
    return was !== undefined && is !== undefined && was.kind === is.kind && was.unit === is.unit
  }
  return { shared: names.filter(isShared), others: names.filter((name) => !isShared(name)) }
}

function rowsThenRows(frame: Frame, first: Int32Array, second: Int32Array): Frame {
  const rows = new Int32Array(first.length + second.length)
  rows.set(first)
  rows.set(second, first.length)
  return takeRows(frame, rows)
}

/** Returns what differs between two versions; rows are matched by key, or by content where the key does not tell them apart. */
export async function compareSides(
  { name, kind }: Pick<TableDifference, 'name' | 'kind'>,
  before: Side,
  after: Side,
): Promise<TableDifference> {
  const { shared, others } = sharedColumns(before.contract, after.contract)
  const isOneKey = before.contract.key.join('\n') === after.contract.key.join('\n')
  const key = isOneKey && after.contract.key.every((column) => shared.includes(column)) ? after.contract.key : []
  const [was, is] = [selectColumns(await before.load(), shared), selectColumns(await after.load(), shared)]
  const rows = compareRows(was, is, key)
  return {
    ...{ name, kind, key },
    ...{ added: rows.added.length, removed: rows.removed.length, changed: rows.is.length },
    otherColumns: others,
    before: rowsThenRows(was, rows.removed, rows.was),
    after: rowsThenRows(is, rows.is, rows.added),
  }
}
