/**
 * The stored rows of a table's inputs.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import type { InputRows } from '../fold/apply-inputs.ts'
import { compareMonths } from '../job/month.ts'
import { type CommitRecord, isReplayed } from '../log/commit-record.ts'
import { readStoredInput } from '../sources/read/read-input.ts'

/** Returns the stored rows of a table's inputs up to a month, in the order in which they are applied. */
export async function readInputs(
  out: FileStore,
  { inputs }: Pick<CommitRecord, 'inputs'>,
  table: string,
  asOf: string | null,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly InputRows[]> {
  const rows: InputRows[] = []
  for (const input of inputs) {
    if (!isReplayed(input) || input.table !== table) continue
    if (asOf === null || compareMonths(input.month, asOf) <= 0) rows.push(await readStoredInput(out, input, effects))
  }
  return rows
}
