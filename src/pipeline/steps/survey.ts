/**
 * Phase 1, survey: what the places hold before anything is decided. Nothing is written.
 * @module
 */

import { findBroken } from '../destinations/copies.ts'
import { INDEX } from '../destinations/index-name.ts'
import { findForeign, findStale } from '../destinations/stale-copies.ts'
import type { Effects } from '../effects.ts'
import { type InputPrints, inputPrints, stepFingerprints, tableRecords } from '../job/fingerprints.ts'
import { hasPartitions, type Job } from '../job/job.ts'
import { copyName, type RunOptions, type RunRequest, refuseCall, resolveRequest } from '../job/options.ts'
import { keptElsewhere, readFormer } from '../keeper.ts'
import { readHead, readLast } from '../log/commit-log.ts'
import type { Commit, PublishedFile, TableRecord } from '../log/commit-record.ts'
import type { MendedFile, MendedSource } from '../mend/mended-files.ts'
import { openMended, readMended } from '../mend/read-mended.ts'
import { FileContents } from '../sources/files/file-contents.ts'
import { type HashedFiles, type Inventory, refuseSourceFolder, takeInventory } from '../sources/files/inventory.ts'
import type { Places } from './work.ts'

/** What a run finds. */
export interface Survey {
  readonly head: Commit | null
  readonly request: RunRequest
  /** The source with the records that people mended. */
  readonly source: MendedSource
  readonly inventory: Inventory
  /** Bytes of source files that were read to find out whether they are new. */
  readonly contents: FileContents
  /** The job's tables as a record describes them. */
  readonly tables: Readonly<Record<string, TableRecord>>
  /** The fingerprints of inputs, as they would be read now. */
  readonly prints: InputPrints
  /** Rollup or output to fingerprint. */
  readonly steps: Readonly<Record<string, string>>
  /** Copies of the last commit that are as it published them, and in the form that is asked for. */
  readonly intact: readonly PublishedFile[]
  /** Copies of the last commit that are gone or differ. */
  readonly broken: readonly PublishedFile[]
  /** Copies of earlier commits that are still there. */
  readonly stale: readonly PublishedFile[]
  /** Names of copies that files have which no run of the place wrote. */
  readonly foreign: readonly string[]
}

/** Opens the places that a call names. @throws PipelineError invalid_option - the job or an option cannot be */
export function openPlaces(job: Job, options: RunOptions, effects: Effects): Places {
  refuseCall(job, options)
  const { data = 'data', out = 'output' } = options
  return {
    data: typeof data === 'string' ? effects.openSource(data) : data,
    out: typeof out === 'string' ? effects.openState(out) : out,
  }
}

/** How a survey is taken. */
export interface SurveyOptions {
  /** Which files are hashed: those of the ledger by default. */
  readonly hashed?: HashedFiles
  /** The mended records that count, in place of those of the last commit. */
  readonly mended?: readonly MendedFile[]
}

/** Returns what is in the places of a run; `hashed` says whether files that the ledger does not know are hashed too. */
export async function survey(
  places: Places,
  job: Job,
  options: RunOptions,
  effects: Effects,
  { hashed = 'known', mended }: SurveyOptions = {},
): Promise<Survey> {
  const { out } = places
  const head = await readHead(out, effects)
  // in a folder whose state an engine keeps, a log of files is of an earlier time
  const former = await readFormer(out, head, effects)
  const record = head?.record ?? null
  const last = former ?? record
  // the plan refuses the place of another job, whose options mean nothing here
  const request = resolveRequest(options, last?.job === job.name ? last : null, job)
  if (former !== null && request.apply === 'pending') throw keptElsewhere(out, former)
  const source = await openMended(places.data, mended ?? (await readMended(out, record, effects)), job, effects)
  const { data } = source
  const contents = new FileContents()
  const keep = hashed === 'known' ? { contents } : {}
  const days = request.days
  const inventory = await takeInventory(data, job, { head: record, hash: hashed, effects, days, ...keep })
  // copies whose names the caller chose take no source file's place unless it said so: `findForeign` sees to that
  const { publish, names = {} } = request.options
  const isNamed = publish.every((output) => Object.hasOwn(names, output))
  if (head === null && !isNamed) await refuseSourceFolder(data, out, inventory)
  const guarded = publish.filter((output) => !request.overwrite.includes(output))
  const written = guarded.map((output) => copyName(output, request.options))
  const foreign = await findForeign(out, hasPartitions(job) ? [...written, INDEX] : written, last, effects)
  // another run may have committed and published them since the log was read
  if (foreign.length > 0 && (await readLast(out)) !== (record?.number ?? 0)) {
    return survey(places, job, options, effects, { hashed, ...(mended !== undefined && { mended }) })
  }
  const broken = record === null ? [] : await findBroken(out, record, effects)
  // with another treatment of formulas the copies have other bytes
  const isSameForm = record?.options.formulas === request.options.formulas
  const intact = record?.published.filter((file) => isSameForm && !broken.includes(file)) ?? []
  const stale = record === null ? [] : await findStale(out, record, effects)
  const tables = tableRecords(job, effects)
  const prints = inputPrints(job, tables, effects)
  const steps = stepFingerprints(job, request.jobOptions, effects)
  return { head, request, source, inventory, contents, tables, prints, steps, intact, broken, stale, foreign }
}
