/**
 * Outputs with recorded columns: the commit stores their rows, so that the next one knows when each last changed.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import { checkFrame } from '../../table/check/check.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { ownContract } from '../fold/compare-rows.ts'
import { withRecorded } from '../fold/recorded-times.ts'
import type { CommitRecord } from '../log/commit-record.ts'
import { refuseDamaged } from '../state/data-files.ts'
import { readStoredFrame } from '../state/stored-rows.ts'
import type { Work } from '../work.ts'

/** The rows in the contract's kinds, so that they can be compared with those of another commit. */
function inContract(rows: Frame, contract: TableContract): Frame {
  const { name } = contract
  const { frame, issues } = checkFrame(rows, ownContract(contract), { file: `output ${name}`, repeatedKeys: 'issue' })
  const [first] = issues
  if (first === undefined) return frame
  throw new PipelineError(
    'derived_invalid',
    `output ${name}: row ${first.row} does not fit its contract (${first.code}${first.column === null ? '' : ` in ${first.column}`}); mend its function and raise its version`,
    { details: { output: name, row: first.row, column: first.column, found: first.found } },
  )
}

function storedFile({ rollups }: Pick<CommitRecord, 'rollups'>, { name }: TableContract) {
  return Object.hasOwn(rollups, name) ? rollups[name] : undefined
}

/**
 * Returns the rows of an output with its recorded columns: those of the last commit by key, and the time of this one for rows
 * that are new or changed. A rebuild keeps the times of rows that stay equal.
 * @throws PipelineError derived_invalid - a row does not fit the contract; data_damaged - the stored rows are not what they were
 */
export async function recordOutput(work: Work, contract: TableContract, rows: Frame): Promise<Frame> {
  const { head, out, effects } = work
  const own = inContract(rows, contract)
  const file = head === null ? undefined : storedFile(head, contract)
  // its times are stored again, in a file with a hash of its own
  if (file !== undefined) await refuseDamaged(out, file, effects.newHash())
  const before = file === undefined ? null : (await readStoredFrame(out, file)).frame
  return withRecorded(own, before, contract, work.committedAt())
}

/** Returns the rows of an output with the times that a commit recorded; null where it did not have the row. */
export async function withStoredTimes(
  out: FileStore,
  record: Pick<CommitRecord, 'rollups'>,
  contract: TableContract,
  rows: Frame,
): Promise<Frame> {
  const file = storedFile(record, contract)
  const before = file === undefined ? null : (await readStoredFrame(out, file)).frame
  return withRecorded(inContract(rows, contract), before, contract, null)
}
