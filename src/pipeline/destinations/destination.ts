/**
 * What a run delivers a commit to beside published copies, such as a database: the contract that each destination keeps.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { Effects } from '../effects.ts'

/** Rows of a commit that are delivered together, loaded when a destination asks for them. */
export interface DeliveredRows {
  /** Whether they are those of the commit before. */
  readonly isSame: boolean
  /** How many there are; null where that is not known before they are loaded. */
  readonly rows: number | null
  /** The rows some at a time, where they are stored so; all at once else. Each call loads them anew, so that nothing is kept. */
  groups(): AsyncIterable<Frame>
}

/** A table or output of a commit that is delivered as a whole. */
export interface DeliveredTable extends DeliveredRows {
  readonly kind: 'whole'
  readonly name: string
  readonly contract: TableContract
  /** All rows at once. */
  load(): Promise<Frame>
  /** The rows in the commit before, null where their files are gone; null itself where the job's code does not make them. */
  readonly loadBefore: (() => Promise<Frame | null>) | null
}

/** One day of a partitioned table. It may have more rows than fit in memory. */
export interface DeliveredDay extends DeliveredRows {
  /** `2025-03-01`. */
  readonly day: string
  readonly rows: number
  /** How many rows the commit before had of the day, 0 where it did not have the day; null where that is not known. */
  readonly rowsBefore: number | null
}

/** A partitioned table, or one derived from it, of a commit: its days are delivered one by one. */
export interface DeliveredDays {
  readonly kind: 'days'
  readonly name: string
  /** Of the rows of a day; its key is unique within a day. */
  readonly contract: TableContract
  /** In order. */
  readonly days: readonly DeliveredDay[]
  /** Whether the commit before may have had days that this one has not. */
  readonly losesDays: boolean
}

/** A commit as destinations see it. */
export interface DeliveredVersion {
  /** The hash of the place's first commit. No two places have the same. */
  readonly place: string
  readonly number: number
  readonly hash: string
  /** The hash of the commit before; null for the first. */
  readonly parent: string | null
  readonly committedAt: string
  /** Table or step to fingerprint. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** In the order of the job's tables and outputs. */
  readonly tables: readonly (DeliveredTable | DeliveredDays)[]
  /** Whether it still is the last commit. Asked while other deliveries wait, so that a database never goes back. */
  isLast(): Promise<boolean>
}

/**
 * What became of a commit in one destination. `current`: it was there already. `changes`: the rows that the commit changed
 * were applied. `reload`: every table was compared with the commit and its differences applied. `waits`: another process owns
 * the destination and applies the commit itself. `superseded`: a later commit is there, made by other code.
 */
export type DeliveryStatus = 'current' | 'changes' | 'reload' | 'waits' | 'superseded'

/** A destination after a run. */
export interface DeliveryResult {
  readonly name: string
  readonly status: DeliveryStatus
  /** The commit whose rows it has; null where it waits for its owner. */
  readonly commit: number | null
  /** Rows that were written or removed, by table; only those with any. */
  readonly rows: Readonly<Record<string, number>>
}

/** How a delivery ended. */
export type Delivery = Pick<DeliveryResult, 'rows'> & {
  readonly status: 'current' | 'changes' | 'reload' | 'superseded'
}

/** A destination that is connected. */
export interface OpenDestination {
  /** Makes it hold the rows of the version, all of them or, when it throws, those it held before. */
  deliver(version: DeliveredVersion): Promise<Delivery>
  /** Runs a statement that reads; a destination's own rows are always those of one commit. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Runs statements that read in one transaction: all of them see one commit. */
  read<Result>(work: (query: OpenDestination['query']) => Promise<Result>): Promise<Result>
  /** Says that the process that owns it is alive; cheap. */
  beat(): void
  /** Never fails. */
  close(): Promise<void>
}

/** What a destination is opened with. */
export interface DestinationRequest {
  readonly effects: Effects
  /** The place of the commits. */
  readonly out: FileStore
  /** The hash of the place's first commit; null where nothing is committed yet. */
  readonly place: string | null
}

/** A destination as a run is given it: `postgres` and `pglite` make one. */
export interface Destination {
  /** What the log knows it by. It holds no address. */
  readonly name: string
  /** The tables and outputs it keeps; null for those that the commit publishes, and all partitioned tables. */
  readonly tables: readonly string[] | null
  /**
   * Connects and checks that a delivery could be done, without changing anything; null where another living process owns it.
   * @throws ConnectError, PipelineError - it cannot be reached or written, or has the rows of another place
   */
  open(request: DestinationRequest): Promise<OpenDestination | null>
}
