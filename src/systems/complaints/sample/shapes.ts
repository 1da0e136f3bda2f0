/**
 * The shapes of a made-up world: files, tables and rows.
 * @module
 */

/** One file: its name below the world's folder, and its bytes, generated while they are read. */
export interface WorldFile {
  readonly name: string
  /** Generates the file's bytes from the beginning. */
  readonly chunks: () => Iterable<Uint8Array>
}

/** The raw tables that complaints come in. */
export type ComplaintTable = 'raw_call_logs' | 'raw_social_media' | 'raw_web_forms'

/** Cells of a complaint, as text; null for a cell that column-oriented JSON leaves out. */
export interface MadeComplaint {
  readonly id: string
  readonly customer: string
  readonly category: string
  readonly agent: string | null
  readonly status: string
  readonly begin: string
  readonly end: string
  readonly platform: string
  readonly generatedOn: string
}
