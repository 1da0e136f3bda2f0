/**
 * The files that the page of calls fetches.
 * @module
 */
export const CALLS = 'data/calls.parquet'
export const MANIFEST = 'data/manifest.json'
/** The newest figures, for the home page. */
export const CALLS_GLANCE = 'data/calls-glance.json'
