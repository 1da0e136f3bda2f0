/**
 * What the format of a source tells of a whole file.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import type { Note } from '../plan/plan-notes.ts'
import type { FileReading, JudgingOptions } from './formats.ts'

/** Returns what is worth knowing of a file. @throws PipelineError with the note's code - a warning, in strict mode */
export function readingNotes(
  { notes = [] }: Pick<FileReading, 'notes'>,
  file: string,
  { mode }: Pick<JudgingOptions, 'mode'>,
): Note[] {
  const warning = notes.find(({ severity }) => severity === 'warning')
  if (warning !== undefined && mode === 'strict') throw new PipelineError(warning.code, warning.message)
  return notes.map((note) => ({ ...note, file }))
}
