/**
 * The rows that wait in a place's quarantine, from its log alone.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { openOut, readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import type { OutOptions } from '../job/options.ts'
import { decodeQuarantine, type QuarantinedRow } from '../quarantine.ts'
import { readStored, refuseDamaged } from './data-files.ts'

/** The rows that wait, and the commit that says so. */
export interface Quarantine {
  readonly commit: number
  readonly job: string
  /** One problem each, in order of month, table, file and record. A row with two problems is listed twice. */
  readonly rows: readonly QuarantinedRow[]
}

/**
 * Returns the rows that the last commit set aside, each with its file, record, line, what was found and what was expected.
 * Cells may hold customers' values.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged, data_damaged - the state is not what it was
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, readQuarantine, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, float64, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), area: float64() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,area\nH1,120.5\nH2,wide\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { rows } = await readQuarantine({ out })
 * rows.map(({ file, row, column, found }) => [file, row, column, found]) // [['initial/halls.csv', 2, 'area', 'wide']]
 */
export async function readQuarantine(options: OutOptions = {}, given: Partial<Effects> = {}): Promise<Quarantine> {
  refuseUnknown(options, { out: true } satisfies OptionNames<OutOptions>, PipelineError)
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(options, effects)
  const { number: commit, job, quarantine } = (await readLastCommit(out, effects)).record
  if (quarantine === null) return { commit, job, rows: [] }
  await refuseDamaged(out, quarantine, effects.newHash())
  return { commit, job, rows: decodeQuarantine(await readStored(out, quarantine)) }
}
