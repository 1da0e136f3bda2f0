/**
 * What a system is to the programs around it: its name, its jobs and its commands.
 * @module
 */
import type { Job } from '../pipeline/job.ts'
import type { CommandSpec } from '../terminal/command-spec.ts'

/** One system of the house, such as `calls`: all that the command line needs to know of it. */
export interface System {
  /** One word: the folder of the system, and the group of its commands. */
  readonly name: string
  /** What it is called where people read it. */
  readonly title: string
  /** What its group of commands does, in half a sentence. */
  readonly summary: string
  /** Loads its jobs. */
  readonly jobs: () => Promise<readonly Job[]>
  /** Its commands; each loads its own work when it is called. */
  readonly commands: readonly CommandSpec[]
}
