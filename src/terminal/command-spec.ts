/**
 * A command as a value: what it is called, what it takes, how it is used, and where its work is.
 * @module
 */
import type { ExitCode } from './exit-code.ts'
import { LOG_LEVELS, type Terminal } from './terminal.ts'

/** One option as it stands in the help; a flag without a value has none in its spelling. */
export interface OptionSpec {
  /** `--out <folder>` or `--rebuild`. */
  readonly flags: string
  readonly help: string
  readonly preset?: string
  readonly choices?: readonly string[]
  readonly isRequired?: true
}

export interface CommandSpec {
  /** One word, or a group and a word: `calls clean`. */
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly options: readonly OptionSpec[]
  /** Command lines without the program's name, each with what it is good for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[]
  /** Loads the command's own file; nothing that it needs is read before. */
  readonly load: () => Promise<Command>
}

/** A command's work: option values by their camel-cased names in, exit status out. */
// each command declares the values that its options above give it
export type Command = (values: never, terminal: Terminal) => Promise<ExitCode>

/** A group of commands that share the first word of their names. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
}

/** The folder of a job's committed state. */
export const OUT: OptionSpec = { flags: '--out <folder>', help: 'folder with the committed state', preset: 'output' }

/** The formats in which tables are published and printed. */
export const FORMATS = ['csv', 'json', 'parquet'] as const

/** What becomes of text that a spreadsheet would run. */
export const FORMULAS: OptionSpec = {
  flags: '--formulas <way>',
  help: "escape puts ' before text in CSV that a spreadsheet would run (default: keep, or as before)",
  choices: ['keep', 'escape'],
}

/** What every command takes besides its own. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', help: 'print JSON for machines instead of text for people' },
  { flags: '--log-level <level>', help: 'how much to say on stderr', preset: 'info', choices: LOG_LEVELS },
]
