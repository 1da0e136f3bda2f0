/**
 * A job made of its parts: names that do not fit together are refused before anything runs.
 * @module
 */
import { isRecord, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import { INDEX, INDEX_OUTPUT } from '../destinations/index-name.ts'
import { namesIn } from '../sources/objects.ts'
import type { PartitionedSource, Source } from '../sources/source.ts'
import {
  contractOf,
  type DerivedTable,
  hasPartitions,
  isPartitioned,
  isRecording,
  type Job,
  type JobStep,
  type JobTable,
  tableNames,
} from './job.ts'
import { flagOf, type JobOptions } from './job-options.ts'

/** What a job is made of; what it does not have may be left out. */
export type JobSpec<Options extends JobOptions> = Pick<
  Job<Options>,
  'name' | 'tables' | 'published' | 'oddities' | 'gates' | 'erasure'
> &
  Partial<Pick<Job<Options>, 'options' | 'derived' | 'rollups' | 'outputs'>>

/** Option names and flags that commands have themselves: an option of a job may not take one. */
export const RESERVED_OPTIONS: ReadonlySet<string> = new Set([
  ...['data', 'out', 'months', 'days', 'apply', 'rebuild', 'dryRun', 'format', 'formulas', 'publish', 'mode'],
  ...['names', 'overwrite'],
  ...['maxQuarantined', 'acceptWithdrawals', 'withdraw', 'json', 'logLevel', 'asOf', 'table', 'key', 'output', 'cells'],
  ...['remove', 'graceDays', 'keepVersions', 'repair', 'job', 'help', 'version', 'seed', 'destination', 'for'],
  ...['limit', 'all', 'csv'],
  ...['engine', 'engineUrl', 'engineMemory', 'engineTemp', 'engineThreads'],
  ...['config', 'delimiter', 'encoding', 'timestamps', 'decimal'],
])
const RESERVED_FLAGS = new Set(Array.from(RESERVED_OPTIONS, (name) => flagOf(name, {})))

const NAME = /^[a-z][a-z0-9_]*$/i

function refusal(job: string, what: string): PipelineError {
  return new PipelineError('invalid_option', `job ${JSON.stringify(job)} ${what}`)
}

function refuseOptions({ name: job, options = {} }: { name: string; options?: JobOptions }): void {
  const flags = new Map<string, string>()
  for (const [name, option] of Object.entries(options)) {
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw refusal(
        job,
        `has an option ${JSON.stringify(name)}; write it as one word, or as several like this: perMonth`,
      )
    }
    const flag = flagOf(name, option)
    if (RESERVED_OPTIONS.has(name) || RESERVED_FLAGS.has(flag)) {
      throw refusal(job, `has an option "${name}" (${flag}), which every command has already; choose another name`)
    }
    if (!/^--(?!no-)[a-z][a-z0-9-]*$/.test(flag)) {
      throw refusal(
        job,
        `has the flag ${JSON.stringify(flag)} for "${name}"; write it like --per-month, and not as --no-…`,
      )
    }
    const other = flags.get(flag)
    if (other !== undefined) throw refusal(job, `has the flag ${flag} twice, for "${other}" and "${name}"; change one`)
    flags.set(flag, name)
    option.parse(option.default, name)
  }
}

/** Names of tables, rollups and outputs become names of files: they may not lead out of their folder, nor be there twice. */
function refuseNames(job: string, names: readonly string[]): void {
  const wrong = names.find((name) => !NAME.test(name))
  if (wrong !== undefined) {
    throw refusal(
      job,
      `calls a table, rollup or output ${JSON.stringify(wrong)}; use letters, digits and _, beginning with a letter`,
    )
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw refusal(job, `has two tables, derived tables, rollups or outputs named "${twice}"; rename one`)
}

function refuseUnknownName(job: string, step: string, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  throw refusal(job, `has a ${step} that ${what} "${name}"; there is ${known.join(', ') || 'none'}`)
}

function refuseUses(job: string, step: string, { uses = [] }: Pick<JobStep, 'uses'>, options: JobOptions): void {
  for (const use of uses) refuseUnknownName(job, step, 'uses the option', use, Object.keys(options))
}

/** The day of a row is text or a date. */
function refuseDayColumn(
  job: string,
  table: string,
  columns: TableContract['columns'],
  { dayColumn }: PartitionedSource,
): void {
  if (dayColumn === null) return
  const kind = Object.hasOwn(columns, dayColumn) ? columns[dayColumn]?.kind : undefined
  if (kind === 'text' || kind === 'date') return
  const found = kind === undefined ? 'which it does not have' : `which is ${kind}`
  throw refusal(
    job,
    `has a table "${table}" whose days are in the column "${dayColumn}", ${found}; name one of text or dates`,
  )
}

function refuseSource(
  job: string,
  table: string,
  { key, columns, unknownColumns }: TableContract,
  source: Source,
): void {
  if (source?.law !== 'mirrored' && source?.law !== 'replayed' && source?.law !== 'appended') {
    throw refusal(
      job,
      `has a table "${table}" without a source; give it extractsAndDeltas(), objects(), snapshots(), partitions() or appends()`,
    )
  }
  if (source.law === 'replayed') return
  if (source.law === 'appended') {
    if (key.length === 0) throw refusal(job, `has a table "${table}" of pieces without a key; declare one with key()`)
    const { sequenceBy } = source
    if (sequenceBy === null || Object.hasOwn(columns, sequenceBy)) return
    throw refusal(job, `has a table "${table}" without the column "${sequenceBy}" of its sequence`)
  }
  if (unknownColumns === 'evolve') {
    throw refusal(
      job,
      `has a table "${table}" whose contract evolves; a mirrored table has the columns of its contract`,
    )
  }
  if (source.kind === 'partitions') refuseDayColumn(job, table, columns, source)
  if (source.kind !== 'objects') return
  if (key.length === 0) throw refusal(job, `has a table "${table}" of objects without a key; declare one with key()`)
  const unknown = namesIn(source.expected).find((name) => !key.includes(name))
  if (unknown === undefined) return
  throw refusal(
    job,
    `has a table "${table}" whose files are named by "${unknown}", which is not in its key: ${key.join(', ')}`,
  )
}

/** When a row changed is known where its table is compared with its present inputs, by key. */
function refuseRecorded(job: string, table: string, { columns, key }: TableContract, source: Source): void {
  const found = Object.entries(columns).find(([, { role }]) => role === 'recorded')
  if (found === undefined) return
  const what = `has a table "${table}" with the recorded column "${found[0]}"`
  if (source.kind === 'partitions') throw refusal(job, `${what}; current.json says when a day was loaded`)
  if (source.law !== 'mirrored') {
    throw refusal(
      job,
      `${what}; derived tables, outputs and tables of objects or snapshots have such columns: derive one from it`,
    )
  }
  if (key.length === 0)
    throw refusal(job, `${what} and without a key, by which rows are known again; declare one with key()`)
}

/** Key columns as a text, to compare them and to show them. */
function keyOf({ key, columns }: TableContract): string {
  return key.map((name) => `${name} (${columns[name]?.kind})`).join(', ')
}

function refuseDerived(job: Pick<Job, 'name' | 'options' | 'tables' | 'derived'>): void {
  const known = Object.keys(job.tables)
  for (const [table, step] of Object.entries(job.derived)) {
    const what = `derived table ${table}`
    refuseUnknownName(job.name, what, 'is made from', step.from, known)
    refuseUses(job.name, what, step, job.options)
    refuseDerivedContract(job, table, step)
    if (typeof step.rows !== 'function') throw refusal(job.name, `has a ${what} without a function rows`)
    known.push(table)
  }
}

function refuseDerivedContract(
  job: Pick<Job, 'name' | 'tables' | 'derived'>,
  table: string,
  { from, contract }: DerivedTable,
): void {
  if (contract.name !== table) {
    throw refusal(
      job.name,
      `has a derived table "${table}" whose contract is named "${contract.name}"; name both alike`,
    )
  }
  const parent = contractOf(job, from)
  if (parent !== undefined && parent.key.length === 0) {
    throw refusal(
      job.name,
      `has a derived table "${table}" made from "${from}", which has no key; declare one with key()`,
    )
  }
  if (parent !== undefined && keyOf(contract) !== keyOf(parent)) {
    throw refusal(
      job.name,
      `has a derived table "${table}" with the key ${keyOf(contract) || 'none'}; give it that of "${from}": ${keyOf(parent)}`,
    )
  }
  const column = Object.entries(contract.columns).find(([, { role }]) => role === 'metadata')
  if (column === undefined && contract.unknownColumns !== 'evolve') return
  const what = column === undefined ? 'whose contract evolves' : `with the metadata column "${column[0]}"`
  throw refusal(job.name, `has a derived table "${table}" ${what}; it has the columns that its function makes`)
}

/** Days are never put together: their rollups are merged, and a list of their files has a name of its own. */
function refusePartitioned({
  name,
  tables,
  derived,
  rollups,
  outputs,
}: Pick<Job, 'name' | 'tables' | 'derived' | 'rollups' | 'outputs'>): void {
  if (!hasPartitions({ tables, derived })) return
  for (const [table, { contract }] of Object.entries(derived)) {
    const recorded = Object.entries(contract.columns).find(([, { role }]) => role === 'recorded')
    if (recorded === undefined || !isPartitioned({ tables, derived }, table)) continue
    throw refusal(
      name,
      `has a derived table "${table}" of days with the recorded column "${recorded[0]}"; current.json says when a day was loaded`,
    )
  }
  for (const [rollup, { table, merge }] of Object.entries(rollups)) {
    if (!isPartitioned({ tables, derived }, table) || typeof merge === 'function') continue
    throw refusal(
      name,
      `has a rollup "${rollup}" of the partitioned table "${table}" without merge, which puts days together`,
    )
  }
  if (![outputs, tables, derived].some((steps) => Object.hasOwn(steps, INDEX_OUTPUT))) return
  throw refusal(
    name,
    `calls a table or output "${INDEX_OUTPUT}", and ${INDEX} lists the files of its tables; choose another name`,
  )
}

/** Persons are erased from files as they came: these must be kept. */
function refuseErasure({ name, tables, erasure }: Pick<Job, 'name' | 'tables' | 'erasure'>): void {
  if (erasure === undefined) return
  for (const [table, { columns }] of Object.entries(erasure.tables)) {
    refuseUnknownName(name, 'erasure', 'names the table', table, Object.keys(tables))
    const { contract, source } = tables[table] as JobTable
    if (source.kind !== 'partitions' || source.originals !== 'keep')
      throw refusal(
        name,
        `erases persons from "${table}", which keeps no originals; use partitions({ originals: 'keep' })`,
      )
    for (const column of columns) {
      refuseUnknownName(name, `erasure of ${table}`, 'names the column', column, Object.keys(contract.columns))
    }
  }
}

/** Refuses a job whose parts do not fit together. @throws PipelineError invalid_option */
export function refuseJob(job: Job): void {
  const { name, options, tables, derived, rollups, outputs, published = [], gates = {} } = job
  if (!NAME.test(name)) throw refusal(name, 'needs a name of letters, digits and _, beginning with a letter')
  refuseOptions({ name, options })
  const [tabled, rollupNames] = [tableNames({ tables, derived }), Object.keys(rollups)]
  refuseNames(name, [...tabled, ...rollupNames, ...Object.keys(outputs)])
  for (const [table, { contract, source }] of Object.entries(tables)) {
    refuseSource(name, table, contract, source)
    refuseRecorded(name, table, contract, source)
    if (contract.name === table) continue
    throw refusal(name, `has a table "${table}" whose contract is named "${contract.name}"; name both alike`)
  }
  refuseDerived({ name, options, tables, derived })
  refusePartitioned({ name, tables, derived, rollups, outputs })
  refuseErasure(job)
  for (const [rollup, step] of Object.entries(rollups)) {
    refuseUnknownName(name, `rollup ${rollup}`, 'sums up the table', step.table, tabled)
    refuseUses(name, `rollup ${rollup}`, step, options)
  }
  for (const copy of published) {
    const known = [...Object.keys(outputs), ...tabled].filter((one) => !isPartitioned(job, one))
    if (!known.includes(copy))
      throw refusal(name, `publishes "${copy}", which it does not make; there is ${known.join(', ')}`)
  }
  for (const [gate, step] of Object.entries(gates)) {
    for (const read of step.reads) {
      refuseUnknownName(name, `gate ${gate}`, 'reads', read, [...tabled, ...rollupNames])
    }
    refuseUses(name, `gate ${gate}`, step, options)
  }
  for (const [output, step] of Object.entries(outputs)) {
    const parts = [...tabled, ...rollupNames]
    for (const read of step.reads) refuseUnknownName(name, `output ${output}`, 'reads', read, parts)
    refuseUses(name, `output ${output}`, step, options)
    for (const read of step.explain?.reads ?? []) refuseUnknownName(name, `output ${output}`, 'looks at', read, parts)
    if (step.explain !== undefined) refuseUses(name, `output ${output}`, step.explain, options)
    if (step.remember !== undefined && isRecording(step.contract)) {
      throw refusal(name, `has an output "${output}" with recorded columns and with remember; choose one of both`)
    }
    if (!isRecording(step.contract) || step.contract.key.length > 0) continue
    throw refusal(name, `has an output "${output}" with recorded columns and without a key; declare one with key()`)
  }
}

/**
 * Returns a job whose parts fit together: every table has its contract's name, every derived table its parent's key,
 * every step reads tables and rollups and uses options that the job has. What is left out is empty. The pipeline runs it, and the command line shows its options.
 *
 * @throws PipelineError invalid_option - a name does not fit, is taken or is not known; an option has a default that it refuses
 * @example
 * import { defineTable, key, string } from 'support-etl'
 * import { defineJob, extractsAndDeltas, zoneOption } from 'support-etl/pipeline'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const job = defineJob({
 *   name: 'halls',
 *   options: { timeZone: zoneOption('UTC', { help: 'of the report' }) },
 *   tables: { halls: { contract: halls, source: extractsAndDeltas() } },
 * })
 * job.options.timeZone.default // 'UTC'
 * job.outputs // {}
 */
// biome-ignore lint/complexity/noBannedTypes: a job without options has exactly none
export function defineJob<Options extends JobOptions = {}>(spec: JobSpec<Options>): Job<Options> {
  refuseUnless(isRecord(spec) && isRecord(spec.tables), 'job', spec, 'an object with name and tables', PipelineError)
  // without options there is nothing that the type could be wrong about
  const { name, tables, options = {} as Options, derived = {}, rollups = {}, outputs = {} } = spec
  const { published, oddities, gates, erasure } = spec
  const job: Job<Options> = {
    name,
    options,
    tables,
    derived,
    rollups,
    outputs,
    ...(published !== undefined && { published }),
    ...(oddities !== undefined && { oddities }),
    ...(gates !== undefined && { gates }),
    ...(erasure !== undefined && { erasure }),
  }
  refuseJob(job)
  return Object.freeze(job)
}
