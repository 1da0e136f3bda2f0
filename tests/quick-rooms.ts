/**
 * The rooms of `npm run test:quick`, and those whose files share a process in `npm test`: folders below `tests/`, or what the
 * names of their files begin with.
 * @module
 */
export const QUICK_ROOMS: readonly string[] = [
  'arguments.',
  'spelling.',
  'time/',
  'table/',
  'transform/',
  'aggregate/',
  'metrics/',
  'format/',
  'systems/support/figures/',
  'systems/support/sample/',
  'systems/calls/clean/',
  'systems/calls/figures/',
  'systems/calls/sample/',
  'systems/transcripts/clean/',
  'systems/transcripts/figures/',
  'systems/transcripts/sample/',
]

/** Rooms whose files share a process, and what they import, in `npm test`: they leave no trace there. */
export const SHARED_ROOMS: readonly string[] = [
  'cli/',
  'connect/',
  'engine/',
  'page/',
  'pipeline/',
  'server/',
  'systems/',
  'terminal/',
]

/** Files of these rooms that measure their process or the time, and have a process of their own. */
export const MEASURING: readonly string[] = [
  'pipeline/free-buffers.',
  'pipeline/full-disk.',
  'pipeline/processes.',
  'pipeline/step-times.',
  'pipeline/surroundings.',
  'server/limits.',
]
