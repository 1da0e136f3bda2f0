/**
 * A program of systems: its commands, and the frame of its help.
 * @module
 */

import type { System } from '../../systems/system.ts'
import type { CommandSpec } from '../../terminal/command-spec.ts'
import type { ProgramSpec } from '../../terminal/program.ts'
import { statesOf } from '../engine-states.ts'
import { SERVER_GROUPS } from '../serve/server-commands.ts'

/** What a program is made of. */
export interface ProgramParts {
  readonly name: string
  readonly description: string
  /** Command lines without the program's name, for the help. */
  readonly firstSteps: readonly string[]
  readonly version: () => string
  /** The commands that work for every job. */
  readonly commands: readonly CommandSpec[]
  readonly systems: readonly System[]
}

/** Returns a program: the given commands, then those of each system. */
export function programOf({ name, description, firstSteps, version, commands, systems }: ProgramParts): ProgramSpec {
  return {
    name,
    description,
    version,
    footer: `
First steps:
${firstSteps.map((line) => `  $ ${name} ${line}\n`).join('')}
Exit status:
  0  done            2  usage                         75  another run is at work
  1  failed          3  source files refused

Results go to stdout, log and progress to stderr.`,
    openStates: statesOf(systems),
    commands: [...commands, ...systems.flatMap((system) => system.commands ?? [])],
    groups: [
      ...systems.map((system) => ({ name: system.name, summary: system.summary ?? system.title })),
      ...SERVER_GROUPS,
    ],
  }
}
