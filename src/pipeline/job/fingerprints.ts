/**
 * Fingerprints of tables, rollups and outputs: one hash of everything that a result depends on. Another fingerprint means another result.
 * @module
 */

import type { Effects } from '../effects.ts'
import type { CommitRecord, DerivedRecord, TableRecord } from '../log/commit-record.ts'
import type { SourceFormat } from '../sources/formats/formats.ts'
import type { NamedFile } from '../sources/formats/named-formats.ts'
import type { Source } from '../sources/source.ts'
import { type Job, type JobStep, type JobTable, tablesOf } from './job.ts'
import type { OptionValues } from './job-options.ts'

type Hashing = Pick<Effects, 'newHash' | 'versions'>

function fingerprint(parts: unknown, { newHash }: Pick<Effects, 'newHash'>): string {
  const hash = newHash()
  hash.update(new TextEncoder().encode(JSON.stringify(parts)))
  return hash.digest().slice(0, 16)
}

/** The declared format of a source; null where it has none. */
function formatOf(source: Source): SourceFormat | null {
  return source.law === 'replayed' ? (source.format ?? null) : source.format
}

/**
 * Rows that were read under one contract, by one kind of source or with some policies may not be taken for rows that were
 * read under others. The source's format is that of its inputs, one by one: see {@link inputPrints}.
 */
function tableFingerprint({ contract, source, delta = {} }: JobTable, effects: Pick<Effects, 'newHash'>): string {
  const { name, columns, key, unknownColumns } = contract
  const policies = Object.entries(delta).sort(([a], [b]) => (a < b ? -1 : 1))
  const { format: _, ...where } = source.declaration
  return fingerprint([name, Object.entries(columns), key, unknownColumns, policies, where], effects)
}

/** The fingerprint of an input: of the contract and format that it is read under. */
export type InputPrints = (table: string, file: NamedFile) => string

/**
 * Returns the fingerprints of a job's inputs: that of the table, and of the format that the file itself is read by. A new format
 * of later files leaves the others as they are.
 */
export function inputPrints(
  job: Job,
  tables: Readonly<Record<string, TableRecord>>,
  effects: Pick<Effects, 'newHash'>,
): InputPrints {
  const printers = new Map<string, (file: NamedFile) => string>()
  for (const { contract, source } of tablesOf(job)) {
    const table = tables[contract.name]?.fingerprint ?? ''
    const format = formatOf(source)
    // 100,000 files have a few declarations
    const known = new Map<unknown, string>()
    printers.set(contract.name, (file) => {
      if (format === null) return table
      const declaration = format.declarationOf?.(file) ?? format.declaration
      // a file of extracts and deltas is CSV as RFC 4180 has it, said or not
      const isPlain = source.law === 'replayed' && Object.keys(declaration).length === 1
      const print = known.get(declaration) ?? (isPlain ? table : fingerprint([table, declaration], effects))
      known.set(declaration, print)
      return print
    })
  }
  return (table, file) => printers.get(table)?.(file) ?? ''
}

/** Returns the tables of a job as a record stores them. */
export function tableRecords(job: Job, effects: Pick<Effects, 'newHash'>): Readonly<Record<string, TableRecord>> {
  return Object.fromEntries(
    tablesOf(job).map((table) => {
      const { contract, source, delta = {} } = table
      const print = tableFingerprint(table, effects)
      return [contract.name, { contract, delta, source: source.declaration, fingerprint: print }]
    }),
  )
}

/** Returns the derived tables of a job as a record stores them; null where there are none. */
export function derivedRecords({ derived }: Job): Readonly<Record<string, DerivedRecord>> | null {
  const tables = Object.entries(derived).map(([name, { from, contract }]) => [name, { from, contract }] as const)
  return tables.length === 0 ? null : Object.fromEntries(tables)
}

function stepParts({ version = '1', rules = [], uses = [] }: JobStep, values: OptionValues): unknown[] {
  return [version, rules, [...uses].sort().map((name) => [name, values[name]])]
}

/**
 * Returns the fingerprint of every derived table, rollup and output: its version, rules, contract and columns, the options that
 * it uses, the fingerprints of what it reads, and the version of the library. A step whose fingerprint is another one is done again.
 */
export function stepFingerprints(job: Job, values: OptionValues, effects: Hashing): Readonly<Record<string, string>> {
  const library = effects.versions['support-etl']
  const parts = new Map(tablesOf(job).map((table) => [table.contract.name, tableFingerprint(table, effects)]))
  const prints: [string, string][] = []
  const note = (name: string, own: readonly unknown[], reads: readonly string[]): void => {
    const print = fingerprint([name, own, reads.map((read) => [read, parts.get(read)]), library], effects)
    parts.set(name, print)
    prints.push([name, print])
  }
  for (const [name, derived] of Object.entries(job.derived)) {
    const { columns, key } = derived.contract
    note(name, [...stepParts(derived, values), Object.entries(columns), key], [derived.from])
  }
  for (const [name, rollup] of Object.entries(job.rollups)) {
    note(name, [...stepParts(rollup, values), rollup.columns ?? null], [rollup.table])
  }
  for (const [name, output] of Object.entries(job.outputs)) {
    const { columns, key } = output.contract
    note(name, [...stepParts(output, values), Object.entries(columns), key], output.reads)
  }
  return Object.fromEntries(prints)
}

/** Whether a state was made by this job, with the contracts, policies and sources that it has now. */
export function isMadeBy(record: CommitRecord, job: Job, effects: Pick<Effects, 'newHash'>): boolean {
  const tables = Object.entries(tableRecords(job, effects))
  return (
    record.job === job.name &&
    tables.every(([name, { fingerprint }]) => record.tables[name]?.fingerprint === fingerprint)
  )
}
