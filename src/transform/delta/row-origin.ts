/**
 * Where a delta's rows came from, for samples and messages.
 * @module
 */
import type { Frame } from '../../table/frame.ts'

/** A 1-based data record of a file, or of the delta where no file is named. */
export interface RowOrigin {
  readonly file: string | null
  readonly row: number
}

/** Returns where a row (from 0) came from. */
export type OriginOf = (row: number) => RowOrigin

/**
 * Returns where a delta's rows came from, by its columns `_file` and `_row` if it has them. `order`
 * is the order in which its rows were sorted.
 */
export function originOf({ columns }: Frame, order: Int32Array | null): OriginOf {
  const files = columns.get('_file')
  const records = columns.get('_row')
  return (row) => {
    const given = order === null ? row : (order[row] as number)
    const file = files?.at(given)
    const record = records?.at(given) ?? given + 1
    return { file: typeof file === 'string' ? file : null, row: Number(record) }
  }
}

/** Returns the location of a delta's row as text. */
export function describeOrigin({ file, row }: RowOrigin): string {
  return file === null ? `delta row ${row}` : `${file} row ${row}`
}
