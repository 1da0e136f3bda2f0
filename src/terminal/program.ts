/**
 * Runs a command line: finds the command, parses its options, returns an exit status.
 * @module
 */
import { styleText } from 'node:util'
import { Command, CommanderError, Option } from 'commander'
import type { FileStore } from '../connect/file-store.ts'
import { ContractError } from '../errors.ts'
import { advisedLines } from './advised-lines.ts'
import {
  COMMON_OPTIONS,
  type CommandGroup,
  type CommandSpec,
  type CommonValues,
  LIMIT,
  type OptionSpec,
} from './command-spec.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { failureJson, failureText } from './failure.ts'
import { optionError, parseCount } from './flags/option-values.ts'
import type { Terminal } from './terminal.ts'
import { printable } from './text/lines.ts'
import { renderJson } from './text/render.ts'

/** What opens the places of states for one command. */
export interface OpenStates {
  openState(location: string): FileStore
  /** Ends what was opened. Never fails. */
  close(): Promise<void>
}

/** A program: its name, the frame of its help, and its commands. */
export interface ProgramSpec {
  readonly name: string
  readonly description: string
  /** The help prints it below the list of commands. */
  readonly footer: string
  /** Reads the version, only when asked for it. */
  readonly version: () => string
  /** In the order in which the help lists them. */
  readonly commands: readonly CommandSpec[]
  /** The groups of the commands whose names have two words. */
  readonly groups: readonly CommandGroup[]
  /** Says how the states of a command are opened, by its `--out`; null where as folders and buckets. */
  readonly openStates?: (out: string | undefined) => Promise<OpenStates | null>
}

/** Runs the command that the arguments name and returns the exit status; never throws. */
export async function runProgram(spec: ProgramSpec, args: readonly string[], terminal: Terminal): Promise<number> {
  let status: number = EXIT.done
  const program = shape(new Command(spec.name), terminal, spec.name)
    .description(spec.description)
    .addHelpText('after', spec.footer)
    .option('-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
  program.on('option:version', () => {
    void terminal.print(`${spec.version()}\n`)
    throw new CommanderError(0, 'commander.version', '')
  })
  terminal.advised = advisedLines(spec.name)
  try {
    const called = calledCommand(spec.commands, args)
    // the other commands are only of use to a list of them, and a start pays for each
    const below = spec.commands.filter(({ name }) => called !== undefined && name.startsWith(`${called.name} `))
    const commands = called === undefined ? spec.commands : [await withLateOptions(called, args), ...below]
    for (const command of commands) {
      addCommand(parentOf(program, command, spec, terminal), command, spec, terminal, (ended) => {
        status = ended
      })
    }
    if (args.length === 0) program.help({ error: true })
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    // commander has already printed it
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done
      if (wantsJson(args)) await terminal.print(renderJson(failureJson(usageError(error), terminal)))
      return EXIT.usage
    }
    if (wantsJson(args)) await terminal.print(renderJson(failureJson(error, terminal)))
    terminal.log('error', failureText(error, terminal))
    return exitCodeOf(error)
  }
}

/** The command that the arguments begin with, or whose help they ask for. */
function calledCommand(commands: readonly CommandSpec[], args: readonly string[]): CommandSpec | undefined {
  const [first, second] = args[0] === 'help' ? args.slice(1) : args
  // a command may have one below it: `quarantine`, and `quarantine replay`
  const named = (words: string) => commands.find(({ name }) => name === words)
  return named(`${first} ${second}`) ?? named(`${first}`)
}

async function withLateOptions(spec: CommandSpec, args: readonly string[]): Promise<CommandSpec> {
  const late = (await spec.lateOptions?.(args)) ?? []
  return { ...spec, options: [...late, ...spec.options] }
}

/** Whether the command line asks for JSON. When parsing fails, commander does not say. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? args.length : end).includes('--json')
}

/** Turns commander's message into an error of this library. */
function usageError({ message }: CommanderError): ContractError {
  return new ContractError('invalid_option', printable(message.replace(/^error: /, '').replaceAll('\n', ' ')))
}

const nameOf = ({ flags }: OptionSpec): string => flags.split(' ')[0] as string

/** The options that every command has, without those that a command declares itself. */
function commonOptions({ options }: CommandSpec): readonly OptionSpec[] {
  const own = new Set(options.map(nameOf))
  return COMMON_OPTIONS.filter((option) => !own.has(nameOf(option)))
}

/** The most rows of a table that the command line asks for. @throws ContractError invalid_option */
function limitOf({ limit, all, json }: CommonValues, usual: number | null): number | null {
  if (limit === undefined) return all ? null : usual
  if (all) throw optionError('--limit', limit, 'either --limit or --all')
  if (json) throw optionError('--limit', limit, 'a table; --json has every row')
  return parseCount('--limit', limit)
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  { name: program, openStates }: Pick<ProgramSpec, 'name' | 'openStates'>,
  terminal: Terminal,
  end: (status: number) => void,
): void {
  const own = parent.command(spec.name.split(' ').at(-1) ?? '')
  const command = shape(own, terminal, `${program} ${spec.name}`)
    .summary(spec.summary)
    .description(spec.description)
    .allowExcessArguments(false)
  for (const { name, help } of spec.arguments ?? []) command.argument(`[${name}]`, help)
  const common = commonOptions(spec)
  for (const option of [...spec.options, ...common]) command.addOption(optionOf(option))
  command.addHelpText('after', () => examplesText(program, spec.examples, helpWidth(terminal)))
  command.action(async () => {
    const values: CommonValues & { readonly out?: string } = command.opts()
    terminal.level = values.logLevel
    terminal.advised = advisedLines(program, spec.job, values.out)
    terminal.flags = new Set(spec.options.map(nameOf))
    let states: OpenStates | null = null
    try {
      // a command may have a --limit of its own
      if (common.includes(LIMIT)) terminal.limit = limitOf(values, terminal.limit)
      const work = await spec.load()
      states = (await openStates?.(values.out)) ?? null
      terminal.openState = states?.openState
      const words = (spec.arguments ?? []).flatMap(({ name }, at) =>
        command.args[at] === undefined ? [] : [[name, command.args[at]] as const],
      )
      // the spec's options and arguments give exactly the values that the command declares
      end(await work({ ...values, ...Object.fromEntries(words) } as never, terminal))
    } catch (error) {
      if (values.json) await terminal.print(renderJson(failureJson(error, terminal)))
      terminal.log('error', failureText(error, terminal))
      end(exitCodeOf(error))
    } finally {
      await states?.close()
    }
  })
}

/** The width of the help where it is not read on a terminal. */
const HELP_WIDTH = 80

const helpWidth = ({ view }: Terminal): number => view.width ?? HELP_WIDTH

/** A command line on several lines, as a shell reads it; lines break before a flag. */
function continued(command: string, space: number): string {
  const [first = '', ...flags] = command.split(/ (?=--)/)
  const lines = [first]
  for (const flag of flags) {
    const line = `${lines.at(-1)} ${flag}`
    if (line.length + ' \\'.length <= space) lines[lines.length - 1] = line
    else lines.push(`      ${flag}`)
  }
  return lines.join(' \\\n')
}

/** The purpose of an example stands beside it, or below it where a line is too short for both. */
function examplesText(program: string, examples: CommandSpec['examples'], space: number): string {
  const commands = examples.map(([line]) => `  $ ${program} ${line}`)
  const width = Math.max(...commands.map((command) => command.length))
  const isBeside = examples.every(([, purpose]) => width + 2 + purpose.length <= space)
  const lines = examples.map(([, purpose], at) => {
    const command = commands[at] ?? ''
    return isBeside ? `${command.padEnd(width)}  ${purpose}` : `  # ${purpose}\n${continued(command, space)}`
  })
  return `\nExamples:\n${lines.join('\n')}`
}

/** The program itself, or the group that the first of a name's two words names. */
function parentOf(program: Command, { name }: CommandSpec, spec: ProgramSpec, terminal: Terminal): Command {
  const [group, second] = name.split(' ')
  if (group === undefined || second === undefined) return program
  const known = program.commands.find((command) => command.name() === group)
  if (known !== undefined) return known
  const summary = spec.groups.find((other) => other.name === group)?.summary ?? ''
  const examples = spec.commands
    .filter((other) => other.name.startsWith(`${group} `))
    .flatMap((other) => other.examples.slice(0, 1))
  return shape(program.command(group), terminal, `${spec.name} ${group}`)
    .summary(summary)
    .description(`Everything about ${group}; each command has its own help.`)
    .addHelpText('after', () => examplesText(spec.name, examples, helpWidth(terminal)))
}

function optionOf({ flags, help, preset, choices, isRequired, group }: OptionSpec): Option {
  const option = new Option(flags, help)
  if (group !== undefined) option.helpGroup(`${group}:`)
  if (preset !== undefined) option.default(preset)
  if (choices !== undefined) option.choices(choices)
  if (isRequired) option.makeOptionMandatory()
  return option
}

/** Sets how a command speaks; `name` is what is typed to call it, the program's name first. */
function shape(command: Command, terminal: Terminal, name: string): Command {
  return command
    .exitOverride()
    .showHelpAfterError(`(${name} --help shows what there is)`)
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: (text) => terminal.note(text),
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
      // the message may repeat text that the user or a script typed
      outputError: (text, write) => write(text.split('\n').map(printable).join('\n')),
    })
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
}
