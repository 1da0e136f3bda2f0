/**
 * Pages for people beside the routes: what an address of theirs leads to.
 * @module
 */
import type { OwnAnswer } from './answers/own-answer.ts'

/** What a request says of the answer that it wants. */
export interface PageRequest {
  /** The header Accept-Encoding. */
  readonly encodings: string
  /** The tag of the one version that is wanted, the header If-Match; null where any is. */
  readonly version: string | null
}

/** What an address of the pages leads to. */
export interface PageTarget {
  /** What the log and the figures of the server call it: one of few names. */
  readonly label: string
  /** Whether it is data, so that a caller's key must allow to read. */
  readonly isData: boolean
  /**
   * Returns the answer; null where there is no such file. It may have another version than the one that is wanted.
   * @throws Error - the data cannot be read, which is never the caller's fault
   */
  answer(request: PageRequest): Promise<OwnAnswer | null>
}

/** The pages that a server has. */
export interface ServedPages {
  /** Returns what a path leads to, as the client wrote it; null for an address that is none of the pages'. */
  find(path: string): PageTarget | null
}
