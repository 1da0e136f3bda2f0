/**
 * What a plan is made of, and the source's files by what the ledger says of them.
 * @module
 */

import type { InputPrints } from '../job/fingerprints.ts'
import { type Job, tablesOf } from '../job/job.ts'
import type { OptionValues } from '../job/job-options.ts'
import { compareMonths } from '../job/month.ts'
import type { RunRequest } from '../job/options.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'
import type { Inventory, SourceFile } from '../sources/files/inventory.ts'

/** A table that mirrors its present inputs. */
export interface MirroredTable {
  readonly kind: 'objects' | 'snapshots' | 'partitions'
  readonly expected: string
  /** Whether it may be without any input; a folder of days may. */
  readonly isOptional?: boolean
}

/** What the plan is made of. */
export interface PlanInput {
  /** Names of the job's tables, in its order. */
  readonly tables: readonly string[]
  /** The job's name. */
  readonly job: string
  readonly inventory: Inventory
  readonly head: CommitRecord | null
  readonly request: RunRequest
  /** Table to fingerprint of contract, policies and source, as they are now. */
  readonly contracts: Readonly<Record<string, string>>
  /** The fingerprints of inputs, as they would be read now; those of the tables where they are left out. */
  readonly prints?: InputPrints
  /** The tables that mirror their present inputs, and where those are expected. */
  readonly mirrored: ReadonlyMap<string, MirroredTable>
  /** The tables that are made of pieces. */
  readonly appended: ReadonlySet<string>
  /** Rollup or output to fingerprint, as they are now. */
  readonly steps: Readonly<Record<string, string>>
  /** How messages call the source. */
  readonly source: string
  /** The names under which inputs are expected. */
  readonly expected: string
  /** How messages call the place of state and copies. */
  readonly out?: string
  /** Names of copies that files have which no run of the place wrote. */
  readonly foreign?: readonly string[]
}

/** The tables of a job that mirror their present inputs. */
export function mirroredTables(job: Job): PlanInput['mirrored'] {
  return new Map(
    tablesOf(job).flatMap(({ contract, source }) =>
      source.law === 'mirrored' ? [[contract.name, source] as const] : [],
    ),
  )
}

/** The tables of a job that are made of pieces. */
export function appendedTables(job: Job): PlanInput['appended'] {
  const tables = tablesOf(job).filter(({ source }) => source.law === 'appended')
  return new Set(tables.map(({ contract }) => contract.name))
}

/** Table and unit in one text: what is applied once. */
export function unitOf({ table, unit }: { readonly table: string; readonly unit: string }): string {
  return `${unit} ${table}`
}

/** Whether an input was read as it would be now: under the same contract, by the same format. */
export function isReadAlike({ contracts, prints }: PlanInput, applied: InputRecord): boolean {
  return applied.contract === (prints?.(applied.table, applied) ?? contracts[applied.table])
}

/** Files by what the ledger says of them. */
export interface SortedFiles {
  readonly same: SourceFile[]
  readonly changed: SourceFile[]
  readonly late: SourceFile[]
  readonly fresh: SourceFile[]
}

/** Sorts the source's files by what the ledger says of them. */
export function sortFiles({ inventory, head, mirrored }: PlanInput): SortedFiles {
  const ledger = new Map<string, InputRecord>()
  const latest = new Map<string, string>()
  for (const input of head?.inputs ?? []) {
    const { table, month } = input
    if (mirrored.has(table)) continue
    ledger.set(unitOf(input), input)
    if (month !== null && compareMonths(latest.get(table) ?? null, month) < 0) latest.set(table, month)
  }
  const sorted: SortedFiles = { same: [], changed: [], late: [], fresh: [] }
  for (const file of inventory.files) {
    if (mirrored.has(file.table)) continue
    const applied = ledger.get(unitOf(file))
    if (applied !== undefined) (applied.sha256 === file.sha256 ? sorted.same : sorted.changed).push(file)
    else if (file.month !== null && file.month < (latest.get(file.table) ?? '')) sorted.late.push(file)
    else sorted.fresh.push(file)
  }
  return sorted
}

/** Whether two records of values are one. */
export function isSameValues(a: OptionValues, b: OptionValues): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => a[name] === b[name])
}
