/**
 * The gate before a commit: the report counts each cleaned complaint once.
 * @module
 */
import type { JobState } from '../../../pipeline/job/job.ts'
import { columnOf } from '../../../table/frame.ts'

/** A table of cleaned complaints, its raw table, and the rollup that counts it. */
export const COUNTED_TABLES = [
  { table: 'call_logs', raw: 'raw_call_logs', volumes: 'call_volumes' },
  { table: 'social_media', raw: 'raw_social_media', volumes: 'social_volumes' },
  { table: 'web_forms', raw: 'raw_web_forms', volumes: 'form_volumes' },
] as const

/** Returns what does not add up between raw tables, cleaned tables and their counts; null where all does. */
export function findMiscount(state: JobState): string | null {
  for (const { table, raw, volumes } of COUNTED_TABLES) {
    const landed = new Map(state.partitions(raw).map(({ day, rows }) => [day, rows]))
    const { cells } = state.rollup(volumes)
    const counted = new Map<string, number>()
    const days = columnOf(cells, 'delivered_on')
    for (const [row, count] of [...columnOf(cells, 'complaints')].entries()) {
      const day = String(days.at(row))
      counted.set(day, (counted.get(day) ?? 0) + Number(count))
    }
    for (const { day, rows } of state.partitions(table)) {
      const most = landed.get(day) ?? 0
      if (rows > most) return `table ${table} has ${rows} rows of ${day}, and only ${most} were delivered`
      const reported = counted.get(day) ?? 0
      counted.delete(day)
      if (reported !== rows) return `table ${table} has ${rows} rows of ${day}, and the report counts ${reported}`
    }
    const [extra] = [...counted].filter(([, count]) => count !== 0)
    if (extra !== undefined)
      return `the report counts ${extra[1]} complaints of ${extra[0]}, which table ${table} does not have`
  }
  return null
}
