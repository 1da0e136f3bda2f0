/**
 * Frames of one contract, one after the other.
 * @module
 */
import { contractForm, nullColumnOf } from '../../../format/contract-form.ts'
import type { TableContract } from '../../../table/contract.ts'
import { type Frame, frameOf, selectColumns } from '../../../table/frame.ts'
import { poolColumn } from '../../../transform/delta/fold/delta-rows.ts'

/** Returns frames of one contract one after the other, in the contract's form. */
export function concatFrames(frames: readonly Frame[], contract: TableContract): Frame {
  const names = Object.keys(contract.columns)
  const [only] = frames
  if (only !== undefined && frames.length === 1 && names.every((name) => only.columns.has(name))) {
    return selectColumns(contractForm(only, contract), names)
  }
  const rows = frames.reduce((count, frame) => count + frame.rows, 0)
  const formed = frames.map((frame) => contractForm(frame, contract))
  const counts = formed.map((frame) => frame.rows)
  const columns = Object.entries(contract.columns).map(([name, column]) => {
    const parts = formed.map((frame) => frame.columns.get(name) ?? null)
    const like = parts.find((part) => part !== null) ?? nullColumnOf(column, 0)
    return [name, poolColumn(like, parts, counts).pool] as const
  })
  return frameOf(columns, rows)
}
