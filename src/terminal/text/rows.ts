/**
 * Rows of frames as cells for people and as objects for machines.
 * @module
 */
import type { Frame } from '../../table/frame.ts'
import { bigintAsText } from './render.ts'
import { type Cell, type TableColumn, type TableRows, type TableView, tableChunks } from './text-table.ts'

/** A value for printing: numbers stay numbers, instants become ISO text. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value
  return String(value)
}

/** Rows of cells in the frame's column order, each made on demand. */
function cellsOf({ columns, rows }: Frame): TableRows & Iterable<Cell[]> {
  const listed = [...columns.values()]
  return {
    length: rows,
    *[Symbol.iterator]() {
      for (let row = 0; row < rows; row++) yield listed.map((column) => cellOf(column.at(row)))
    },
  }
}

type Named = Record<string, Cell>

/** The values of one row, by column, as cells. */
export function cellsByName(row: Readonly<Record<string, unknown>>): Named {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)]))
}

function* namedRows(frame: Frame): Generator<Named, void, undefined> {
  const names = [...frame.columns.keys()]
  for (const cells of cellsOf(frame)) yield Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null]))
}

/** Rows as objects. */
export function objectsOf(frame: Frame): Named[] {
  return [...namedRows(frame)]
}

const CHUNK = 1 << 16

/** Rows as a JSON array, piece by piece, one row per line. */
export function* jsonRows(frame: Frame): Generator<string, void, undefined> {
  let chunk = '['
  let separator = '\n'
  for (const row of namedRows(frame)) {
    chunk += `${separator}  ${JSON.stringify(row, bigintAsText)}`
    separator = ',\n'
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield `${chunk}${frame.rows === 0 ? '' : '\n'}]\n`
}

/** The frame as a table for people, piece by piece, with numbers right-aligned. */
export function frameTable(
  frame: Frame,
  view: TableView,
  titles: Readonly<Record<string, string>> = {},
): Generator<string, void, undefined> {
  const columns = Array.from(frame.columns, ([name, { kind }]): TableColumn => {
    const isText = kind === 'text' || kind === 'timestamp' || kind === 'date' || kind === 'boolean' || kind === 'null'
    return { title: titles[name] ?? name, align: isText ? 'left' : 'right' }
  })
  return tableChunks(columns, cellsOf(frame), view)
}
