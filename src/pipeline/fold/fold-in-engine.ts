/**
 * A table that an engine folds. What its inputs did was counted here already, by the rows that they touch.
 * @module
 */
import { EngineError } from '../../errors.ts'
import type { TableEngine } from '../engine-place.ts'
import { isReplayed, type TableState } from '../log/commit-record.ts'
import type { TableChange } from '../state/snapshot-table.ts'

/**
 * Makes a table of the version in its engine. In the record the extract is its snapshot, and its deltas are the later inputs: who
 * has the files alone can make the table from them.
 *
 * @throws EngineError engine_differs - the engine has another number of rows than the inputs leave
 */
export async function foldInEngine(
  engine: TableEngine,
  { table, inputs, before, known }: Omit<TableChange, 'rows'>,
): Promise<TableState> {
  const { name } = table.contract
  const added = await Promise.all(inputs.map(({ stored }) => stored))
  const earlier = before === null ? [] : known.filter(isReplayed).map(({ stored }) => stored)
  const form = before === null ? 'rebuild' : 'merge'
  const rows = await engine.fold(table, { form, inputs: [...earlier, ...added], added: added.length })
  const expected = inputs.at(-1)?.summary.rowsOut ?? 0
  if (rows !== expected) {
    throw new EngineError(
      'engine_differs',
      `${engine.title} has ${rows} rows in table ${name} after its inputs, expected ${expected}; nothing was committed. Report this, and run the job without an engine until it is mended`,
      { details: { table: name, rows, expected } },
    )
  }
  const snapshot = before === null ? (added[0] ?? null) : before.snapshot
  return { snapshot, through: null, rows }
}
