/**
 * Files as they came: copied into the state byte for byte, before anything reads them. Only persons who were erased are left out.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { eraseChunks } from '../../erase/erase-chunks.ts'
import { Eraser } from '../../erase/erased-keys.ts'
import type { InputRecord, StoredFile } from '../../log/commit-record.ts'
import type { PlannedInput } from '../../plan/make-plan.ts'
import type { Work } from '../../steps/work.ts'
import { extensionOf } from '../formats/file-extension.ts'
import type { PartitionedSource } from '../source.ts'
import { openStream, type SourceStream } from './source-stream.ts'

/** What the ledger says of a landed file. */
type LandedEntry = Pick<InputRecord, 'sha256' | 'bytes' | 'version' | 'original'>

/** A file that was copied, and how its copy is read. */
export interface LandedFile {
  readonly file: StoredFile
  readonly entry: LandedEntry
  open(): Promise<SourceStream>
}

/** A chunk is only valid until the next one, and the copy is written later. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice()
}

/** What erases persons from files that are landed; null where there are none. */
function eraserOf({ job, erased, effects }: Work): Eraser | null {
  if (erased === null) return null
  if (job.erasure !== undefined) return new Eraser(job.erasure, erased, effects)
  throw new PipelineError(
    'erase_refused',
    `job ${job.name} does not say which of its records are of persons, and ${erased.hashes.length} were erased from its state; run it with the erasure that it had`,
  )
}

/**
 * Copies a source file into `landed/`. It is read from the copy: what is kept is what was read.
 * @throws InputGone - it is gone since it was listed
 */
export async function landFile(
  work: Work,
  stem: string,
  { name, table, unit }: PlannedInput,
  { format }: PartitionedSource,
  last: InputRecord | undefined,
): Promise<LandedFile> {
  const { data, out, draft, effects, onChunk, isErasing } = work
  const context = { effects, onChunk }
  const stream = await openStream(data, name, context)
  const chunks = eraseChunks(stream.packed, { name, table, unit }, format, eraserOf(work))
  const file = await draft.land(stem, extensionOf(name), copies(chunks))
  // a run that erases reads what is kept: what the source has is what it had
  const read = isErasing && last !== undefined ? (last.original ?? last) : stream.entry()
  const original = { sha256: read.sha256, bytes: read.bytes, version: read.version }
  const { sha256, bytes } = file
  const entry = sha256 === original.sha256 ? original : { sha256, bytes, version: null, original }
  return {
    file,
    entry,
    open: async () => ({ packed: (await openStream(out, file.name, context)).packed, entry: () => entry }),
  }
}
