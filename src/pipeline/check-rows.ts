/**
 * Rows at which a run would stop, all of them: a run reports the first, a check the others as well.
 * @module
 */
import { EtlError } from '../errors.ts'
import { DictionaryColumn } from '../table/column.ts'
import { columnOf } from '../table/frame.ts'
import { takeRows } from '../table/take.ts'
import { readActions } from '../transform/delta/compile/actions.ts'
import { resolveDeltaOptions } from '../transform/delta/delta-options.ts'
import type { InputRows } from './fold/apply-inputs.ts'
import type { JobTable } from './job/job.ts'
import { actionColumn, ROW } from './state/stored-contract.ts'

/** The rows of a delta whose action is known, and the errors of the others. */
export interface ActionCheck<Rows extends InputRows> {
  readonly fit: Rows
  readonly refused: readonly EtlError[]
}

/** Returns a delta without the rows whose action is unknown, and an error for each of these. */
export function checkActions<Rows extends InputRows>(read: Rows, table: JobTable): ActionCheck<Rows> {
  const { frame, name } = read
  const actions = frame.columns.get(actionColumn(table))
  // a delta without the column is refused as a whole
  if (read.month === null || actions === undefined) return { fit: read, refused: [] }
  const policies = resolveDeltaOptions(table.delta)
  const records = columnOf(frame, ROW)
  const known = new Set<unknown>()
  const fit: number[] = []
  const refused: EtlError[] = []
  for (let row = 0; row < frame.rows; row++) {
    const word = actions.at(row)
    if (!known.has(word)) {
      const only = new DictionaryColumn(Int32Array.of(typeof word === 'string' ? 0 : -1), [String(word)])
      try {
        readActions(only, policies, () => `${name} row ${records.at(row)}`)
        known.add(word)
      } catch (error) {
        if (!(error instanceof EtlError)) throw error
        refused.push(error)
        continue
      }
    }
    fit.push(row)
  }
  if (refused.length === 0) return { fit: read, refused }
  return { fit: { ...read, frame: takeRows(frame, Int32Array.from(fit)) }, refused }
}
