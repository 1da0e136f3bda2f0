/**
 * How many complaints there are of each day, channel, category and status.
 * @module
 */
import type { RollupCells } from '../../../pipeline/job/job.ts'
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'

const KEY = ['delivered_on', 'channel', 'category', 'status'] as const

/** Joins the cells of a key: no word and no day holds it. */
const SEPARATOR = '\u0000'

function countsOf(frames: readonly Frame[], weight: (frame: Frame, row: number) => number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const frame of frames) {
    const columns = KEY.map((name) => columnOf(frame, name))
    for (let row = 0; row < frame.rows; row++) {
      const key = columns.map((column) => String(column.at(row))).join(SEPARATOR)
      counts.set(key, (counts.get(key) ?? 0) + weight(frame, row))
    }
  }
  return counts
}

function cellsOf(counts: ReadonlyMap<string, number>): RollupCells {
  const keys = [...counts.keys()].sort()
  const cells = keys.map((key) => key.split(SEPARATOR))
  const texts = KEY.map((name, at) => {
    const values = [...new Set(cells.map((row) => row[at] as string))]
    const codes = new Map(values.map((value, code) => [value, code]))
    return [
      name,
      new DictionaryColumn(
        Int32Array.from(cells, (row) => codes.get(row[at] as string) as number),
        values,
      ),
    ] as const
  })
  const complaints = new NumberColumn(
    'float64',
    Float64Array.from(keys, (key) => counts.get(key) as number),
  )
  return { cells: frameOf([...texts, ['complaints', complaints]], keys.length), metadata: {} }
}

/** Counts cleaned complaints, in order of day, channel, category and status. */
export function volumesOf(rows: Frame): RollupCells {
  return cellsOf(countsOf([rows], () => 1))
}

/** Adds counts of several days or channels. */
export function mergeVolumes(parts: readonly RollupCells[]): RollupCells {
  const frames = parts.map(({ cells }) => cells)
  return cellsOf(countsOf(frames, (frame, row) => Number(columnOf(frame, 'complaints').at(row))))
}
