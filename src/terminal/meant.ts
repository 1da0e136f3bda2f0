/**
 * What somebody meant by a word, a month or a path that is not there.
 * @module
 */
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Effects } from '../pipeline/effects.ts'
import { compareMonths, parseMonth } from '../pipeline/month.ts'
import { readState } from '../pipeline/state.ts'
import { nearestWord } from '../spelling.ts'
import { supportJob } from '../systems/support/job.ts'
import { optionError } from './option-values.ts'

/** The most words that a message lists. */
const LISTED = 12

/** Returns the end of a message: the word that was meant, or those that there are. */
export function meantText(written: string, known: readonly string[]): string {
  const nearest = nearestWord(written, known)
  if (nearest !== null) return `did you mean "${nearest}"?`
  if (known.length === 0) return 'there are none'
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : ''
  return `there are ${known
    .slice(0, LISTED)
    .map((word) => `"${word}"`)
    .join(', ')}${more}`
}

function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    // the folder above is not there either, or is not a folder of this machine
    return []
  }
}

/** Returns ` (did you mean PATH?)` where something beside the path has nearly its name, else nothing. */
export function meantPath(path: string): string {
  const nearest = nearestWord(basename(path), neighbours(path))
  return nearest === null ? '' : ` (did you mean ${join(dirname(path), nearest)}?)`
}

/**
 * Refuses a month after the last one whose deltas were applied: its state would be today's under another name.
 * @throws ContractError invalid_option
 */
export async function refuseUnreached(asOf: string, out: string, effects: Partial<Effects>): Promise<void> {
  const { inputs } = await readState(supportJob, { out }, effects)
  const last = inputs
    .map(({ month }) => month)
    .reduce((one, other) => (compareMonths(one, other) < 0 ? other : one), null)
  if (compareMonths(parseMonth(asOf), last) <= 0) return
  const expected =
    last === null
      ? 'none, because no delta was applied yet'
      : `a month up to ${last}, the last whose deltas were applied`
  throw optionError('--as-of', asOf, expected)
}
