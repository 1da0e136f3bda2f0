/**
 * Phase 6, write: rollups, copies, quarantine and ledger join the files of the version, and all of them reach the disk.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { Frame } from '../../table/frame.ts'
import { currentIndex, encodeIndex } from '../destinations/current-index.ts'
import { INDEX, INDEX_OUTPUT } from '../destinations/index-name.ts'
import type { FoldedTable } from '../fold/folded-table.ts'
import { derivedRecords } from '../job/fingerprints.ts'
import { hasPartitions, isRead, isStoredOutput, type JobOutput, tableNames, tablesOf } from '../job/job.ts'
import { optionsFor } from '../job/job-options.ts'
import { copyName } from '../job/options.ts'
import type { CommitRecord, InputRecord, PublishedFile, StoredFile, TableState } from '../log/commit-record.ts'
import { encodePage, orderInputs, paged, pagesOf } from '../log/ledger-pages.ts'
import { countMended, encodeMended, type MendedFile } from '../mend/mended-files.ts'
import type { Note } from '../plan/make-plan.ts'
import { isSameValues } from '../plan/plan-input.ts'
import { decodeQuarantine, encodeQuarantine, orderQuarantine } from '../quarantine.ts'
import type { AppliedInput } from '../run-result.ts'
import { readStored } from '../state/data-files.ts'
import { laterInputs } from '../state/loaded-state.ts'
import type { DerivedState } from './derive.ts'
import { passGates } from './gates.ts'
import type { Work } from './work.ts'

/** What a record says of a version, apart from which run made it and when. */
export type VersionContent = Omit<
  CommitRecord,
  'format' | 'number' | 'parent' | 'runId' | 'committedAt' | 'milliseconds' | 'versions' | 'stale'
>

/** A version that is on disk and waits for its commit. */
export interface WrittenVersion {
  readonly content: VersionContent
  readonly applied: readonly AppliedInput[]
  readonly notes: readonly Note[]
}

/** Inputs of tables with their files on disk. */
async function storedInputs(tables: readonly FoldedTable[]): Promise<InputRecord[]> {
  const staged = tables.flatMap(({ inputs }) => inputs)
  const stored = await Promise.all(staged.map(async (input) => ({ ...input, stored: await input.stored })))
  return [...tables.flatMap(({ known }) => known), ...stored]
}

async function settled<Value>(promises: ReadonlyMap<string, Promise<Value> | Value>): Promise<[string, Value][]> {
  const values: [string, Value][] = []
  for (const [name, promise] of promises) values.push([name, await promise])
  return values
}

/** Whether a table has the rows of the last version: its deltas did nothing, or it is made of the same files. */
async function hasSameRows({ base, head }: Work, folded: FoldedTable): Promise<boolean> {
  if (base !== null) return folded.isSame
  const { name } = folded.table.contract
  const [before, now] = [head?.state[name], await folded.state]
  if (head === null || before === undefined || now === null) return false
  const files = (known: readonly InputRecord[], state: TableState) =>
    [state.snapshot, ...laterInputs(known, name, state).map(({ stored }) => stored)]
      .map((file) => file?.sha256)
      .join(' ')
  return files(head.inputs, before) === files(await storedInputs([folded]), now)
}

/** Copies a table, unless the copy of the last version still shows the same rows in the same form. */
async function copyTable(work: Work, folded: FoldedTable): Promise<Promise<PublishedFile> | PublishedFile> {
  const { intact, head, plan, effects, draft, loaded } = work
  const { contract } = folded.table
  const same = intact.find((file) => file.name === copyName(contract.name, plan.options))
  // another version of the library may write the same rows in other bytes
  const isSameWriter = head?.versions['support-etl'] === effects.versions['support-etl']
  // Parquet copies show the job's options in their metadata
  const isSameForm =
    plan.options.format !== 'parquet' || (head !== null && isSameValues(head.jobOptions, plan.jobOptions))
  if (same !== undefined && isSameWriter && isSameForm && (await hasSameRows(work, folded))) return same
  const frame = await loaded.loadTable(contract.name)
  return draft.copy({ output: contract.name, contract, frame }, plan)
}

async function buildOutput(work: Work, name: string, output: JobOutput): Promise<Frame> {
  const { plan, loaded } = work
  const options = optionsFor(plan.jobOptions, output.uses ?? [], `output ${name}`)
  const rows = await output.build(await loaded.load(output.reads), options)
  if (!isStoredOutput(output)) return rows
  // loaded for jobs that have such an output
  const { recordOutput } = await import('../derive/record-output.ts')
  return recordOutput(work, { ...output, contract: { ...output.contract, name } }, rows)
}

/** Writes the copies that are published, and the outputs that say when their rows changed. */
async function writeCopies(work: Work, tables: readonly FoldedTable[]) {
  const { job, plan, draft, loaded, times } = work
  const copies = new Map<string, Promise<PublishedFile> | PublishedFile>()
  for (const folded of tables) {
    const { name } = folded.table.contract
    if (plan.options.publish.includes(name)) copies.set(name, await times.measure(name, () => copyTable(work, folded)))
    if (!isRead(job, name)) loaded.forget(name)
  }
  const recorded = new Map<string, Promise<StoredFile>>()
  for (const [name, output] of Object.entries(job.outputs)) {
    const { contract, showsOptions = true } = output
    const isPublished = plan.options.publish.includes(name)
    if (!isPublished && !isStoredOutput(output)) continue
    const frame = await times.measure(name, () => buildOutput(work, name, output))
    if (isStoredOutput(output)) {
      recorded.set(name, draft.write(name, 'arrow', frame.rows, arrowChunks(frame, { contract })))
    }
    if (isPublished) copies.set(name, draft.copy({ output: name, contract, frame, showsOptions }, plan))
  }
  return { copies, recorded }
}

/** Rows that wait: those of inputs that stay as they are, and those that were found now. */
async function writeQuarantine(work: Work, tables: readonly FoldedTable[]): Promise<StoredFile | null> {
  const { head, job, out, draft } = work
  const found = tables.flatMap((table) => table.waiting)
  const replaced = new Map(tables.map((folded) => [folded.table.contract.name, folded]))
  const file = head?.quarantine ?? null
  const before = file === null ? [] : decodeQuarantine(await readStored(out, file))
  // a table that the job does not have any more has no rows that wait
  const kept = before.filter((row) => replaced.get(row.table)?.isReplaced(row) === false)
  if (head !== null && found.length === 0 && kept.length === before.length) return file
  const waiting = orderQuarantine([...kept, ...found], tableNames(job))
  if (waiting.length === 0) return null
  const rows = new Set(waiting.map(({ table, file, row }) => `${table} ${row} ${file}`)).size
  return draft.write('quarantine', 'jsonl', rows, [encodeQuarantine(waiting)])
}

/** The mended records that still count: those of other bytes of their file went when these were read. */
async function writeMended(
  { mending, draft, plan }: Work,
  inputs: readonly InputRecord[],
): Promise<{ readonly file: StoredFile | null; readonly notes: readonly Note[] }> {
  const notes: Note[] = []
  const kept: MendedFile[] = []
  const read = new Set(plan.apply.flatMap(({ table, file }) => (file === null ? [] : [`${table} ${file.name}`])))
  for (const one of mending.mended) {
    const isKnown = inputs.some(({ table, name }) => table === one.table && name === one.file)
    if (isKnown && (!read.has(`${one.table} ${one.file}`) || (await mending.counts(one)))) kept.push(one)
    else notes.push(superseded(one))
  }
  if (kept.length === 0) return { file: null, notes }
  return { file: await draft.write('mended', 'jsonl', countMended(kept), [encodeMended(kept)]), notes }
}

function superseded({ file, records: { length } }: MendedFile): Note {
  const what = length === 1 ? 'the row that was mended in it does' : `the ${length} rows that were mended in it do`
  const message = `${file}: came with other content or is gone; ${what} not count any more`
  return { code: 'mended_superseded', severity: 'info', file, message }
}

/** Writes the list of files for readers outside, of a version whose files are known. */
async function writeIndex(
  { job, plan, head, draft }: Work,
  content: Pick<VersionContent, 'inputs' | 'state'>,
  published: ReadonlyMap<string, PublishedFile>,
): Promise<PublishedFile> {
  // what is committed already keeps its number
  const number = (head?.number ?? 0) + (plan.action === 'nothing' ? 0 : 1)
  const index = currentIndex(job, number, content, published)
  const rows = Object.values(index.tables).reduce((count, { files }) => count + files.length, 0)
  return draft.publishBytes({ output: INDEX_OUTPUT, name: INDEX, rows }, encodeIndex(index))
}

/** Writes what is left of the version, and returns it when every file of it is on disk under the name of its content. */
export async function writeVersion({ tables, rollups }: DerivedState, work: Work): Promise<WrittenVersion> {
  const { job, plan, draft } = work
  const files = new Map<string, Promise<StoredFile> | StoredFile>()
  for (const [name, rollup] of rollups) {
    const file =
      'file' in rollup
        ? rollup.file
        : draft.write(name, 'arrow', rollup.made.cells.rows, arrowChunks(rollup.made.cells, rollup.made))
    files.set(name, file)
  }
  // a repair of copies changes no state, so that no gate has to pass
  if (plan.action !== 'nothing') await passGates(work)
  const { copies, recorded } = await writeCopies(work, tables)
  for (const [name, file] of recorded) files.set(name, file)
  const quarantine = await writeQuarantine(work, tables)
  const inputs = orderInputs(await storedInputs(tables), Object.keys(job.tables))
  const mended = await writeMended(work, inputs)
  const written = pagesOf(work.head ?? { pages: [], inputs: [] })
  const pages = paged(inputs).map(
    (page) => written(page) ?? draft.write('ledger', 'jsonl', page.length, [encodePage(page)]),
  )
  await draft.settle()
  const published = new Map(await settled(copies))
  const states: [string, TableState][] = []
  for (const { table, state } of tables) {
    const known = await state
    if (known !== null) states.push([table.contract.name, known])
  }
  const applied = tables.flatMap((table) => table.applied)
  const derived = derivedRecords(job)
  const laws = new Set(tablesOf(job).map(({ source }) => source.law))
  const state = Object.fromEntries(states)
  const listed = plan.options.publish.flatMap((output) => published.get(output) ?? [])
  if (hasPartitions(job)) listed.push(await writeIndex(work, { inputs, state }, published))
  return {
    content: {
      features: [
        ...(pages.length > 0 ? ['ledger_pages'] : []),
        ...(laws.has('mirrored') ? ['mirrored_tables'] : []),
        ...(laws.has('appended') ? ['appended_tables'] : []),
        ...(hasPartitions(job) ? ['partitioned_tables'] : []),
        ...(derived === null ? [] : ['derived_tables']),
        ...(recorded.size === 0 ? [] : ['recorded_outputs']),
        ...(work.erased === null ? [] : ['erased_keys']),
        ...(mended.file === null ? [] : ['mended_rows']),
        ...(inputs.some(({ landed }) => landed !== undefined) ? ['landed_files'] : []),
      ],
      job: job.name,
      options: plan.options,
      jobOptions: plan.jobOptions,
      tables: work.tables,
      ...(derived !== null && { derived }),
      fingerprints: work.steps,
      inputs,
      pages: await Promise.all(pages),
      state,
      rollups: Object.fromEntries(await settled(files)),
      ...(work.erased !== null && { erased: work.erased }),
      ...(mended.file !== null && { mended: mended.file }),
      quarantine,
      published: listed,
    },
    applied,
    notes: [...tables.flatMap(({ notes }) => notes), ...mended.notes],
  }
}
