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
import type { JobOutput } from '../job/job.ts'
import type { CommitRecord, StoredFile } from '../log/commit-record.ts'
import { refuseDamaged } from '../state/data-files.ts'
import { readStoredFrame } from '../state/stored-rows.ts'
import type { Work } from '../steps/work.ts'

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

/** The output whose rows are stored, under its own name. */
type StoredOutput = Pick<JobOutput, 'contract' | 'remember'>

/** The rows that an output had, in a commit or in none. */
async function storedRows(
  out: FileStore,
  record: Pick<CommitRecord, 'rollups'>,
  contract: TableContract,
  check: (file: StoredFile) => Promise<void> = async () => {},
): Promise<Frame | null> {
  const file = storedFile(record, contract)
  if (file === undefined) return null
  await check(file)
  return (await readStoredFrame(out, file)).frame
}

/**
 * Returns the rows of an output with what the last commit knew. Recorded columns: those of the last commit by key, and the time of
 * this one for rows that are new or changed. A rebuild keeps the times of rows that stay equal, and what an output remembers.
 * @throws PipelineError derived_invalid - a row does not fit the contract; data_damaged - the stored rows are not what they were
 */
export async function recordOutput(work: Work, { contract, remember }: StoredOutput, rows: Frame): Promise<Frame> {
  const { head, out, effects } = work
  // they are stored again, in a file with a hash of its own
  const refuse = (file: StoredFile) => refuseDamaged(out, file, effects.newHash())
  const before = head === null ? null : await storedRows(out, head, contract, refuse)
  const committedAt = work.committedAt()
  if (remember !== undefined) return inContract(remember(rows, { rows: before, committedAt }), contract)
  return withRecorded(inContract(rows, contract), before, contract, committedAt)
}

/**
 * Returns the rows of an output as a commit stored them: remembered rows, or the times of recorded columns, null where the commit did
 * not have the row. `committedAt` is the time of the commit in epoch milliseconds; null for a month.
 * @throws PipelineError invalid_option - what an output remembers was asked for as of a month
 */
export async function withStoredPast(
  out: FileStore,
  record: Pick<CommitRecord, 'rollups'>,
  { contract, remember }: StoredOutput,
  rows: Frame,
  committedAt: number | null,
): Promise<Frame> {
  const before = await storedRows(out, record, contract)
  if (remember === undefined) return withRecorded(inContract(rows, contract), before, contract, null)
  if (before !== null) return before
  if (committedAt !== null) return inContract(remember(rows, { rows: null, committedAt }), contract)
  throw new PipelineError(
    'invalid_option',
    `output ${contract.name} depends on the commits that were made, so that it cannot be read as of a month; read it as it is now, or as of a commit (commit:1)`,
  )
}
