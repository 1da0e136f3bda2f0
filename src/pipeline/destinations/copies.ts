/**
 * Published copies: tables and reports as files for people. A reader that must be exact reads the committed state instead.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { csvChunks } from '../../format/csv/write/write.ts'
import { jsonChunks } from '../../format/json/write.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import type { Effects } from '../effects.ts'
import type { OptionValues } from '../job/job-options.ts'
import { copyName, type StateOptions } from '../job/options.ts'
import type { CommitRecord, PublishedFile } from '../log/commit-record.ts'
import { type HashedFile, hashFile, stageHashed } from '../state/data-files.ts'

/** What a copy is written by. */
export interface CopyOptions {
  readonly options: StateOptions
  readonly jobOptions: OptionValues
}

/** The job's options as Parquet metadata: `time_zone` of `timeZone`. */
function metadataOf(values: OptionValues): Record<string, string> {
  const named = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [named(name), String(value)]))
}

async function encode(
  frame: Frame,
  { contract, showsOptions = true }: CopySource,
  { options: { format, formulas }, jobOptions }: CopyOptions,
): Promise<Iterable<Uint8Array>> {
  if (format === 'csv') return csvChunks(frame, { formulas })
  if (format === 'json') return jsonChunks(frame)
  // loaded when it is needed: its decoder weighs 15 MB
  const { parquetBytes } = await import('../../format/parquet/parquet.ts')
  return [await parquetBytes(frame, { contract, ...(showsOptions && { metadata: metadataOf(jobOptions) }) })]
}

/** A copy that is written and has no name yet. */
export interface StagedCopy extends HashedFile {
  readonly file: PublishedFile
}

/** What a copy is of. */
export interface CopySource {
  readonly output: string
  readonly contract: TableContract
  readonly frame: Frame
  /** Whether its metadata shows the job's options. */
  readonly showsOptions?: boolean
}

/** Writes a copy: the contract's columns in its order, without metadata. It gets its name when the commit stands. */
export async function stageCopy(
  out: FileStore,
  source: CopySource,
  how: CopyOptions,
  effects: Pick<Effects, 'newHash'>,
): Promise<StagedCopy> {
  const { output, contract, frame } = source
  const names = Object.entries(contract.columns)
    .filter(([, { role }]) => role !== 'metadata')
    .map(([name]) => name)
  const chunks = await encode(selectColumns(frame, names), source, how)
  return stageNamed(out, { output, name: copyName(output, how.options), rows: frame.rows }, chunks, effects)
}

/** Writes bytes that get their name when the commit stands. */
export async function stageNamed(
  out: FileStore,
  { output, name, rows }: Pick<PublishedFile, 'output' | 'name' | 'rows'>,
  chunks: Iterable<Uint8Array>,
  effects: Pick<Effects, 'newHash'>,
): Promise<StagedCopy> {
  const { sha256, staged } = await stageHashed(out, chunks, effects.newHash())
  const { size: bytes, version } = staged
  return { sha256, staged, file: { output, name, sha256, bytes, rows, version } }
}

/** Whether a copy is as it was published; its bytes are looked at only where size and version leave a doubt. */
export async function isIntact(
  out: FileStore,
  { name, bytes, version, sha256 }: PublishedFile,
  { newHash }: Pick<Effects, 'newHash'>,
): Promise<boolean> {
  const entry = (await out.list(name)).find((found) => found.name === name)
  if (entry === undefined || entry.size !== bytes) return false
  if (entry.version !== null && entry.version === version) return true
  return (await hashFile(out, name, newHash())).sha256 === sha256
}

/** Returns the copies of a commit that are gone or differ. */
export async function findBroken(
  out: FileStore,
  { published }: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly PublishedFile[]> {
  const broken: PublishedFile[] = []
  for (const file of published) if (!(await isIntact(out, file, effects))) broken.push(file)
  return broken
}
