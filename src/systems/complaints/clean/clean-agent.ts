/**
 * An agent of the sheet, in the words of the dimension.
 * @module
 */
import type { RowOf } from '../../../table/contract.ts'
import { type agents, EXPERIENCE, type rawAgents } from '../tables.ts'
import { cleanName } from './clean-customer.ts'
import { trimmed, wordsOf } from './known-words.ts'

const experienceOf = wordsOf(EXPERIENCE, { mid: 'Mid-level' })

/** Returns an agent. An experience that is none of the known words is null. */
export function cleanAgent({ agent_id, name, experience, state }: RowOf<typeof rawAgents>): RowOf<typeof agents> {
  return { agent_id, name: cleanName(name), experience: experienceOf(experience ?? ''), state: trimmed(state) }
}
