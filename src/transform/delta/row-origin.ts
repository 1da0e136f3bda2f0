/**
 * Where the rows of a delta came from, for samples and messages.
 * @module
 */
import type { Frame } from '../../table/frame.ts'

/** The 1-based data record of a file, or of the delta where it names no file. */
export interface RowOrigin {
  readonly file: string | null
  readonly row: number
}

/** Tells where a row (from 0) came from. */
export type OriginOf = (row: number) => RowOrigin

/** Returns where a delta's rows came from, by its columns `_file` and `_row` where it has them; `order` is how its rows were sorted. */
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

/** Says where a row of a delta stands. */
export function describeOrigin({ file, row }: RowOrigin): string {
  return file === null ? `delta row ${row}` : `${file} row ${row}`
}
