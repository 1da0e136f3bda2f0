/**
 * A command line for systems of one's own.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ContractError } from '../../errors.ts'
import type { System } from '../../systems/system.ts'
import { findJobs } from '../jobs/jobs.ts'
import { serverCommands } from '../serve/server-commands.ts'
import { jobCommands } from './commands.ts'
import { keepCompiled } from './compile-cache.ts'
import { programOf } from './program-of.ts'

/** What a command line says about itself. */
export interface CliOptions {
  /** The name of the program, as help and advice show it; the name of the first system by default. */
  readonly name?: string
  /** What `--version` prints. */
  readonly version: string
  /** What the help says first; the titles of the systems by default. */
  readonly description?: string
}

/** A command line. */
export interface Cli {
  /**
   * Runs the command that the arguments name and sets the exit status of the process; by default the arguments that the
   * process was started with. Results go to stdout, messages to stderr. Never throws.
   */
  start(args?: readonly string[]): Promise<void>
}

const OPTIONS = { name: true, version: true, description: true } satisfies OptionNames<CliOptions>
const NAME = /^[a-z][a-z0-9-]*$/i

function refuseSystem(system: System, place: string): void {
  const isFit = isRecord(system) && typeof system.name === 'string' && typeof system.jobs === 'function'
  refuseUnless(isFit, place, system, 'a system: an object with name, title and jobs')
  if (NAME.test(system.name)) return
  throw new ContractError('invalid_option', `${place}.name "${system.name}" is not one word of letters, digits and -`)
}

/** Two commands must not have one name. */
function refuseTwins(names: readonly string[], own: readonly string[]): void {
  const twin = names.find((name, at) => own.includes(name) || names.indexOf(name) !== at)
  if (twin === undefined) return
  throw new ContractError('invalid_option', `there are two commands "${twin}"; give the one of the system another name`)
}

/**
 * Returns the command line of systems: the commands that work for every job (`run`, `check`, `status`, `explain`, `what-if`, `diff`,
 * `history`, `blame`, `quarantine`, `verify`, `gc`, `errors`), `serve` where a system has routes, then those of the systems. The flags of a job's options are those that it declares.
 * Without `--job` and `--out` commands are about the first job of the first system. The state of a job is in `output/JOB`
 * unless `--out` says otherwise. Code is loaded by the command that needs it.
 *
 * @throws ContractError invalid_option - what is given is not a system, or two commands have one name
 * @example
 * import { defineTable, key, string } from 'support-etl'
 * import { createCli, defineJob, extractsAndDeltas } from 'support-etl/system'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const system = { name: 'halls', title: 'Halls of the workshop', jobs: async () => [job] }
 * const cli = createCli([system], { version: '1.0.0' })
 * await cli.start(['--version']) // prints 1.0.0
 */
export function createCli(systems: readonly System[], options: CliOptions): Cli {
  refuseUnless(Array.isArray(systems) && systems.length > 0, 'systems', systems, 'a list of one system or more')
  for (const [at, system] of systems.entries()) refuseSystem(system, `systems[${at}]`)
  refuseUnknown(options, OPTIONS)
  const { version, name = systems[0]?.name ?? '', description } = options
  refuseUnless(typeof version === 'string', 'version', version, 'text such as 1.0.0')
  refuseUnless(typeof name === 'string' && NAME.test(name), 'name', name, 'one word')
  const served = {
    title: name,
    version: () => version,
    systems,
    pages: [],
    placeOf: (out: string, job: string) => `${out}/${job}`,
  }
  const commands = [...jobCommands(findJobs({ systems })), ...serverCommands(served)]
  const own = systems.flatMap((system) => system.commands ?? [])
  refuseTwins(
    own.map((command) => command.name),
    commands.map((command) => command.name),
  )
  const program = programOf({
    name,
    description: description ?? systems.map(({ title }) => title).join(', '),
    firstSteps: ['check --data data', 'run --data data', 'status'],
    version: () => version,
    commands,
    systems,
  })
  return {
    async start(args = process.argv.slice(2)) {
      keepCompiled()
      await (await import('./launch.ts')).launch(program, args)
    },
  }
}
