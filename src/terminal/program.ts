/**
 * Runs a command line: finds the command, parses its options, returns an exit status.
 * @module
 */
import { styleText } from 'node:util'
import { Command, CommanderError, Option } from 'commander'
import type { FileStore } from '../connect/file-store.ts'
import { ContractError } from '../errors.ts'
import { advisedLines } from './advised-lines.ts'
import { COMMON_OPTIONS, type CommandGroup, type CommandSpec, type OptionSpec } from './command-spec.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { failureJson, failureText } from './failure.ts'
import { printable, renderJson } from './render.ts'
import type { LogLevel, Terminal } from './terminal.ts'

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
    for (const command of spec.commands) {
      const whole = command === called ? await withLateOptions(command, args) : command
      addCommand(parentOf(program, command, spec, terminal), whole, spec, terminal, (ended) => {
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
  return commands.find(({ name }) => name === first || name === `${first} ${second}`)
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

/** The options of a command, then those that every command has and it does not declare itself. */
function allOptions({ options }: CommandSpec): readonly OptionSpec[] {
  const own = new Set(options.map(({ flags }) => flags))
  return [...options, ...COMMON_OPTIONS.filter(({ flags }) => !own.has(flags))]
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  { name: program, openStates }: Pick<ProgramSpec, 'name' | 'openStates'>,
  terminal: Terminal,
  end: (status: number) => void,
): void {
  const command = shape(parent.command(spec.name.split(' ').at(-1) ?? ''), terminal, program)
    .summary(spec.summary)
    .description(spec.description)
    .allowExcessArguments(false)
  for (const { name, help } of spec.arguments ?? []) command.argument(`[${name}]`, help)
  for (const option of allOptions(spec)) command.addOption(optionOf(option))
  command.addHelpText('after', examplesText(program, spec.examples))
  command.action(async () => {
    const values: { readonly json?: true; readonly logLevel: LogLevel; readonly out?: string } = command.opts()
    terminal.level = values.logLevel
    terminal.advised = advisedLines(program, spec.job, values.out)
    terminal.flags = new Set(spec.options.map(({ flags }) => flags.split(' ')[0] as string))
    let states: OpenStates | null = null
    try {
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

function examplesText(program: string, examples: CommandSpec['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, purpose]) => `  $ ${program} ${line.padEnd(width)}  ${purpose}`)
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
  return shape(program.command(group), terminal, spec.name)
    .summary(summary)
    .description(`Everything about ${group}; each command has its own help.`)
    .addHelpText('after', examplesText(spec.name, examples))
}

function optionOf({ flags, help, preset, choices, isRequired, group }: OptionSpec): Option {
  const option = new Option(flags, help)
  if (group !== undefined) option.helpGroup(`${group}:`)
  if (preset !== undefined) option.default(preset)
  if (choices !== undefined) option.choices(choices)
  if (isRequired) option.makeOptionMandatory()
  return option
}

function shape(command: Command, terminal: Terminal, program: string): Command {
  const name = command.name() === program ? program : `${program} ${command.name()}`
  return command
    .exitOverride()
    .showHelpAfterError(`(${name} --help shows what there is)`)
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: (text) => terminal.note(text),
      // the message may repeat text that the user or a script typed
      outputError: (text, write) => write(text.split('\n').map(printable).join('\n')),
    })
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
}
