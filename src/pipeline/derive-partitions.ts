/**
 * What is made of partitioned tables, day by day: a rollup of a day is a small file of its own.
 * @module
 */
import { arrowChunks } from '../format/arrow/arrow.ts'
import type { Frame } from '../table/frame.ts'
import type { FoldedTable } from './fold/folded-table.ts'
import { optionsFor } from './job-options.ts'
import type { InputRecord, StoredFile } from './log/commit-record.ts'
import { countingDays, openDays, readPartition } from './state/partition-files.ts'
import { mergeDays, rollupsOf } from './state/partition-rollups.ts'
import { stateContract } from './state/stored-contract.ts'
import type { Work } from './work.ts'

/** Returns a day with everything made of it; the same object where nothing was missing. */
async function deriveDay(work: Work, folded: FoldedTable, day: InputRecord): Promise<InputRecord> {
  const { job, head, steps, draft, out, plan, effects } = work
  const { contract } = folded.table
  const isCurrent = (name: string): boolean => head?.fingerprints[name] === steps[name]
  const made: Record<string, StoredFile> = {}
  const rows: { frame: Frame | null } = { frame: null }
  let isSame = true
  for (const [name, rollup] of rollupsOf(job, contract.name)) {
    const stored = isCurrent(name) ? day.made?.[name] : undefined
    if (stored !== undefined) {
      made[name] = stored
      continue
    }
    isSame = false
    await effects.yieldToIO()
    rows.frame ??= await readPartition(out, day.stored as StoredFile, stateContract(contract), effects)
    const cells = rollup.build(rows.frame, optionsFor(plan.jobOptions, rollup.uses ?? [], `rollup ${name}`))
    made[name] = await draft.place(`${name}-${day.unit}`, 'arrow', cells.cells.rows, arrowChunks(cells.cells, cells))
  }
  const names = Object.keys(made)
  if (isSame && names.length === Object.keys(day.made ?? {}).length) return day
  const { made: _, ...entry } = day
  return names.length === 0 ? entry : { ...entry, made }
}

/** Returns a partitioned table whose days have all that is made of them, and shows the days to the steps that read them. */
export async function derivePartitions(work: Work, folded: FoldedTable): Promise<FoldedTable> {
  const { job, out, loaded, plan, effects, onChunk } = work
  const { contract } = folded.table
  const known: InputRecord[] = []
  for (const day of folded.known) {
    known.push(await deriveDay(work, folded, day))
    onChunk()
  }
  const days = countingDays(job, contract.name, known)
  const files = days.flatMap((input) => (input.stored === null ? [] : { input, file: input.stored }))
  loaded.setPartitions(contract.name, openDays(out, files, stateContract(contract), effects))
  for (const [name, rollup] of rollupsOf(job, contract.name)) {
    const merging = { out, name, rollup, table: folded.table, values: plan.jobOptions, isCurrent: true, effects }
    loaded.setRollup(name, () => mergeDays(days, merging))
  }
  return { ...folded, known }
}
