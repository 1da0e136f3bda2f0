/**
 * What each resolution means.
 * @module
 */

export type CallOutcome = 'resolved' | 'escalated' | 'other'

/** Returns the outcome of a resolution; case does not matter, and any other text is `other`. */
export function outcomeOf(resolution: string | null): CallOutcome {
  const text = resolution?.toLowerCase()
  return text === 'resolved' || text === 'escalated' ? text : 'other'
}
