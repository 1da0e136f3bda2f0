/**
 * A job's own options, tables and outputs as flags of commands.
 * @module
 */
import type { Job } from '../../pipeline/job/job.ts'
import { flagOf, type JobOption } from '../../pipeline/job/job-options.ts'
import type { OptionSpec } from '../command-spec.ts'

/** Values of flags, by the camel-cased name of the flag. */
export type FlagValues = Readonly<Record<string, unknown>>

/** `timeZone` of `--time-zone`, as parsed values have it. */
function valueName(flag: string): string {
  return flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

const groupOf = ({ name }: Job): string => `Options of job ${name}`

function specOf(name: string, option: JobOption, job: Job, isKept: boolean): OptionSpec {
  const { kind, help, choices } = option
  return {
    flags: `${flagOf(name, option)} <${kind}>`,
    help: isKept ? `${help} (default: ${option.default}, or as before)` : help,
    ...(isKept ? {} : { preset: String(option.default) }),
    ...(choices !== undefined && { choices: choices.map(String) }),
    group: groupOf(job),
  }
}

/** The flags of a job's own options; `kept`: a value that is not given is that of the last commit. */
export function optionFlags(job: Job, preset: 'kept' | 'default'): OptionSpec[] {
  return Object.entries(job.options).map(([name, option]) => specOf(name, option, job, preset === 'kept'))
}

/** The values of a job's own options. @throws EtlError - a value cannot be; the message names the flag */
export function optionValues(job: Job, values: FlagValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(job.options).flatMap(([name, option]) => {
      const flag = flagOf(name, option)
      const given = values[valueName(flag)]
      return given === undefined ? [] : [[name, option.parse(given, flag)] as const]
    }),
  )
}

/** The flag that accepts withdrawals; only a job that may withdraw rows has it. */
export function withdrawalFlags({ tables }: Job): OptionSpec[] {
  const choices = Object.entries(tables).flatMap(([name, { source }]) => (source.law === 'mirrored' ? [name] : []))
  if (choices.length === 0) return []
  return [
    {
      flags: '--accept-withdrawals <table...>',
      help: 'let this run remove any number of rows of this table, because their inputs are gone or have shrunk',
      choices,
    },
  ]
}

/** An output whose figures can be traced back to rows. */
export interface ExplainableOutput {
  readonly name: string
  /** The flag of each key column. */
  readonly cells: readonly { readonly column: string; readonly flag: string }[]
}

/** Flags that `explain` has itself. */
const TAKEN = new Set([
  ...['--out', '--data', '--job', '--output', '--as-of', '--json', '--log-level', '--limit', '--all', '--help'],
])

/** `--contact-center` of `contact_center_name`: the flag of a cell is its column, without `_name`. */
function cellFlag(column: string): string {
  const flag = `--${column
    .replace(/_name$/, '')
    .replaceAll('_', '-')
    .toLowerCase()}`
  return TAKEN.has(flag) ? `--cell-${flag.slice(2)}` : flag
}

/** `contact center` of `contact_center_name`. */
export const wordsOf = (column: string): string => column.replace(/_name$/, '').replaceAll('_', ' ')

/** The outputs that a job can explain. */
export function explainableOutputs({ outputs }: Job): ExplainableOutput[] {
  return Object.entries(outputs).flatMap(([name, { explain, contract }]) =>
    explain === undefined ? [] : [{ name, cells: contract.key.map((column) => ({ column, flag: cellFlag(column) })) }],
  )
}

/** The flags that name a line of an output; required where there is only one output that they can be of. */
export function cellFlags(job: Job): OptionSpec[] {
  const outputs = explainableOutputs(job)
  const [only] = outputs.length === 1 ? outputs : []
  const names = outputs.map(({ name }) => name)
  const output: OptionSpec[] =
    names.length > 1 ? [{ flags: '--output <output>', help: 'which output', choices: names, isRequired: true }] : []
  const seen = new Set<string>()
  const cells = outputs.flatMap(({ cells, name }) =>
    cells.flatMap(({ column, flag }): OptionSpec[] => {
      if (seen.has(flag)) return []
      seen.add(flag)
      const word = column.endsWith('_name') ? 'name' : 'value'
      const spec = { flags: `${flag} <${word}>`, help: `${column} as in ${name}`, group: groupOf(job) }
      return [only === undefined ? spec : { ...spec, isRequired: true }]
    }),
  )
  return [...output, ...cells]
}

/** The cells of an output's line that flags name. */
export function cellValues(output: ExplainableOutput, values: FlagValues): Record<string, string> {
  return Object.fromEntries(
    output.cells.flatMap(({ column, flag }) => {
      const value = values[valueName(flag)]
      if (typeof value !== 'string') return []
      // a month is written in two ways, and shown in one
      return [[column, column === 'month' ? value.replace(/^(\d{4})(\d{2})$/, '$1-$2') : value] as const]
    }),
  )
}
