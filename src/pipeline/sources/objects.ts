/**
 * Objects: one file is one record.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { type JsonFormat, jsonFormatOf, type SourceFormat } from './formats/formats.ts'
import { refuseNoFormat } from './snapshots.ts'
import type { MirroredSource } from './source.ts'

/** Which files are records. */
export interface ObjectOptions {
  /** The folder that holds them, such as `bronze/`. */
  readonly prefix: string
  /**
   * How a file is named below it: in `{call_id}.json` the name holds the key, `*` is any text without a slash, and a leading
   * `**` with a slash is any folders, or none.
   */
  readonly name: string
  readonly format: SourceFormat
  /** How many files are held in memory at once, before their rows are: 1 to 100,000. Default 2,000. */
  readonly batchSize?: number
}

const OPTIONS = { prefix: true, name: true, format: true, batchSize: true } satisfies OptionNames<ObjectOptions>

/** What stands for any folders, at the beginning of a pattern. */
const FOLDERS = '**/'

/** A pattern such as `{call_id}.json` as a regular expression with a group for each name. */
function expressionOf(pattern: string, forms: Readonly<Record<string, string>>): RegExp {
  const isDeep = pattern.startsWith(FOLDERS)
  const parts = (isDeep ? pattern.slice(FOLDERS.length) : pattern).split(/(\{[a-z_][a-z0-9_]*\}|\*)/i)
  const text = parts.map((part) => {
    if (part === '*') return '[^/]*'
    const name = /^\{(.*)\}$/.exec(part)?.[1]
    if (name !== undefined) return `(?<${name}>${forms[name] ?? '[^/]+?'})`
    return part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  })
  // names that begin with a dot are the system's, not the operation's
  return new RegExp(`^(?!(?:.*/)?\\.)${isDeep ? '(?:[^/]+/)*' : ''}${text.join('')}(?:\\.gz)?$`)
}

/**
 * A prefix and the names below it as a regular expression; `forms` says what the text of some names in braces is.
 * @throws PipelineError invalid_option - they are not what they must be
 */
export function patternOf(prefix: string, pattern: string, forms: Readonly<Record<string, string>> = {}): RegExp {
  const isFolder = typeof prefix === 'string' && /^(?:[^/]+\/)+$/.test(prefix)
  refuseUnless(isFolder, 'prefix', prefix, 'a folder such as bronze/', PipelineError)
  const isPattern = typeof pattern === 'string' && pattern !== ''
  refuseUnless(isPattern, 'name', pattern, 'a pattern such as {id}.json', PipelineError)
  return expressionOf(pattern, forms)
}

/** The names in the braces of a pattern. */
export function namesIn(pattern: string): string[] {
  return Array.from(pattern.matchAll(/\{([a-z_][a-z0-9_]*)\}/gi), ([, name = '']) => name)
}

/** Returns the format of files that hold one object each, not a list of them: in a declared shape, it is what stands in a row. */
export function objectFormat(format: SourceFormat): SourceFormat {
  if (format.kind !== 'json' || Object.keys(format.declaration).length === 1) return format
  const { dialectOf, declaration } = format as JsonFormat
  const one = jsonFormatOf('json', [{}], (file) => ({ ...dialectOf(file), layout: 'concatenated' }))
  return { ...format, declaration, read: one.read }
}

/**
 * Returns the source of a table that is one file a record. The table is the records of the files that are there now: a changed
 * file replaces its record, and one that is gone withdraws it. The key is the content's. A file whose name holds another key
 * waits in quarantine (`key_mismatch`); of two files with one key the first name counts, and the others wait
 * (`duplicate_object`). A file that cannot be read waits as well, and the record that it had is withdrawn. Rows are in order of
 * the files' names, by their UTF-8 bytes.
 *
 * @throws PipelineError invalid_option - no prefix, name or format is given, or a size that cannot be
 * @example
 * const source = objects({ prefix: 'bronze/', name: '{call_id}.json', format: json() })
 * source.recognize('calls', 'bronze/C7.json') // { unit: 'bronze/C7.json', month: null }
 * source.keyIn('bronze/C7.json') // { call_id: 'C7' }
 */
export function objects(options: ObjectOptions): MirroredSource {
  refuseUnknown(options, OPTIONS, PipelineError)
  const { prefix, name: pattern, batchSize } = options
  refuseNoFormat(options.format)
  const format = objectFormat(options.format)
  const isSize = batchSize === undefined || (Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 100_000)
  refuseUnless(isSize, 'batchSize', batchSize, 'a whole number from 1 to 100000', PipelineError)
  const expression = patternOf(prefix, pattern)
  const fileName = (name: string): string => name.slice(prefix.length)
  return {
    ...{
      law: 'mirrored',
      kind: 'objects',
      format,
      originals: 'leave',
      prefixes: [prefix],
      expected: `${prefix}${pattern}`,
    },
    // a folder may be empty
    isOptional: true,
    ...(batchSize !== undefined && { batchSize }),
    declaration: { kind: 'objects', prefix, name: pattern, format: format.declaration },
    recognize: (_, name) =>
      name.startsWith(prefix) && expression.test(fileName(name)) ? { unit: name, month: null } : null,
    keyIn: (name) => ({ ...expression.exec(fileName(name))?.groups }),
  }
}
