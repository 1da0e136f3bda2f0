/**
 * What a resolution stands for.
 * @module
 */

export type CallOutcome = 'resolved' | 'escalated' | 'other'

/** Returns the outcome of a resolution; capitals do not matter, and any other text is `other`. */
export function outcomeOf(resolution: string | null): CallOutcome {
  const text = resolution?.toLowerCase()
  return text === 'resolved' || text === 'escalated' ? text : 'other'
}
