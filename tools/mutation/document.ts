/**
 * Writes the table in `docs/mutation.md`: one row per room, from the room's last run.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'

const BEGIN = '<!-- mutation: begin -->'
const END = '<!-- mutation: end -->'
const HEAD = [
  '| room | mutants | tried | killed | of these by time-out | explained | survived | score | sample | date |',
  '|---|---:|---:|---:|---:|---:|---:|---:|---|---|',
]

/** Replaces a room's row, or adds it after the others. */
export function writeRow(path: string, cells: readonly [room: string, ...string[]]): void {
  const document = readFileSync(path, 'utf8')
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`${path} has no ${BEGIN} … ${END}`)
  const row = `| ${cells.join(' | ')} |`
  const rows = document
    .slice(begin + BEGIN.length, end)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const at = rows.findIndex((line) => line.startsWith(`| ${cells[0]} |`))
  const kept = at < 0 ? [...rows, row] : rows.with(at, row)
  const table = [...HEAD, ...kept].join('\n')
  writeFileSync(path, `${document.slice(0, begin + BEGIN.length)}\n${table}\n${document.slice(end)}`)
}
