/**
 * Phase 2, plan: what a run would do with what its survey found. Pure.
 * @module
 */

import type { Job } from './job.ts'
import { makePlan, type Plan } from './plan/make-plan.ts'
import { appendedTables, mirroredTables } from './plan/plan-input.ts'
import { expectedNames } from './sources/inventory.ts'
import type { Survey } from './survey.ts'
import type { Places } from './work.ts'

/** Returns the plan for what a survey found. */
export function planSurvey(
  { head, request, inventory, tables, prints, steps, foreign }: Survey,
  job: Job,
  places: Places,
): Plan {
  return makePlan({
    tables: Object.keys(job.tables),
    job: job.name,
    inventory,
    head: head?.record ?? null,
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
