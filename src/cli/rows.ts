/**
 * Frames at the edge: rows as cells for people and as objects for machines.
 * @module
 */
import type { Column } from '../table/column.ts'
import type { Frame } from '../table/frame.ts'
import { type Cell, renderTable, type TableColumn } from './render.ts'

/** A cell as it is printed: numbers stay numbers, moments are ISO text. */
function cellOf(column: Column, row: number): Cell {
  const value = column.at(row)
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value
  return String(value)
}

/** Rows of cells, in the frame's order of columns. */
export function cellsOf({ columns, rows }: Frame): Cell[][] {
  return Array.from({ length: rows }, (_, row) => Array.from(columns.values(), (column) => cellOf(column, row)))
}

/** Rows as objects. */
export function objectsOf(frame: Frame): Record<string, Cell>[] {
  const names = [...frame.columns.keys()]
  return cellsOf(frame).map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])))
}

/** The frame as a table for people, numbers to the right. */
export function frameTable(frame: Frame, titles: Readonly<Record<string, string>> = {}): string {
  const columns = Array.from(frame.columns, ([name, { kind }]): TableColumn => {
    const isText = kind === 'text' || kind === 'timestamp' || kind === 'date' || kind === 'boolean' || kind === 'null'
    return { title: titles[name] ?? name, align: isText ? 'left' : 'right' }
  })
  return renderTable(columns, cellsOf(frame))
}
