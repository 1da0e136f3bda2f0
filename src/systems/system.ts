/**
 * A system as programs see it: its name, its jobs and its commands.
 * @module
 */
import type { Job } from '../pipeline/job.ts'
import type { CommandSpec } from '../terminal/command-spec.ts'

/** One system, such as `calls`, with everything that the command line needs. */
export interface System {
  /** One word: the system's folder, and the group of its commands. */
  readonly name: string
  /** Its name for people. */
  readonly title: string
  /** What its group of commands does, in half a sentence; its title by default. */
  readonly summary?: string
  /** Loads its jobs; a program calls it when a command needs one. */
  readonly jobs: () => Promise<readonly Job[]>
  /** Its commands; each loads its own code when it is called. */
  readonly commands?: readonly CommandSpec[]
}
