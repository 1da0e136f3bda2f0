/**
 * Phase 5, derive: derived tables and rollups, kept where nothing of their table changed, updated from the changed rows, or
 * made anew.
 * @module
 */

import type { FoldedTable } from '../fold/folded-table.ts'
import { isPartitioned, type RollupCells } from '../job/job.ts'
import { optionsFor } from '../job/job-options.ts'
import type { StoredFile } from '../log/commit-record.ts'
import { isCurrent, type Work } from './work.ts'

/** A rollup of the version: the file of an earlier version, or cells to be written. */
export type DerivedRollup = { readonly file: StoredFile } | { readonly made: RollupCells }

/** Tables and what was derived from them. */
export interface DerivedState {
  /** Those of sources, then derived ones. */
  readonly tables: readonly FoldedTable[]
  readonly rollups: ReadonlyMap<string, DerivedRollup>
}

async function deriveRollup(work: Work, name: string, tables: readonly FoldedTable[]): Promise<DerivedRollup> {
  const { job, plan, base, loaded, engine, effects } = work
  const rollup = job.rollups[name]
  if (rollup === undefined) throw new Error(`rollup ${name} is not in the job`)
  const table = tables.find((folded) => folded.table.contract.name === rollup.table)
  const stored = isCurrent(work, name) ? base?.rollups[name] : undefined
  if (stored !== undefined && table?.isUntouched) return { file: stored }
  await effects.yieldToIO()
  const options = optionsFor(plan.jobOptions, rollup.uses ?? [], `rollup ${name}`)
  const changed = table?.changed.get(name)
  const form = stored !== undefined && changed !== undefined ? 'update' : 'build'
  const inCode = async (): Promise<RollupCells> =>
    stored !== undefined && changed !== undefined && rollup.update !== undefined
      ? rollup.update(await loaded.loadRollup(name), changed, options)
      : rollup.build(await loaded.loadTable(rollup.table), options)
  // an engine has no plan for every rollup
  const made = (await engine?.rollUp(name, form, options)) ?? (await inCode())
  loaded.setRollup(name, made)
  return { made }
}

async function deriveDays(work: Work, folded: FoldedTable): Promise<readonly FoldedTable[]> {
  if (!isPartitioned(work.job, folded.table.contract.name)) return [folded]
  // loaded for jobs that have such a table
  const { derivePartitions } = await import('../derive/derive-partitions.ts')
  return derivePartitions(work, folded)
}

/** Returns the tables with the derived tables and rollups of the version. */
export async function deriveState(folded: readonly FoldedTable[], work: Work): Promise<DerivedState> {
  const own: FoldedTable[] = []
  for (const table of folded) own.push(...(await deriveDays(work, table)))
  // loaded for jobs that have derived tables
  const derived =
    Object.keys(work.job.derived).length === 0
      ? []
      : await (await import('../derive/derive-tables.ts')).deriveTables(own, work)
  const tables = [...own, ...derived]
  const rollups = new Map<string, DerivedRollup>()
  for (const [name, { table }] of Object.entries(work.job.rollups)) {
    // those of a partitioned table are with its days
    if (isPartitioned(work.job, table)) continue
    rollups.set(name, await work.times.measure(name, () => deriveRollup(work, name, tables)))
  }
  return { tables, rollups }
}
