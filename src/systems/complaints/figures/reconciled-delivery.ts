/**
 * The rows of one delivery at each hop, from the file to the report.
 * @module
 */

/** The rows of one delivery at each hop. */
export interface ReconciledDelivery {
  /** The cleaned table. */
  readonly table: string
  /** The delivery day; null for the agents and the customers. */
  readonly day: string | null
  readonly file: string
  /** Records of the file. */
  readonly source: number
  /** Records that repeat an id of the delivery. */
  readonly duplicate: number
  /** Records that do not fit the raw table. */
  readonly refused: number
  /** Rows of the raw table. */
  readonly landed: number
  /** Landed rows that could not be cleaned. */
  readonly quarantined: number
  /** Rows of the cleaned table. */
  readonly cleaned: number
  /** Complaints in the report; null for the agents and the customers, which it does not count. */
  readonly reported: number | null
  /** Rows that are in no account: more than 0 is a loss, less than 0 are rows from nowhere; at each hop. */
  readonly lost: { readonly landing: number; readonly cleaning: number; readonly reporting: number }
}
