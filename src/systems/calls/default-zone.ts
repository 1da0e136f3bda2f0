/**
 * The zone of calls where none is named.
 * @module
 */

/** `call_date` and `hour_of_day` are wall time of this zone. */
export const DEFAULT_ZONE = 'UTC'
