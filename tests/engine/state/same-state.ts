/** What two places must have alike whose state was made with and without an engine. */
import { expect } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { type EngineState, type EngineStateOptions, engineState } from '../../../src/engine/index.ts'
import { nodeEffects, readState, runPipeline, verifyState } from '../../../src/pipeline/index.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import { supportJob, supportPlans } from '../../../src/systems/support/index.ts'
import type { TrapData } from './trap-data.ts'

const effects = nodeEffects()

/** Opens the place of a folder with the plans of the support job. */
export const supportState = (options: Omit<EngineStateOptions, 'plans'>): EngineState =>
  engineState({ ...options, plans: supportPlans })

/** Everything that a state says of its data; which run made it and when, and how it is stored, is left out. */
export async function contentOf(out: FileStore): Promise<unknown> {
  const head = await readHead(out, effects)
  if (head === null) return null
  const { published, inputs, rollups, quarantine, options, jobOptions, fingerprints, tables } = head.record
  const copies: Record<string, string> = {}
  for (const { name } of published) copies[name] = Buffer.from(await readWhole(out, name)).toString('base64')
  const state = await readState(supportJob, { out })
  const rows: Record<string, unknown> = {}
  for (const name of Object.keys(supportJob.tables)) {
    // with where each row came from
    rows[name] = [...(await state.loadTable(name)).columns].map(([column, cells]) => [column, ...cells])
  }
  return {
    ...{ copies, rows, rollups, options, jobOptions, fingerprints, tables, quarantine: quarantine?.sha256 ?? null },
    inputs: inputs.map(({ version: _, ...input }) => input),
  }
}

/** Runs the job month by month, or at once, over the files of a data set. */
export async function runTraps({ files, months, options }: TrapData, out: FileStore, way: 'at once' | 'by month') {
  const steps = way === 'at once' ? [undefined] : [[], ...months.map((month) => [month])]
  for (const step of steps) {
    const isIncluded = (name: string) => {
      const month = /_(\d{6})\.csv$/.exec(name)?.[1]
      return step === undefined || month === undefined || months.indexOf(month) <= months.indexOf(step[0] ?? '')
    }
    const present = Object.fromEntries(Object.entries(files).filter(([name]) => isIncluded(name)))
    await runPipeline(supportJob, { data: memoryStore(present), out, ...options, maxQuarantined: 1 })
  }
}

/** Holds a place against one that files keep, after the same runs; then every file and table of it against its log. */
export async function expectSameState(traps: TrapData, out: EngineState): Promise<void> {
  const reference = memoryStore()
  await runTraps(traps, reference, 'at once')
  expect(await contentOf(out)).toEqual(await contentOf(reference))
  expect((await verifyState(supportJob, { out })).damages).toEqual([])
}
