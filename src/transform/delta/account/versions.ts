/**
 * Every version of a table's rows through folded deltas, as slowly changing dimension rows of type
 * 2.
 * @module
 */
import { ContractError, DeltaError } from '../../../errors.ts'
import { BooleanColumn, type Column, DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import type { Folded } from '../fold/fold.ts'
import { INSERTED, REMOVED, UPDATED } from '../fold/net-effects.ts'
import type { Accounted } from './account-deltas.ts'
import { takeReferencedRows } from './changed-rows.ts'

/** The columns that history adds. */
export const VERSION_COLUMNS = ['valid_from', 'valid_to', 'is_deleted', 'version'] as const

const NONE = -1

/** Versions in order of creation, each linked to the next version of its key. */
class VersionLog {
  readonly source: number[] = []
  readonly cells: number[][]
  readonly from: number[] = []
  readonly to: number[] = []
  readonly isDeleted: number[] = []
  readonly version: number[] = []
  readonly next: number[] = []
  /** The first and the last version of each key. */
  readonly first: Int32Array
  readonly last: Int32Array

  constructor(keys: number, partialColumns: number) {
    this.cells = Array.from({ length: partialColumns }, () => [])
    this.first = new Int32Array(keys).fill(NONE)
    this.last = new Int32Array(keys).fill(NONE)
  }

  open(key: number, source: number, cells: readonly number[], at: number): void {
    const entry = this.source.length
    const before = this.last[key] as number
    this.source.push(source)
    for (const [p, cell] of cells.entries()) this.cells[p]?.push(cell)
    this.from.push(at)
    this.to.push(NONE)
    this.isDeleted.push(0)
    this.version.push(before === NONE ? 1 : (this.version[before] as number) + 1)
    this.next.push(NONE)
    if (before === NONE) this.first[key] = entry
    else this.next[before] = entry
    this.last[key] = entry
  }

  close(key: number, at: number, isDeleted: 0 | 1): void {
    const entry = this.last[key] as number
    this.to[entry] = at
    this.isDeleted[entry] = isDeleted
  }
}

/** Replays the net effects. Label 0 is the table's own, label d + 1 that of delta d. */
function logVersions({ baseRows, effects, partial }: Accounted): VersionLog {
  const log = new VersionLog(baseRows.length, partial.size)
  for (let key = 0; key < baseRows.length; key++) {
    const row = baseRows[key] as number
    if (row >= 0) log.open(key, ~row, new Array<number>(partial.size).fill(~row), 0)
  }
  for (const [d, { keys, effects: kinds, after }] of effects.entries()) {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number
      const kind = kinds[i]
      if (kind === REMOVED) log.close(key, d + 1, 1)
      if (kind === UPDATED) log.close(key, d + 1, 0)
      if (kind !== UPDATED && kind !== INSERTED) continue
      log.open(
        key,
        after.source[i] as number,
        after.cells.map((cells) => cells[i] as number),
        d + 1,
      )
    }
  }
  return log
}

/**
 * Returns the versions in order of the result, as log entries; ~row is a row of the table that no
 * delta changed.
 */
function orderVersions({ base, baseRows, matched }: Folded, log: VersionLog): Int32Array {
  const order = new Int32Array(base.rows - matched.length + log.source.length)
  let count = 0
  const follow = (key: number) => {
    for (let entry = log.first[key] as number; entry !== NONE; entry = log.next[entry] as number) order[count++] = entry
  }
  let row = 0
  for (const key of matched) {
    for (; row < (baseRows[key] as number); row++) order[count++] = ~row
    follow(key)
    row++
  }
  for (; row < base.rows; row++) order[count++] = ~row
  const added = Array.from(baseRows.keys()).filter((key) => (baseRows[key] as number) < 0 && log.first[key] !== NONE)
  added.sort((a, b) => (log.first[a] as number) - (log.first[b] as number))
  for (const key of added) follow(key)
  return order
}

function checkLabels(labels: readonly string[]): void {
  for (const [d, label] of labels.entries()) {
    if (typeof label !== 'string' || label === '') {
      throw new DeltaError('invalid_option', 'every snapshot and initialAt need a label of text, such as "2025-02"', {
        details: { found: label },
      })
    }
    const before = labels[d - 1]
    if (before === undefined || before < label) continue
    throw new DeltaError(
      'snapshots_out_of_order',
      `delta ${d} is at "${label}", which does not follow "${before}"; give deltas in order, each with a later label`,
      { details: { before, found: label } },
    )
  }
}

function checkNames({ base }: Folded): void {
  for (const name of VERSION_COLUMNS) {
    if (!base.columns.has(name)) continue
    throw new ContractError(
      'column_exists',
      `the table has a column "${name}" of its own, which history adds; rename it`,
      {
        details: { column: name },
      },
    )
  }
}

/**
 * Returns every version of every row: the table's rows in their order, then added keys in order of
 * their first insertion. The versions of a key follow each other. `labels` are the times of the
 * table and of each delta, ascending.
 *
 * @throws DeltaError snapshots_out_of_order - a label does not follow the one before it
 * @throws ContractError column_exists - the table already has one of the added columns
 */
export function versionRows(folded: Accounted, labels: readonly string[]): Frame {
  checkLabels(labels)
  checkNames(folded)
  const log = logVersions(folded)
  const order = orderVersions(folded, log)
  const pick = (values: readonly number[], untouched: (row: number) => number) =>
    order.map((entry) => (entry < 0 ? untouched(~entry) : (values[entry] as number)))
  const own = (row: number) => ~row
  const rows = takeReferencedRows(folded, {
    source: pick(log.source, own),
    cells: log.cells.map((cells) => pick(cells, own)),
  })
  const columns: readonly Column[] = [
    new DictionaryColumn(
      pick(log.from, () => 0),
      labels,
    ),
    new DictionaryColumn(
      pick(log.to, () => NONE),
      labels,
    ),
    new BooleanColumn(Uint8Array.from(pick(log.isDeleted, () => 0))),
    new NumberColumn(
      'int32',
      pick(log.version, () => 1),
    ),
  ]
  return withColumns(
    rows,
    VERSION_COLUMNS.map((name, i) => [name, columns[i] as Column] as const),
  )
}
