/**
 * What the format of a source tells of a whole file.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import type { CsvNote } from '../../../format/csv/read/notes.ts'
import type { Note } from '../../plan/plan-notes.ts'
import type { FileReading, JudgingOptions, ReadingNote } from './formats.ts'

/** Returns the remarks on a CSV file as notes of its reading. They lose no row, and stop no run. */
export function csvNotes(notes: readonly CsvNote[]): readonly ReadingNote[] {
  return notes.map((note) => ({ ...note, severity: 'info' }))
}

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
