/**
 * A command as a value: its name, its options, examples, and how its code is loaded.
 * @module
 */
import type { CommandJob } from './advised-lines.ts'
import { LOG_LEVELS, type LogLevel, type Terminal } from './terminal.ts'

/** One option as the help shows it; a flag without a value has no `<value>`. */
export interface OptionSpec {
  /** `--out <folder>` or `--rebuild`. */
  readonly flags: string
  readonly help: string
  readonly preset?: string
  readonly choices?: readonly string[]
  readonly isRequired?: true
  /** The heading of the help that lists it; `Options:` by default. */
  readonly group?: string
}

/** A word that may stand behind a command's name. */
export interface ArgumentSpec {
  /** Its name, as the help shows it and as values have it. */
  readonly name: string
  readonly help: string
}

/** A command: what its help says, and how its code is loaded. */
export interface CommandSpec {
  /** One word, or a group and a word: `calls clean`. */
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly options: readonly OptionSpec[]
  /** Options that depend on the rest of the command line, such as those of the job that it names; they come before the others. */
  readonly lateOptions?: (args: readonly string[]) => Promise<readonly OptionSpec[]>
  /** In their order; each may be left out. */
  readonly arguments?: readonly ArgumentSpec[]
  /** The job that it runs or looks at, for a system's own command; advice then names that job's commands. */
  readonly job?: CommandJob
  /** Command lines without the program's name, each with its purpose. */
  readonly examples: readonly (readonly [line: string, purpose: string])[]
  /**
   * Loads the command's own module, and with it everything it needs, only when the command runs.
   */
  readonly load: () => Promise<Command>
}

/**
 * A command's work: takes option values by camel-cased name, resolves to the exit status. One that is not among `EXIT` is
 * what the user asked for.
 */
// each command types the values that its own options give
export type Command = (values: never, terminal: Terminal) => Promise<number>

/** A group of commands that share the first word of their names. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
}

/** The folder of a job's committed state. */
export const OUT: OptionSpec = { flags: '--out <folder>', help: 'folder with the committed state', preset: 'output' }

/** The formats in which tables are published and printed. */
export const FORMATS = ['csv', 'json', 'parquet'] as const

/** How text that a spreadsheet would run as a formula is written. */
export const FORMULAS: OptionSpec = {
  flags: '--formulas <way>',
  help: "escape puts ' before text in CSV that a spreadsheet would run (default: keep, or as before)",
  choices: ['keep', 'escape'],
}

/** How many rows of a table are shown. */
export const LIMIT: OptionSpec = {
  flags: '--limit <rows>',
  help: 'show at most so many rows of a table (on a terminal: 40)',
}

/** The options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', help: 'print JSON for machines instead of text for people' },
  { flags: '--log-level <level>', help: 'how much to say on stderr', preset: 'info', choices: LOG_LEVELS },
  LIMIT,
  { flags: '--all', help: 'show every row of a table, on a terminal too' },
]

/** Their values. */
export interface CommonValues {
  readonly json?: true
  readonly logLevel: LogLevel
  readonly limit?: string
  readonly all?: true
}
