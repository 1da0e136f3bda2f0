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
  for (const note of notes) {
    if (note.severity === 'warning' && mode === 'strict') throw new PipelineError(note.code, note.message)
  }
  return notes.map((note) => ({ ...note, file }))
}
