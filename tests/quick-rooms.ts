/**
 * The rooms of `npm run test:quick`: folders below `tests/`, or what the names of their files begin with.
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
