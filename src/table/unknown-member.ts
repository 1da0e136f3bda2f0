/**
 * The dimension member for references without a match.
 * @module
 */

/** Its value in every text attribute. */
export const UNKNOWN = 'Unknown'
