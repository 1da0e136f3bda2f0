/**
 * The bytes of a file without the persons who were erased.
 * @module
 */
import { isPacked, pack, unpack } from '../../connect/gzip.ts'
import { PipelineError } from '../../errors.ts'
import type { SourceFormat } from '../sources/formats/formats.ts'
import type { Eraser } from './erased-keys.ts'

/** A file, and the table that it is of. */
export interface ErasedFile {
  readonly table: string
  readonly unit: string
  readonly name: string
}

/**
 * Returns the bytes of a file with the records of erased persons edited; the same bytes where its table has no persons.
 * @throws PipelineError erase_refused - the format of the file cannot be edited
 */
export function eraseChunks(
  chunks: AsyncIterable<Uint8Array>,
  file: ErasedFile,
  format: SourceFormat,
  eraser: Eraser | null,
): AsyncIterable<Uint8Array> {
  const edit = eraser?.editorOf(file.table, file.unit) ?? null
  if (edit === null) return chunks
  const { name } = file
  if (format.editRecords === undefined) {
    throw new PipelineError('erase_refused', `${name}: files of the format ${format.kind} cannot be erased from`)
  }
  if (!isPacked(name)) return format.editRecords(chunks, { name, month: null }, edit)
  return pack(format.editRecords(unpack(chunks, name), { name, month: null }, edit))
}
