/**
 * A system as programs see it: its name, its jobs, its commands, its routes, and what its pages read.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import type { RollupPlans } from '../engine/state/rollup-plan.ts'
import type { Effects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job/job.ts'
import type { SystemDatabase } from '../server/database/system-database.ts'
import type { Route } from '../server/route.ts'
import type { CommandSpec, OptionSpec } from '../terminal/command-spec.ts'

/** One system, such as `calls`, with everything that programs need. */
export interface System {
  /** One word: the system's folder, the group of its commands, and the route of its page. */
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
  /** Loads the plans of its rollups, by name; an engine that keeps the state of its jobs needs them. */
  readonly enginePlans?: () => Promise<RollupPlans>
  /** Loads its database; a server calls it when it starts, and so do the commands about databases. */
  readonly database?: () => Promise<SystemDatabase>
  /** What its pages in the dashboard read. The pages themselves are found by the bundler, in its folder `page`. */
  readonly pages?: SystemPages
}

/** The data of a system's pages, as the dashboard of this package finds it. */
export interface SystemPages {
  /** Flags of the command `dashboard` that say where the data lies. Data in the place of a job needs none. */
  readonly options?: readonly OptionSpec[]
  /** The values of these flags for a program that knows no more than the folder of the data. */
  readonly valuesIn?: (data: string) => PageSources['values']
  /** Loads the function that opens the data. */
  readonly load: () => Promise<(sources: PageSources) => PageData>
}

/** Where the data of pages comes from. */
export interface PageSources {
  /** Everything outside the program. A flag's path is opened with `openSource`. */
  readonly effects: Effects
  /** The values of the system's own flags, by camel-cased name. */
  readonly values: Readonly<Record<string, string | undefined>>
  /**
   * Returns the place whose last commit this job made: the folder of `--out`, else the first by name of the folders right below
   * it; null where there is none. Rejects with `log_damaged` and the like where the job is not found and a log cannot be read,
   * because that may be its own.
   */
  placeOf(job: Pick<Job, 'name'>): Promise<CommittedPlace | null>
}

/** The place of a job, as its last commit left it. */
export interface CommittedPlace {
  /** The folder below that of `--out`; empty for that itself. */
  readonly id: string
  /** What `readState` reads. */
  readonly out: FileStore
  /** The commit's number. */
  readonly commit: number
  /** When it was made: an instant in UTC, such as `2025-03-01T12:00:00.000Z`. */
  readonly committedAt: string
  /** Tells it from every other commit, also from one of the same number in a log that was begun anew. */
  readonly sha256: string
  /** How many rows wait in quarantine. */
  readonly quarantined: number
}

/** What the pages of a system read, as files: `data/NAME.json`, `data/NAME-glance.json`, `data/NAME/C1.json`. */
export interface PageData {
  /** Returns the bytes of a file, on every request anew; null where the system has no such file. */
  read(file: string): Promise<Uint8Array | null>
  /** Returns the names of the files that an exported site holds. */
  files(): Promise<readonly string[]>
  /** Says in one sentence what is missing, for the person who starts the program; null where nothing is. */
  missing?(): Promise<string | null>
}
