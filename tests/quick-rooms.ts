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

/**
 * Rooms whose files share what they import in `npm test`: they leave no trace in their process. The other files measure it, or
 * start programs that take most of their time.
 */
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
