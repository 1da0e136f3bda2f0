/**
 * Column-oriented JSON as rows: `{"a":{"0":1,"1":2},"b":…}` or `{"a":[1,2],"b":…}`.
 * @module
 */
import { FormatError } from '../../../errors.ts'
import type { EditableRecord, RecordEdit } from '../../../format/csv/edit-records.ts'
import { isHeavyLoss, shareOf } from '../losses.ts'

/** The same table as one array of objects. */
interface RowsOfColumns {
  readonly bytes: Uint8Array
  readonly notes: readonly { readonly code: string; readonly severity: 'info'; readonly message: string }[]
}

type Cells = Readonly<Record<string, unknown>>

/** The columns of a file, by name. Numbers keep their text. */
function parseColumns(bytes: Uint8Array, file: string): readonly (readonly [name: string, cells: Cells])[] {
  // a part of ECMAScript 2026 that TypeScript does not know yet
  const { rawJSON, isRawJSON } = JSON as unknown as {
    rawJSON(text: string): unknown
    isRawJSON(value: unknown): boolean
  }
  let value: unknown
  try {
    // 2^53 + 1 and −0 are read by the row reader, not by JSON.parse
    value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      (_, cell, context?: { source?: string }) =>
        typeof cell === 'number' && context?.source !== undefined ? rawJSON(context.source) : cell,
    )
  } catch (cause) {
    throw new FormatError('json_invalid', `${file}: is not JSON; expected an object of columns`, { cause })
  }
  const isCells = (cells: unknown): cells is Cells => typeof cells === 'object' && cells !== null && !isRawJSON(cells)
  if (!isCells(value) || Array.isArray(value)) {
    throw new FormatError('json_invalid', `${file}: is not an object of columns; expected {"name": [cells], …}`)
  }
  return Object.entries(value).map(([name, cells]) => {
    if (isCells(cells)) return [name, cells]
    throw new FormatError('json_invalid', `${file}: column "${name}" is neither a list nor an object of cells`)
  })
}

/** Two names of a file may not mean one column. */
function refuseTwice(names: readonly string[], file: string): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return
  throw new FormatError(
    'json_invalid',
    `${file}: two columns are "${twice}", one of them by another name; keep one of them`,
  )
}

/** Labels that some column lacks. */
function gapsIn(columns: readonly (readonly [string, Cells])[], labels: ReadonlySet<string>) {
  const lacking = columns.filter(([, cells]) => Object.keys(cells).length < labels.size)
  const gaps = new Set<string>()
  for (const [, cells] of lacking) for (const label of labels) if (!Object.hasOwn(cells, label)) gaps.add(label)
  return { rows: gaps.size, columns: lacking.map(([name]) => `"${name}"`).join(', ') }
}

/**
 * Returns the rows in order of their labels' first appearance. A cell that a column lacks is null.
 * @throws FormatError json_invalid - the bytes are no object of columns; more than 5 rows, and more than 5 %, lack a cell
 */
export function rowsOfColumns(bytes: Uint8Array, file: string, aliases: ReadonlyMap<string, string>): RowsOfColumns {
  const columns = parseColumns(bytes, file).map(([name, cells]) => [aliases.get(name) ?? name, cells] as const)
  const names = columns.map(([name]) => name)
  refuseTwice(names, file)
  const labels = new Set<string>()
  for (const [, cells] of columns) for (const label of Object.keys(cells)) labels.add(label)
  const gaps = gapsIn(columns, labels)
  const lack = `${gaps.rows} of ${labels.size} rows lack a cell in ${gaps.columns}`
  if (isHeavyLoss(gaps.rows, labels.size)) {
    const share = shareOf(gaps.rows, labels.size)
    throw new FormatError('json_invalid', `${file}: ${lack} (${share}); was the file cut? Fetch it again`)
  }
  const rows = Array.from(labels, (label) =>
    // fromEntries makes own properties of all names, __proto__ included
    Object.fromEntries(columns.map(([name, cells]) => [name, Object.hasOwn(cells, label) ? cells[label] : null])),
  )
  const notes =
    gaps.rows === 0
      ? []
      : [{ code: 'cells_missing', severity: 'info' as const, message: `${file}: ${lack}, which is read as null` }]
  return { bytes: new TextEncoder().encode(JSON.stringify(rows)), notes }
}

/** The text of a cell; null where there is none. */
function textOf(cell: unknown): string | null {
  if (cell === undefined || cell === null) return null
  // numbers keep their text, as objects that JSON.stringify writes
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/**
 * Returns a file with some of its rows edited, in order of their labels; the same bytes where none is.
 * @throws FormatError json_invalid - the bytes are no object of columns
 */
export function editColumns(
  bytes: Uint8Array,
  file: string,
  aliases: ReadonlyMap<string, string>,
  edit: (record: EditableRecord) => RecordEdit,
): Uint8Array {
  const columns = parseColumns(bytes, file)
  const byName = new Map(columns.map(([name, cells]) => [aliases.get(name) ?? name, cells as Record<string, unknown>]))
  const labels = new Set(columns.flatMap(([, cells]) => Object.keys(cells)))
  const cellOf = (name: string, label: string): unknown => {
    const cells = byName.get(name)
    return cells !== undefined && Object.hasOwn(cells, label) ? cells[label] : null
  }
  let [number, edits] = [0, 0]
  const removed = new Set<string>()
  for (const label of labels) {
    const text = columns.map(([, cells]) => textOf(Object.hasOwn(cells, label) ? cells[label] : null) ?? '').join('\n')
    const done = edit({ number: ++number, text, cell: (name) => textOf(cellOf(name, label)) })
    if (done === 'keep') continue
    edits++
    if (done === 'remove') removed.add(label)
    else for (const [name, cell] of done) if (cellOf(name, label) !== null) (byName.get(name) ?? {})[label] = cell
  }
  if (edits === 0) return bytes
  const kept = columns.map(([name, cells]) => {
    const left = Object.entries(cells).filter(([label]) => !removed.has(label))
    return [name, Array.isArray(cells) ? left.map(([, cell]) => cell) : Object.fromEntries(left)] as const
  })
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(kept)))
}
