/**
 * Phase 2, plan: what a run would do with what its survey found. Pure.
 * @module
 */

import type { Job } from '../job/job.ts'
import type { CommitRecord } from '../log/commit-record.ts'
import { makePlan, type Plan } from '../plan/make-plan.ts'
import { appendedTables, mirroredTables, unitOf } from '../plan/plan-input.ts'
import { expectedNames, type Inventory } from '../sources/files/inventory.ts'
import type { Survey } from './survey.ts'
import type { Places } from './work.ts'

/** Pieces of a log whose records were mended since they were applied: the file of each, by table and unit. */
export type MendedPieces = ReadonlyMap<string, string>

/** The ledger with mended pieces under the content that they have now, at the place that they had. */
function withPieces(record: CommitRecord, { files }: Inventory, pieces: MendedPieces): CommitRecord {
  const inputs = record.inputs.map((input) => {
    const name = pieces.get(unitOf(input))
    const file = files.find((other) => other.table === input.table && other.name === name)
    return file === undefined ? input : { ...input, unit: file.unit }
  })
  return { ...record, inputs }
}

/** Returns the plan for what a survey found. */
export function planSurvey(
  { head, request, inventory, tables, prints, steps, foreign }: Survey,
  job: Job,
  places: Places,
  pieces: MendedPieces = new Map(),
): Plan {
  const record = head?.record ?? null
  return makePlan({
    tables: Object.keys(job.tables),
    job: job.name,
    inventory,
    head: record === null || pieces.size === 0 ? record : withPieces(record, inventory, pieces),
    request,
    contracts: Object.fromEntries(Object.entries(tables).map(([name, { fingerprint }]) => [name, fingerprint])),
    prints,
    steps,
    mirrored: mirroredTables(job),
    appended: appendedTables(job),
    source: places.data.location,
    expected: expectedNames(job),
    out: places.out.location,
    foreign,
  })
}
