/**
 * The flags that say how files are written.
 * @module
 */
import type { OptionSpec } from '../command-spec.ts'

/** The declaration that is looked for beside the data. */
export const DECLARATION_FILE = 'support-etl.json'

const GROUP = 'How files are written'

/** The values of the flags that say how files are written. */
export interface FormatValues {
  readonly data?: string
  readonly config?: string
  readonly delimiter?: string
  readonly encoding?: string
  readonly timestamps?: string
  readonly decimal?: '.' | ','
}

/** The flags that say how files are written. */
export const FORMAT_FLAGS: readonly OptionSpec[] = [
  {
    flags: '--config <file>',
    help: `how the files are written (default: ${DECLARATION_FILE} in the folder of --data, where it is)`,
    group: GROUP,
  },
  { flags: '--delimiter <text>', help: 'what separates cells of CSV, such as ";"', group: GROUP },
  {
    flags: '--encoding <name>',
    help: 'utf-8, utf-16le, utf-16be, latin1 or windows-1252',
    choices: ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252'],
    group: GROUP,
  },
  {
    flags: '--timestamps <form>',
    help: 'how timestamps are written, such as "dd/MM/yyyy HH:mm"',
    group: GROUP,
  },
  {
    flags: '--decimal <mark>',
    help: 'what stands before the fraction of a number: . or ,',
    choices: ['.', ','],
    group: GROUP,
  },
]
