/**
 * Pages for people beside the routes: what an address of theirs leads to.
 * @module
 */
import type { OwnAnswer } from './own-answer.ts'

/** What an address of the pages leads to. */
export interface PageTarget {
  /** What the log and the figures of the server call it: one of few names. */
  readonly label: string
  /** Whether it is data, so that a caller's key must allow to read. */
  readonly isData: boolean
  /**
   * Returns the answer; null where there is no such file. `accepted` is the header Accept-Encoding.
   * @throws Error - the data cannot be read, which is never the caller's fault
   */
  answer(accepted: string): Promise<OwnAnswer | null>
}

/** The pages that a server has. */
export interface ServedPages {
  /** Returns what a path leads to, as the client wrote it; null for an address that is none of the pages'. */
  find(path: string): PageTarget | null
}
