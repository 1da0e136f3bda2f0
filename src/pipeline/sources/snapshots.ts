/**
 * Snapshots: a whole table in one file that is replaced.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { isFileName } from '../../connect/file-name.ts'
import { PipelineError } from '../../errors.ts'
import type { SourceFormat } from './formats/formats.ts'
import type { MirroredSource, Originals } from './source.ts'

/** Which file is the table. */
export interface SnapshotOptions {
  /** The file's name in the source place; with `.gz` behind it, it is packed. */
  readonly file: string
  /** Other names that the file may have in its place; two files for one table are refused. */
  readonly otherNames?: readonly string[]
  readonly format: SourceFormat
  /** What a place without the file is: an error, or an empty table until the file comes. Default 'refuse'. */
  readonly whereMissing?: 'refuse' | 'empty'
  /** `keep`: the file is copied into `landed/` of the state, byte for byte. `leave` (default): only its rows are kept. */
  readonly originals?: Originals
}

const OPTIONS = {
  file: true,
  otherNames: true,
  format: true,
  whereMissing: true,
  originals: true,
} satisfies OptionNames<SnapshotOptions>

/** @throws PipelineError invalid_option - another word than those of `originals` */
export function refuseOriginals(originals: Originals): void {
  const isChoice = originals === 'keep' || originals === 'leave'
  refuseUnless(isChoice, 'originals', originals, "'keep' or 'leave'", PipelineError)
}

/** Refuses what no format function gives. @throws PipelineError invalid_option */
export function refuseNoFormat(format: SourceFormat): void {
  const isFormat = typeof format?.read === 'function'
  refuseUnless(isFormat, 'format', format, 'what csv(), json() or their siblings give', PipelineError)
  const { needsMonths = false } = format
  refuseUnless(!needsMonths, 'from', format, 'names instead: only extractsAndDeltas() has months', PipelineError)
}

/**
 * Returns the source of a table that is one whole file, replaced from time to time. The table is the file as it is now: rows
 * that the new file lacks are removed, and `_file` and `_row` of every row are those of the new file. Duplicate keys and a
 * missing column refuse the file. A file that is gone is refused, and so is one that lost more than 5 rows and more than 5 %
 * of the table (`input_shrunk`), until a run accepts that with `acceptWithdrawals`. With `whereMissing: 'empty'` the table is empty
 * until there is a file, and `acceptWithdrawals` accepts that it is gone.
 *
 * @throws PipelineError invalid_option - no file or no format is named, or another word than those of `whereMissing`
 * @example
 * const source = snapshots({ file: 'crm/agents.csv', format: csv() })
 * source.recognize('agents', 'crm/agents.csv.gz') // { unit: '', month: null }
 * source.recognize('agents', 'crm/teams.csv') // null
 */
export function snapshots(options: SnapshotOptions): MirroredSource {
  refuseUnknown(options, OPTIONS, PipelineError)
  const { file, otherNames = [], format, whereMissing = 'refuse', originals = 'leave' } = options
  const isName = (name: unknown): boolean => typeof name === 'string' && isFileName(name)
  refuseUnless(isName(file), 'file', file, 'the name of a file in a place', PipelineError)
  const areNames = Array.isArray(otherNames) && otherNames.every(isName)
  refuseUnless(areNames, 'otherNames', otherNames, 'a list of names of files in a place', PipelineError)
  refuseNoFormat(format)
  const isChoice = whereMissing === 'refuse' || whereMissing === 'empty'
  refuseUnless(isChoice, 'whereMissing', whereMissing, "'refuse' or 'empty'", PipelineError)
  refuseOriginals(originals)
  const isOptional = whereMissing === 'empty'
  const names = [file, ...otherNames]
  return {
    ...{ law: 'mirrored', kind: 'snapshots', format, originals, isOptional, prefixes: names, expected: file },
    declaration: {
      ...{ kind: 'snapshots', file, format: format.declaration },
      ...(otherNames.length > 0 && { otherNames }),
      ...(isOptional && { whereMissing }),
    },
    recognize: (_, name) =>
      names.some((known) => name === known || name === `${known}.gz`) ? { unit: '', month: null } : null,
    keyIn: () => ({}),
  }
}
