/**
 * From a command line to a command's work and an exit status.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { Command, CommanderError, Option } from 'commander'
import { CALLS_COMMANDS } from '../cli/calls-commands.ts'
import { COMMANDS, COMMON_OPTIONS, type CommandSpec, type OptionSpec } from '../cli/commands.ts'
import { ContractError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts'
import { failureJson, failureText } from './failure.ts'
import { printable, renderJson } from './render.ts'
import type { LogLevel, Terminal } from './terminal.ts'

const PROGRAM = 'support-etl'

const ABOUT = `Turns what a contact center's systems export into trusted state and reports:
applies monthly delta files, commits safely, and answers from the committed state.`

const AFTER = `
First steps:
  $ ${PROGRAM} generate --interactions 1000 --out data
  $ ${PROGRAM} run --data data --out output
  $ ${PROGRAM} answers

Exit status:
  0  done            2  usage                         75  another run is at work
  1  failed          3  source files refused

Results go to stdout, log and progress to stderr.`

/** Runs the command that the arguments name and returns the exit status; never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let status: ExitCode = EXIT.done
  const program = shape(new Command(PROGRAM), terminal)
    .description(ABOUT)
    .addHelpText('after', AFTER)
    .option('-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
  program.on('option:version', () => {
    void terminal.print(`${version()}\n`)
    throw new CommanderError(0, 'commander.version', '')
  })
  for (const spec of [...COMMANDS, ...CALLS_COMMANDS]) {
    addCommand(program, spec, terminal, (ended) => {
      status = ended
    })
  }
  try {
    if (args.length === 0) program.help({ error: true })
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    // commander has said it already
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done
      if (wantsJson(args)) await terminal.print(renderJson(failureJson(usageError(error))))
      return EXIT.usage
    }
    terminal.log('error', failureText(error, terminal.level))
    return exitCodeOf(error)
  }
}

/** Whether the command line asks for JSON, which commander does not tell where it cannot read the line. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? args.length : end).includes('--json')
}

/** What commander told people, as an error. */
function usageError({ message }: CommanderError): ContractError {
  return new ContractError('invalid_option', printable(message.replace(/^error: /, '').replaceAll('\n', ' ')))
}

function addCommand(program: Command, spec: CommandSpec, terminal: Terminal, end: (status: ExitCode) => void): void {
  const command = shape(parentOf(program, spec, terminal).command(spec.name.split(' ').at(-1) ?? ''), terminal)
    .summary(spec.summary)
    .description(spec.description)
    .allowExcessArguments(false)
  for (const option of [...spec.options, ...COMMON_OPTIONS]) command.addOption(optionOf(option))
  command.addHelpText('after', examplesText(spec.examples))
  command.action(async () => {
    const values: { readonly json?: true; readonly logLevel: LogLevel } = command.opts()
    terminal.level = values.logLevel
    try {
      const work = await spec.load()
      // the values that the options of the spec give are those that the command declares
      end(await work(values as never, terminal))
    } catch (error) {
      if (values.json) await terminal.print(renderJson(failureJson(error)))
      terminal.log('error', failureText(error, terminal.level))
      end(exitCodeOf(error))
    }
  })
}

function examplesText(examples: CommandSpec['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, purpose]) => `  $ ${PROGRAM} ${line.padEnd(width)}  ${purpose}`)
  return `\nExamples:\n${lines.join('\n')}`
}

/** The command itself, or the group that the first word of a name in two words names. */
function parentOf(program: Command, { name }: CommandSpec, terminal: Terminal): Command {
  const [group, second] = name.split(' ')
  if (group === undefined || second === undefined) return program
  const known = program.commands.find((command) => command.name() === group)
  if (known !== undefined) return known
  return shape(program.command(group), terminal)
    .summary(`clean ${group}, sum them up, make some`)
    .description(`Everything about ${group}; each command has its own help.`)
    .addHelpText('after', examplesText(firstExamples(group)))
}

/** One example of each command of a group. */
function firstExamples(group: string): CommandSpec['examples'] {
  const specs = [...COMMANDS, ...CALLS_COMMANDS].filter(({ name }) => name.startsWith(`${group} `))
  return specs.flatMap(({ examples }) => examples.slice(0, 1))
}

function optionOf({ flags, help, preset, choices, isRequired }: OptionSpec): Option {
  const option = new Option(flags, help)
  if (preset !== undefined) option.default(preset)
  if (choices !== undefined) option.choices(choices)
  if (isRequired) option.makeOptionMandatory()
  return option
}

function shape(command: Command, terminal: Terminal): Command {
  return command
    .exitOverride()
    .showHelpAfterError(
      `(${PROGRAM}${command.name() === PROGRAM ? '' : ` ${command.name()}`} --help shows what there is)`,
    )
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: (text) => terminal.note(text),
      // it repeats what was typed, or what a script put there
      outputError: (text, write) => write(text.split('\n').map(printable).join('\n')),
    })
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
}

/** Read when asked for: the command line starts without it. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}
