/**
 * The dimension member that stands for a reference that resolves to nothing.
 * @module
 */

/** Its name, in every text attribute. */
export const UNKNOWN = 'Unknown'
