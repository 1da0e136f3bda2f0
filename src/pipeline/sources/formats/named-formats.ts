/**
 * Several formats of one source, told apart by the names or months of its files.
 * @module
 */
import { refuseUnless } from '../../../arguments.ts'
import { PipelineError } from '../../../errors.ts'
import { parseMonth } from '../../job/month.ts'

/** What a format knows a file by. */
export interface NamedFile {
  readonly name: string
  /** The month of its unit; null where it is not one month's. */
  readonly month: string | null
}

/** Which files of a source something is about. */
export interface FileChoice {
  /** The names of the files, below the source place; `*` is any text: `log/2024-*`. All by default. */
  readonly names?: string
  /** The first month, such as `2025-06`, of deltas that are written so; extracts come before every month. */
  readonly from?: string
}

function fitsName(names: string): (name: string) => boolean {
  const parts = names.split('*')
  // without a regular expression: many stars must not take long
  return (name) => {
    const [first = '', ...others] = parts
    if (!name.startsWith(first)) return false
    const last = others.pop()
    if (last === undefined) return name === first
    let at = first.length
    for (const part of others) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return name.length - last.length >= at && name.endsWith(last)
  }
}

/** `.gz` says that a file is packed, not how its text is written. */
const unpacked = (name: string) => (name.endsWith('.gz') ? name.slice(0, -3) : name)

/**
 * Returns whether a file is one that the choice is about.
 * @throws PipelineError invalid_option - a pattern or a month that cannot be
 */
export function fitsChoice({ names, from }: FileChoice): (file: NamedFile) => boolean {
  const isPattern = names === undefined || (typeof names === 'string' && names !== '')
  refuseUnless(isPattern, 'names', names, 'a name of files such as log/2024-*.csv', PipelineError)
  const month = typeof from === 'string' ? parseMonth(from) : null
  refuseUnless(from === undefined || month !== null, 'from', from, 'a month such as 2025-06', PipelineError)
  const fitsPattern = names === undefined ? () => true : fitsName(unpacked(names))
  return (file) => fitsPattern(unpacked(file.name)) && (month === null || (file.month ?? '') >= month)
}

/**
 * Returns what picks the first choice that fits a file. The last one must fit all.
 * @throws PipelineError invalid_option - the last one does not fit all
 */
export function chooserOf<Choice extends FileChoice>(choices: readonly Choice[]): (file: NamedFile) => Choice {
  const last = choices.at(-1)
  const isWhole = last !== undefined && last.names === undefined && last.from === undefined
  const expected = "an object such as { delimiter: ';' }, or a list whose last dialect has neither names nor from"
  refuseUnless(isWhole, 'options', choices.length === 1 ? choices[0] : choices, expected, PipelineError)
  const tests = choices.map(fitsChoice)
  return (file) => choices[tests.findIndex((fits) => fits(file))] as Choice
}

/** Options in the order of their names, without those that say what is so without them. */
export function plainOptions(options: object, defaults: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && value !== defaults[name])
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)))
}
