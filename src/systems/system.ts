/**
 * A system as programs see it: its name, its jobs, its commands and its routes.
 * @module
 */
import type { Job } from '../pipeline/job.ts'
import type { SystemDatabase } from '../server/database/system-database.ts'
import type { Route } from '../server/route.ts'
import type { CommandSpec } from '../terminal/command-spec.ts'

/** One system, such as `calls`, with everything that a command line and a server need. */
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
  /** Loads its routes over HTTP; a server calls it when it starts. */
  readonly routes?: () => Promise<readonly Route[]>
  /** Loads its database; a server calls it when it starts, and so do the commands about databases. */
  readonly database?: () => Promise<SystemDatabase>
}
