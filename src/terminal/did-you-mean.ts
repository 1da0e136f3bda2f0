/**
 * What was meant by a word or a path that does not exist.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ContractError } from '../errors.ts'
import { closestSpelling, nearestWord } from '../spelling.ts'
import { USUAL_DATA } from './advised-lines.ts'

/** A message lists at most this many words. */
const LISTED = 12

/** Returns the end of a message: the closest known word, or a list of the known words. */
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

/** Refuses a name that is not among the known ones, with the one that was meant. @throws ContractError invalid_option */
export function refuseNoName(flag: string, thing: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  throw new ContractError('invalid_option', `${flag}: there is no ${thing} "${name}": ${meantText(name, known)}`)
}

function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    // the parent folder does not exist either, or is not on this machine
    return []
  }
}

/**
 * Returns ` (did you mean PATH?)` where nothing is at the path and a neighbour has almost the same name, else ''. A neighbour
 * that only contains the name is something else: folders such as `/tmp` hold files of any name.
 */
export function meantPath(path: string): string {
  const names = neighbours(path)
  if (names.includes(basename(path))) return ''
  const nearest = closestSpelling(basename(path), names)
  return nearest === null ? '' : ` (did you mean ${join(dirname(path), nearest)}?)`
}

/** Matches an address such as `s3://bucket/x` or `jdbc:postgresql://host/x`, but not `C:/data`. */
const ADDRESS = /^[a-z][a-z0-9+.:-]+:\//i

/**
 * Refuses a folder of source files that a command line names and that is not there. The usual folder need not be there: a
 * job that has its state runs without new files.
 * @throws ContractError invalid_option
 */
export function refuseNoFolder(data: string, usual = USUAL_DATA): void {
  if (data === usual || ADDRESS.test(data) || existsSync(data)) return
  const meant = meantPath(data)
  throw new ContractError(
    'invalid_option',
    `--data: there is no folder ${data}${meant}; give the folder that holds the source files`,
  )
}
