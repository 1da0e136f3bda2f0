/**
 * Appends: pieces of a log, known by their content.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import type { SourceFormat } from './formats/formats.ts'
import { patternOf } from './objects.ts'
import { refuseNoFormat } from './snapshots.ts'
import type { AppendedSource } from './source.ts'

/** Which files are pieces, and which of two changes of one key counts. */
export interface AppendOptions {
  /** The folder that holds them, such as `log/`. */
  readonly prefix: string
  /** How a file is named below it; `*` is any text without a slash. */
  readonly name: string
  readonly format: SourceFormat
  /**
   * The column whose greater value wins, deletes included, in whatever order pieces arrive; of equal values the later one.
   * Null: the later change wins, by the order in which pieces were applied, and by records within a piece.
   */
  readonly sequenceBy: string | null
}

const OPTIONS = { prefix: true, name: true, format: true, sequenceBy: true } satisfies OptionNames<AppendOptions>

/**
 * Returns the source of a table that is made of pieces of a log. A piece is known by the hash of its unpacked bytes: a file
 * that is renamed, rotated, packed or copied is not a new piece, and a piece whose file is gone stays applied. Without an action
 * column every row is written, over a row with its key. New pieces are applied in order of their names.
 *
 * @throws PipelineError invalid_option - no prefix, name, format or sequence is given
 * @example
 * const source = appends({ prefix: 'log/', name: '*.csv', format: csv(), sequenceBy: 'changed_at' })
 * source.recognize('calls', 'log/2025-03-01.csv.gz') // { unit: '', month: null }
 */
export function appends(options: AppendOptions): AppendedSource {
  refuseUnknown(options, OPTIONS, PipelineError)
  const { prefix, name: pattern, format, sequenceBy } = options
  const isSequence = sequenceBy === null || typeof sequenceBy === 'string'
  refuseUnless(isSequence, 'sequenceBy', sequenceBy, 'a column, or null for the order of the ledger', PipelineError)
  refuseNoFormat(format)
  const expression = patternOf(prefix, pattern)
  return {
    ...{ law: 'appended', kind: 'appends', format, sequenceBy, prefixes: [prefix], expected: `${prefix}${pattern}` },
    declaration: { kind: 'appends', prefix, name: pattern, format: format.declaration, sequenceBy },
    // which piece a file is, its content says
    recognize: (_, name) =>
      name.startsWith(prefix) && expression.test(name.slice(prefix.length)) ? { unit: '', month: null } : null,
  }
}
