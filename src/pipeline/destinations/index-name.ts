/**
 * The name of the list of files that a job with partitioned tables publishes beside its copies.
 * @module
 */

export const INDEX = 'current.json'
/** The output that it is listed as: no table or output of such a job may have the name. */
export const INDEX_OUTPUT = 'current'
