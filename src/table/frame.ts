/**
 * A frame: named columns of the same length. Every transform works on frames.
 * @module
 */
import { ContractError } from '../errors.ts'
import type { Column } from './column.ts'

/** Named columns of one length, in order. */
export interface Frame {
  readonly rows: number
  readonly columns: ReadonlyMap<string, Column>
}

/** Returns whether the value has the shape of a frame. */
export function isFrame(value: unknown): value is Frame {
  return (
    typeof value === 'object' &&
    value !== null &&
    'columns' in value &&
    value.columns instanceof Map &&
    'rows' in value &&
    typeof value.rows === 'number'
  )
}

/** Returns a frame of the given columns, which must have the same length. */
export function frameOf(columns: Iterable<readonly [string, Column]>, rows?: number): Frame {
  const named = new Map(columns)
  const length = rows ?? named.values().next().value?.length ?? 0
  for (const [name, column] of named) {
    if (column.length !== length) {
      throw new ContractError('type_mismatch', `column "${name}" has ${column.length} rows, the table has ${length}`)
    }
  }
  return { rows: length, columns: named }
}

/**
 * Returns the column of that name.
 * @throws ContractError column_not_found - the table has no such column; the message names its
 * columns
 */
export function columnOf(frame: Frame, name: string, role = 'column'): Column {
  const column = frame.columns.get(name)
  if (column === undefined) {
    const names = [...frame.columns.keys()].map((known) => `"${known}"`).join(', ')
    throw new ContractError(
      'column_not_found',
      `${role} "${name}" is not in the table; it has ${names || 'no columns'}`,
      {
        details: { column: name, columns: [...frame.columns.keys()] },
      },
    )
  }
  return column
}

/**
 * Returns the frame with columns added or replaced. Replaced columns keep their position, new ones
 * come last.
 */
export function withColumns(frame: Frame, added: Iterable<readonly [string, Column]>): Frame {
  const columns = new Map(frame.columns)
  for (const [name, column] of added) columns.set(name, column)
  return frameOf(columns, frame.rows)
}

/** Returns only the named columns, in that order. */
export function selectColumns(frame: Frame, names: Iterable<string>): Frame {
  return frameOf(
    Array.from(names, (name) => [name, columnOf(frame, name)] as const),
    frame.rows,
  )
}
